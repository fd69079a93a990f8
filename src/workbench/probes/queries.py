"""Queries of a team: named in the probe, or each in a file of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import PurePosixPath

from workbench.model.errors import SourceError
from workbench.model.fields import PathPattern
from workbench.model.kinds import Doubt
from workbench.probes.reach import Reach
from workbench.sources.sql.statements import check_reads, doubts

Files = PathPattern | list[PathPattern]


def queries_of(queries: Mapping[str, str], files: Sequence[str] | str, reach: Reach) -> dict[str, str]:
    """The queries by name; a file's is its own without the ending.

    ``SourceError`` for one that does more than read, and where there is none.
    """
    found = dict(queries)
    for name, data in reach.files(files) if files else ():
        found[PurePosixPath(name).stem] = data.decode("utf-8", "replace")
    if not found:
        raise SourceError("there is no query", hint="give the probe queries, or files that hold them")
    for name, query in found.items():
        with named_query(name):
            check_reads(query)
    return found


@contextmanager
def named_query(name: str) -> Iterator[None]:
    """Within it, what goes wrong says which query it was."""
    try:
        yield
    except SourceError as error:
        error.where = f"query {name}"
        raise


def doubts_of(queries: Mapping[str, str], files: Sequence[str] | str) -> Iterator[Doubt]:
    """What ``check`` says of queries that are to be asked."""
    if not queries and not files:
        yield Doubt("queries", "there is no query to ask", "give queries by name, or files", error=True)
    yield from changing(queries)


def changing(queries: Mapping[str, str]) -> Iterator[Doubt]:
    """The queries that do more than read."""
    for name, query in queries.items():
        yield from doubts(query, "queries", name)
