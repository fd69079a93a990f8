"""PM-4: reading, keeping and editing the parity statement of a release."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from workbench.model.cells import short_text
from workbench.model.errors import NotAllowed, UsageError
from workbench.parity import model as parity
from workbench.parity.claims import (
    Claim,
    Figure,
    Misfit,
    Topic,
    claim_id,
    claims_of,
    find_claim,
    misfits,
    next_place,
    put,
)
from workbench.record import Change, Commit, Stored
from workbench.releases.model import require_open
from workbench.usecases.context import Context, commit
from workbench.usecases.evaluate import Evaluation, evaluate
from workbench.usecases.grounds import Ground


class Sentence(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence of the statement; ``present`` has how each of its figures is today.

    ``kept`` says that somebody kept it; ``misfits`` are the figures that are others since.
    """

    claim: Claim
    kept: bool
    present: tuple[str, ...] = ()
    misfits: tuple[Misfit, ...] = ()

    @property
    def fits(self) -> bool:
        return not self.misfits


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """The statement of a release.

    Where nobody has ``kept`` any of it, the ``sentences`` are the draft.  ``fresh`` are those that the
    record would add to a statement that was kept, ``left_out`` those that somebody took away.
    """

    version: str
    kept: bool
    sentences: tuple[Sentence, ...]
    fresh: tuple[Claim, ...] = ()
    left_out: tuple[Claim, ...] = ()

    @property
    def by(self) -> str:
        """Who kept or edited it last."""
        return max(self._touched, default=(None, ""))[1]

    @property
    def at(self) -> datetime | None:
        return max(self._touched, default=(None, ""))[0]

    @property
    def _touched(self) -> list[tuple[datetime, str]]:
        claims = (item.claim for item in self.sentences)
        return [(claim.at, claim.by) for claim in claims if claim.at is not None]

    @property
    def misfitting(self) -> tuple[Sentence, ...]:
        """The sentences that no longer fit."""
        return tuple(item for item in self.sentences if item.misfits)

    def of(self, topic: Topic) -> tuple[Sentence, ...]:
        return tuple(item for item in self.sentences if item.claim.topic is topic)


def read_statement(found: Evaluation, ground: Ground | None = None) -> Statement:
    """The statement of a judged release, as it stands today."""
    ground = ground or Ground(found)
    every = [claim for _, claim in claims_of(found.facts.record, found.held.id)]
    version = found.held.release.version
    if not every:
        drafted = tuple(_sentence(claim, ground, kept=False) for claim in ground.draft)
        return Statement(version=version, kept=False, sentences=drafted)
    known = {claim.key for claim in every}
    return Statement(
        version=version,
        kept=True,
        sentences=tuple(_sentence(claim, ground, kept=True) for claim in every if not claim.left_out),
        fresh=tuple(claim for claim in ground.draft if claim.key not in known),
        left_out=tuple(claim for claim in every if claim.left_out),
    )


def read_here(context: Context) -> Statement:
    """The statement of the release in hand."""
    return read_statement(evaluate(context))


def _sentence(claim: Claim, ground: Ground, *, kept: bool) -> Sentence:
    return Sentence(
        claim=claim,
        kept=kept,
        present=tuple(ground.present(figure) for figure in claim.figures),
        misfits=misfits(claim, ground.present) if kept else (),
    )


# --- acts --------------------------------------------------------------------------------------


def keep(context: Context, refs: Collection[str] = ()) -> Commit:
    """Keep the statement: every sentence of the draft that is not kept yet.

    ``refs`` names sentences that are still right although a figure is another one now: they rest
    on today's figures from now on.
    """
    desk = _Desk(context)
    if refs:
        chosen = [desk.find(ref) for ref in refs]
        return desk.commit([desk.put(desk.refreshed(claim), "kept") for claim in chosen])
    changes = desk.rest_of_draft()
    if not changes:
        raise UsageError(
            "every sentence of the draft is kept already",
            hint="to say that one is still right: workbench parity statement SENTENCE --keep",
        )
    return desk.commit(changes)


def edit(context: Context, ref: str, text: str) -> Commit:
    """Put a sentence in other words; it rests on today's figures from now on."""
    desk = _Desk(context)
    claim = desk.find(ref)
    words = " ".join(text.split())
    if words == claim.text:
        raise UsageError(
            "that is what the sentence says already",
            hint="to confirm it: workbench parity statement SENTENCE --keep",
        )
    edited = desk.put(msgspec.structs.replace(desk.refreshed(claim), text=words), "edited")
    return desk.commit([edited, *desk.rest_of_draft(but={claim.key})])


