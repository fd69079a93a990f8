"""DB-5: the commits between the release that runs in production and a candidate, kept with the candidate.

They are listed once, by git, when a build is proposed or when a person asks; notes are made of what was kept, so
that the same record gives the same notes on every machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec

from workbench.model.canonical import encode, plain
from workbench.record import Blob, Change, Column, EntityKind, Record, Titles
from workbench.releases.conventional import Message
from workbench.releases.fragments import Fragment

MEDIA = "application/x-commit-log+json"
MOST = 2_000  # so many commits are kept, the newest
MOST_FRAGMENTS = 500


class LoggedCommit(msgspec.Struct, frozen=True, kw_only=True):
    """A commit as it was listed: ``commit`` in full, ``author`` a name; ``parents`` counts them."""

    commit: str
    parents: int = 1
    author: str = ""
    at: datetime | None = None
    message: Message


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """What git told of a range: commits, the newest first, and the fragments that it adds or changes.

    ``beyond`` counts the commits past :data:`MOST`.  ``missing`` are commits that run in production and are not in the
    candidate, the newest of ``missing_count``.  ``shallow`` says that the checkout's history was cut: the list may lack some.
    """

    commits: tuple[LoggedCommit, ...] = ()
    beyond: int = 0
    fragments: tuple[Fragment, ...] = ()
    fragments_beyond: int = 0
    missing: tuple[LoggedCommit, ...] = ()
    missing_count: int = 0
    shallow: bool = False


class CommitLog(msgspec.Struct, frozen=True, kw_only=True):
    """That the commits of a candidate were listed: since which commit, and in which document."""

    candidate: str
    commit: str
    since: str
    since_version: str = ""
    count: int
    listed: str
    at: datetime | None = None


def _title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    return f"{value.get('count', 0)} commits since {str(value.get('since', ''))[:7]}"


ENTITIES = (
    EntityKind(
        "commit_log",
        CommitLog,
        columns=(Column("candidate"),),
        title=_title,
        excerpt=True,
        documents=("listed",),
        goes_along=True,
    ),
)


def kept(
    record: Record,
    candidate: str,
    commit: str,
    found: Listed,
    *,
    since: str,
    since_version: str,
    at: datetime,
) -> tuple[Change, Blob]:
    """The change that keeps what git listed for a candidate, and the document with the commits."""
    blob = Blob.of(encode(found), MEDIA)
    value = CommitLog(
        candidate=candidate,
        commit=commit,
        since=since,
        since_version=since_version,
        count=len(found.commits) + found.beyond,
        listed=blob.digest,
        at=at,
    )
    existing = record.get("commit_log", candidate)
    return Change("commit_log", candidate, "listed", plain(value), existing.base if existing else None), blob


def of_candidate(record: Record, candidate: str | None) -> CommitLog | None:
    """What was listed for a candidate; ``None`` where nobody has."""
    stored = record.get("commit_log", candidate) if candidate else None
    return stored.decode(CommitLog) if stored else None


def read_listed(record: Record, log: CommitLog) -> Listed | None:
    """The document of a log; ``None`` where it is no longer kept."""
    blob = record.blob(log.listed)
    return _decoded(blob.data) if blob is not None and blob.data else None


@lru_cache(maxsize=4)
def _decoded(data: bytes) -> Listed:
    return msgspec.json.decode(data, type=Listed)
