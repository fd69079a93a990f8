"""SQLite: the file is opened read-only, and an authorizer allows nothing but reading."""

from __future__ import annotations

import contextlib
import json
import math
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from workbench.model.errors import SourceError
from workbench.model.text import safe_text
from workbench.sources.sql.session import AT_ONCE, MOST_BYTES, Answer, Form, Limits, Row, Session
from workbench.sources.sql.statements import check_reads, one_statement

_EVERY = 20_000  # steps of SQLite's machine between two looks at the clock
_READING = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE})
_TOLD = frozenset(
    ["table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo", "foreign_key_list"]
)
_ASKED = frozenset({"user_version", "encoding"})
_FORBIDDEN = frozenset({"load_extension", "readfile", "writefile", "edit", "fts3_tokenizer"})


class SQLite(Session):
    """A database file; it may be in use elsewhere, so nothing is taken for unchanging."""

    dialect = "sqlite"

    def __init__(self, file: Path, limits: Limits) -> None:
        self._limits = limits
        self.server = f"SQLite {sqlite3.sqlite_version}"
        wait = max(0.1, min(5.0, limits.statement))
        try:
            self._connection = sqlite3.connect(
                f"file:{quote(str(file))}?mode=ro",
                uri=True,
                timeout=wait,
                isolation_level=None,
                check_same_thread=False,
            )
            self._prepare()
        except sqlite3.Error as error:
            raise SourceError(f"the file cannot be read as a SQLite database: {error}") from None

    def _prepare(self) -> None:
        connection = self._connection
        connection.text_factory = lambda data: data.decode("utf-8", "replace")
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_BYTES)
        connection.set_progress_handler(lambda: bool(self._limits.problem()), _EVERY)
        for table in (
            "json_each",
            "json_tree",
        ):  # made known now: the authorizer could not tell it from writing
            with contextlib.suppress(sqlite3.OperationalError):
                connection.execute(f"SELECT 1 FROM {table}('[]')").fetchone()
        connection.set_authorizer(_may)
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()

    def rows(self, query: str, values: Sequence[str | None] = ()) -> Answer:
        """The answer of a statement of ours."""
        parts = list(self._parts(query, values))
        return Answer(parts[0].columns, parts[0].forms, [row for part in parts for row in part.rows])

    def stream(self, query: str) -> Iterator[Answer]:
        """See :meth:`Session.stream`."""
        check_reads(query)
        yield from self._parts(one_statement(query), ())

    def plan(self, query: str) -> str:
        """The rows of ``EXPLAIN QUERY PLAN`` as JSON: id, parent, what is done."""
        check_reads(query)
        answer = self.rows(f"EXPLAIN QUERY PLAN {one_statement(query)}")
        steps = [{"id": row[0], "parent": row[1], "detail": row[3]} for row in answer.rows]
        return json.dumps(steps, ensure_ascii=False)

    def close(self) -> None:
        """Ends the session."""
        self._connection.close()

    def _parts(self, query: str, values: Sequence[str | None]) -> Iterator[Answer]:
        self._limits.begin()
        self._limits.check()
        try:
            cursor = self._connection.execute(query, tuple(values))
            if cursor.description is None:
                raise SourceError("the query gives no table", hint="write a SELECT")
            columns = tuple(column[0] for column in cursor.description)
            first = True
            while (fetched := cursor.fetchmany(AT_ONCE)) or first:
                first = False
                yield Answer(columns, _forms(fetched, len(columns)), [_texts(row) for row in fetched])
        except (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError) as error:
            self._limits.check()  # interrupted, because its time was up
            raise SourceError(f"the database refuses the query: {_in_words(error)}") from None


def _may(action: int, one: str | None, two: str | None, database: str | None, view: str | None) -> int:
    """SQLite's question whether a statement may do something (``sqlite3_set_authorizer``)."""
    allowed = (
        action in _READING
        or (action == sqlite3.SQLITE_FUNCTION and two not in _FORBIDDEN)
        or (action == sqlite3.SQLITE_PRAGMA and (one in _TOLD or (one in _ASKED and two is None)))
    )
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


def _in_words(error: Exception) -> str:
    text = safe_text(error, 300)
    if "not authorized" in text or "readonly" in text:
        return f"it does more than read ({text})"
    return text


def _texts(row: Sequence[Any]) -> Row:
    return [None if value is None else _text(value) for value in row]


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    return repr(value) if isinstance(value, float) and math.isfinite(value) else str(value)


def _forms(rows: Sequence[Sequence[Any]], columns: int) -> tuple[Form, ...]:
    """What a column holds: SQLite says it of each value, not of a column."""
    return tuple(_form({type(row[place]) for row in rows} - {type(None)}) for place in range(columns))


def _form(types: set[type]) -> Form:
    if not types:
        return "other"
    if types == {int}:
        return "number"
    if types <= {int, float}:
        return "float"
    return "bytes" if types == {bytes} else "text"
