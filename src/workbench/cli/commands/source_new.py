"""``workbench source new``: the YAML of a source from three questions, printed or written as a new file, and tried."""

from __future__ import annotations

import sys

import click
import msgspec

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.definitions.loading import NoProject
from workbench.model.errors import NotTrusted, UsageError
from workbench.usecases import source_drafting as drafting
from workbench.usecases.context import Context
from workbench.usecases.source_drafting import NOTHING, Choices, SourceDraft, Wish, Written
from workbench.usecases.source_trying import Tried, try_source
from workbench.usecases.views.source_kinds import source_lines
from workbench.usecases.views.source_tried import lines


class Outcome(msgspec.Struct, kw_only=True):
    """What came of it: what was written where, and what trying it brought, or why it was not tried."""

    made: SourceDraft
    written: Written | None = None
    tried: Tried | None = None
    not_tried: str = ""


@click.command("new")
@click.argument("kind", required=False)
@click.option(
    "--key",
    default="",
    metavar="KEY",
    help="What measures and requirements call it; that of the example unless said.",
)
@click.option("--at", default="", metavar="TEXT", help="Where it is: its address, its repository, its files.")
@click.option(
    "--measures",
    multiple=True,
    metavar="WHAT",
    help="What it measures, of what its example does; nothing is one, too.",
)
@click.option("--flow", default="", metavar="KEY", help="The flow that its benchmarks are about.")
@click.option(
    "--environment",
    default="",
    metavar="KEY",
    help="The environment that they are about; staging unless said.",
)
@click.option("--write", is_flag=True, help="Write it as a new file of the project; no file is ever changed.")
@click.option(
    "--file", default="", metavar="FILE", help="The file to write; where an include: finds it unless said."
)
@click.option("--no-try", is_flag=True, help="Do not ask the source.")
@common("project", "record", "json")
@pass_settings
def new(
    settings: Settings,
    kind: str | None,
    key: str,
    at: str,
    measures: tuple[str, ...],
    flow: str,
    environment: str,
    write: bool,
    file: str,
    no_try: bool,
) -> int:
    """Draft a source in YAML from three questions: what it is, where it is, what it measures.

    KIND is a kind of source or a recipe.  What is not said is asked on a terminal, and taken from the example elsewhere.
    The draft is printed, or written as a new file of the project; then the source is tried.
    """
    asking = _is_terminal() and not settings.json
    found = drafting.choices(kind or _ask_kind(asking))
    if asking:
        at = at or _ask_place(found)
        measures = measures or _ask_measures(found)
    wish = Wish(
        kind=found.line.name, key=key, at=at, measures=measures or None, flow=flow, environment=environment
    )
    try:
        with session.reading(settings) as context:
            outcome = _in_project(context, wish, write or bool(file), file, no_try)
    except NoProject:
        if write or file or settings.project is not None:
            raise
        outcome = Outcome(made=drafting.draft(None, wish), not_tried="there is no project here")
    _show(settings, outcome)
    return 0


def _is_terminal() -> bool:
    return sys.stdin.isatty()


def _in_project(context: Context, wish: Wish, write: bool, file: str, no_try: bool) -> Outcome:
    made = drafting.draft_in(context, wish)
    within = drafting.with_draft(context, made)
    outcome = Outcome(made=made, written=drafting.write(context, made, file) if write else None)
    if no_try:
        outcome.not_tried = "you said so"
        return outcome
    if drafting.answers_from_recordings(within, made):
        outcome.not_tried = "a demonstration answers from recordings, and has none of it"
        return outcome
    try:
        outcome.tried = try_source(within, made.source)
    except NotTrusted:
        outcome.not_tried = "nobody has agreed yet that this project asks it"
    except UsageError as error:
        outcome.not_tried = error.what
    return outcome


def _ask_kind(asking: bool) -> str:
    if not asking:
        raise UsageError("name a kind of source or a recipe", hint="workbench source list shows them")
    output.table(("kind or recipe", "what it is"), [(line.name, line.about) for line in source_lines()])
    return str(click.prompt("What is it? A kind or a recipe", err=True)).strip()


def _ask_place(found: Choices) -> str:
    if not found.place:
        return ""
    return str(click.prompt(f"Where is it? {found.place}", default=found.example, err=True)).strip()


def _ask_measures(found: Choices) -> tuple[str, ...]:
    offered = (*((one.name, one.about) for one in found.measures), (NOTHING, "only the source for now"))
    for number, (name, about) in enumerate(offered, start=1):
        output.talk(f"  {number}  {name}: {about}")
    said = click.prompt("What does it measure?", type=click.IntRange(1, len(offered)), default=1, err=True)
    return (offered[said - 1][0],)


def _show(settings: Settings, outcome: Outcome) -> None:
    made, written, tried = outcome.made, outcome.written, outcome.tried
    if settings.json:
        output.emit(
            {
                "schema": "workbench.source-draft.1",
                **msgspec.to_builtins(made),
                "file": written.file if written else "",
                "included": bool(written and written.included),
                "tried": msgspec.to_builtins(tried) if tried else None,
                "not_tried": outcome.not_tried,
            }
        )
        return
    if written is None:
        output.text(made.text)
    else:
        output.line(f"wrote {written.file}")
        if not written.included:
            output.talk(f"workbench.yaml does not include it yet: include: [{written.file}]")
    if tried is not None:
        output.talk_lines(lines(tried))
    else:
        output.talk(f"not tried: {outcome.not_tried}")
    output.talk(f"next: {_next(outcome)}")


def _next(outcome: Outcome) -> str:
    if outcome.written is None:
        return "put it into a file that workbench.yaml includes, or say --write"
    if not outcome.written.included:
        return "name the file under include: in workbench.yaml, then workbench check"
    return (
        "workbench check"
        if outcome.tried
        else f"workbench trust, then workbench source test {outcome.made.source}"
    )
