"""``workbench quarantine``: flaky checks that block nothing until a day."""

from __future__ import annotations

import click

from workbench.cli import output, session
from workbench.cli.options import WRITING, Settings, common, pass_settings, ssh_key
from workbench.model.errors import UsageError
from workbench.model.times import moment_text
from workbench.usecases import quarantining
from workbench.usecases.evaluate import evaluate
from workbench.usecases.people import key_or_text
from workbench.usecases.views.marks import Mark


@click.command()
@click.argument("part", required=False)
@click.option("--reason", default="", metavar="TEXT", help="What is flaky about it, and who mends it.")
@click.option("--until", metavar="TIME", help="When it ends; the check then blocks again.")
@click.option("--approver", metavar="PERSON", help="Who is asked to approve it; anyone else if omitted.")
@click.option("--owner", default="", metavar="PERSON", help="Who mends the check.")
@click.option("--lift", is_flag=True, help="End it early: the check is mended, or was never flaky.")
@ssh_key
@common(*WRITING)
@pass_settings
def quarantine(
    settings: Settings,
    /,
    ssh_key: str | None,
    part: str | None,
    reason: str,
    until: str | None,
    approver: str | None,
    owner: str,
    lift: bool,
) -> None:
    """Propose to quarantine a flaky check, or list what is quarantined.

    PART is a benchmark, a probe, or the name of a test that failed.  It blocks nothing once a second person has approved it (workbench approve PART), is counted and listed, and ends.
    """
    if part is None:
        if reason or until or approver or lift:
            raise UsageError("which check?", hint="workbench quarantine PART; without PART it lists them")
        _list(settings)
        return
    if not lift and not (reason and until):
        raise UsageError("a quarantine has a reason and an end", hint="--reason WHY --until DATE")
    if lift and not reason:
        raise UsageError("why does it count again?", hint="--lift --reason WHY")
    with session.acting(settings, ssh_key) as context:
        if lift:
            commit = quarantining.lift(context, part, reason)
            words, next_step = f"the quarantine of {part} is lifted", "workbench gate"
        else:
            evaluation = evaluate(context)
            approver = approver and key_or_text(context.definitions.project.people, approver)
            end = session.end(context, until)
            assert end is not None
            found = quarantining.find_check(evaluation, part)
            commit = quarantining.quarantine(
                context, evaluation, found.key, reason=reason, until=end, approver=approver or "", owner=owner
            )
            words = f"proposed to quarantine {found.title} until {until}: waiting for approval"
            words += f" by {approver}" if approver else " by somebody else"
            next_step = f"workbench approve {found.key} --as {approver or 'PERSON'}"
    document = {
        "schema": "workbench.quarantine.1",
        "part": part,
        "change": commit.change_id,
        "lifted": lift,
        "waits": not lift,
        "asked": approver,
    }
    output.done(settings, words, document, hint=next_step)


def _list(settings: Settings) -> None:
    with session.reading(settings) as context:
        found, zone = quarantining.read_quarantines(evaluate(context)), context.zone
    if settings.json:
        rows = [{**output.fields(item.quarantine), "ended": item.ended, "now": item.now} for item in found]
        in_force = sum(not item.ended for item in found)
        output.emit({"schema": "workbench.quarantines.1", "in_force": in_force, "quarantines": rows})
        return
    output.table(
        ("", "check", "until", "reason", "mended by", "by", "approved by", "now"),
        [
            (
                (Mark.OPEN if item.ended else Mark.EXCEPTED).symbol,
                item.quarantine.title,
                f"{'ended ' if item.ended else ''}{moment_text(item.quarantine.until, zone)}",
                item.quarantine.reason,
                item.quarantine.owner,
                item.quarantine.author,
                item.quarantine.approver,
                item.now,
            )
            for item in found
        ],
        empty="nothing is quarantined",
    )
