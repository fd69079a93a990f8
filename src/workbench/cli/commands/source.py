"""``workbench source``: the kinds of source and the recipes, and what can be asked of them."""

from __future__ import annotations

import click
import msgspec

from workbench.cli import output
from workbench.cli.lazy import Family
from workbench.cli.options import Settings, common, pass_settings
from workbench.cli.pages import lines_of
from workbench.usecases.guide_text import parts
from workbench.usecases.views.source_kinds import SourceLine, source_lines, source_page
from workbench.usecases.views.source_page import markdown


@click.group(cls=Family)
def source() -> None:
    """Sources: their kinds and recipes, what each can measure, trying one."""


@source.command("list")
@click.argument("kind", required=False)
@common("json")
@pass_settings
def list_(settings: Settings, kind: str | None) -> None:
    """List the kinds of source and the recipes, with what each was tried against.

    With KIND, only that one and the recipes that ask through it.
    """
    found = source_lines(kind)
    if settings.json:
        kinds = [msgspec.structs.asdict(line) for line in found]
        output.emit({"schema": "workbench.source-kinds.1", "kinds": kinds})
        return
    output.table(
        ("kind or recipe", "tried against", "what it is"),
        [(_named(line), line.proof, line.about) for line in found],
    )


def _named(line: SourceLine) -> str:
    return f"{line.name} (by {line.kind})" if line.recipe else line.name


@source.command("show")
@click.argument("kind")
@common("json")
@pass_settings
def show(settings: Settings, kind: str) -> None:
    """Show a kind of source or a recipe: an example, its fields, its pitfalls."""
    page = source_page(kind)
    if settings.json:
        output.emit({"schema": "workbench.source-kind.1", **msgspec.to_builtins(page)})
        return
    title, *rest = parts(markdown(page))
    output.line(title.texts[0])
    output.line("=" * len(title.texts[0]))
    output.lines(line for part in rest for line in lines_of(part))
