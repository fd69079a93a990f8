"""What is asked of a table: aggregates, so that no row leaves the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from hashlib import blake2b
from zlib import crc32

from workbench.model.errors import SourceError
from workbench.probes.databases import name_sql
from workbench.probes.tables import Column, Table
from workbench.sources.sql.session import Answer, Form, Row, Session

PROFILE = ("table", "column", "sort", "rows", "filled", "low", "high", "distinct", "most")
VALUES = ("table", "column", "value", "rows")
SEGMENTS = ("table", "segment", "rows", "checksum")
MOST_VALUES = 200  # of one column, the most frequent first
HOW_MANY = 1024  # segments of a table
_RANGE = 256  # row numbers that are put together
_ARGUMENTS = 100  # of a function
_LARGEST = 2**63 - 1  # row number of SQLite
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

    The checksum is a sum of 64-bit hashes, so that no order counts: two segments with equal sums are
    equal, but for a chance of 2^-64.  It is made in one pass, where the data lies as far as that can be.
    """
    names = sorted(column.name for column in table.columns)
    keys = sorted(column.name for column in table.columns if column.key) or names
    if session.dialect == "postgresql":
        summed = _in_server(session, table, keys, names)
    elif len(keys) == 1 and any(column.name == keys[0] and column.rowid for column in table.columns):
        summed = _by_ranges(session, table, keys[0], names)
    else:
        summed = _streamed(session, table, keys, names)
    found = list(summed)
    yield from ([table.name, *row] for row in found or [["0", "0", "0"]])  # an empty table was looked at, too


def _in_server(session: Session, table: Table, keys: Sequence[str], names: Sequence[str]) -> Iterator[Row]:
    place, row = (
        f"hashtextextended(ROW({', '.join(map(name_sql, some))})::text, 0)" for some in (keys, names)
    )
    hashed = f"SELECT {place} & {HOW_MANY - 1} AS s, {row} AS h FROM {table.place}"
    yield from session.rows(f"SELECT s, count(*), sum(h)::text FROM ({hashed}) r GROUP BY s ORDER BY s").rows


def _by_ranges(session: Session, table: Table, key: str, names: Sequence[str]) -> Iterator[Row]:
    """For SQLite, which has no hashes: a text of the rows of each range of its row numbers, put together there."""
    sums = _Sums()
    number = name_sql(key)
    inner = f"FROM {table.place} WHERE {number} BETWEEN ? AND ? ORDER BY {number}"
    together = "SELECT count(*), group_concat(x, char(30)) FROM (SELECT {} AS x {})"
    exact = together.format(_quoted(names), inner)
    quick = together.format(f"json_array({', '.join(map(name_sql, names))})", inner)
    following = f"SELECT min({number}) FROM {table.place} WHERE {number} > ?"
    ((lowest,),) = session.rows(f"SELECT min({number}) FROM {table.place}").rows
    while lowest is not None:
        place = int(lowest) // _RANGE
        last = str(min(place * _RANGE + _RANGE - 1, _LARGEST))
        between = [str(place * _RANGE), last]
        try:
            ((rows, text),) = session.rows(quick if len(names) <= _ARGUMENTS else exact, between).rows
        except SourceError:  # JSON holds no binary value; where one side has some, the ranges differ indeed
            ((rows, text),) = session.rows(exact, between).rows
        sums.add(place, int(rows or 0), text or "")
        ((lowest,),) = session.rows(following, [last]).rows
    yield from sums.told()


def _streamed(session: Session, table: Table, keys: Sequence[str], names: Sequence[str]) -> Iterator[Row]:
    """For a table of SQLite that is not kept by numbers: row by row, of which no more is held than the sums."""
    sums = _Sums()
    for part in session.stream(f"SELECT {_quoted(keys)}, {_quoted(names)} FROM {table.place}"):
        for place, text in part.rows:
            sums.add(crc32((place or "").encode()), 1, text or "")
    yield from sums.told()


def _quoted(names: Sequence[str]) -> str:
    return " || char(31) || ".join(f"quote({name_sql(name)})" for name in names)


class _Sums:
    """How many rows fall into each segment, and the sum of their hashes."""

    def __init__(self) -> None:
        self._counts, self._sums = [0] * HOW_MANY, [0] * HOW_MANY

    def add(self, place: int, rows: int, text: str) -> None:
        """Some rows of the segment that a place belongs to, as a text."""
        self._counts[place % HOW_MANY] += rows
        hashed = blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()
        self._sums[place % HOW_MANY] += int.from_bytes(hashed, "big")

    def told(self) -> Iterator[Row]:
        """The segments that are not empty."""
        for segment, rows in enumerate(self._counts):
            if rows:
                yield [str(segment), str(rows), str(self._sums[segment])]


def answer(columns: tuple[str, ...], rows: list[Row]) -> Answer:
    """Rows as a table of texts."""
    form: Form = "text"
    return Answer(columns, (form,) * len(columns), rows)
