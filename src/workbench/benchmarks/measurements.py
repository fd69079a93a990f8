"""SRC-3: measurements as they lie in the record: one entry a batch, one row a reading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from workbench.model.canonical import plain
from workbench.model.keys import new_id
from workbench.model.reasons import readable_reason
from workbench.record import Blob, Change, Column, EntityKind, FanOut, Record, Stored, Titles
from workbench.sources.reading import Batch, Reading

_COLUMNS = (
    ("n", "INTEGER"),
    ("subject", "TEXT"),
    ("environment", "TEXT"),
    ("candidate", "TEXT"),
    ("role", "TEXT"),
    ("state", "TEXT"),
    ("value", "TEXT"),
    ("unit", "TEXT"),
    ("measured_at", "TEXT"),
    ("window", "TEXT"),
    ("samples", "INTEGER"),
    ("build", "TEXT"),
    ("mark", "TEXT"),
    ("why", "TEXT"),
    ("partial", "TEXT"),
    ("evidence", "TEXT"),
    ("facts", "TEXT"),
    ("trend", "TEXT"),
)
_NAMES = tuple(name for name, _ in _COLUMNS)
_COLUMN_LIST = ", ".join(f'"{name}"' for name in _NAMES)
_SELECT = f"SELECT id, {_COLUMN_LIST} FROM measurement"
_REF = "id || '/' || n"  # as Measurement.ref


class Measurement(msgspec.Struct, frozen=True, gc=False):
    """One reading in the record.  ``batch`` and ``n`` name it; ``value`` is in ``unit``.

    The fields stand in the order of the table's columns: a gate may rest on thousands of rows.
    """

    batch: str
    n: int
    subject: str
    environment: str | None
    candidate: str | None
    role: str
    state: str
    value: Decimal | None
    unit: str
    measured_at: datetime
    window: str | None = None
    samples: int | None = None
    build: str | None = None
    mark: str = ""
    why: str = ""
    partial: str | None = None
    evidence: tuple[str, ...] = ()
    facts: Mapping[str, Any] = {}
    trend: str | None = None

    @property
    def ref(self) -> str:
        return f"{self.batch}/{self.n}"


class Invalidation(msgspec.Struct, frozen=True, kw_only=True):
    """A person's word that a measurement does not count."""

    by: str
    at: datetime
    reason: str


class Tightening(msgspec.Struct, frozen=True, kw_only=True):
    """TH-7: a person has made an advisory benchmark blocking."""

    benchmark: str
    by: str
    at: datetime


def _rows(ident: str, value: dict[str, Any]) -> Iterable[tuple[Any, ...]]:
    candidate = value.get("candidate")
    for n, reading in enumerate(value["readings"]):
        yield (
            n,
            reading["subject"],
            reading.get("environment"),
            candidate,
            reading["role"],
            reading["state"],
            reading.get("value"),
            reading.get("unit", ""),
            reading["measured_at"],
            reading.get("window"),
            reading.get("samples"),
            reading.get("build"),
            reading.get("mark", ""),
            reading.get("why", ""),
            reading.get("partial"),
            ",".join(reading.get("evidence", ())),
            msgspec.json.encode(reading["facts"]).decode() if reading.get("facts") else None,
            reading.get("trend"),
        )


def _batch_title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    readings = value.get("readings")
    found = readings if isinstance(readings, list) else []
    key = str(value.get("source", ""))
    good = sum(1 for one in found if isinstance(one, dict) and one.get("state") == "ok")
    word = "value" if len(found) == 1 else "values"
    told = f"{len(found)} {word} of {titles('source', key) or key}"
    return told if good == len(found) else f"{told}, {len(found) - good} without a number"


def _invalid_title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    subject = titles("measurement", id)
    return titles("benchmark", subject) or subject or "a benchmark"


def _tightened_title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    key = str(value.get("benchmark", id))
    return titles("benchmark", key) or key


def _read_all(record: Record) -> None:
    """Reads every measurement once: an excerpt may hold what is none."""
    for row in record.query(_SELECT):
        _measurement(row)


ENTITIES = (
    EntityKind(
        "batch",
        columns=(Column("source"), Column("candidate"), Column("asked_at")),
        fan_out=(
            FanOut(
                "measurement",
                _COLUMNS,
                _rows,
                indexes=(
                    ("candidate", "role", "subject"),
                    ("subject", "role", "environment", "measured_at"),
                ),
            ),
        ),
        title=_batch_title,
        excerpt=True,  # not judged: there are too many rows to look at each time
        read_back=_read_all,
    ),
    EntityKind(
        "invalidation",
        Invalidation,
        thing="a measurement of",
        title=_invalid_title,
        verbs={"invalidated": "ruled out"},
        judged=True,
        excerpt=True,
    ),
    EntityKind(
        "tightening",
        Tightening,
        columns=(Column("benchmark"),),
        thing="benchmark",
        title=_tightened_title,
        judged=True,
        excerpt=True,
    ),
)


