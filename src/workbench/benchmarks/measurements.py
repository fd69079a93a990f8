"""SRC-3: measurements as they lie in the record: one entry a batch, one row a reading."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from datetime import datetime
from decimal import Decimal
from functools import cache
from itertools import repeat
from operator import attrgetter, eq, itemgetter
from typing import Any

import msgspec

from workbench.model import floats
from workbench.model.canonical import plain
from workbench.model.errors import RecordError
from workbench.model.keys import new_id
from workbench.model.reasons import readable_reason
from workbench.model.times import to_text
from workbench.record import Blob, Change, Column, EntityKind, FanOut, Record, Stored, Titles
from workbench.sources.reading import Batch, Reading


class Measurement(msgspec.Struct, frozen=True, gc=False):
    """One reading in the record.  ``batch`` and ``n`` name it; ``value`` is in ``unit``.

    ``trend`` and ``data`` are digests of blobs: the course of the value, and the samples behind it,
    of which ``basis`` says what they are (:mod:`workbench.benchmarks.samples` reads them).

    The table's columns are these fields in this order.  What a source's reading has under the same
    name is kept; a field that is no text and no number has its line in ``_PACK`` and ``_UNPACK``.
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
    data: str | None = None
    basis: str = ""

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


def _decimals(texts: Iterable[str | None]) -> Iterable[Decimal | None]:
    return [Decimal(text) if text is not None else None for text in texts]


def _moments(texts: Iterable[str]) -> Iterable[datetime]:
    return map(datetime.fromisoformat, texts)  # the record writes no other zone than UTC


def _lists(texts: Iterable[str]) -> Iterable[tuple[str, ...]]:
    return [tuple(text.split(",")) if text else () for text in texts]


def _packed_facts(facts: Mapping[str, Any]) -> str | None:
    return msgspec.json.encode(facts).decode() if facts else None


def _facts(texts: Iterable[str | None]) -> Iterable[Mapping[str, Any]]:
    return [msgspec.json.decode(text) if text else _NO_FACTS for text in texts]


_JSON = "application/json"
_NO_FACTS: Mapping[str, Any] = {}
# What is no text and no number lies in its column as text; columns are read as a whole.
_PACK: Mapping[str, Callable[[Any], str | None]] = {"evidence": ",".join, "facts": _packed_facts}
_UNPACK: Mapping[str, Callable[[Iterable[Any]], Iterable[Any]]] = {
    "value": _decimals,
    "measured_at": _moments,
    "evidence": _lists,
    "facts": _facts,
}
MOST_EARLIER = 200  # values that a benchmark is held against, the newest
_BATCH, *_NAMES = Measurement.__struct_fields__  # the batch is the row's id
_COLUMNS = tuple(
    (name, "INTEGER" if Measurement.__annotations__[name].startswith("int") else "TEXT") for name in _NAMES
)
_in_order = itemgetter(*_NAMES)
_asked_as = attrgetter("subject", "role")
_COLUMN_LIST = ", ".join(f'"{name}"' for name in _NAMES)
_SELECT = f"SELECT id, {_COLUMN_LIST} FROM measurement"
# What puts measurements in the order in which they were recorded: batch, and place in it.
_RECORDED = "id || substr('00000' || n, -6)"
_NEWEST_FIRST = "ORDER BY measured_at DESC, id DESC, n"
_OLDEST_FIRST = "ORDER BY measured_at, id, n"
_COUNTS = "id || '/' || n NOT IN (SELECT id FROM e_invalidation)"  # as Measurement.ref


@cache
def _left_out() -> Mapping[str, Any]:
    """What a reading is that says nothing of a field."""
    fields = msgspec.structs.fields(Reading)
    return {
        field.name: {} if field.default is msgspec.NODEFAULT else field.default
        for field in fields
        if not field.required
    }


