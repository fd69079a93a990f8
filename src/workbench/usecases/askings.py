"""Askings of gates in CI: the note that a job leaves, and bringing it home.

A note says what was asked and said (``workbench.asking.1``).  Nobody has signed it, so what it claims is held
against the record when it is shown: a head that the record never had, a build that was never proposed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from workbench import __version__
from workbench.gates.askings import SCHEMA, Ask, Asking, JudgedFrom, askings, brought_change
from workbench.model.canonical import encode, plain, sha256
from workbench.model.commits import same_commit
from workbench.model.errors import UsageError
from workbench.model.text import safe_text
from workbench.model.times import from_text, to_text
from workbench.record import Blob
from workbench.record.ledger import unhex
from workbench.usecases.ci_job import address, job_of
from workbench.usecases.context import Context, commit, elsewhen
from workbench.usecases.handed_in import HandedIn
from workbench.usecases.reporting.checks import STOPS, Checked

LARGEST = 64 * 1024  # bytes of a note
_LONGEST = 500  # characters of one of its texts
_MEDIA = "application/json"
_AHEAD = 120  # seconds by which a clock may be ahead
_STATES = ("blocked", "ready", "signed")


def note_of(context: Context, said: Checked, judged_from: JudgedFrom, environ: Mapping[str, str]) -> bytes:
    """The note of one asking: what was asked, from what, and what was said, at the real moment.

    ``UsageError`` from another moment than the present: what was said then was not asked.
    """
    if elsewhen(context):
        raise UsageError("a note is of what was asked now", hint="leave out --now")
    found, job = said.found, job_of(environ)
    value = Asking(
        project=found.project_key,
        release=found.version,
        candidate=found.candidate.commit if found.candidate else "",
        gate=said.gate.key,
        state=said.gate.state.value,
        exit_code=said.exit_code,
        advisory=said.advisory,
        stops=said.count(*STOPS),
        asked_at=context.clock.real(),
        judged_from=judged_from,
        ask=msgspec.convert(msgspec.structs.asdict(job), Ask) if job else Ask(),
        tool=f"workbench {__version__}",
    )
    told = {
        key: item for key, item in plain(value).items() if key not in ("note", "brought_by", "brought_at")
    }
    return encode({"schema": SCHEMA, **told}) + b"\n"


def judged_here(context: Context) -> JudgedFrom:
    """What a record in hand is judged from."""
    head, info = context.record.head, context.record.info
    return JudgedFrom(sort="record", record=info.record_id, desk=info.desk, digest=head.digest, size=head.seq)


def judged_from_excerpt(path: Path) -> JudgedFrom:
    """What an excerpt says that it was made from; it has been read before."""
    from workbench.model.files import read_regular
    from workbench.usecases.excerpts import head_of

    record, desk, head = head_of(path)
    return JudgedFrom(
        sort="excerpt",
        record=record,
        desk=desk,
        digest=head.digest,
        size=head.seq,
        file=sha256(read_regular(path)),
    )


def is_note(data: bytes) -> bool:
    """Whether a file says that it is the note of an asking."""
    return f'"{SCHEMA}"'.encode() in data[:4096] + data[-4096:] and data.lstrip().startswith(b"{")


class Brought(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a note: the asking, whether it was known before, and what is doubtful about it."""

    asking: Asking
    known: bool
    doubts: tuple[str, ...] = ()


def bring(context: Context, data: bytes, name: str = "the note") -> Brought:
    """Take a note in; one that is here already changes nothing.  ``UsageError`` where it is no note of this project."""
    value = _read(context, data, name)
    known = context.record.get("asking", value.note)
    if known is not None:
        return Brought(asking=known.decode(Asking), known=True, doubts=doubts(context, known.decode(Asking)))
    handed = HandedIn()
    blob = Blob.of(handed.file(data), _MEDIA)
    handed.tell(context)
    value = msgspec.structs.replace(
        value, brought_by=context.author().actor, brought_at=context.record.moment(context.clock)
    )
    change = brought_change(value)
    commit(context, [msgspec.structs.replace(change, value={**plain(value)})], blobs=[blob])
    return Brought(asking=value, known=False, doubts=doubts(context, value))


def _read(context: Context, data: bytes, name: str) -> Asking:
    if len(data) > LARGEST:
        raise UsageError(f"{name} is larger than {LARGEST // 1024} KiB", hint="a note of an asking is short")
    try:
        told: dict[str, Any] = msgspec.json.decode(data, type=dict[str, Any])
        schema = told.pop("schema", "")
        value = msgspec.convert(_cleaned(told), Asking, strict=False)
    except (msgspec.MsgspecError, ValueError, TypeError, RecursionError):
        raise UsageError(
            f"{name} is no note of an asking that can be read",
            hint="workbench gate --note FILE writes one; was it cut or edited?",
        ) from None
    if schema != SCHEMA:
        raise UsageError(f"{name} was written by a newer workbench", hint="bring this workbench up to date")
    if value.asked_at.tzinfo is None or not 0 <= value.exit_code <= 4 or value.state not in _STATES:
        raise UsageError(f"{name} says what no gate says", hint="workbench gate --note FILE writes one")
    key = context.definitions.project.project
    if value.project != key:
        raise UsageError(f"{name} is of project {safe_text(value.project, 60)}, not {key}")
    ask = msgspec.structs.replace(value.ask, url=address(value.ask.url))
    return msgspec.structs.replace(value, ask=ask, note=sha256(data), brought_by="", brought_at=None)


