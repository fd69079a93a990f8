"""``workbench drill``: a runbook walked against the clock."""

from __future__ import annotations

from typing import Any

import click

from workbench.cli import output, session
from workbench.cli.lazy import Family
from workbench.cli.options import WRITING, Settings, Whole, common, only_one, pass_settings
from workbench.drills.model import Drill, DrillResult, StepState
from workbench.model.errors import UsageError
from workbench.record import Stored
from workbench.usecases import drills, filling
from workbench.usecases.context import Context
from workbench.usecases.views import drills as views
from workbench.usecases.views.drills import DrillPage
from workbench.usecases.views.marks import Fact

_which = click.option(
    "--drill", "ref", metavar="REF", help="Which drill, by id or runbook; the running one unless said."
)
_at = click.option(
    "--at", metavar="WHEN", help="When it happened, if not just now: 14:05, 10min ago, a date."
)


@click.group(cls=Family)
def drill() -> None:
    """Drills: walk a runbook against the clock."""


@drill.command("start")
@click.argument("runbook")
@click.option("--environment", default="", metavar="KEY", help="Where; staging unless said.")
@click.option(
    "--fault",
    default="",
    metavar="NAME",
    help="The fault that is put in: a scenario, or one of the catalogue.",
)
@click.option("--gameday", default="", metavar="REF", help="The gameday that it belongs to, by id or title.")
@click.option(
    "--incident", default="", metavar="REF", help="The incident that the runbook is executed for, in earnest."
)
@click.option("--with", "people", multiple=True, metavar="PERSON", help="Who walks it, too; repeatable.")
@_at
@common(*WRITING)
@pass_settings
def start(
    settings: Settings,
    runbook: str,
    environment: str,
    fault: str,
    gameday: str,
    incident: str,
    people: tuple[str, ...],
    at: str | None,
) -> None:
    """Begin a drill of RUNBOOK: its clock runs from now on, whoever looks."""
    with session.acting(settings) as context:
        begin = drills.Begin(
            runbook=runbook,
            environment=environment,
            fault=fault,
            gameday=gameday,
            incident=incident,
            people=people,
            at=filling.past(context, at),
        )
        ident = drills.start_drill(context, begin)
        said = _said(context, ident)
    _done(settings, said, f"the clock runs: {said[1].title} ({ident[-12:]})")


@drill.command("step")
@click.argument("number", type=Whole(1), required=False)
@click.option("--done", is_flag=True, help="It went as the runbook says.")
@click.option("--failed", is_flag=True, help="It did not: --note says what happened.")
@click.option("--skipped", is_flag=True, help="It was left out: --note says why.")
@click.option("--note", default="", metavar="TEXT", help="What was seen.")
@_at
@_which
@common(*WRITING)
@pass_settings
def step(
    settings: Settings,
    number: int | None,
    done: bool,
    failed: bool,
    skipped: bool,
    note: str,
    at: str | None,
    ref: str | None,
) -> None:
    """Say what came of the next step, or of step NUMBER."""
    state = only_one({"done": done, "failed": failed, "skipped": skipped})
    if state is None:
        raise UsageError("say what came of the step", hint="--done, --failed or --skipped")
    with session.acting(settings) as context:
        stored, value = drills.find_drill(context, ref)
        which = None if number is None else number - 1
        answered, _ = drills.answer_step(
            context, stored, value, which, StepState(state), note=note, at=filling.past(context, at)
        )
        said = _said(context, stored.id)
    _done(settings, said, f"step {answered + 1} {state}: {value.asked[answered].do}")


@drill.command("noticed")
@_at
@_which
@common(*WRITING)
@pass_settings
def noticed(settings: Settings, at: str | None, ref: str | None) -> None:
    """Stamp when somebody noticed what was wrong."""
    _stamp(settings, "detected", at, ref)


@drill.command("mitigated")
@_at
@_which
@common(*WRITING)
@pass_settings
def mitigated(settings: Settings, at: str | None, ref: str | None) -> None:
    """Stamp when it no longer hurt anybody."""
    _stamp(settings, "mitigated", at, ref)


def _stamp(settings: Settings, what: str, at: str | None, ref: str | None) -> None:
    with session.acting(settings) as context:
        stored, value = drills.find_drill(context, ref)
        drills.stamp(context, stored, value, what, filling.past(context, at))
        said = _said(context, stored.id)
    fact = views.target_fact(said[1], what, said[2].now)
    _done(settings, said, f"{fact.label.lower()} {fact.text}")