def _rows(ident: str, value: dict[str, Any]) -> Iterable[tuple[Any, ...]]:
    candidate, left_out = value.get("candidate"), _left_out()
    for n, reading in enumerate(value["readings"]):
        fields = {**left_out, **reading, "n": n, "candidate": candidate}
        for name, pack in _PACK.items():
            fields[name] = pack(fields[name])
        yield _in_order(fields)


def _read(record: Record, sql: str = "", args: Sequence[Any] = ()) -> list[Measurement]:
    """The measurements in the order that ``sql`` asks for, behind ``SELECT … FROM measurement``."""
    found: list[Measurement] = []
    for rows in record.pages(f"{_SELECT} {sql}", args):
        try:
            found += _measurements(rows)
        except (ValueError, TypeError, ArithmeticError) as error:
            raise _unreadable() from error
    return found


def _unreadable() -> RecordError:
    return RecordError(
        "the record cannot be trusted: a measurement in it cannot be read", hint="run: workbench verify"
    )


def _measurements(rows: Sequence[tuple[Any, ...]]) -> Iterable[Measurement]:
    """Rows column by column, which is faster: a gate may rest on thousands of them."""
    columns: dict[str, Iterable[Any]] = dict(zip((_BATCH, *_NAMES), zip(*rows, strict=True), strict=True))
    columns |= {name: unpack(columns[name]) for name, unpack in _UNPACK.items()}
    return map(Measurement, *columns.values())


def _is_typed(value: Mapping[str, Any]) -> bool:
    """Whether somebody typed these values: no source gave them."""
    readings = value.get("readings")
    found = readings if isinstance(readings, list) else []
    return bool(found) and all(isinstance(one, dict) and one.get("mark") == "manual" for one in found)


def _raw_answers(value: Mapping[str, Any]) -> Iterable[str]:
    """The answers that a batch was read from: not the samples, which are judged from."""
    readings = [one for one in value.get("readings", ()) if isinstance(one, dict)]
    judged = {one.get(name) for one in readings for name in ("trend", "data")}
    return {digest for one in readings for digest in one.get("evidence", ())} - judged


def _batch_title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    readings = value.get("readings")
    found = readings if isinstance(readings, list) else []
    key = str(value.get("source", ""))
    if _is_typed(value):
        return _typed_title(found[0], titles)
    good = sum(1 for one in found if isinstance(one, dict) and one.get("state") == "ok")
    word = "value" if len(found) == 1 else "values"
    told = f"{len(found)} {word} of {titles('source', key) or key}"
    return told if good == len(found) else f"{told}, {len(found) - good} without a number"


def _typed_title(reading: Mapping[str, Any], titles: Titles) -> str:
    key, unit = str(reading.get("subject", "")), str(reading.get("unit") or "")
    return f"{reading.get('value', '')} {unit}".strip() + f" for {titles('benchmark', key) or key}, typed"


def _invalid_title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    subject = titles("measurement", id)
    return titles("benchmark", subject) or subject or "a benchmark"


def _tightened_title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    key = str(value.get("benchmark", id))
    return titles("benchmark", key) or key


def _read_all(record: Record) -> None:
    """Reads every measurement once: an excerpt may hold what is none."""
    _read(record)


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
                    ("candidate", "role", "subject", "id", "n"),
                    ("subject", "role", "environment", "measured_at"),
                ),
            ),
        ),
        title=_batch_title,
        excerpt=True,  # not judged: there are too many rows to look at each time
        read_back=_read_all,
        raw=_raw_answers,
        stays=lambda value: not _is_typed(value),
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
        for name, data in (("trend", reading.trend), ("data", reading.data)):
            if data:
                blob = Blob.of(data, _JSON if name == "data" and reading.basis == "buckets" else floats.MEDIA)
                blobs.append(blob)
                value[name] = blob.digest
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
    fields |= {"trend": None, "data": None}  # are kept as blobs
    return {name: value for name, value in fields.items() if value not in (None, "", (), {})}


def invalidated(record: Record) -> dict[str, Invalidation]:
    """The measurements that do not count, by ``batch/n``."""
    return {row.id: row.decode(Invalidation) for row in record.all("invalidation")}


