"""The parity map as it is looked at: a light line for each difference, and one in full."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from workbench.definitions.shapes import Severity
from workbench.evidence.model import attachments
from workbench.parity import model as parity
from workbench.parity import reviews
from workbench.parity.decisions import Decision
from workbench.parity.model import SEVERITY_RANK, Category, Difference
from workbench.parity.rating import Frequency, Harm
from workbench.parity.reviews import Review
from workbench.record import Stored
from workbench.releases.model import last_release
from workbench.usecases.context import Context
from workbench.usecases.flow_names import flow_names
from workbench.usecases.views.afterwards import part_in
from workbench.usecases.views.marks import Fact
from workbench.usecases.views.priorities import facts_of_priority
from workbench.usecases.watching import Watch, watch_of

EVERYTHING = 3


class Stated(msgspec.Struct, frozen=True, gc=False):
    """The fields of a difference that the map shows; the others are not even decoded."""

    title: str
    staging: str = ""
    production: str = ""
    category: Category = Category.UNSORTED
    severity: Severity = Severity.MEDIUM
    severity_written: str = ""
    region: str = ""
    impact: str = ""
    flows: tuple[str, ...] = ()
    decision: Decision = Decision.UNDECIDED
    reason: str = ""
    mitigation: str = ""
    owner: str | None = None
    until: datetime | None = None
    review_by: datetime | None = None
    closing_cost: str = ""
    failure_cost: str = ""
    frequency: Frequency = Frequency.UNKNOWN
    harm: Harm = Harm.UNKNOWN
    probe: str = ""
    found_at: datetime | None = None


class Line(msgspec.Struct, frozen=True, gc=False):
    """A row of the map: what it ``said``, and how that stands.

    ``ended`` says that its decision has run out, ``overtaken`` that it was made on other values,
    ``lacks`` what it needs to count for a high difference,
    ``contested`` that there are several versions of the row and nobody has chosen one,
    ``fresh`` whether it is ``new`` or ``changed`` since the map was last looked over, or neither,
    ``newer`` that it was found after the last release went out.
    """

    id: str
    said: Stated
    title: str
    severity: Severity
    decision: Decision
    until: datetime | None
    touches: str
    ended: bool
    overtaken: bool
    lacks: str
    contested: bool
    fresh: str
    newer: bool

    @property
    def open(self) -> bool:
        """Whether somebody must still decide."""
        return self.again or self.decision is Decision.UNDECIDED

    @property
    def again(self) -> bool:
        """Whether something was decided that does not count."""
        return self.ended or self.overtaken or self.contested or bool(self.lacks)


class ParityMap(msgspec.Struct, frozen=True, kw_only=True):
    """The whole map, what is most urgent first.

    ``review`` is the last look at it, for any release; ``reviewed_for`` that release's
    version, and ``reviewed`` whether it was the release in hand.  ``newer`` counts what was found
    after ``released``, the version that went out last.
    """

    now: datetime
    lines: tuple[Line, ...]
    high_open: int
    new: int = 0
    changed: int = 0
    newer: int = 0
    released: str = ""
    review: Review | None
    reviewed_for: str = ""
    reviewed: bool = False

    def line(self, id: str) -> Line | None:
        """The line of one difference."""
        return next((line for line in self.lines if line.id == id), None)


class Detail(msgspec.Struct, frozen=True, kw_only=True):
    """One difference with what belongs to it.

    ``flow_names`` are the flows it touches, ``changes`` what changed after it was decided, ``weighed``
    why it has its priority, with its costs, what can be expected of its environment and which incidents it had a part in, ``watch`` what
    the probe sees that watches it.
    """

    now: datetime
    stored: Stored
    difference: Difference
    flow_names: tuple[str, ...]
    evidence: int
    found_by: str
    changes: str = ""
    weighed: tuple[Fact, ...] = ()
    watch: Watch | None = None


_line_of = msgspec.json.Decoder(Stated).decode
_whole = msgspec.json.Decoder(Difference).decode


def read_map(context: Context, release: str | None = None) -> ParityMap:
    """The map as it is now; ``release`` is the id of the release in hand."""
    review, last = reviews.last_review(context.record), last_release(context.record)
    lines = sorted(_lines(context, review), key=_urgency)
    return ParityMap(
        now=context.now,
        lines=tuple(lines),
        **_counted(lines),
        review=review[1] if review else None,
        reviewed_for=_version(context, review[1].release) if review else "",
        reviewed=review is not None and review[1].release == release,
        released=last[0] if last else "",
    )


# More than this takes long enough to read that its most urgent lines are wanted before.
LONG = 5_000
_MOST_URGENT = (
    "CASE severity WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END, decision <> 'undecided', title"
)


def read_top(context: Context, most: int) -> list[Line] | None:
    """The first lines of a map that takes long to read, nearly as they will stand in it; else ``None``."""
    if context.record.count("difference") <= LONG:
        return None
    some = f"id IN (SELECT id FROM e_difference ORDER BY {_MOST_URGENT} LIMIT {int(most)})"
    return sorted(_lines(context, reviews.last_review(context.record), some), key=_urgency)


# What a line is made of besides the difference itself: flows' names, the last look at the map.
AROUND = frozenset({"flow", "parity_review", "release"})


def update_map(context: Context, found: ParityMap, ids: Iterable[str]) -> tuple[ParityMap, dict[str, int]]:
    """The map with these differences read again, and the place of each that is still on it.

    Decisions that have run out since the map was read are noticed, too.  Nothing of what is
    :data:`AROUND` may have changed.
    """
    now = context.now
    aside = set(ids) | {line.id for line in found.lines if line.until and line.ended != _ended(line, now)}
    old = [line for line in found.lines if line.id in aside]
    lines = [line for line in found.lines if line.id not in aside] if old else list(found.lines)
    some = f"id IN ({', '.join('?' * len(aside))})"
    new = sorted(_lines(context, reviews.last_review(context.record), some, tuple(aside)), key=_urgency)
    places = {}
    for line in new:  # in order, so that each keeps its place when the next one comes in
        places[line.id] = bisect_left(lines, _urgency(line), key=_urgency)
        lines.insert(places[line.id], line)
    before, after = _counted(old), _counted(new)
    counts = {name: getattr(found, name) - before[name] + after[name] for name in after}
    return msgspec.structs.replace(found, now=now, lines=tuple(lines), **counts), places


def _ended(line: Line, now: datetime) -> bool:
    return parity.ended(line.decision, line.until, now)


def _counted(lines: Iterable[Line]) -> dict[str, int]:
    counts = {"high_open": 0, "new": 0, "changed": 0, "newer": 0}
    for line in lines:
        counts["newer"] += line.newer
        counts["high_open"] += line.severity is Severity.HIGH and line.open
        if line.fresh:
            counts[line.fresh] += 1
    return counts


def _urgency(line: Line) -> tuple[int, bool, str, str]:
    return -SEVERITY_RANK[line.severity], not line.open, line.title.casefold(), line.id


def _lines(
    context: Context,
    review: tuple[Stored, Review] | None,
    where: str = "",
    args: Sequence[Any] = (),
) -> Iterator[Line]:
    """Rows of the map; the review is the last look at it."""
    now, names = context.now, flow_names(context)
    rows = context.record.query(
        f"SELECT id, decision, contested, value FROM e_difference {f'WHERE {where}' if where else ''}", args
    )
    later = context.record.beyond("difference", reviews.known_to(context.record, review)) if review else {}
    last = last_release(context.record)
    released = last[1] if last else None
    for id, applies, contested, value in rows:
        item = _line_of(value)
        known = later.get(id)
        void, lacks = False, ""
        if applies != item.decision:  # seldom: only then is the whole of it decoded
            whole = _whole(value)
            void, lacks = parity.overtaken(whole), parity.falls_short(whole)
        yield Line(
            id,
            item,
            item.title,
            item.severity,
            item.decision,
            item.until,
            touches(item.flows, names) if item.flows else "",
            parity.ended(item.decision, item.until, now),
            void,
            lacks,
            bool(contested),
            "" if known is None else "changed" if known else "new",
            released is not None and item.found_at is not None and item.found_at > released,
        )


def _version(context: Context, release: str) -> str:
    """A release's version; reviews from before the record hold the version itself."""
    found = context.record.query("SELECT version FROM e_release WHERE id = ?", (release,))
    return str(found[0][0]) if found else release


