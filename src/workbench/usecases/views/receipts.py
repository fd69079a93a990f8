"""The receipt of a signature: what was signed, by whom, with which key, where the record ended, and who is next."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from workbench.model.times import moment_text
from workbench.record import Commit
from workbench.releases.model import Release
from workbench.signoff.model import Decision, SignOff
from workbench.signoff.statement import Statement, read_statement
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.output_files import bundle_name
from workbench.usecases.views.marks import Fact, Mark
from workbench.usecases.views.signers import ALL_IN, seat_line, seats

_SHORT = 16  # digits of a digest that a person can compare
NO_KEY = "none: who signed is asserted, not proven"
_SAID = {
    Decision.APPROVE: "approved",
    Decision.CONDITIONS: "approved with conditions",
    Decision.SEND_BACK: "sent back",
    Decision.REJECT: "rejected",
}
_MARKS = {Decision.SEND_BACK: Mark.BLOCKS, Decision.REJECT: Mark.BLOCKS}


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody takes away after signing; ``facts`` in order, ``words`` in a line."""

    words: str
    facts: tuple[Fact, ...]

    @property
    def text(self) -> str:
        """All of it as plain text, to be copied."""
        width = max(len(fact.label) for fact in self.facts) + 2
        return "\n".join([self.words, *(f"{fact.label:<{width}}{fact.text}" for fact in self.facts)]) + "\n"


def read_receipt(context: Context, commit: Commit) -> Receipt:
    """The receipt of an act that entered a signature."""
    ident = next(ident for entity, ident in commit.touched if entity == "signoff")
    stored = context.record.get("signoff", ident)
    assert stored is not None
    value = stored.decode(SignOff)
    release = context.record.get("release", value.release)
    version = release.decode(Release).version if release is not None else ""
    evaluation = evaluate(context, version or None)
    concluded = evaluation.gate(value.gate)
    title = f"{evaluation.project} {evaluation.held.title}"
    said = f"{concluded.gate.title} of {title}: {_SAID[value.decision]}"
    next_ = [seat_line(seat, value.person) for seat in seats(evaluation, concluded)]
    facts = [
        Fact("Signed", said, _MARKS.get(value.decision, Mark.DONE)),
        Fact("Commit", value.commit),
        Fact("By", f"{value.person} as {value.role.replace('-', ' ')}"),
        *([Fact("On behalf of", value.for_person)] if value.for_person else []),
        Fact("At", moment_text(value.at, context.zone)),
        *_words(value, context),
        Fact("Meaning", value.meaning),
        Fact("Key", value.key or NO_KEY, None if value.key else Mark.WARNS),
        Fact("Statement", value.statement),
        Fact("Shown", value.shown[:_SHORT], aside=True),
        Fact("Rests on", value.basis[:_SHORT], aside=True),
        *_checkpoint(context, value),
        Fact("The gate is", concluded.state.value, Mark.DONE if concluded.through else Mark.OPEN),
        Fact("Next", "; ".join(next_) or ALL_IN),
        Fact("Bundle", f"workbench bundle --to {bundle_name(evaluation.project_key, version)}"),
        Fact("Show again", f"workbench shown {value.gate}/{value.person}"),
    ]
    return Receipt(words=f"signed: {said}", facts=tuple(facts))


def _words(value: SignOff, context: Context) -> Iterator[Fact]:
    if value.conditions:
        due = f", due {moment_text(value.conditions_due, context.zone)}" if value.conditions_due else ""
        yield Fact("Conditions", f"{value.conditions}{due}")
    if value.needed:
        whom = f", from {value.needed_from}" if value.needed_from else ""
        yield Fact("Needed", f"{value.needed}{whom}")
    if value.comment:
        yield Fact("Comment", value.comment)


def _checkpoint(context: Context, value: SignOff) -> Iterator[Fact]:
    """Where the record ended when it was signed: the signature covers that, too."""
    said = _statement(context, value)
    if said is not None and said.checkpoint is not None:
        point = said.checkpoint
        yield Fact("Record", f"{point.size:,} entries, root {point.root[:_SHORT]}")


def _statement(context: Context, value: SignOff) -> Statement | None:
    blob = context.record.blob(value.statement) if value.statement else None
    if blob is None or not blob.data:
        return None
    try:
        return read_statement(blob.data)
    except (ValueError, msgspec.MsgspecError):
        return None