def latest(
    record: Record, candidate: str | None, until: datetime | None = None
) -> dict[tuple[str, str], Measurement]:
    """The last valid answer to each subject and role for a candidate.

    The last one that was recorded, not the one measured last: a report of yesterday that is read
    today says more than the failed attempt of an hour ago.  That is the batch with the latest id,
    in whatever order the batches of several desks have arrived.  What was measured after
    ``until`` is left out: a release that has ended is not judged from it.
    """
    gone = f"AND {_COUNTS}" if record.count("invalidation") else ""
    # The last of each are found in the index alone, however often a candidate was measured.
    found = _read(
        record,
        f"WHERE rowid IN (SELECT rowid FROM (SELECT rowid, max({_RECORDED}) FROM measurement "
        f"WHERE candidate IS ? {gone} {'AND measured_at <= ?' if until else ''} GROUP BY role, subject))",
        (candidate, *([to_text(until)] if until else ())),
    )
    return dict(zip(map(_asked_as, found), found, strict=True))


def measured_anywhere(
    record: Record, candidate: str, environments: Sequence[str], until: datetime | None = None
) -> bool:
    """Whether anything that counts was measured of a candidate in one of these environments; up to a moment, where one is given."""
    places = ", ".join("?" * len(environments))
    found = record.query(
        f"SELECT 1 FROM measurement WHERE candidate = ? AND environment IN ({places}) AND state = 'ok' AND {_COUNTS} "
        f"{'AND measured_at <= ?' if until else ''} LIMIT 1",
        (candidate, *environments, *([to_text(until)] if until else ())),
    )
    return bool(found)


def made_from(record: Record, candidate: str, file: str) -> list[Measurement]:
    """What counts for a candidate and was read from an imported file, named by its id."""
    found = _read(record, f"WHERE candidate = ? AND facts LIKE '%\"handed\"%' AND {_COUNTS}", (candidate,))
    return [one for one in found if file in str(one.facts.get("handed", "")).split(",")]


MOST_LOOKS = 20  # of one subject for one candidate: what was measured before those says little of it


def looks(record: Record, candidate: str | None, until: datetime) -> dict[str, list[Measurement]]:
    """The values and baselines of what was measured more than once for a candidate, by subject, as they were recorded.

    Of each the newest :data:`MOST_LOOKS`.
    """
    again = (
        "SELECT subject FROM measurement WHERE candidate IS ? AND role = 'value' "
        "GROUP BY subject HAVING count(*) > 1"
    )
    newest_first = (
        f"SELECT rowid, row_number() OVER (PARTITION BY subject, role ORDER BY {_RECORDED} DESC) AS place "
        "FROM measurement WHERE candidate IS ? AND role IN ('value', 'baseline') AND measured_at <= ? "
        f"AND subject IN ({again}) AND {_COUNTS}"
    )
    found = _read(
        record,
        f"WHERE rowid IN (SELECT rowid FROM ({newest_first}) WHERE place <= ?) ORDER BY {_RECORDED}",
        (candidate, to_text(until), candidate, MOST_LOOKS),
    )
    by_subject: dict[str, list[Measurement]] = {}
    for item in found:
        by_subject.setdefault(item.subject, []).append(item)
    return by_subject


def latest_of_any(
    record: Record, subject: str, role: str, until: datetime | None = None
) -> Measurement | None:
    """The last valid answer to one subject and role, whichever the candidate; up to a moment, where one is given."""
    found = _read(
        record,
        f"WHERE subject = ? AND role = ? AND {_COUNTS} {'AND measured_at <= ?' if until else ''} "
        f"ORDER BY {_RECORDED} DESC LIMIT 1",
        (subject, role, *([to_text(until)] if until else ())),
    )
    return next(iter(found), None)