def touches(keys: Sequence[str], names: Mapping[str, str]) -> str:
    """Which flows a difference touches, in a few words."""
    if not keys:
        return ""
    if len(keys) >= EVERYTHING and set(keys) >= names.keys():
        return "all flows"
    if len(keys) > 2:
        return f"{len(keys)} flows"
    first = names.get(keys[0], keys[0])
    return first if len(keys) == 1 else f"{first} +1"


def read_difference(context: Context, id: str) -> tuple[Stored, Difference] | None:
    """One difference as it is now; ``None`` when it is not on the map."""
    stored = context.record.get("difference", id)
    return (stored, stored.decode(Difference)) if stored else None


def read_differences(context: Context, ids: Sequence[str]) -> list[tuple[Stored, Difference]]:
    """Several differences as they are now; those that have gone are left out."""
    return [found for id in ids if (found := read_difference(context, id)) is not None]


def read_detail(context: Context, id: str) -> Detail | None:
    """One difference in full; ``None`` when it is not on the map."""
    found = read_difference(context, id)
    if found is None:
        return None
    stored, difference = found
    names = flow_names(context)
    subject = f"difference:{id}"
    # The person whose entry comes first is the one who put it on the map.
    history = context.record.history("difference", id, limit=1000)
    return Detail(
        now=context.now,
        stored=stored,
        difference=difference,
        flow_names=tuple(names.get(key, key) for key in difference.flows),
        evidence=len(attachments(context.record, subject).get(subject, ())),
        found_by=history[-1].actor if history else stored.actor,
        changes=parity.changed_since_decided(context.record, id, difference),
        weighed=(*facts_of_priority(context, difference), *part_in(context, id)),
        watch=watch_of(context, difference),
    )
