"""FI-6: which files a candidate changes, against what runs in production when it is proposed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec

from workbench.model.canonical import plain
from workbench.record import Blob, Change, Column, EntityKind, Record, Titles
from workbench.releases.model import Outcome, all_releases, last_release

MEDIA = "application/x-file-list+json"
MOST = 20_000  # so many files are kept by name


class ChangedFiles(msgspec.Struct, frozen=True, kw_only=True):
    """What lies between two commits: ``files`` is the digest of their names, as a JSON list.

    ``since`` is the commit that is compared with, ``since_version`` the release that it belongs to, ""
    where a person named the commit.  ``left_out`` counts the files beyond :data:`MOST`, whose names
    are not kept.
    """

    candidate: str
    since: str
    since_version: str = ""
    count: int
    files: str
    left_out: int = 0


def _title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    return f"{value.get('count', 0)} files changed since {str(value.get('since', ''))[:7]}"


ENTITIES = (
    EntityKind(
        "changed_files",
        ChangedFiles,
        columns=(Column("candidate"),),
        title=_title,
        judged=True,
        excerpt=True,
        documents=("files",),
        goes_along=True,
    ),
)


def in_production(record: Record) -> tuple[str, str] | None:
    """Version and commit of what went out last and was not rolled back; ``None`` before the first."""
    found = last_release(record)
    if found is None:
        return None
    shipped = (item for item in all_releases(record) if item.release.outcome is Outcome.SHIPPED)
    held = next((item for item in shipped if item.release.version == found[0]), None)
    return (found[0], held.candidate.commit) if held is not None and held.candidate is not None else None


def changed(
    record: Record, candidate: str, names: Sequence[str], *, since: str, since_version: str = ""
) -> tuple[Change, Blob]:
    """The change that keeps which files a candidate changes, and the blob with their names."""
    kept = sorted(set(names))[:MOST]
    blob = Blob.of(msgspec.json.encode(kept), MEDIA)
    value = ChangedFiles(
        candidate=candidate,
        since=since,
        since_version=since_version,
        count=len(set(names)),
        files=blob.digest,
        left_out=len(set(names)) - len(kept),
    )
    existing = record.get("changed_files", candidate)
    base = existing.base if existing else None
    return Change("changed_files", candidate, "listed", plain(value), base), blob


def of_candidate(record: Record, candidate: str | None) -> ChangedFiles | None:
    """Which files a candidate changes; ``None`` where nobody has looked."""
    stored = record.get("changed_files", candidate) if candidate else None
    return stored.decode(ChangedFiles) if stored else None


def names_of(record: Record, found: ChangedFiles) -> tuple[str, ...] | None:
    """The names of the files, relative to the repository; ``None`` where they are no longer kept."""
    blob = record.blob(found.files)
    return _decoded(blob.data) if blob is not None else None


@lru_cache(maxsize=4)
def _decoded(data: bytes) -> tuple[str, ...]:
    return msgspec.json.decode(data, type=tuple[str, ...])