def baselines_of(record: Record, subject: str, until: datetime, limit: int = 200) -> list[Measurement]:
    """The newest answers that a subject was compared with, the oldest first; as little of each as :func:`points` has."""
    places = record.query(
        "SELECT DISTINCT environment FROM measurement WHERE subject = ? AND role = 'baseline'", (subject,)
    )
    found: list[Measurement] = []
    for (environment,) in places:  # of each the newest are found in the index, however often it was measured
        for rows in record.pages(_BASELINES, (subject, environment, to_text(until), limit)):
            found += _told(rows, "baseline")
    return _newest_first(found)[:limit][::-1]


def is_often_compared(record: Record, subject: str, more_than: int) -> bool:
    """Whether a subject has more baselines than that; no more of them are counted."""
    places = "SELECT 1 FROM measurement WHERE subject = ? AND role = 'baseline' LIMIT 1 OFFSET ?"
    return bool(record.query(places, (subject, more_than)))


def often_compared(record: Record, more_than: int) -> frozenset[str]:
    """The subjects with more baselines than that: for all at once what :func:`is_often_compared` says of one."""
    rows = record.query(
        "SELECT subject FROM measurement WHERE role = 'baseline' GROUP BY subject HAVING count(*) > ?",
        (more_than,),
    )
    return frozenset(str(row[0]) for row in rows)


def by_ref(record: Record, ref: str) -> Measurement | None:
    """The measurement with that ``batch/n``."""
    batch, _, n = ref.rpartition("/")
    if not n.isdigit():
        return None
    return next(iter(_read(record, "WHERE id = ? AND n = ?", (batch, int(n)))), None)


def newest_of(record: Record, subject: str, place: int = 1) -> Measurement | None:
    """A measurement by its place among those of a subject, the newest first, as :func:`history` orders them."""
    found = _read(record, f"WHERE subject = ? {_NEWEST_FIRST} LIMIT 1 OFFSET ?", (subject, place - 1))
    return found[0] if found else None


def place_of(record: Record, ref: str, before: str) -> tuple[str, int] | None:
    """Subject and place of a measurement, among those with ids less than ``before``; ``None`` where it is not there."""
    one = by_ref(record, ref)
    if one is None:
        return None
    refs = record.query(
        f"SELECT id || '/' || n FROM measurement WHERE subject = ? AND id < ? {_NEWEST_FIRST}",
        (one.subject, before),
    )
    places = [str(row[0]) for row in refs]
    return (one.subject, places.index(ref) + 1) if ref in places else None


def history(record: Record, subject: str, limit: int = 200) -> list[tuple[Measurement, Invalidation | None]]:
    """All readings of a subject, newest first, each with its invalidation."""
    gone = invalidated(record)
    found = _read(record, f"WHERE subject = ? {_NEWEST_FIRST} LIMIT ?", (subject, limit))
    return [(item, gone.get(item.ref)) for item in found]


def earlier(
    record: Record,
    subject: str,
    *,
    environment: str | None,
    until: datetime,
    left_out: Set[str | None],
    since: datetime | None = None,
    oldest_first: bool = False,
    limit: int = MOST_EARLIER,
) -> list[Measurement]:
    """Usable values of a subject in an environment, newest first unless said, without those of some candidates.

    ``since`` and ``until`` bound when they were measured.
    """
    return _read(
        record,
        "WHERE subject = ? AND role = 'value' AND environment IS ? AND measured_at <= ? "
        f"{'AND measured_at >= ?' if since else ''} AND state = 'ok' AND value IS NOT NULL "
        "AND coalesce(candidate, '') NOT IN (SELECT value FROM json_each(?)) "
        f"AND {_COUNTS} {_OLDEST_FIRST if oldest_first else _NEWEST_FIRST} LIMIT ?",
        (
            subject,
            environment,
            to_text(until),
            *([to_text(since)] if since else ()),
            _json_list(left_out),
            limit,
        ),
    )


