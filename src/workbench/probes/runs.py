"""Runs of probes and their proofs as they lie in the record: an entry for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

import msgspec

from workbench.definitions.shapes import Category, Probe, Severity
from workbench.model.canonical import digest, encode, plain
from workbench.model.errors import RecordError
from workbench.model.keys import new_id
from workbench.model.times import from_text
from workbench.probes.captured import Change, Parameter, Score, Side, Snapshot
from workbench.record import Blob, Column, EntityKind, Record, Stored, Titles
from workbench.record import Change as RecordChange

State = Literal["pass", "fail", "error"]
KEPT = 200  # changes that stand in the entry itself; more of them lie beside it, in a blob
SNAPSHOT = "application/vnd.workbench.snapshot+json"
CHANGES = "application/vnd.workbench.changes+json"


class Seen(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A difference as a run found it; see :class:`workbench.probes.captured.Change`."""

    path: str
    staging: str | None = None
    production: str | None = None
    secret: bool = False
    title: str = ""
    category: Category | None = None
    severity: Severity | None = None
    gap: Decimal | None = None


class KeptScore(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A figure that a run gave; see :class:`workbench.probes.captured.Score`."""

    key: str
    value: Decimal
    of: int
    unit: str = ""
    limit: Decimal | None = None
    better: Literal["higher", "lower"] = "higher"
    words: str = ""

    @property
    def met(self) -> bool:
        """Whether it keeps its limit; one without a limit does."""
        if self.limit is None:
            return True
        return self.value >= self.limit if self.better == "higher" else self.value <= self.limit


class SideSeen(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one environment was like: the digest of its snapshot, and what runs there as far as told."""

    snapshot: str | None = None
    parameters: int = 0
    server: str = ""
    build: str | None = None


class ProbeRun(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One run of a probe.

    ``environment`` was looked at and compared with ``against``.  ``state`` is ``fail`` where
    anything differs that is neither noise nor ignored, ``error`` where it could not look (``why``).
    ``changes`` are the first of them; ``all_changes`` names the blob with every one where there are more.
    ``noise`` are the paths on which two answers of production differed, ``ignored`` counts what the
    probe's ``ignore`` left out.  ``definition`` tells whether the probe is still the one that ran.
    """

    probe: str
    kind: str
    state: State
    at: datetime
    environment: str
    against: str
    region: str = ""
    why: str = ""
    mark: Literal["", "replayed"] = ""
    compared: int = 0
    differing: int = 0
    ignored: int = 0
    noise: tuple[str, ...] = ()
    changes: tuple[Seen, ...] = ()
    all_changes: str | None = None
    staging: SideSeen = SideSeen()
    production: SideSeen = SideSeen()
    scores: tuple[KeptScore, ...] = ()
    notes: tuple[str, ...] = ()
    hidden_by: str = ""
    definition: str = ""
    release: str | None = None
    candidate: str | None = None


class Planted(msgspec.Struct, frozen=True, kw_only=True):
    """One planted difference, and whether the probe found it."""

    key: str
    title: str
    found: bool


class ProbeProof(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """BM-2: the differences that were planted into what a probe had captured, and which of them it found.

    ``why`` says why nothing could be planted, or that the probe finds differences where there are none.
    """

    probe: str
    kind: str
    at: datetime
    definition: str
    planted: tuple[Planted, ...] = ()
    why: str = ""
    mark: Literal["", "replayed"] = ""

    @property
    def found(self) -> int:
        return sum(one.found for one in self.planted)

    @property
    def whole(self) -> bool:
        """Whether it proves the probe: something was planted, and every bit of it found."""
        return bool(self.planted) and not self.why and self.found == len(self.planted)


def _run_title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    key = str(value.get("probe", ""))
    name = titles("probe", key) or key
    if value.get("state") == "error":
        return f"{name}: could not look"
    count = value.get("differing") or 0
    return f"{name}: {count} {'difference' if count == 1 else 'differences'}"


def _proof_title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    key = str(value.get("probe", ""))
    planted = [one for one in value.get("planted") or () if isinstance(one, dict)]
    found = sum(1 for one in planted if one.get("found"))
    return f"{titles('probe', key) or key}: {found} of {len(planted)} planted differences found"


def _with_what_was_seen(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """A run with what tells each side from the same side of another run: its snapshot and its build."""
    sides = {side: value.get(side) or {} for side in ("staging", "production")}
    seen = {
        f"{side}_seen": f"{one.get('snapshot', '')} {one.get('build') or ''}".strip()
        for side, one in sides.items()
    }
    return {**value, "mark": value.get("mark", ""), **seen}


ENTITIES = (
    EntityKind(
        "probe_run",
        ProbeRun,
        columns=(
            Column("probe"),
            Column("at"),
            Column("state"),
            Column("environment"),
            Column("against"),
            Column("region"),
            Column("mark"),
            Column("staging_seen"),
            Column("production_seen"),
        ),
        columns_from=_with_what_was_seen,
        # The second holds all that is asked about a stretch of time: a run itself may be long.
        indexes=(
            "probe, id",
            "at, probe, id, state, environment, against, mark, staging_seen, production_seen",
        ),
        thing="probe",
        title=_run_title,
        excerpt=True,
        stays=lambda value: True,
    ),
    EntityKind(
        "probe_proof",
        ProbeProof,
        columns=(Column("probe"), Column("at"), Column("definition")),
        indexes=("probe, id",),
        thing="probe",
        title=_proof_title,
        excerpt=True,
        stays=lambda value: True,
    ),
)


def definition_of(probe: Probe) -> str:
    """The digest of what decides what a probe finds: not its title, nor what its differences mean."""
    asked = {
        "kind": probe.kind,
        "environment": probe.environment,
        "against": probe.against,
        "ignore": probe.ignore,
        "twice": probe.twice,
        "config": plain(probe.config) if probe.config is not None else None,
    }
    return digest(asked)


def snapshot_blob(snapshot: Snapshot) -> Blob:
    """A snapshot as evidence: canonical JSON, one line of path, value, secret and weight for each parameter."""
    rows = [
        [path, one.text, *([one.secret, one.weight] if one.secret or one.weight != 1 else [])]
        for path, one in sorted(snapshot.parameters.items())
    ]
    return Blob.of(encode({"schema": "workbench.snapshot.1", "parameters": rows}), SNAPSHOT)


class _KeptSnapshot(msgspec.Struct):
    parameters: list[list[str | bool | int]]


def snapshot_of(record: Record, digest: str | None) -> Snapshot | None:
    """The snapshot that was kept under a digest; ``None`` where it is not here."""
    blob = record.blob(digest) if digest else None
    if blob is None or blob.purged or blob.absent:
        return None
    try:
        kept = msgspec.json.decode(blob.data, type=_KeptSnapshot)
        return Snapshot({str(row[0]): _parameter(row) for row in kept.parameters})
    except (msgspec.DecodeError, ValueError, IndexError) as error:
        raise RecordError("a snapshot in the record cannot be read", hint="run: workbench verify") from error


def _parameter(row: list[str | bool | int]) -> Parameter:
    secret, weight = (row[2], row[3]) if len(row) > 2 else (False, 1)
    return Parameter(str(row[1]), bool(secret), int(weight))


def seen_of(changes: Iterable[Change]) -> tuple[Seen, ...]:
    """Changes as the record keeps them."""
    names = Seen.__struct_fields__
    return tuple(Seen(**{name: getattr(change, name) for name in names}) for change in changes)


def scores_of(scores: Iterable[Score]) -> tuple[KeptScore, ...]:
    """Scores as the record keeps them."""
    names = KeptScore.__struct_fields__
    return tuple(KeptScore(**{name: getattr(score, name) for name in names}) for score in scores)


def changes_of(record: Record, run: ProbeRun) -> tuple[Seen, ...]:
    """Every change that a run found; the first of them where the rest stayed elsewhere."""
    blob = record.blob(run.all_changes) if run.all_changes else None
    if blob is None or blob.purged or blob.absent:
        return run.changes
    return tuple(msgspec.json.decode(blob.data, type=list[Seen]))


def run_change(run: ProbeRun, changes: tuple[Change, ...], now: datetime) -> tuple[RecordChange, list[Blob]]:
    """The entry of a run, and the blob of its changes where they are many."""
    seen, blobs = seen_of(changes), []
    if len(seen) > KEPT:
        blobs.append(Blob.of(encode(seen), CHANGES))
    kept = msgspec.structs.replace(
        run, changes=seen[:KEPT], differing=len(seen), all_changes=blobs[0].digest if blobs else None
    )
    return RecordChange("probe_run", new_id(now), "ran", plain(kept)), blobs


def proof_change(proof: ProbeProof, now: datetime) -> RecordChange:
    """The entry of a proof."""
    return RecordChange("probe_proof", new_id(now), "proved", plain(proof))


def side_of(run: ProbeRun, side: Side) -> SideSeen:
    """What a run saw of one side."""
    return run.staging if side == "staging" else run.production


def latest_runs(record: Record) -> dict[str, tuple[Stored, ProbeRun]]:
    """The last run of every probe that ever ran, by the probe's key."""
    rows = record.all("probe_run", "id IN (SELECT max(id) FROM e_probe_run GROUP BY probe)")
    return {(run := row.decode(ProbeRun)).probe: (row, run) for row in rows}


def runs_of(record: Record, probe: str, limit: int = 50) -> list[tuple[Stored, ProbeRun]]:
    """The last runs of a probe, the newest first."""
    rows = record.all("probe_run", "probe = ?", (probe,), "id DESC", limit=limit)
    return [(row, row.decode(ProbeRun)) for row in rows]


def passing_since(record: Record, probe: str) -> datetime | None:
    """When the first of the runs was made that have all passed since; ``None`` where the last one did not."""
    last = "SELECT coalesce(max(id), '') FROM e_probe_run WHERE probe = ?1 AND state <> 'pass'"
    found = record.query(f"SELECT min(at) FROM e_probe_run WHERE probe = ?1 AND id > ({last})", (probe,))
    return from_text(found[0][0]) if found and found[0][0] else None


def latest_proofs(record: Record) -> dict[str, ProbeProof]:
    """The last proof of every probe, by the probe's key."""
    rows = record.all("probe_proof", "id IN (SELECT max(id) FROM e_probe_proof GROUP BY probe)")
    return {(proof := row.decode(ProbeProof)).probe: proof for row in rows}


def seen_failing(record: Record, probe: str, definition: str) -> datetime | None:
    """When this probe, as it is defined now, last found a difference by itself."""
    rows = record.all("probe_run", "probe = ? AND state = 'fail'", (probe,), "id DESC", limit=50)
    runs = (row.decode(ProbeRun) for row in rows)
    return next((run.at for run in runs if run.definition == definition), None)


class Trust(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a probe is known to be able to fail.

    ``proven``: every planted difference was found, or, where none was ever planted, it has found a
    difference by itself (``failed_at``).  ``proof`` is the last one for the probe as it is defined now.
    """

    proven: bool
    proof: ProbeProof | None = None
    failed_at: datetime | None = None


def trust_in(record: Record, probe: Probe, proofs: Mapping[str, ProbeProof] | None = None) -> Trust:
    """Whether a probe is proven as it is defined now: a changed definition has to be proved again."""
    definition = definition_of(probe)
    proof = (latest_proofs(record) if proofs is None else proofs).get(probe.key)
    if proof is not None and proof.definition == definition:
        return Trust(proven=proof.whole, proof=proof)
    failed = seen_failing(record, probe.key, definition)
    return Trust(proven=failed is not None, failed_at=failed)


def ignore_rule(run: ProbeRun) -> str:
    """A/A: the noise of a run as YAML text to paste into its probe; "" where there was none."""
    if not run.noise:
        return ""
    lines = [f"  - {msgspec.json.encode(path).decode()}" for path in run.noise]  # JSON's quotes are YAML's
    return "\n".join(
        [f"ignore:  # differed between two answers of {run.against} on {run.at:%Y-%m-%d}", *lines]
    )
