"""``workbench approve``: what is waiting for a second person, and that person's word on it."""

from __future__ import annotations

from datetime import tzinfo
from typing import TYPE_CHECKING, Any

import click

from workbench.cli import output, session
from workbench.cli.options import WRITING, Settings, common, pass_settings, ssh_key
from workbench.model.errors import UsageError
from workbench.model.times import moment_text

if TYPE_CHECKING:
    from workbench.gates.approvals import Proposal


@click.command()
@click.argument("ref", required=False)
@click.option("--reason", default="", metavar="TEXT", help="Comment; required for a rejection.")
@click.option("--reject", is_flag=True, help="Reject it; --reason says why.")
@ssh_key
@common(*WRITING)
@pass_settings
def approve(settings: Settings, ref: str | None, reason: str, reject: bool, ssh_key: str | None) -> None:
    """Approve what someone else proposed, or list what is waiting.

    REF is what the gate report names (a benchmark, a checklist item, a difference), or an id or its end.
    """
    from workbench.gates.approvals import What
    from workbench.usecases import approving
    from workbench.usecases.evaluate import evaluate
    from workbench.usecases.purging import holding_copies
    from workbench.usecases.sharing.purging import after

    if ref is None:
        if reject or reason:
            raise UsageError("what is meant?", hint="workbench approve REF; without REF it lists what waits")
        _list(settings)
        return
    with session.acting(settings, ssh_key) as context:
        evaluation = evaluate(context)
        proposal = approving.find_proposal(evaluation, ref)
        commit = approving.approve(context, evaluation, ref, reject=reject, words=reason)
        person = context.author().actor
        purged = proposal.what is What.PURGE and not reject
        copies, at_server = (holding_copies(context), after(context)) if purged else (None, "")
    if copies is not None:
        output.talk(f"copies of the record made before hold the bytes still: {copies}")
    if at_server:
        output.talk(at_server)
    document = {
        "schema": "workbench.approve.1",
        **_document(proposal),
        "decision": "reject" if reject else "approve",
        "person": person,
        "change": commit.change_id,
    }
    output.done(
        settings, f"{'rejected' if reject else 'approved'}: {proposal.title}", document, hint="workbench gate"
    )


def _list(settings: Settings) -> None:
    from workbench.usecases.evaluate import evaluate

    with session.reading(settings) as context:
        waiting, zone = evaluate(context).proposals, context.zone
    if settings.json:
        output.emit({"schema": "workbench.approvals.1", "waiting": [_document(item) for item in waiting]})
        return
    rows = [(item.part or item.ref, item.title, item.why, item.words) for item in waiting]
    output.table(("what", "title", "state", "reason"), rows, empty="nothing waits for approval")
    for item in waiting:
        told = _told(item, zone)
        if told:
            output.lines([f"{item.title}:", *(f"  {label}: {text}" for label, text in told)])


def _told(item: Proposal, zone: tzinfo) -> list[tuple[str, str]]:
    """What whoever approves an override has to know beside its reason; nothing of what was not asked about."""
    answers = list(item.answers.told) if item.answers is not None else []
    if not answers:
        return []
    held = [("Holds", item.bound.words)] if item.bound is not None and item.bound.words else []
    end = [("Until", moment_text(item.until, zone))] if item.until is not None else []
    return [("Proposed by", item.by), *held, *answers, *end]


def _document(item: Proposal) -> dict[str, Any]:
    return {
        "what": item.what.value,
        "ref": item.ref,
        "part": item.part,
        "title": item.title,
        "subject": item.subject,
        "proposed_by": item.by,
        "reason": item.words,
        "until": item.until,
        "able": list(item.able.keys),
        "rejected_by": item.rejected.person if item.rejected else None,
        "up_to": item.bound.words if item.bound is not None else "",
        "answers": [
            {"question": label, "answer": text}
            for label, text in (item.answers.told if item.answers is not None else ())
        ],
    }