_POINT = ("id", "n", "subject", "environment", "candidate", "value", "unit", "measured_at", "window", "samples", "mark")  # fmt: skip
_AT = _POINT.index("measured_at")
# In the order of an index; what was measured at the same moment is put in order afterwards, for it is rare.
_SELECT_POINT = f"""
SELECT {", ".join(f'"{name}"' for name in _POINT)}, CASE mark WHEN 'manual' THEN evidence ELSE '' END
FROM measurement"""
_BASELINES = f"""{_SELECT_POINT}
WHERE subject = ? AND role = 'baseline' AND environment IS ? AND state = 'ok' AND value IS NOT NULL
AND measured_at <= ? AND {_COUNTS} {_NEWEST_FIRST} LIMIT ?"""
_POINTS = f"""{_SELECT_POINT} WHERE subject IN (SELECT value FROM json_each(?)) AND role = 'value' AND measured_at <= ?
AND state = 'ok' AND value IS NOT NULL AND {_COUNTS}
ORDER BY subject DESC, role DESC, environment DESC, measured_at DESC"""


def points(
    record: Record, subjects: Collection[str], until: datetime
) -> dict[tuple[str, str | None], list[Measurement]]:
    """The usable values of many subjects up to a moment, by subject and environment, newest first.

    Only what a chart of them needs is read: neither what was asked and answered nor what lies behind a value, and
    evidence only of what was typed.
    """
    found: dict[tuple[str, str | None], list[Measurement]] = {}
    asked = msgspec.json.encode(list(subjects)).decode()
    before, tied = "", False
    for rows in record.pages(_POINTS, (asked, to_text(until))):
        moments = [row[_AT] for row in rows]
        tied = tied or before == moments[0] or any(map(eq, moments, moments[1:]))
        before = moments[-1]
        for item in _told(rows, "value"):
            found.setdefault((item.subject, item.environment), []).append(item)
    return {key: _newest_first(items) for key, items in found.items()} if tied else found


def _newest_first(items: Iterable[Measurement]) -> list[Measurement]:
    """As ``_NEWEST_FIRST`` has it."""
    return sorted(sorted(items, key=attrgetter("n")), key=attrgetter("measured_at", "batch"), reverse=True)


def _told(rows: Sequence[tuple[Any, ...]], role: str) -> list[Measurement]:
    """Rows of ``_SELECT_POINT`` as measurements."""
    try:
        return list(_lean(rows, role))
    except (ValueError, TypeError, ArithmeticError) as error:
        raise _unreadable() from error


def _lean(rows: Sequence[tuple[Any, ...]], role: str) -> Iterable[Measurement]:
    ids, ns, subjects, places, candidates, values, units, moments, windows, samples, marks, evidence = zip(
        *rows, strict=True
    )
    numbers, times, lists = _decimals(values), _moments(moments), _lists(evidence)
    none, roles, states, empty = repeat(None), repeat(role), repeat("ok"), repeat("")
    return map(
        Measurement, ids, ns, subjects, places, candidates, roles, states, numbers, units, times, windows, samples,
        none, marks, empty, none, lists,
    )  # fmt: skip


_LAST_OF_BUILDS = f"""
WHERE rowid IN (SELECT place FROM (
  SELECT place, row_number() OVER (PARTITION BY subject ORDER BY measured_at DESC) AS recent FROM (
    SELECT rowid AS place, subject, measured_at, row_number() OVER (
      PARTITION BY subject, candidate ORDER BY measured_at DESC, id DESC, n) AS again
    FROM measurement WHERE role = 'value' AND state = 'ok' AND value IS NOT NULL AND measured_at <= ? AND {_COUNTS}
  ) WHERE again = 1
) WHERE recent <= ?) {_NEWEST_FIRST}"""


def last_of_builds(record: Record, until: datetime, builds: int) -> dict[str, list[Measurement]]:
    """The last value of each of the newest builds up to a moment, by subject, the newest first."""
    found: dict[str, list[Measurement]] = {}
    for item in _read(record, _LAST_OF_BUILDS, (to_text(until), builds)):
        found.setdefault(item.subject, []).append(item)
    return found


def _json_list(candidates: Set[str | None]) -> str:
    return msgspec.json.encode([candidate or "" for candidate in candidates]).decode()


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
