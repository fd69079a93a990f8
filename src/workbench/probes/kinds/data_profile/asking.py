"""What is asked of a table: aggregates, so that no row leaves the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from workbench.probes.databases import name_sql
from workbench.probes.tables import Column, Table
from workbench.sources.sql.session import Answer, Form, Row, Session

PROFILE = ("table", "column", "sort", "rows", "filled", "low", "high", "distinct", "most")
VALUES = ("table", "column", "value", "rows")
SEGMENTS = ("table", "segment", "rows", "checksum")
MOST_VALUES = 200  # of one column, the most frequent first
HOW_MANY = 1024  # segments of a table
_AT_ONCE = 200  # columns of one statement: PostgreSQL takes 1,664 results
_COUNTED = frozenset({"number", "text", "key"})  # sorts of which equal values mean something


def profile(session: Session, table: Table, personal: Callable[[Column], bool]) -> Iterator[Row]:
    """A row for the table, and one for each column: how many are filled, lowest, highest, distinct, most frequent.

    Of texts the lengths stand in ``low`` and ``high``, of yes and no how many are yes; of personal columns
    nothing.
    """
    (total,) = session.rows(f"SELECT count(*) FROM {table.place}").rows
    yield [table.name, None, None, total[0], *[None] * 5]
    for start in range(0, len(table.columns), _AT_ONCE):
        columns = table.columns[start : start + _AT_ONCE]
        asked = [
            expression for column in columns for expression in _aggregates(column, personal(column), session)
        ]
        (found,) = session.rows(f"SELECT {', '.join(asked)} FROM {table.place}").rows
        for place, column in enumerate(columns):
            filled, low, high = found[3 * place : 3 * place + 3]
            keys = _keys(session, table, column, filled)
            yield [table.name, column.name, column.sort, total[0], filled, low, high, *keys]


def _aggregates(column: Column, personal: bool, session: Session) -> tuple[str, str, str]:
    name = name_sql(column.name)
    filled, nothing = f"count({name})", "NULL"
    if column.sort == "bool":
        true = name if session.dialect == "postgresql" else f"{name} <> 0"
        return filled, nothing, f"sum(CASE WHEN {true} THEN 1 ELSE 0 END)"
    if personal or column.sort in ("key", "other") or (column.names_rows and column.sort == "number"):
        return filled, nothing, nothing
    if column.sort == "text":  # of a number in a column without a type, the length of how it is written
        name = f"length({name})" if session.dialect == "postgresql" else f"length(CAST({name} AS text))"
    elif session.dialect == "sqlite" and column.sort == "number":
        name = f"CASE WHEN typeof({name}) IN ('integer', 'real') THEN {name} END"
    return filled, f"min({name})", f"max({name})"


def _keys(
    session: Session, table: Table, column: Column, filled: str | None
) -> tuple[str | None, str | None]:
    """How many distinct values there are, and how often the most frequent one occurs."""
    if column.unique:
        return filled, None
    if column.sort not in _COUNTED:
        return None, None
    name = name_sql(column.name)
    ((distinct, most),) = session.rows(
        f"SELECT count(*), max(n) FROM (SELECT count(*) AS n FROM {table.place} WHERE {name} IS NOT NULL GROUP BY {name}) g"
    ).rows
    return distinct, most


def values(session: Session, table: Table, column: Column) -> Iterator[Row]:
    """How many rows have each value of a column, the most frequent first."""
    name = name_sql(column.name)
    query = (
        f"SELECT CAST({name} AS text), count(*) FROM {table.place} WHERE {name} IS NOT NULL GROUP BY {name} "
        f"ORDER BY 2 DESC, 1 LIMIT {MOST_VALUES}"
    )
    for value, rows in session.rows(query).rows:
        yield [table.name, column.name, value, rows]


def segments(session: Session, table: Table) -> Iterator[Row]:
    """The rows in segments by their key, with a checksum of each segment.

    The sum of 64-bit hashes of the rows, so that their order does not count: two tables with equal
    sums are equal, but for a chance of 2^-64 for each segment.  In one pass, and nothing but the sums leaves.
    """
    everything = sorted(column.name for column in table.columns)
    keys = sorted(column.name for column in table.columns if column.key) or everything
    place, row = _hash(session, keys), _hash(session, everything)
    if session.dialect == "postgresql":
        checksum = "sum(h)::text"
    else:  # whose sums overflow
        checksum = "sum(h >> 32) || ':' || sum(h & 4294967295)"
    query = (
        f"SELECT s, count(*), {checksum} FROM (SELECT {place} & {HOW_MANY - 1} AS s, {row} AS h FROM {table.place}) r "
        "GROUP BY s ORDER BY s"
    )
    for segment, rows, total in session.rows(query).rows:
        yield [table.name, segment, rows, total]


def _hash(session: Session, columns: Sequence[str]) -> str:
    """64 bits of some columns of a row."""
    if session.dialect == "postgresql":
        return f"hashtextextended(ROW({', '.join(map(name_sql, columns))})::text, 0)"
    return f"row_hash({' || char(31) || '.join(f'quote({name_sql(name)})' for name in columns)})"


def answer(columns: tuple[str, ...], rows: list[Row]) -> Answer:
    """Rows as a table of texts."""
    form: Form = "text"
    return Answer(columns, (form,) * len(columns), rows)
