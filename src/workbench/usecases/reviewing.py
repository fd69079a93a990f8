"""What a review of the parity map looks at: what changed since the last one, and what nobody has decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

import msgspec

from workbench.definitions.shapes import Severity
from workbench.model.times import relative_text
from workbench.parity import model as parity
from workbench.parity import reviews
from workbench.parity.decisions import Decision
from workbench.parity.facts import FACTS, changes_in_words
from workbench.parity.fields import FIELDS
from workbench.parity.model import Difference
from workbench.parity.reviews import Review
from workbench.parity.words import decision_of
from workbench.record import Known, Stored
from workbench.releases.model import Held
from workbench.usecases.context import Context
from workbench.usecases.views.people import named


class What(Enum):
    """What became of a difference since the last review, in the order in which a reviewer wants to know it."""

    ADDED = "Added"
    WIDENED = "Widened"
    CHANGED = "Changed"
    DECIDED = "Decided"
    REMOVED = "Removed"


class News(msgspec.Struct, frozen=True):
    """One difference that is not as it was: what it is called, and how in words."""

    what: What
    id: str
    title: str
    words: str


class ReviewSheet(msgspec.Struct, frozen=True, kw_only=True):
    """What a reviewer sees before saying that they have reviewed the map for ``version``.

    ``last`` is the last review, ``last_words`` tells of it; without one everything is new, and ``news`` is empty.
    ``known`` is what the record held then.
    """

    version: str
    differences: int
    last: Review | None
    last_words: str
    news: tuple[News, ...]
    undecided: tuple[tuple[Severity, str], ...]
    known: tuple[Known, ...]

    def sections(self) -> list[tuple[str, list[str]]]:
        """(title, lines) of all that there is to see, the undecided ones first."""
        found = [("Undecided", [f"{severity.value}: {title}" for severity, title in self.undecided])]
        for what in What:
            lines = [
                f"{each.title}{': ' if each.words else ''}{each.words}"
                for each in self.news
                if each.what is what
            ]
            found.append((what.value, lines))
        return [(f"{title}, {len(lines):,}", lines) for title, lines in found if lines]


def read_review(context: Context, held: Held) -> ReviewSheet:
    """What there is to review for a release."""
    record, now = context.record, context.now
    review = reviews.last_review(record)
    everything = parity.all_differences(record)
    undecided = [
        (value.severity, value.title)
        for stored, value in everything
        if stored.contested or parity.undecided(value, now)
    ]
    return ReviewSheet(
        version=held.release.version,
        differences=len(everything),
        last=review[1] if review else None,
        last_words=_last_words(context, review[1]) if review else "never reviewed before",
        news=tuple(_news(context, review)) if review else (),
        undecided=tuple(undecided),
        known=record.frontier(),
    )


def _last_words(context: Context, review: Review) -> str:
    found = context.record.query("SELECT version FROM e_release WHERE id = ?", (review.release,))
    version = found[0][0] if found else review.release
    who = named(context.definitions, review.by, context.author().actor)
    return f"last reviewed {relative_text(review.at, context.now)} by {who}, for {version}"


def _news(context: Context, review: tuple[Stored, Review]) -> list[News]:
    """What is not as the last reviewer knew it; what was there and is again says nothing."""
    record, known = context.record, reviews.known_to(context.record, review)
    touched = record.beyond("difference", known)
    before = record.as_known("difference", (id for id, was in touched.items() if was), known)
    found = []
    for id in touched:
        stored = record.get("difference", id)
        then = before.get(id)
        if stored is not None:
            item = _told(context, stored, then)
        else:
            item = _removed(context, id, then) if then is not None else None
        if item is not None:
            found.append(item)
    return sorted(found, key=lambda item: item.title.casefold())


def _told(context: Context, stored: Stored, then: Mapping[str, Any] | None) -> News | None:
    """What became of a difference that is on the map; ``None`` where nothing did."""
    value = stored.decode(Difference)
    decided = decision_of(value, context.now, context.zone)
    if then is None:
        return News(What.ADDED, stored.id, value.title, f"{value.severity.value}, {decided}")
    old = msgspec.convert(dict(then), Difference)
    was = decision_of(old, context.now, context.zone)
    again = f"{decided}, was {was}" if decided != was else ""
    words = [changes_in_words(then, stored.decode(dict)), again, _others(old, value)]
    what = _what(old, value, words)
    if what is None:
        return None
    return News(what, stored.id, value.title, "; ".join(text for text in words if text))


def _what(old: Difference, value: Difference, words: Sequence[str]) -> What | None:
    if _widened(old, value):
        return What.WIDENED
    if words[0] or words[2]:
        return What.CHANGED
    names = ("decision", "until", "reason", "mitigation", "decided_on")
    if any(getattr(old, name) != getattr(value, name) for name in names):
        return What.DECIDED
    return None


def _widened(old: Difference, value: Difference) -> bool:
    """Whether the same decision covers more than it did: a later end, more flows, every region."""
    if value.decision is Decision.UNDECIDED or old.decision is not value.decision:
        return False
    later = old.until is not None and (value.until is None or value.until > old.until)
    return later or bool(set(value.flows) - set(old.flows)) or bool(old.region and not value.region)


def _others(old: Difference, value: Difference) -> str:
    """Other fields that people set and that are not as they were, by name."""
    told = {"title", *FACTS, "decision", "reason", "mitigation", "until"}
    changed = [
        field.title.lower()
        for field in FIELDS
        if field.asked and field.name not in told and getattr(old, field.name) != getattr(value, field.name)
    ]
    renamed = f"was called “{old.title}”" if old.title != value.title else ""
    return "; ".join(text for text in (renamed, f"{' and '.join(changed)} edited" if changed else "") if text)


def _removed(context: Context, id: str, then: Mapping[str, Any]) -> News:
    entries = context.record.history("difference", id, limit=1)
    reason = entries[0].reason if entries and entries[0].reason else ""
    return News(What.REMOVED, id, str(then.get("title", "")), reason)