def _cleaned(value: Any) -> Any:
    """Every text in one safe line without secrets: it goes into the record and onto screens."""
    if isinstance(value, str):
        return HandedIn().line(safe_text(value, _LONGEST))
    if isinstance(value, dict):
        return {str(key): _cleaned(item) for key, item in value.items()}
    return value


# --- what the record says of it ---------------------------------------------------------------


def doubts(context: Context, value: Asking) -> tuple[str, ...]:
    """Where what a note claims does not fit the record; each in words, none where everything does."""
    return tuple(word for word in (*_of_head(context, value), *_of_build(context, value), *_of_itself(value)))


def _of_head(context: Context, value: Asking) -> list[str]:
    told = value.judged_from
    if told.record != context.record.info.record_id:
        return ["judged from another record: forged, or not of this project's"]
    entry = _entry(context, told.digest)
    if entry is None:
        return [
            "the head that it was judged from is unknown here: forged, or of a desk whose entries are not here yet"
        ]
    seq, recorded_at = entry
    if (recorded_at - value.asked_at).total_seconds() > _AHEAD:
        return ["asked before what it was judged from was recorded: the note, or a clock, is wrong"]
    later = _recorded_between(context, seq, value.asked_at)
    more = "1 entry more was" if later == 1 else f"{later:,} entries more were"
    return [f"stale: {more} on record when it was asked"] if later else []


def _of_build(context: Context, value: Asking) -> list[str]:
    rows = context.record.query(
        "SELECT c.id FROM e_candidate AS c JOIN e_release AS r ON r.id = c.release WHERE r.version = ?",
        (value.release,),
    )
    commits = [
        str(
            (stored.decode(dict) if (stored := context.record.get("candidate", str(ident))) else {}).get(
                "commit", ""
            )
        )
        for (ident,) in rows
    ]
    if not commits and not context.record.count("release", "version = ?", (value.release,)):
        return [f"there is no release {value.release} here"]
    if value.candidate and not any(same_commit(value.candidate, each) for each in commits):
        return [f"{value.candidate[:12]} was never a candidate of {value.release}"]
    if context.definitions.gate(value.gate) is None:
        return [f"the project has no gate {value.gate}"]
    return []


def _of_itself(value: Asking) -> list[str]:
    found = []
    # A bundle is asked what was decided: a gate that is ready and not signed has not passed there.
    unsigned = (value.judged_from.sort, value.state, value.exit_code) == ("bundle", "ready", 1)
    if (value.state == "blocked") != (value.exit_code != 0) and not unsigned:
        found.append(f"it says {value.state} and exit code {value.exit_code}, which contradict each other")
    at = value.brought_at
    if at is not None and (value.asked_at - at).total_seconds() > _AHEAD:
        found.append("asked later than it was brought home")
    if value.ask.commit and value.candidate and not same_commit(value.ask.commit, value.candidate):
        found.append(
            f"the job had {value.ask.commit[:7]} checked out, and the gate was of {value.candidate[:7]}"
        )
    return found


def _entry(context: Context, digest: str) -> tuple[int, datetime] | None:
    """Where an entry stands in this file, and when it was recorded."""
    if len(digest) != 64:
        return None
    rows = context.record.query(
        "SELECT seq, json_extract(CAST(body AS TEXT), '$.recorded_at') FROM ledger WHERE digest = ?",
        (unhex(digest),),
    )
    return (int(rows[0][0]), from_text(str(rows[0][1]))) if rows and rows[0][1] else None


def _recorded_between(context: Context, seq: int, until: datetime) -> int:
    """How many entries were recorded after one, and not later than a moment; what was asked is none of them."""
    rows = context.record.query(
        "SELECT count(*) FROM ledger WHERE seq > ? AND entity != 'asking'"
        " AND json_extract(CAST(body AS TEXT), '$.recorded_at') <= ?",
        (seq, to_text(until)),
    )
    return int(rows[0][0])


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """An asking with what is doubtful about it."""

    asking: Asking
    doubts: tuple[str, ...] = ()


def read_askings(context: Context, release: str | None = None) -> list[Told]:
    """The askings of a release, or of all, the earliest first."""
    return [Told(asking=one, doubts=doubts(context, one)) for one in askings(context.record, release)]
