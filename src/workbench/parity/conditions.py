"""Under which conditions something was measured: the differences that touched its flow then, and what changed since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import msgspec

from workbench.model.cells import short_text
from workbench.parity.facts import digest_of_facts
from workbench.record import EntryView, Record

_PAGE = 100
_MOST = 5_000  # entries that are looked through; what is older counts as unchanged
_TOLD = 2
_Value = Mapping[str, Any]


def _touches(value: _Value | None, flow: str | None, benchmark: str) -> bool:
    if value is None:
        return False
    return (flow is not None and flow in (value.get("flows") or ())) or benchmark in (
        value.get("benchmarks") or ()
    )


class _Move(msgspec.Struct, frozen=True):
    id: str
    at: datetime
    title: str
    before: _Value | None
    after: _Value | None


class MapMoves:
    """The parity map of now, and what changed in its facts before, read as far back as somebody asks."""

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
                self._found.append(_Move(entry.id, self._reached, title, before, after))
        return (move for move in self._found if move.at > moment)

    def _read(self) -> Iterator[EntryView]:
        last: int | None = None
        for _ in range(_MOST // _PAGE):
            page = self._record.history("difference", limit=_PAGE, before_seq=last)
            yield from page
            if len(page) < _PAGE:
                return
            last = page[-1].seq

    @cached_property
    def _now(self) -> Mapping[tuple[str, str], list[tuple[str, _Value]]]:
        """The differences by what they touch now."""
        found: dict[tuple[str, str], list[tuple[str, _Value]]] = {}
        for row in self._record.all("difference", "flows <> '[]' OR benchmarks <> '[]'"):
            value = row.decode(dict)
            for what in ("flows", "benchmarks"):
                for name in value.get(what) or ():
                    found.setdefault((what, name), []).append((row.id, value))
        return found

    def at(self, flow: str | None, benchmark: str, moment: datetime) -> dict[str, str]:
        """The differences that touched a flow or a benchmark at a moment, by id, each with the digest of its facts."""
        rows = [*self._now.get(("flows", flow or ""), ()), *self._now.get(("benchmarks", benchmark), ())]
        found = {ident: digest_of_facts(value) for ident, value in rows}
        for move in self._since(moment):
            if move.before is not None and _touches(move.before, flow, benchmark):
                found[move.id] = digest_of_facts(move.before)
            else:
                found.pop(move.id, None)
        return found

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
