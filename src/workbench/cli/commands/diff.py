"""``workbench parity diff``: two environments, or two moments of one, compared."""

from __future__ import annotations

from typing import Any

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.model.text import number_of
from workbench.model.times import moment_text, to_text
from workbench.usecases import diary
from workbench.usecases.diary import Diff
from workbench.usecases.views.diary import alone_words, builds_words, moved_words


@click.command("diff")
@click.argument("one", metavar="A")
@click.argument("other", metavar="B")
@click.option("--probe", default="", metavar="NAME", help="Only what this probe compares.")
@common("project", "record", "now", "json")
@pass_settings
def diff(settings: Settings, one: str, other: str, probe: str) -> None:
    """Compare two environments, or two moments of one: staging, staging@2026-11-01, “staging@2 weeks ago”."""
    with session.reading(settings) as context:
        points = diary.read_point(context, one), diary.read_point(context, other)
        found, zone = diary.diff(context, *points, probe), context.zone
    if settings.json:
        output.emit(_diff_document(found))
        return
    output.line(f"{found.one.words} → {found.other.words}")
    for words in builds_words(found):
        output.line(f"  {words}")
    output.table(
        ("what differs", "probe", found.one.environment, found.other.environment),
        [(moved.path, moved.probe, *moved_words(moved)) for moved in found.moved],
        empty=f"nothing differs in {number_of(found.parameters, 'parameter')}",
    )
    for words in alone_words(found, lambda moment: moment_text(moment, zone)):
        output.talk(words)


def _diff_document(found: Diff) -> dict[str, Any]:
    return {
        "schema": "workbench.diff.1",
        "one": {"environment": found.one.environment, "at": to_text(found.one.at), "build": found.builds.one},
        "other": {
            "environment": found.other.environment,
            "at": to_text(found.other.at),
            "build": found.builds.other,
        },
        "compared": found.parameters,
        "changes": [
            {
                "probe": moved.probe,
                "path": moved.path,
                "before": _shown(moved.before, moved.secret),
                "after": _shown(moved.after, moved.secret),
                "secret": moved.secret,
            }
            for moved in found.moved
        ],
        "noise": sum(each.noise for each in found.compared),
        "ignored": found.ignored,
        "hidden": sum(each.hidden for each in found.compared),
        "not_seen": dict(found.alone),
        "gone": [each.probe for each in found.compared if each.gone],
    }


def _shown(value: str | None, secret: bool) -> str | None:
    return "secret" if secret and value is not None else value
