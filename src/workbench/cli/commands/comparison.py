"""``workbench diff``: two releases, or two candidates of one, compared."""

from __future__ import annotations

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.usecases.views import comparison


@click.command("diff")
@click.argument("one", metavar="A")
@click.argument("other", metavar="B")
@common("project", "record", "now", "json")
@pass_settings
def diff(settings: Settings, one: str, other: str) -> None:
    """Compare two releases, or two candidates of one.

    Each is a version (2.14.0), a candidate of it (2.14.0@1, “2.14.0 rc1”, rc1) or the beginning of a commit.
    A release that went out is compared as it was judged then; an open one as it is judged now.
    """
    with session.reading(settings) as context:
        found = comparison.read_comparison(context, one, other)
    if settings.json:
        output.emit(comparison.document(found))
        return
    output.lines(comparison.comparison_lines(found))
