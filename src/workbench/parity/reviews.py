"""PM-5: reviews of the map, for a release."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from workbench.model.canonical import plain
from workbench.model.errors import UsageError
from workbench.model.keys import new_id
from workbench.model.reasons import readable_reason
from workbench.model.text import number_of
from workbench.record import Change, Column, EntityKind, Known, Record, Stored, Titles


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """PM-5: somebody reviewed the map, for a release; ``known`` is what their record held.

    Of an empty map it is said that ``nothing_differs``; ``statement`` is the digest of these words.
    """

    release: str
    by: str
    at: datetime
    differences: int
    note: str = ""
    known: tuple[Known, ...] = ()
    nothing_differs: bool = False
    statement: str = ""


def _reviewed(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    release = str(value.get("release", ""))
    return f"for {titles('release', release) or release}"


ENTITIES = (
    EntityKind(
        "parity_review",
        Review,
        version=3,
        columns=(Column("release"), Column("at")),
        thing="the parity map",
        title=_reviewed,
        verbs={"looked over": "reviewed"},  # the word of older records
        judged=True,
        excerpt=True,
    ),
)


def last_review(record: Record, release: str | None = None) -> tuple[Stored, Review] | None:
    """The latest review, of one release if given."""
    where, args = ("release = ?", (release,)) if release else ("", ())
    rows = record.all("parity_review", where, args, "at DESC, id DESC", limit=1)
    return (rows[0], rows[0].decode(Review)) if rows else None


def reviewed(
    record: Record,
    release: str,
    *,
    by: str,
    at: datetime,
    note: str = "",
    nothing_differs: bool = False,
    known: tuple[Known, ...] = (),
) -> Review:
    """What is said by reviewing the map for this release; ``known`` is what the record held that was reviewed.

    ``UsageError`` for an empty map, unless it is said, with a reason, that ``nothing_differs``; and
    for one with differences where that is said.
    """
    count = record.count("difference")
    if nothing_differs and count:
        raise UsageError(
            f"the map has {number_of(count, 'difference')}, so something differs",
            hint="review it without --nothing-differs",
        )
    if nothing_differs:
        note = readable_reason(note, "“nothing differs”")
    elif not count:
        raise UsageError(
            "the map is empty, so there is nothing to review",
            hint="add a difference, or state that nothing differs: workbench parity reviewed --nothing-differs --note WHY",
        )
    return Review(
        release=release,
        by=by,
        at=at,
        differences=count,
        note=note,
        known=known or record.frontier(),
        nothing_differs=nothing_differs,
    )


def review_change(review: Review, ident: str = "") -> Change:
    """The change that says: the map was reviewed."""
    return Change("parity_review", ident or new_id(review.at), "reviewed", plain(review))


def nothing_differs(review: Review | None) -> tuple[bool, str]:
    """Whether an empty map is enough for the release, and why: only where somebody said that nothing differs."""
    if review is not None and review.nothing_differs:
        return True, f"{review.by} stated that nothing differs"
    return False, "nothing to judge: the parity map is empty, and no one has stated that nothing differs"


def changed_since(record: Record, review: tuple[Stored, Review] | None) -> int:
    """How many differences have entries that a reviewer did not know of (all, without a review)."""
    if review is None:
        return record.count("difference")
    return record.count_beyond("difference", known_to(record, review))


def known_to(record: Record, review: tuple[Stored, Review]) -> tuple[Known, ...]:
    """What a reviewer's record held; version 1 did not say so: what their desk had written before."""
    stored, value = review
    return value.known or record.known_by(stored, "parity_review")


def review_due(review: Review | None, within: timedelta, now: datetime) -> str | None:
    """Why the map has to be reviewed again, or ``None``."""
    if review is None:
        return "not reviewed for this release yet"
    if now - review.at > within:
        return f"reviewed {(now - review.at).days} days ago, the limit is {within.days}"
    return None
