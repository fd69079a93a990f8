"""What the probes of databases share: two sources, and captures that are tables as JSON.

A piece is the answer to one question: ``{"columns": [...], "forms": [...], "rows": [[...]]}``, each value a
text as the database wrote it, or ``null``.  A difference is planted by changing such a table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from workbench.model.errors import SourceError
from workbench.model.fields import Key, Shape
from workbench.model.kinds import Doubt
from workbench.model.text import safe_text
from workbench.probes.captured import Capture, Fact, Piece, Plant, Side
from workbench.probes.prober import Prober
from workbench.probes.reach import Reach
from workbench.sources.sql.opening import in_session
from workbench.sources.sql.session import Answer, Row, Session

TABLE = "application/json"
SESSION = "session"
NAME_SOME = "the database is very large: name some of its tables in the probe"
REFERS = {"staging": "source", "production": "source"}


class Databases(Shape, frozen=True, kw_only=True):
    """Two databases of one kind."""

    staging: Key
    """The source that holds staging's database."""
    production: Key
    """The source that holds production's database."""


def source_doubts(config: Any, project: Any) -> Iterator[Doubt]:
    """What ``check`` says of the two sources of a probe: they are databases, and not the same one."""
    kinds = {source.key: source.kind for source in project.sources} if project else {}
    for name in REFERS:
        key = getattr(config, name)
        if kinds.get(key, "sql") != "sql":
            yield Doubt(name, f"{key} is a source of kind {kinds[key]}, and a database is needed", error=True)
    if config.staging == config.production:
        yield Doubt(
            "production", "both environments are the same source: nothing could ever differ", error=True
        )


class Database(Prober):
    """A probe that asks the database of each environment the same, in one session.

    A kind writes :meth:`pieces`, which asks; the first piece says what was asked: a table of dialect,
    server and warnings.
    """

    def pieces(self, session: Session, side: Side, reach: Reach) -> Iterator[Piece]:
        """What is asked of one database.  Runs in a thread."""
        raise NotImplementedError

    async def capture(self, side: Side, reach: Reach) -> Capture:
        """Everything that is asked of one database."""

        def look(session: Session) -> Capture:
            rows: list[Row] = [["dialect", session.dialect], ["server", session.server]]
            rows += [["note", note] for note in session.notes]
            told = Answer(("what", "value"), ("text", "text"), rows)
            return Capture((piece_of(SESSION, told), *self.pieces(session, side, reach)), session.server)

        channel = reach.channel(getattr(self.config, side))
        return await in_session(channel, look, seconds=reach.seconds, cancelled=reach.cancelled)


class Told(NamedTuple):
    """What a capture says of the session that it came from."""

    dialect: str
    notes: tuple[str, ...]


def told(capture: Capture) -> Told:
    """The dialect of a capture's database, and the warnings that go with it."""
    rows = [(row["what"], row["value"] or "") for row in records(capture, SESSION)]
    return Told(dict(rows).get("dialect", ""), tuple(value for what, value in rows if what == "note"))


def piece_of(name: str, answer: Answer, **facts: Fact) -> Piece:
    """A table as a piece of a capture."""
    return Piece(name, TABLE, msgspec.json.encode(answer), facts)


def decoded(piece: Piece) -> Answer:
    """The table in a piece; ``SourceError`` where it is none."""
    try:
        table = msgspec.json.decode(piece.data, type=Answer)
    except (msgspec.DecodeError, ValueError) as error:
        raise SourceError(f"what the database answered is garbled: {error}", where=piece.name) from None
    width = len(table.columns)
    if len(table.forms) != width or any(len(row) != width for row in table.rows):
        raise SourceError("what the database answered is garbled: a row has another length", where=piece.name)
    return table


def named(capture: Capture, name: str) -> Piece | None:
    """The piece of that name, if there is one."""
    return next((piece for piece in capture.pieces if piece.name == name), None)