def batch_change(
    batch: Batch, *, release: str | None, candidate: str | None, now: datetime
) -> tuple[Change, list[Blob]]:
    """The change that keeps a source's answers, and the blobs that go with it."""
    blobs = [Blob.of(blob.data, blob.media) for blob in batch.blobs]
    readings = []
    for reading in batch.readings:
        value = _reading_value(reading)
        if reading.trend:
            trend = Blob.of(reading.trend, "application/x-float64")
            blobs.append(trend)
            value["trend"] = trend.digest
        readings.append(value)
    header = {
        "source": batch.source,
        "server": batch.server,
        "asked_at": batch.asked_at,
        "release": release,
        "candidate": candidate,
        "readings": readings,
    }
    return Change("batch", new_id(now), "measured", plain(header)), blobs


def _reading_value(reading: Reading) -> dict[str, Any]:
    fields = {name: getattr(reading, name) for name in reading.__struct_fields__}
    fields.pop("trend")
    return {name: value for name, value in fields.items() if value not in (None, "", (), {})}


def _measurement(row: tuple[Any, ...]) -> Measurement:
    (
        batch, n, subject, environment, candidate, role, state, value, unit, measured_at,
        window, samples, build, mark, why, partial, evidence, facts, trend,
    ) = row  # fmt: skip
    return Measurement(
        batch, n, subject, environment, candidate, role, state,
        Decimal(value) if value is not None else None,
        unit,
        datetime.fromisoformat(measured_at),  # the record writes no other zone than UTC
        window, samples, build, mark, why, partial,
        tuple(evidence.split(",")) if evidence else (),
        msgspec.json.decode(facts) if facts else {},
        trend,
    )  # fmt: skip


def invalidated(record: Record) -> dict[str, Invalidation]:
    """The measurements that do not count, by ``batch/n``."""
    return {row.id: row.decode(Invalidation) for row in record.all("invalidation")}


def latest(record: Record, candidate: str | None) -> dict[tuple[str, str], Measurement]:
    """The last valid answer to each subject and role for a candidate.

    The last one that was recorded, not the one measured last: a report of yesterday that is read
    today says more than the failed attempt of an hour ago.
    """
    gone = f"AND {_REF} NOT IN (SELECT id FROM e_invalidation)" if record.count("invalidation") else ""
    # The last of each are found in the index alone, however often a candidate was measured.
    rows = record.query(
        f"{_SELECT} WHERE rowid IN (SELECT max(rowid) FROM measurement WHERE candidate IS ? {gone} "
        "GROUP BY role, subject)",
        (candidate,),
    )
    return {(row[2], row[5]): _measurement(row) for row in rows}


def latest_of_any(record: Record, subject: str, role: str) -> Measurement | None:
    """The last valid answer to one subject and role, whichever the candidate."""
    gone = invalidated(record)
    rows = record.query(
        f"{_SELECT} WHERE subject = ? AND role = ? ORDER BY rowid DESC LIMIT 50",
        (subject, role),
    )
    return next((_measurement(row) for row in rows if f"{row[0]}/{row[1]}" not in gone), None)


def by_ref(record: Record, ref: str) -> Measurement | None:
    """The measurement with that ``batch/n``."""
    batch, _, n = ref.rpartition("/")
    if not n.isdigit():
        return None
    rows = record.query(f"{_SELECT} WHERE id = ? AND n = ?", (batch, int(n)))
    return _measurement(rows[0]) if rows else None


def history(record: Record, subject: str, limit: int = 200) -> list[tuple[Measurement, Invalidation | None]]:
    """All readings of a subject, newest first, each with its invalidation."""
    gone = invalidated(record)
    rows = record.query(
        f"{_SELECT} WHERE subject = ? ORDER BY measured_at DESC, id DESC, n LIMIT ?", (subject, limit)
    )
    found = [_measurement(row) for row in rows]
    return [(item, gone.get(item.ref)) for item in found]


def tightened(record: Record) -> dict[str, Stored]:
    """Benchmarks that a person has made blocking, by key."""
    return {row.id: row for row in record.all("tightening")}


def tighten(benchmark: str, *, by: str, at: datetime, reason: str | None = None) -> Change:
    """The change that makes an advisory benchmark blocking."""
    value = Tightening(benchmark=benchmark, by=by, at=at)
    return Change("tightening", benchmark, "made blocking", plain(value), None, reason)


def invalidate(measurement: Measurement, *, by: str, at: datetime, reason: str) -> Change:
    """The change that makes a measurement count no more."""
    words = readable_reason(reason, "a measurement that does not count")
    value = Invalidation(by=by, at=at, reason=words)
    return Change("invalidation", measurement.ref, "invalidated", plain(value), None, words)
