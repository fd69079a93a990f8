"""A baseline that a person pinned: one measurement that later values are compared with, until another is pinned.

It keeps everything that it rests on: window, samples, what was asked, where, and the state of the parity
map.  It is never one that failed, was overridden or is invalid.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from workbench.benchmarks.measurements import Measurement
from workbench.model.canonical import encode, plain, sha256
from workbench.model.errors import NotAllowed
from workbench.model.keys import new_id
from workbench.model.reasons import readable_reason
from workbench.record import Change, Column, EntityKind, Stored, Titles, strictest


class PinnedBaseline(msgspec.Struct, frozen=True, kw_only=True):
    """One measurement of a benchmark that was pinned under a ``name``, "" where there is only one.

    ``measurement`` names it in the record, and the fields after it are what it said then.  ``asked`` is the
    benchmark's measure, ``map`` the differences that touched its flow, by id, with the digest of the facts
    of each.  ``second`` says that it counts only once a second person has approved it.  ``invalid`` is why it
    does not count any more.
    """

    benchmark: str
    title: str
    name: str
    reason: str
    author: str
    at: datetime
    measurement: str
    value: Decimal
    unit: str
    measured_at: datetime
    environment: str | None = None
    candidate: str | None = None
    build: str | None = None
    window: str | None = None
    samples: int | None = None
    mark: str = ""
    evidence: tuple[str, ...] = ()
    facts: dict[str, Any] = {}
    trend: str | None = None
    data: str | None = None
    basis: str = ""
    asked: dict[str, Any] = {}
    map: dict[str, str] = {}
    second: bool = False
    invalid: str = ""

    @property
    def digest(self) -> str:
        """What tells it from any other, whoever pinned it."""
        kept = {name: getattr(self, name) for name in _TOLD}
        return sha256(encode(plain(kept)))

    def measured(self) -> Measurement:
        """The same as a measurement to compare with."""
        batch, _, n = self.measurement.rpartition("/")
        return Measurement(
            batch, int(n), self.benchmark, self.environment, self.candidate, "baseline",
            "missing" if self.invalid else "ok", None if self.invalid else self.value, self.unit, self.measured_at,
            self.window, self.samples, self.build, self.mark, self.invalid, None, self.evidence, self.facts,
            self.trend, self.data, self.basis,
        )  # fmt: skip


_KEPT = (
    "value", "unit", "measured_at", "environment", "candidate", "build", "window", "samples", "mark", "evidence",
    "facts", "trend", "data", "basis",
)  # fmt: skip
_TOLD = ("benchmark", "name", "measurement", *_KEPT, "asked", "map")


def kept_of(measurement: Measurement) -> dict[str, Any]:
    """What is kept of a measurement that is pinned."""
    return {"measurement": measurement.ref, **{name: getattr(measurement, name) for name in _KEPT}}


def _title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    key, name = str(value.get("benchmark", "")), str(value.get("name") or "")
    title = titles("benchmark", key) or str(value.get("title") or key)
    return f"{title} ({name})" if name else title


ENTITIES = (
    EntityKind(
        "baseline",
        PinnedBaseline,
        columns=(Column("benchmark"), Column("name")),
        thing="baseline of",
        title=_title,
        judged=True,
        excerpt=True,
        stricter=strictest(lambda value: int(value is None or bool(value.get("invalid")))),
    ),
)


def pin(value: PinnedBaseline) -> Change:
    """The change that pins a baseline, or proposes to."""
    words = readable_reason(value.reason, "a pinned baseline")
    value = msgspec.structs.replace(value, reason=words)
    verb = "proposed to pin a" if value.second else "pinned a"
    return Change("baseline", new_id(value.at), verb, plain(value), None, words)


def invalidate(stored: Stored, value: PinnedBaseline, *, counted: bool, by: str, reason: str) -> Change:
    """The change that makes a pinned baseline count no more; ``counted`` says that it did: one that waited is withdrawn."""
    if value.invalid:
        raise NotAllowed("this baseline is invalid already", hint="workbench baseline list shows why")
    words = readable_reason(reason, "a baseline that does not count")
    value = msgspec.structs.replace(
        value, invalid=f"marked invalid by {by}: {words}", second=value.second and not counted
    )
    return Change("baseline", stored.id, "invalidated a", plain(value), stored.base, words)