@drill.command("end")
@click.option("--worked", is_flag=True, help="It worked; a runbook with steps says so itself.")
@click.option("--failed", is_flag=True, help="It failed: --note says how.")
@click.option(
    "--stopped", is_flag=True, help="It was broken off and says nothing of the runbook: --note says why."
)
@click.option("--note", default="", metavar="TEXT", help="What came of it.")
@_at
@_which
@common(*WRITING)
@pass_settings
def end(
    settings: Settings, worked: bool, failed: bool, stopped: bool, note: str, at: str | None, ref: str | None
) -> None:
    """End a drill.  It worked where no step failed and the targets were met."""
    chosen = only_one({"worked": worked, "failed": failed, "stopped": stopped})
    with session.acting(settings) as context:
        stored, value = drills.find_drill(context, ref)
        wanted = DrillResult(chosen) if chosen else None
        drills.end_drill(context, stored, value, wanted, note, filling.past(context, at))
        said = _said(context, stored.id)
    took = views.clock_fact(said[1], said[2].now, "").text
    _done(settings, said, f"{said[3].result}: {said[1].title}, {took}")


@drill.command("list")
@click.option("--runbook", default="", metavar="KEY", help="Only those of this runbook.")
@common("project", "record", "now", "json")
@pass_settings
def list_(settings: Settings, runbook: str) -> None:
    """List the drills, the latest first."""
    with session.reading(settings) as context:
        if runbook:
            drills.find_runbook(context, runbook)
        found, now = views.read_drills(context, runbook), context.now
        documents = [
            views.document(*drills.find_drill(context, line.id), now) for line in found if settings.json
        ]
    if settings.json:
        output.emit({"schema": "workbench.drills.1", "drills": documents})
        return
    output.table(
        ("", "id", "runbook", "began", "took", "noticed", "mitigated", "steps", "result"),
        [
            (
                line.mark.symbol,
                line.id[-12:],
                line.value.runbook,
                line.when,
                line.took,
                line.noticed,
                line.mitigated,
                line.steps,
                line.result,
            )
            for line in found
        ],
        empty="nobody has drilled anything yet; workbench drill start RUNBOOK begins",
    )


@drill.command("show")
@click.argument("ref", required=False)
@common("project", "record", "now", "json")
@pass_settings
def show(settings: Settings, ref: str | None) -> None:
    """Show a drill with its clock: the running one, else the last, or the one that REF names by id or runbook."""
    with session.reading(settings) as context:
        stored, value = drills.find_drill(context, ref, or_last=True)
        said = (stored, value, context, views.read_drill(context, stored, value))
        _print(settings, said)


Said = tuple[Stored, Drill, Context, DrillPage]


def _said(context: Context, ident: str) -> Said:
    stored, value = drills.find_drill(context, ident)
    return stored, value, context, views.read_drill(context, stored, value)


def _document(said: Said) -> dict[str, Any]:
    stored, value, context, _ = said
    return {"schema": "workbench.drill.1", **views.document(stored, value, context.now)}


def _done(settings: Settings, said: Said, words: str) -> None:
    output.done(settings, words, _document(said), hint=_next(said[1]))


def _next(value: Drill) -> str:
    if not value.running:
        return f"workbench runbook show {value.runbook}"
    step = value.next_step
    if step is None:
        return "workbench drill end" + ("" if value.asked else " --worked, or --failed --note TEXT")
    return f"step {step + 1}, {value.asked[step].do}; then workbench drill step --done"


def _print(settings: Settings, said: Said) -> None:
    stored, value, context, page = said
    if settings.json:
        output.emit(_document(said))
        return
    output.line(f"{page.mark.symbol} {value.title}: {page.result}  ({stored.id[-12:]})")
    facts = [
        views.clock_fact(value, context.now, page.began),
        *(views.target_fact(value, what, context.now) for what in views.SAID),
        *page.about,
    ]
    output.pairs((fact.label.lower(), _marked(fact)) for fact in facts)
    for line in page.steps:
        took = f"  {line.took}{', late' if line.late else ''}" if line.took else ""
        output.line(f"  {line.mark.symbol} {line.number}. {line.do}  {line.state}{took}")
        if line.note:
            output.line(f"       {line.note}")


def _marked(fact: Fact) -> str:
    return f"{fact.mark.symbol} {fact.text}" if fact.mark else fact.text
