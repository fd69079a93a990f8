"""Probes and what they last found, as far as environments are judged from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

import msgspec

from workbench.model.text import number_of


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """A probe and its last run: ``state`` is ``pass``, ``fail``, ``error``, or ``never`` where it never ran.

    ``differing`` are the paths of what it found, the first of them; ``count`` is how many there are.
    """

    key: str
    title: str
    kind: str
    state: str
    at: datetime | None = None
    count: int = 0
    differing: tuple[str, ...] = ()
    proven: bool = False
    scores: Mapping[str, Decimal] = {}
    notes: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """It in words: ``Settings are those of production: 3 differences``."""
        found = {
            "pass": "nothing differs",
            "fail": number_of(self.count, "difference"),
            "error": "could not look",
        }.get(self.state, "never run")
        proof = " (unproven)" if self.state == "pass" and not self.proven else ""
        return f"{self.title}: {found}{proof}"


def ran(probes: Iterable[Looked]) -> list[Looked]:
    """Those that have looked and could."""
    return [one for one in probes if one.state in ("pass", "fail")]


def failing(probes: Iterable[Looked]) -> list[Looked]:
    """Those that found something."""
    return [one for one in probes if one.state == "fail"]


def named(titles: Iterable[str], most: int = 3) -> str:
    """Some titles in a line: the first ones, and how many more there are."""
    every = list(titles)
    more = f" and {len(every) - most} more" if len(every) > most else ""
    return ", ".join(every[:most]) + more
