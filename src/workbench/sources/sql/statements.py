"""What can be said of a query before a database sees it.

Nothing rests on this alone: the session is read-only, SQLite asks an authorizer, PostgreSQL gets every
query as the query of a cursor, which can only be one ``SELECT``.  But functions of a server may do
more than read where its user may do too much, and that is better said than tried.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbench.model.errors import SourceError
from workbench.model.kinds import Doubt

_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_FIRST = re.compile(r"[\s(]*([A-Za-z]+)")
_READING = frozenset({"select", "with", "values", "table"})
_ACTING = re.compile(
    r"""(?ix) \b ( set_config | pg_(?:read|write|stat)_\w*file\w* | pg_ls_\w+ | pg_(?:terminate|cancel)_backend
    | pg_(?:reload_conf|rotate_logfile|promote|switch_wal|create_restore_point|file_\w+|logical_\w+|notify)
    | pg_(?:try_)?advisory_\w+ | lo_(?:import|export|create|creat|unlink|put|from_bytea) | dblink\w*
    | (?:query|table|cursor|schema|database)_to_xml\w* | load_extension | writefile | readfile | edit
    )"? \s* \( | U& ["'] """
)


def check_reads(query: str) -> None:
    """``SourceError`` for a query that is plainly no reading one, in words for the person who wrote it."""
    bare = _COMMENT.sub(" ", query)
    first = _FIRST.match(bare)
    if first is None:
        raise SourceError("the query is empty", hint="write a SELECT")
    if first[1].lower() not in _READING:
        raise SourceError(
            f"only a SELECT is asked of a database, and this is {first[1].upper()[:20]}",
            hint="nothing is changed, started or set by a query; write one SELECT",
        )
    if found := _ACTING.search(bare):
        name = (found[1] or "U&").rstrip('"')
        raise SourceError(
            f"the query calls {name}, which does more than read tables", hint="take it out of the query"
        )


def doubts(query: str, field: str = "query", name: str = "") -> Iterator[Doubt]:
    """What ``check`` says of a query that does more than read; ``name`` tells it from others of its field."""
    try:
        check_reads(query)
    except SourceError as error:
        yield Doubt(field, f"{name}: {error.what}" if name else error.what, error.hint, error=True)


def one_statement(query: str) -> str:
    """The query without the ``;`` at its end."""
    return query.strip().rstrip(";").rstrip()
