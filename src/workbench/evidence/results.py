"""Result files: what a tool wrote somewhere else, and somebody imported for a candidate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec

from workbench.model.canonical import plain
from workbench.model.errors import UsageError
from workbench.model.keys import new_id
from workbench.record import Blob, Change, Column, EntityKind, Record, Titles
from workbench.sources.handed import Handed

Bound = Literal["", "told", "given"]


class ResultFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file of results that was imported.

    ``kind`` is the kind of source that reads it and ``words`` what it was taken for; ``sources`` are the keys of
    those that read it.  ``digest`` names its content.  ``bound`` says how it is known to be of the candidate: ``told`` by the
    file, ``given`` by a manifest or a person, who say ``commit`` and why (``reason``), or "" where nobody says so.
    ``environment`` is the one that it is of, where somebody says so.
    """

    name: str
    kind: str
    words: str
    sources: tuple[str, ...]
    digest: str
    size: int
    written: datetime
    candidate: str
    by: str
    at: datetime
    bound: Bound = ""
    commit: str = ""
    reason: str = ""
    environment: str = ""
    invalidated: str = ""


def _title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    return f"{value.get('name', '')} ({value.get('words', '')})"


ENTITIES = (
    EntityKind(
        "result_file",
        ResultFile,
        columns=(Column("candidate"),),
        thing="results from",
        many="result files",
        title=_title,
        stays=lambda value: True,  # what was measured from it stays, too: it is invalidated by name
    ),
)


def result_files(record: Record, candidate: str) -> dict[str, ResultFile]:
    """The files that were imported for a candidate and count, by id, the earliest first.

    Not those that were invalidated, nor one of which a later version was imported under the same name.
    """
    rows = sorted(record.all("result_file", "candidate = ?", (candidate,)), key=lambda row: row.made)
    found = {row.id: row.decode(ResultFile) for row in rows}
    last = {(file.name, file.kind): ident for ident, file in found.items() if not file.invalidated}
    return {ident: found[ident] for ident in found if ident in set(last.values())}


def imported_change(file: ResultFile) -> Change:
    """The change that keeps one."""
    return Change("result_file", new_id(file.at), "imported", plain(file))


def invalidated(record: Record, ident: str, reason: str) -> Change:
    """The change that makes one count no more; it stays to be seen."""
    row = record.get("result_file", ident)
    if row is None:
        raise UsageError("there is no such result file")
    value = msgspec.structs.replace(row.decode(ResultFile), invalidated=reason)
    return Change("result_file", ident, "invalidated", plain(value), row.base, reason)


def handed_of(record: Record, files: Mapping[str, ResultFile], sources: Sequence[str]) -> tuple[Handed, ...]:
    """The files that some sources read, with their content; one whose content is not at this desk is left out."""
    found = []
    for ident, file in files.items():
        mine = tuple(key for key in file.sources if key in sources)
        blob = record.blob(file.digest) if mine else None
        if blob is not None and blob.data:
            found.append(handed(file, blob, ident, mine))
    return tuple(found)


def handed(file: ResultFile, blob: Blob, ident: str, sources: tuple[str, ...]) -> Handed:
    """A file as sources read it."""
    return Handed(
        id=ident,
        name=file.name,
        data=blob.data,
        sources=sources,
        written=file.written,
        commit=file.commit,
        said_by=f"{file.by}: {file.reason}" if file.reason else "",
        environment=file.environment,
    )
