"""``workbench sign --plain``: the gate, the answer and what belongs to it, one line after another."""

from __future__ import annotations

from datetime import datetime

from workbench.cli import output, plain, session
from workbench.cli.answers import signoff_document, words_of
from workbench.cli.options import Settings
from workbench.model.errors import UsageError
from workbench.signoff.holding import STOPPING
from workbench.signoff.model import Decision
from workbench.usecases import signing
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.looks import keep_look
from workbench.usecases.reporting.as_text import text_report
from workbench.usecases.reporting.making import judgement_of_gate
from workbench.usecases.signing import Answer
from workbench.usecases.views.receipts import read_receipt
from workbench.usecases.views.signing_session import read_session, told_plainly

_ANSWERS = (
    (Decision.APPROVE, "approve"),
    (Decision.CONDITIONS, "approve with conditions"),
    (Decision.SEND_BACK, "send it back: something is needed first"),
    (Decision.REJECT, "reject"),
)


def sign_plainly(settings: Settings, gate: str | None, role: str | None, ssh_key: str | None = None) -> int:
    """Show what is signed, ask for the answer and the version, and sign; the exit code."""
    with session.acting(settings, ssh_key) as context:
        evaluation = evaluate(context)
        shown = signing.prepare(context, evaluation, gate, role)
        concluded = evaluation.gate(shown.gate)
        found = judgement_of_gate(evaluation, shown.gate)
        output.talk_lines(text_report(found, found.gate(shown.gate)).splitlines())
        output.talk_lines(told_plainly(read_session(context, evaluation, concluded, shown.person)))
        keep_look(context, evaluation, concluded)
        if replaced := signing.replaced_words(concluded, shown.person, context.zone):
            output.talk(f"Your new answer replaces this one: {replaced}")
        version = evaluation.held.release.version
        try:
            answer = _ask(context)
            if answer is None:
                output.line("nothing was signed")
                return 0
            if answer.decision not in STOPPING:
                signing.check_may_approve(concluded)
            signing.check_key(context, concluded, answer.decision)
            signing.check_says_something_new(concluded, shown, answer, context.zone)
            words = f"{shown.person} as {shown.role}: {words_of(answer)} {concluded.gate.title}"
            output.talk(words)
            typed = plain.line(f"Type {version} to sign")
        except plain.Ended as end:
            output.talk(f"{end.words}; nothing was signed")
            return end.code
        if typed != version:
            raise UsageError(f"nothing was signed: “{output.safe(typed, 60)}” is not {version}")
        done = signing.sign(context, shown, answer)
        document, receipt = signoff_document(context, done), read_receipt(context, done)
    output.talk_lines(f"{fact.label}: {fact.text}" for fact in receipt.facts)
    output.line(f"signed: {words}; the gate is {document['gate_state']}")
    return 0


def _ask(context: Context) -> Answer | None:
    chosen = plain.choose("What do you say?", (*(words for _, words in _ANSWERS), "nothing now"))
    if chosen == len(_ANSWERS):
        return None
    decision = _ANSWERS[chosen][0]
    conditions = needed = whom = ""
    due: datetime | None = None
    if decision is Decision.CONDITIONS:
        conditions = plain.needed("What are the conditions", "say what they are")
        due = plain.end(context, "When are they due: 2026-12-01, or 30d", "enter a date")
    elif decision is Decision.SEND_BACK:
        needed = plain.needed("What is needed before you can decide", "say what is needed")
        whom = plain.line("Who has to do it; nothing for anybody")
    comment = (
        plain.needed("What has to change", "a rejection needs a comment")
        if decision is Decision.REJECT
        else plain.line("Comment, or nothing")
    )
    return Answer(
        decision=decision,
        comment=comment,
        conditions=conditions,
        conditions_due=due,
        needed=needed,
        needed_from=whom,
    )
