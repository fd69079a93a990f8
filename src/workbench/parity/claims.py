"""PM-4: the parity statement of a release, sentence by sentence: each a claim with the figures that it rests on.

A claim keeps the figures as they were when somebody last read it.  Where one of them is another
today, the sentence no longer fits, and is marked; nothing else is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from workbench.model.canonical import plain, sha256
from workbench.model.cells import short_text
from workbench.model.errors import UsageError
from workbench.record import Change, Column, EntityKind, Record, Stored, Titles

LONGEST = 2000  # characters of a sentence
_MOST_OF_A_VALUE = 200


class Topic(StrEnum):
    """What is judged in words: three dimensions of parity, and security where it matters."""

    TEST_RELIABILITY = "test_reliability"
    DATA_FIDELITY = "data_fidelity"
    DEPLOYMENT_FRICTION = "deployment_friction"
    SECURITY = "security"

    @property
    def words(self) -> str:
        """As people say it: ``Data fidelity``."""
        return _TITLES[self]

    @property
    def slug(self) -> str:
        """As a person types it: ``data-fidelity``."""
        return self.value.replace("_", "-")


_TITLES = {
    Topic.TEST_RELIABILITY: "Test reliability",
    Topic.DATA_FIDELITY: "Data fidelity",
    Topic.DEPLOYMENT_FRICTION: "Deployment friction",
    Topic.SECURITY: "Security parity",
}


class Figure(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One thing that a sentence says: ``name`` of the ``row`` was ``value``.

    ``row`` is ``difference/ID``, ``probe/KEY``, ``score/PROBE/KEY``, ``benchmark/KEY``, ``topic/KEY`` or ``releases``; ``title``
    is what people call it.
    """

    row: str
    title: str
    name: str
    value: str


class Claim(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One sentence of the statement of a release.

    ``place`` orders it within its topic.  ``drafted`` is the sentence as the workbench drafted it,
    empty where a person wrote it by themselves.  ``by`` read it last, at ``at``; a draft that
    nobody has kept has none.  A sentence that was ``left_out`` stays away when a new draft is made.
    """

    release: str
    key: str
    topic: Topic
    place: int
    text: str
    drafted: str = ""
    figures: tuple[Figure, ...] = ()
    by: str = ""
    at: datetime | None = None
    left_out: bool = False

    @property
    def edited(self) -> bool:
        """Whether a person put it otherwise than it was drafted."""
        return self.text != self.drafted

    @property
    def about(self) -> str:
        """What people call the row that it rests on; "" where there are several or none."""
        titles = {figure.title for figure in self.figures}
        return titles.pop() if len(titles) == 1 else ""

    @property
    def short(self) -> str:
        """What one may type for it where no other one ends so."""
        return self.key.rpartition("/")[2]


class Misfit(msgspec.Struct, frozen=True, kw_only=True):
    """A figure that is another today: ``now`` is empty where it is not to be found any more.

    ``among`` says that the sentence rests on several rows, so that the figure's has to be named.
    """

    figure: Figure
    now: str
    among: bool = False

    @property
    def words(self) -> str:
        """``production was 2, is now 4``; ``load balancer: production was 2, is now 4``."""
        now = f"is now {short_text(self.now)}" if self.now else "is gone"
        named = f"{short_text(self.figure.title)}: " if self.among else ""
        return f"{named}{self.figure.name} was {short_text(self.figure.value)}, {now}"


def told(value: str) -> str:
    """A value as a figure has it: on one line and, where it is long, its beginning with a digest of all of it."""
    line = " ".join(value.split())
    if len(line) <= _MOST_OF_A_VALUE:
        return line
    return f"{line[:_MOST_OF_A_VALUE]}… ({sha256(line.encode())[:12]})"


def misfits(claim: Claim, present: Callable[[Figure], str]) -> tuple[Misfit, ...]:
    """The figures of a sentence that are no longer as they were; ``present`` tells how one is today."""
    among = len({figure.row for figure in claim.figures}) > 1
    found = ((figure, present(figure)) for figure in claim.figures)
    return tuple(Misfit(figure=figure, now=now, among=among) for figure, now in found if now != figure.value)


def _title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    text = short_text(str(value.get("text", "")))
    version = titles("release", str(value.get("release", "")))
    return f"“{text}” in the parity statement of {version}" if version else f"“{text}”"


ENTITIES = (
    EntityKind(
        "claim",
        Claim,
        columns=(Column("release"), Column("topic"), Column("place", "INTEGER")),
        thing="sentence",
        title=_title,
        excerpt=True,
        together=(("text", "drafted", "figures", "by", "at", "left_out"),),
    ),
)


def claim_id(claim: Claim) -> str:
    """One sentence of a release has one key."""
    return f"{claim.release}/{claim.key}"


def claims_of(record: Record, release: str) -> list[tuple[Stored, Claim]]:
    """Every sentence that somebody kept for a release, also those left out, in the statement's order."""
    rows = [(row, row.decode(Claim)) for row in record.all("claim", "release = ?", (release,))]
    order = list(Topic)
    return sorted(rows, key=lambda pair: (order.index(pair[1].topic), pair[1].place, pair[1].key))


def find_claim(claims: Sequence[Claim], ref: str) -> Claim:
    """The sentence with that key, or the only one whose key ends so or whose row is called so; else ``UsageError``."""
    wanted = ref.strip().casefold()
    found = [item for item in claims if item.key.casefold() == wanted]
    found = found or [item for item in claims if item.short.casefold() == wanted]
    found = found or [item for item in claims if item.about.casefold() == wanted]
    if len(found) == 1:
        return found[0]
    what = "names several sentences" if found else "names no sentence"
    raise UsageError(
        f"“{short_text(ref)}” {what} of the statement",
        hint="workbench parity statement shows them with their keys",
    )


def put(stored: Stored | None, claim: Claim, verb: str) -> Change:
    """The change that keeps a sentence as it is now."""
    if len(claim.text) > LONGEST:
        raise UsageError(f"a sentence has at most {LONGEST:,} characters", hint="make two sentences of it")
    if not claim.text.strip():
        raise UsageError(
            "a sentence needs words", hint="to take it out: workbench parity statement SENTENCE --remove"
        )
    return Change("claim", claim_id(claim), verb, plain(claim), stored.base if stored else None)


def next_place(claims: Iterable[Claim], topic: Topic) -> int:
    """Where a further sentence of a topic stands: after all others."""
    return max((item.place for item in claims if item.topic is topic), default=0) + 1
