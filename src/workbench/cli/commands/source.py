"""``workbench source``: the kinds of source and the recipes, and what can be asked of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from workbench.cli import output, session
from workbench.cli.commands.source_new import new
from workbench.cli.commands.source_objectives import objectives
from workbench.cli.lazy import Family
from workbench.cli.options import Settings, common, pass_settings
from workbench.cli.pages import hung, lines_of
from workbench.model.errors import UsageError
from workbench.model.times import moment_text
from workbench.usecases.guide_text import parts
from workbench.usecases.source_trying import Alone, try_source
from workbench.usecases.views.source_kinds import SourceLine, source_lines, source_page
from workbench.usecases.views.source_page import markdown
from workbench.usecases.views.source_tried import lines
from workbench.usecases.views.sources import document, read_sources


@click.group(cls=Family)
def source() -> None:
    """Sources: their kinds and recipes, what each can measure, trying one."""


source.add_command(new)
source.add_command(objectives)


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
    if output.terminal_width() is not None:
        output.lines(text for line in found for text in _below(line))
        return
    output.table(
        ("kind or recipe", "tried against", "what it is", "what it can measure"),
        [(_named(line), line.proof, line.about, _measures(line)) for line in found],
    )


def _below(line: SourceLine) -> Iterator[str]:
    """The same on a terminal, where a table of it would have to be cut: what is long stands on lines of its own."""
    through = f"a recipe for kind {line.kind}; " if line.recipe else ""
    yield from hung(f"{line.name:<19}{line.proof:<10}", line.about)
    yield from hung(" " * 29, f"{through}measures {_measures(line)}")


def _measures(line: SourceLine) -> str:
    tests = ["tests of a commit"] if line.tests else []
    return ", ".join([*tests, *line.feeds]) or "what you ask"


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


@source.command("test")
@click.argument("key")
@click.option("--benchmark", "benchmarks", multiple=True, metavar="KEY", help="Only this benchmark.")
@click.option("--measure", metavar="YAML", help="A measure that no file has yet: '{query: up, window: 1h}'.")
@click.option(
    "--environment", metavar="KEY", help="Which environment the measure is asked about; staging unless said."
)
@click.option(
    "--replay",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Answer from recordings instead.",
)
@common("project", "record", "now", "release", "json")
@pass_settings
def test(
    settings: Settings,
    key: str,
    benchmarks: tuple[str, ...],
    measure: str | None,
    environment: str | None,
    replay: Path | None,
) -> int:
    """Ask a source once: show the request, the answer and what would be measured.

    Nothing of it is kept.  What benchmarks and gates ask of the source is asked, or one measure that is in no file yet.
    Where an answer is no number, the usual mistakes of that kind of source follow.  Exits with 3 if nothing but errors came.
    """
    alone = Alone(measure=measure, environment=environment or "") if measure is not None else None
    if environment and alone is None:
        raise UsageError(
            "--environment says what a measure is asked about", hint="give it together with --measure"
        )
    with session.reading(settings) as context:
        tried = try_source(context, key, benchmarks=benchmarks, alone=alone, replay=replay)
    if settings.json:
        output.emit({"schema": "workbench.source-tried.1", **msgspec.to_builtins(tried)})
    else:
        output.lines(lines(tried))
    return 3 if tried.failed else 0


@source.command("status")
@common("project", "record", "now", "release", "json")
@pass_settings
def status(settings: Settings) -> None:
    """List the project's sources: what each is, and what came of it the last time."""
    with session.reading(settings) as context:
        found, zone = read_sources(context), context.zone
    if settings.json:
        output.emit(document(found))
        return
    output.table(
        ("", "source", "kind", "last answer", "what came of it", ""),
        [
            (
                line.mark.symbol,
                line.key,
                line.kind,
                moment_text(line.at, zone) if line.at else "",
                line.came,
                "unproven" if line.unproven else "",
            )
            for line in found.lines
        ],
        empty="no sources; list some under sources: in workbench.yaml, or draft one: workbench source new",
    )