def add(context: Context, topic: Topic, text: str, on: Iterable[str] = ()) -> Commit:
    """Add a sentence of one's own; ``on`` names the differences, probes and benchmarks that it rests on."""
    desk = _Desk(context)
    figures = tuple(figure for name in on for figure in desk.figures_of(name))
    own = [claim for claim in desk.every if claim.key.startswith(f"{topic.slug}/own-")]
    number = max((int(claim.short.removeprefix("own-")) for claim in own), default=0) + 1
    claim = Claim(
        release=desk.found.held.id,
        key=f"{topic.slug}/own-{number}",
        topic=topic,
        place=max(next_place(desk.every, topic), next_place(desk.ground.draft, topic)),
        text=" ".join(text.split()),
        figures=figures,
    )
    return desk.commit([desk.put(claim, "added"), *desk.rest_of_draft()])


def leave_out(context: Context, ref: str) -> Commit:
    """Take a sentence out of the statement; a new draft does not bring it back."""
    desk = _Desk(context)
    claim = desk.find(ref)
    gone = desk.put(msgspec.structs.replace(claim, left_out=True), "left out")
    return desk.commit([gone, *desk.rest_of_draft(but={claim.key})])


def redraft(context: Context, refs: Collection[str] = ()) -> Commit:
    """Put sentences as the record suggests them today.

    Without ``refs``: all that no longer fit and that nobody has edited, and what the record would add.
    """
    desk = _Desk(context)
    if not desk.stored:
        raise UsageError(
            "nothing is kept yet: what you see is the draft", hint="workbench parity statement --keep"
        )
    drafted = {claim.key: claim for claim in desk.ground.draft}
    if refs:
        chosen = [_drafted(drafted, desk.find(ref, left_out=True)) for ref in refs]
        return desk.commit([desk.put(claim, "drafted again") for claim in chosen])
    changes = list(desk.rest_of_draft())
    for sentence in read_statement(desk.found, desk.ground).misfitting:
        claim = sentence.claim
        if not claim.drafted or claim.edited:
            continue
        new = drafted.get(claim.key)
        again = new or msgspec.structs.replace(claim, left_out=True)
        changes.append(desk.put(again, "drafted again" if new else "left out"))
    if not changes:
        raise UsageError(
            "the record suggests nothing else", hint="name a sentence to put it back as it was drafted"
        )
    return desk.commit(changes)


def _drafted(drafted: Mapping[str, Claim], claim: Claim) -> Claim:
    if claim.key not in drafted:
        raise UsageError(
            f"the record suggests no sentence for “{short_text(claim.text)}”",
            hint="edit it, keep it, or remove it from the statement",
        )
    return drafted[claim.key]


class _Desk:
    """The statement of the release in hand, while it is being changed."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.found = evaluate(context)
        require_open(self.found.held)
        self.ground = Ground(self.found)
        rows = claims_of(context.record, self.found.held.id)
        self.stored: Mapping[str, Stored] = {stored.id: stored for stored, _ in rows}
        self.every: Sequence[Claim] = [claim for _, claim in rows]
        if any(stored.contested for stored, _ in rows):
            raise NotAllowed(
                "two desks have changed one sentence of the statement at once",
                hint="workbench contested shows both, workbench settle chooses one",
            )

    def find(self, ref: str, *, left_out: bool = False) -> Claim:
        """A sentence that is kept, or of the draft; one that was ``left_out`` only where that is wanted."""
        known = {claim.key for claim in self.every}
        kept = [claim for claim in self.every if left_out or not claim.left_out]
        return find_claim([*kept, *(claim for claim in self.ground.draft if claim.key not in known)], ref)

    def refreshed(self, claim: Claim) -> Claim:
        """The same on today's figures; what is gone is left away."""
        present = [(figure, self.ground.present(figure)) for figure in claim.figures]
        figures = tuple(msgspec.structs.replace(figure, value=now) for figure, now in present if now)
        return msgspec.structs.replace(claim, figures=figures)

    def figures_of(self, name: str) -> tuple[Figure, ...]:
        """What a row says that a person names."""
        row = self.ground.named(name)
        if row is None:
            stored, _ = parity.find(self.context.record, name)
            row = self.ground.row(f"difference/{stored.id}")
        return row.claimed() if row else ()

    def rest_of_draft(self, but: Collection[str] = ()) -> list[Change]:
        """What keeps the sentences of the draft that are not kept yet."""
        known = {claim.key for claim in self.every} | set(but)
        return [self.put(claim, "kept") for claim in self.ground.draft if claim.key not in known]

    def put(self, claim: Claim, verb: str) -> Change:
        by, at = self.context.author().actor, self.context.now
        signed = msgspec.structs.replace(claim, by=by, at=at)
        return put(self.stored.get(claim_id(claim)), signed, verb)

    def commit(self, changes: Sequence[Change]) -> Commit:
        return commit(self.context, changes)
