"""``flow discover``: the flows that traces show, as proposals for the inventory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.model.errors import UsageError
from workbench.model.text import number_of
from workbench.model.times import parse_duration

if TYPE_CHECKING:
    from workbench.usecases.flows_from_traces import ProposedFlow, Taken
    from workbench.usecases.looking_at_traces import Looked


@click.command("discover")
@click.argument("refs", nargs=-1, metavar="[FILE|SOURCE]...")
@click.option(
    "--window", default="24h", metavar="TIME", help="How far back servers are asked; 24 hours unless said."
)
@click.option(
    "--stub",
    "stubs",
    multiple=True,
    metavar="NAME=VALUE",
    help="An attribute that a span has when a stub answered, where no source says it; may be repeated.",
)
@click.option(
    "--add",
    "keys",
    multiple=True,
    metavar="KEY",
    help="Put this flow into the inventory, or what is new of it; may be repeated; “all” takes all.",
)
@click.option(
    "--benchmarks",
    "as_benchmarks",
    is_flag=True,
    help="Print benchmarks of these flows, as YAML to paste.",
)
@common("project", "record", "as_person", "json")
@pass_settings
def discover(
    settings: Settings,
    refs: tuple[str, ...],
    window: str,
    stubs: tuple[str, ...],
    keys: tuple[str, ...],
    as_benchmarks: bool,
) -> None:
    """Find the flows that traces show: what begins them, their steps, and how each runs where.

    FILE holds traces; SOURCE is a source of traces of the project.  Without either, every source
    of traces is looked at.  Nothing enters the inventory until it is chosen.
    """
    from workbench.usecases import flows_from_traces as found  # decoders, for those who look at traces
    from workbench.usecases.looking_at_traces import look, traces_question

    with session.reading(settings) as context:
        question = traces_question(
            context, refs, window=_duration(window), stubs=dict(map(_pair, stubs)) if stubs else None
        )
    looked = look(question)
    if not keys:
        with session.reading(settings) as context:
            proposed = found.proposed(context, looked)
        if as_benchmarks:
            from workbench.usecases.benchmarks_from_traces import benchmarks_for

            output.lines(benchmarks_for(question, proposed))
        elif settings.json:
            output.emit(_document(looked, proposed))
        else:
            _print(looked, proposed)
        return
    with session.acting(settings) as context:
        proposed = found.proposed(context, looked)
        taken = found.take(context, found.choose(proposed, keys))
    told = [
        f"added {', '.join(taken.added)}" if taken.added else "",
        f"changed {', '.join(taken.changed)}" if taken.changed else "",
        f"{taken.known} in the inventory already" if taken.known else "",
    ]
    hint = f"workbench flow tier {taken.added[0]}" if taken.added else "workbench flow list"
    output.done(settings, "; ".join(filter(None, told)), _document(looked, proposed, taken), hint=hint)


def _duration(text: str) -> Any:
    try:
        return parse_duration(text)
    except ValueError as error:
        raise UsageError(f"--window: {error}") from None


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise UsageError(f"--stub {text} is no attribute and its value", hint="--stub stub=true")
    return name, value


def _print(looked: Looked, proposed: list[ProposedFlow]) -> None:
    for one in proposed:
        output.line(f"{one.key}  {one.flow.name}  ({one.words})")
        output.line(f"        {one.ran}")
        output.lines(f"        {line}" for line in one.flow.steps)
    if not proposed:
        output.line("the traces show no flow" if not looked.problems else "no traces could be read")
    for note in (*looked.problems, *looked.found.notes):
        output.talk(note)
    open_ = [one.key for one in proposed if one.standing.value != "known"]
    if open_:
        output.talk(
            f"next: the same with --add {open_[0]}, or --add all, puts {number_of(len(open_), 'flow')} into the inventory"
            if len(open_) > 1
            else f"next: the same with --add {open_[0]} puts it into the inventory"
        )


def _document(looked: Looked, proposed: list[ProposedFlow], taken: Taken | None = None) -> dict[str, Any]:
    return {
        "schema": "workbench.flows-discovered.1",
        "flows": [
            {
                "key": one.key,
                "standing": one.standing.value,
                "words": one.words,
                "ran": dict(seen.ran),
                "name": one.flow.name,
                "services": list(one.flow.services),
                "trigger": one.flow.trigger,
                "trigger_kind": one.flow.trigger_kind.value,
                "kind": one.flow.kind.value,
                "steps": list(one.flow.steps),
            }
            for one, seen in zip(proposed, looked.found.flows, strict=True)
        ],
        "notes": list(looked.found.notes),
        "problems": list(looked.problems),
        "added": list(taken.added) if taken else [],
        "changed": list(taken.changed) if taken else [],
        "change": taken.commit.change_id if taken and taken.commit else None,
    }
