"""``workbench override`` and ``promise``: what is overridden, and who owns what is open."""

from __future__ import annotations

import sys
from typing import Any

import click
import msgspec

from workbench.cli import output, session
from workbench.cli.options import WRITING, Settings, common, pass_settings, ssh_key
from workbench.gates.bound import Bound
from workbench.gates.fixed_questions import QUESTIONS, Answers
from workbench.gates.model import Part
from workbench.gates.overrides import Override
from workbench.model.errors import UsageError
from workbench.model.times import moment_text
from workbench.record import Commit
from workbench.usecases import deciding
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.people import key_or_text
from workbench.usecases.views.marks import Mark


@click.command()
@click.argument("part")
@click.option("--reason", default="", metavar="TEXT", help="Why; it appears in the release notes.")
@click.option("--approver", metavar="PERSON", help="Who is asked to approve it; anyone else if omitted.")
@click.option("--until", metavar="TIME", help="When it ends; the part then blocks again.")
@click.option("--affects", default="", metavar="TEXT", help="Who is affected.")
@click.option("--from-version", default="", metavar="TEXT", help="From which version on.")
@click.option("--happens", default="", metavar="TEXT", help="What happens to them.")
@click.option("--recovery", default="", metavar="TEXT", help="How one recovers from it.")
@click.option("--regression/--no-regression", default=None, help="Whether it worked before.")
@click.option(
    "--up-to", default="", metavar="VALUE", help="Up to what it holds, if less than what is seen now."
)
@click.option("--unmeasured", is_flag=True, help="Override what was never measured, or still runs.")
@click.option(
    "--predict", default="", metavar="RULE", help="What production will be, scored later: 'KEY <= 0.8 s'."
)
@click.option("--lift", is_flag=True, help="Lift an override before its end.")
@ssh_key
@common(*WRITING)
@pass_settings
def override(
    settings: Settings,
    /,
    part: str,
    ssh_key: str | None,
    reason: str,
    approver: str | None,
    until: str | None,
    up_to: str,
    unmeasured: bool,
    predict: str,
    lift: bool,
    **said: Any,
) -> None:
    """Propose an override of one part that is not met.

    It counts once a second person has approved it: workbench approve PART.  It holds up to what is seen now, and anything worse
    opens the part again.  What is not answered by options is asked on a terminal.  PART is what the gate report names: a benchmark, a checklist item, a difference.
    """
    if not lift:
        reason, until = _ask_why_and_until(settings, part, reason, until)
    if not lift and not (reason and until):
        raise UsageError("an override has a reason and an end", hint="--reason WHY --until DATE")
    with session.acting(settings, ssh_key) as context:
        evaluation = evaluate(context)
        approver = approver and key_or_text(context.definitions.project.people, approver)
        if lift:
            commit = deciding.lift_override(context, evaluation, part, reason)
            words, next_step, bound = f"the override of {part} is lifted", "workbench gate", None
        else:
            end = session.end(context, until)
            assert end is not None
            found = deciding.find_part(evaluation, part)
            answers = _ask(settings, found, Answers(**said))
            commit = deciding.override(
                context, evaluation, found.key, reason=reason, approver=approver or "", until=end,
                answers=answers, up_to=up_to, unmeasured=unmeasured, predicts=predict,
            )  # fmt: skip
            bound = _bound_of(context, commit)
            held = f", {bound.words}" if bound is not None and bound.words else ""
            words = f"proposed to override {found.title} until {until}{held}: waiting for approval"
            words += f" by {approver}" if approver else " by somebody else"
            next_step = f"workbench approve {found.key} --as {approver or 'PERSON'}"
    document = {
        "schema": "workbench.override.1",
        "part": part,
        "change": commit.change_id,
        "lifted": lift,
        "waits": not lift,
        "asked": approver,
        "bound": output.fields(bound) if bound is not None else None,
        "up_to": bound.words if bound is not None else "",
    }
    output.done(settings, words, document, hint=next_step)


def _bound_of(context: Context, commit: Commit) -> Bound | None:
    """Up to what the override holds that was just proposed."""
    ident = next(ident for entity, ident in commit.touched if entity == "override")
    stored = context.record.get("override", ident)
    return stored.decode(Override).bound if stored is not None else None


def _ask_why_and_until(
    settings: Settings, part: str, reason: str, until: str | None
) -> tuple[str, str | None]:
    """Reason and end, asked on a terminal where no option gave them."""
    if (reason and until) or settings.json or not sys.stdin.isatty():
        return reason, until
    if not reason:
        asked = f"Why is {part} overridden? It appears in the release notes"
        reason = click.prompt(asked, default="", show_default=False, err=True)
    if not until:
        until = click.prompt("Until when? 2026-12-01, or 30d", default="", show_default=False, err=True)
    return reason, until


def _ask(settings: Settings, part: Part, given: Answers) -> Answers:
    """The answers, with those that no option gave asked on a terminal; elsewhere what is lacking is named."""
    if settings.json or not sys.stdin.isatty():
        return given
    lacking = [one for one in QUESTIONS if getattr(given, one.field) in ("", None)]
    if lacking:
        output.talk(f"{part.title}: {part.why}")
    for one in lacking:
        answer: str | bool
        if one.example:
            asked = f"{one.asks} For example: {one.example}"
            answer = click.prompt(asked, default="", show_default=False, err=True)
        else:
            answer = click.confirm(one.asks, default=None, err=True)
        given = msgspec.structs.replace(given, **{one.field: answer})
    return given


@click.command()
@click.argument("part", metavar="PART|list")
@click.option("--owner", metavar="PERSON", help="The owner.")
@click.option("--by", metavar="TIME", help="By when.")
@click.option("--note", default="", metavar="TEXT", help="Comment.")
@common(*WRITING)
@pass_settings
def promise(settings: Settings, part: str, owner: str | None, by: str | None, note: str) -> None:
    """Assign an owner to an open part, with a due date.  It never changes a gate's state.

    `promise list` shows what was promised for the release.
    """
    if owner is None:
        if part != "list" or by or note:
            raise UsageError("no owner given", hint="--owner PERSON; workbench promise list shows all")
        _list_promises(settings)
        return
    with session.acting(settings) as context:
        evaluation = evaluate(context)
        owner = key_or_text(context.definitions.project.people, owner)
        commit = deciding.promise(context, evaluation, part, owner, session.end(context, by), note)
    when = f" by {by}" if by else ""
    document = {"schema": "workbench.promise.1", "part": part, "owner": owner, "change": commit.change_id}
    output.done(settings, f"{owner} owns {part}{when}", document)


def _list_promises(settings: Settings) -> None:
    with session.reading(settings) as context:
        evaluation, zone = evaluate(context), context.zone
        found = deciding.read_promises(context, evaluation)
    if settings.json:
        rows = [{**output.fields(one.promise), "title": one.title, "open": one.open} for one in found]
        version = evaluation.held.release.version
        output.emit({"schema": "workbench.promises.1", "release": version, "promises": rows})
        return
    output.table(
        ("", "part", "title", "who", "by", "note"),
        [
            (
                (Mark.OPEN if one.open else Mark.DONE).symbol,
                one.promise.part,
                one.title,
                one.promise.owner,
                moment_text(one.promise.by, zone) if one.promise.by else "",
                one.promise.note,
            )
            for one in found
        ],
        empty="nobody has promised anything; workbench promise PART --owner PERSON",
    )
