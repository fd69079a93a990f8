"""One session with a database, in which nothing can be changed and nothing takes for ever.

Values are texts as the database writes them, or ``None``: what is captured is what came.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Literal

import msgspec

from workbench.model.errors import SourceError

MOST_ROWS = 200_000  # of one answer that is held as a whole
MOST_BYTES = 64_000_000  # of the same
AT_ONCE = 5_000  # rows that a stream holds

_LESS = "ask for less: an aggregate, fewer columns, a LIMIT"

Dialect = Literal["postgresql", "sqlite"]
Form = Literal["number", "float", "time", "bool", "text", "bytes", "other"]
Row = list[str | None]


class Answer(msgspec.Struct, frozen=True):
    """A table: names of columns, what form their values have, and rows in the order they came."""

    columns: tuple[str, ...]
    forms: tuple[Form, ...]
    rows: list[Row]


class Limits:
    """How long one statement and the whole session may take, and whether somebody has stopped it."""

    def __init__(self, *, statement: float, session: float, stopped: Callable[[], bool]) -> None:
        self.statement = statement
        self.ends = time.monotonic() + session
        self._session = session
        self._stopped = stopped
        self._until = self.ends
        self._allowed = statement

    def begin(self, most: float | None = None) -> None:
        """A statement begins, or something else that may take ``most`` seconds."""
        self._allowed = self.statement if most is None else min(most, self.statement)
        self._until = min(self.ends, time.monotonic() + self._allowed)

    def problem(self) -> str:
        """Why the statement has to end now; "" while it may go on."""
        if self._stopped():
            return "it was stopped"
        now = time.monotonic()
        if now < self._until:
            return ""
        if now >= self.ends:
            return f"it was not done within {self._session:g} s"
        return f"the database did not answer within {self._allowed:g} s"

    def check(self) -> None:
        """``SourceError`` once the statement has to end."""
        if problem := self.problem():
            raise SourceError(
                problem, hint="ask for less, or allow more time: timeout of the source or probe"
            )


class Session:
    """What both kinds of database can do.  Blocking: for a thread of its own.

    ``notes`` are warnings for people, such as a user who may do too much.
    """

    dialect: Dialect
    server: str = ""
    notes: tuple[str, ...] = ()

    def rows(self, query: str, values: Sequence[str | None] = ()) -> Answer:
        """The answer of a statement of ours; :meth:`ask` is for what other people wrote."""
        raise NotImplementedError

    def stream(self, query: str) -> Iterator[Answer]:
        """The answer in parts of at most 5,000 rows, at least one; for a query that anybody wrote.

        It is one ``SELECT``, which can change, start and read nothing beside the database's tables, or
        ``SourceError``.
        """
        raise NotImplementedError

    def plan(self, query: str) -> str:
        """How the database would answer a query, as JSON; it is not carried out."""
        raise NotImplementedError

    def close(self) -> None:
        """Ends the session."""
        raise NotImplementedError

    def ask(self, query: str, most: int = MOST_ROWS, less: str = _LESS) -> Answer:
        """The whole answer of a query that anybody wrote.

        ``SourceError`` where it is too large to hold; ``less`` says how to ask for less.
        """
        rows: list[Row] = []
        size = 0
        part = Answer((), (), [])
        for part in self.stream(query):
            rows += part.rows
            size += sum(len(value) for row in part.rows for value in row if value is not None)
            if len(rows) > most:
                raise SourceError(f"the answer has more than {most:,} rows", hint=less)
            if size > MOST_BYTES:
                raise SourceError(f"the answer has more than {MOST_BYTES // 10**6} MB", hint=less)
        return Answer(part.columns, part.forms, rows)