def table_of(capture: Capture, name: str) -> Answer:
    """The table of that name; an empty one where nothing was asked."""
    piece = named(capture, name)
    return decoded(piece) if piece else Answer((), (), [])


class Record(dict[str, str | None]):
    """A row by the names of its columns; ``SourceError`` for a column that is not there."""

    def __missing__(self, column: str) -> str | None:
        raise SourceError(f"what the database answered is garbled: it has no column {column}")


def records(capture: Capture, name: str) -> Iterator[Record]:
    """The rows of a table by the names of its columns."""
    table = table_of(capture, name)
    yield from (Record(zip(table.columns, row, strict=True)) for row in table.rows)


def with_rows(capture: Capture, name: str, edit: Callable[[Answer], list[Row]]) -> Capture:
    """The same capture in which one table has other rows."""

    def edited(piece: Piece) -> Piece:
        table = decoded(piece)
        return msgspec.structs.replace(
            piece, data=msgspec.json.encode(msgspec.structs.replace(table, rows=edit(table)))
        )

    pieces = tuple(edited(piece) if piece.name == name else piece for piece in capture.pieces)
    return msgspec.structs.replace(capture, pieces=pieces)


def without_row(capture: Capture, name: str, at: int) -> Capture:
    """The same capture in which a row of a table is missing."""
    return with_rows(
        capture, name, lambda table: [row for place, row in enumerate(table.rows) if place != at]
    )


def with_value(capture: Capture, name: str, at: int, column: str, value: str | None) -> Capture:
    """The same capture in which one value of a table is another."""

    def edit(table: Answer) -> list[Row]:
        place = table.columns.index(column)
        rows = list(table.rows)
        rows[at] = [*rows[at][:place], value, *rows[at][place + 1 :]]
        return rows

    return with_rows(capture, name, edit)


def first(plants: Iterable[Plant], most: int = 3) -> Iterator[Plant]:
    """The first of many plants of one sort: all rows of a large table would prove the same."""
    for _, plant in zip(range(most), plants, strict=False):
        yield plant


def same_dialect(one: str, other: str) -> None:
    """``SourceError`` where two databases are of two kinds, whose answers cannot be compared."""
    if one and other and one != other:
        raise SourceError(
            f"staging is {one} and production {other}, whose answers cannot be compared",
            hint="name two databases of one kind",
        )


def name_sql(*names: str) -> str:
    """A name for a statement of ours, quoted: ``"public"."orders"``."""
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)


def column_sql(column: str) -> tuple[str, str]:
    """The place of a table and of its column, from ``orders.placed`` or ``billing.orders.placed``.

    The column names its table: alone, SQLite would take one that is not there for a text.
    """
    *table, _ = parts = column.split(".")
    return name_sql(*table), name_sql(*parts)


def text_sql(text: str) -> str:
    """A text for a statement of ours, quoted."""
    return "'" + text.replace("'", "''") + "'"


def like_sql(expression: str, patterns: Sequence[str]) -> str:
    """Whether a text matches one of some patterns with ``*`` and ``?``, as PostgreSQL says it; all do without any."""
    if not patterns:
        return "true"
    escaped = (re.sub(r"([\\\\%_])", r"\\\1", one).replace("*", "%").replace("?", "_") for one in patterns)
    return f"{expression} LIKE ANY (ARRAY[{list_sql(list(escaped))}])"


def list_sql(texts: Sequence[str]) -> str:
    """Texts for ``IN (…)``."""
    return ", ".join(map(text_sql, texts))


SHOWN_NAME = "CASE n.nspname WHEN 'public' THEN c.relname ELSE n.nspname || '.' || c.relname END"
"""The same as :func:`shown_name`, in a query of PostgreSQL's catalogs."""


def shown_name(schema: str | None, name: str | None) -> str:
    """A table as people call it: without the schema that every database has."""
    short = safe_text(name or "", 200)
    return short if schema in ("public", "main", "", None) else f"{safe_text(schema, 200)}.{short}"
