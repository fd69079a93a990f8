"""Under which conditions something was measured: the differences that touched its flow then, and what changed since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from workbench.model.cells import short_text
from workbench.parity.facts import digest_of_facts
from workbench.record import EntryView, Record

_PAGE = 100
_MOST = 5_000  # entries that are looked through; what is older counts as unchanged
_TOLD = 2
_Value = Mapping[str, Any]


def touching_now(record: Record, flow: str | None, benchmark: str) -> dict[str, str]:
    """The differences that touch a flow or a benchmark, by id, each with the digest of its facts."""
    found = record.all("difference", "flows <> '[]' OR benchmarks <> '[]'")
    values = ((row.id, row.decode(dict)) for row in found)
    return {ident: digest_of_facts(value) for ident, value in values if _touches(value, flow, benchmark)}


def _touches(value: _Value | None, flow: str | None, benchmark: str) -> bool:
    if value is None:
        return False
    return (flow is not None and flow in (value.get("flows") or ())) or benchmark in (
        value.get("benchmarks") or ()
    )


class _Move(msgspec.Struct, frozen=True):
    at: datetime
    title: str
    before: _Value | None
    after: _Value | None


class MapMoves:
    """What changed in the facts of the parity map, the newest first, read as far back as somebody asks."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._found: list[_Move] = []
        self._entries = self._read()
        self._reached = datetime.max.replace(tzinfo=UTC)

    def _since(self, moment: datetime) -> Iterator[_Move]:
        """The changes after a moment."""
        while self._reached > moment and (entry := next(self._entries, None)) is not None:
            self._reached = entry.claimed_at or entry.recorded_at
            before, after = entry.before, entry.value
            if not entry.purged and _facts(before) != _facts(after):
                title = str((after or before or {}).get("title", ""))
                self._found.append(_Move(self._reached, title, before, after))
        return (move for move in self._found if move.at > moment)

    def _read(self) -> Iterator[EntryView]:
        last: int | None = None
        for _ in range(_MOST // _PAGE):
            page = self._record.history("difference", limit=_PAGE, before_seq=last)
            yield from page
            if len(page) < _PAGE:
                return
            last = page[-1].seq

    def between(self, flow: str | None, benchmark: str, after: datetime, until: datetime) -> str:
        """Which differences that touch a flow or a benchmark came, went or changed in between; "" where none did."""
        titles = dict.fromkeys(
            short_text(move.title)
            for move in self._since(after)
            if move.at <= until
            and (_touches(move.before, flow, benchmark) or _touches(move.after, flow, benchmark))
        )
        named = list(titles)[:_TOLD]
        more = f" and {len(titles) - _TOLD} more" if len(titles) > _TOLD else ""
        return f"{', '.join(named)}{more}"


def _facts(value: _Value | None) -> str | None:
    return None if value is None else digest_of_facts(value)
