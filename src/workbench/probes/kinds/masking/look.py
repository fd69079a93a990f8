"""Values of people in staging: those of production by their fingerprints, real mail domains, card numbers.

No value leaves the capture's thread: what is captured are fingerprints (HMAC-SHA256 under the user's own
key), mail domains, and counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import msgspec

from workbench.definitions.shapes import Severity
from workbench.model.errors import SourceError
from workbench.probes.captured import Capture, Change, Parameter, Piece, Plant, Score, Side, Snapshot, path_of
from workbench.probes.databases import Database, column_sql, named, piece_of, records, told, with_rows
from workbench.probes.hiding import PREFIX, Hide
from workbench.probes.kinds.data_profile.figure import count
from workbench.probes.kinds.masking import MaskingConfig
from workbench.probes.kinds.masking.telling import domain_of, is_card, is_reserved
from workbench.probes.personal import named_personal
from workbench.probes.queries import named_query
from workbench.probes.reach import Reach
from workbench.probes.tables import tables
from workbench.sources.sql.session import Answer, Form, Row, Session

MOST = 2_000_000  # different values of one column
_VALUES = "values of "
_TEXT: Form = "text"
# Taken for a value of production, so that one can be planted into staging: no database holds it.
_CONTROL = "a value that stands for one of production's, and is planted to prove that equal ones are found"
_LEAKS = ("equal", "domains", "cards")


class Masked(Snapshot, frozen=True):
    """A snapshot with the fingerprints of all values, which comparing needs and the record does not keep."""

    values: Mapping[str, Any] = {}
    control: bytes = b""
    leaks: Mapping[str, int] = {}


class Masking(Database):
    """Whether what belongs to people in production is in staging."""

    planted_in = "staging"
    config: MaskingConfig

    def pieces(self, session: Session, side: Side, reach: Reach) -> Iterator[Piece]:
        """For each column its fingerprints, one a line; then what is seen in the values, and undeclared columns."""
        seen: list[Row] = []
        for column in self.config.columns:
            prints: set[bytes] = set()
            domains: Counter[str] = Counter()
            cards = 0
            for value in _distinct(session, column):
                prints.add(reach.hide.mark(value))
                if (domain := domain_of(value)) is not None:
                    domains[domain] += 1
                cards += is_card(value)
                if len(prints) > MOST:
                    raise SourceError(f"{column} has more than {MOST:,} different values")
            lines = "\n".join(f"{PREFIX}{mark.hex()}" for mark in sorted(prints)).encode()
            yield Piece(f"{_VALUES}{column}", "text/plain", lines, {"control": reach.hide.unseen(_CONTROL)})
            seen += [[column, "domain", domain, str(number)] for domain, number in domains.most_common(1_000)]
            seen += [[column, "card", None, str(cards)]]
        yield piece_of("seen", Answer(("column", "what", "which", "values"), (_TEXT,) * 4, seen))
        yield piece_of(
            "undeclared", Answer(("column",), (_TEXT,), [[name] for name in self._undeclared(session)])
        )

    def read(self, capture: Capture, hide: Hide) -> Snapshot:
        """For each column how many values there are, and how many of them are not masked."""
        import numpy

        values, control = {}, b""
        for column in self.config.columns:
            piece = named(capture, f"{_VALUES}{column}")
            if piece is None:
                raise SourceError("the fingerprints are missing", where=column)
            control = _marks(str(piece.facts.get("control", "")).encode(), column)
            values[column] = numpy.unique(numpy.frombuffer(_marks(piece.data, column), dtype=">u8"))
        leaks: Counter[str] = Counter()
        for row in records(capture, "seen"):
            column, number = row["column"] or "", count(row["values"])
            if row["what"] == "card":
                leaks[path_of(column, "cards")] += number
            elif not is_reserved(row["which"] or "", self.config.allowed_domains):
                leaks[path_of(column, "domains")] += number
        parameters = {
            path_of(column): Parameter(f"{len(prints):,} values") for column, prints in values.items()
        }
        notes = [
            f"{row['column']} is named like personal data and is not declared"
            for row in records(capture, "undeclared")
        ]
        return Masked(parameters, (*told(capture).notes, *notes), values, control, leaks)

    def compare(self, staging: Snapshot, production: Snapshot) -> tuple[Change, ...]:
        """Every column with a value that should have been masked."""
        assert isinstance(staging, Masked) and isinstance(production, Masked)
        changes = []
        for column in self.config.columns:
            counts = _leaks(column, staging, production)
            for what in _LEAKS:
                if counts[what]:
                    changes.append(_leak(column, what, counts[what], len(staging.values[column])))
        return tuple(sorted(changes, key=lambda change: change.path))

    def plants(self, capture: Capture) -> Iterable[Plant]:
        """A value of production, a real mail domain and a card number in each column."""
        for column in self.config.columns:
            yield Plant("real-value", f"{column} has a value of production", _with_control(capture, column))
            yield Plant(
                "real-domain",
                f"{column} has a mail address of a real domain",
                _with_seen(capture, column, "planted@gmail.com"),
            )
            yield Plant(
                "card-number",
                f"{column} has a card number",
                _with_seen(capture, column, "4111 1111 1111 1111"),
            )

    def scores(self, staging: Snapshot, production: Snapshot, changes: tuple[Change, ...]) -> Iterable[Score]:
        """The share of values that are masked."""
        assert isinstance(staging, Masked) and isinstance(production, Masked)
        whole = sum(map(len, staging.values.values()))
        if whole:
            leaked = sum(max(_leaks(column, staging, production).values()) for column in self.config.columns)
            share = round(1 - Decimal(min(leaked, whole)) / whole, 6)
            yield Score(
                key="masking",
                value=share,
                of=whole,
                limit=Decimal(1),
                words="personal values that are masked",
            )

    def _undeclared(self, session: Session) -> list[str]:
        found, _ = tables(session, ())
        return [
            name
            for table in found
            for column in table.columns
            if named_personal(column.name)
            and (name := f"{table.name}.{column.name}") not in self.config.columns
        ][:50]


def _distinct(session: Session, column: str) -> Iterator[str]:
    place, quoted = column_sql(column)
    with named_query(column):
        for part in session.stream(
            f"SELECT DISTINCT CAST({quoted} AS text) FROM {place} WHERE {quoted} IS NOT NULL"
        ):
            yield from (row[0] for row in part.rows if row[0] is not None and row[0].strip())


def _leaks(column: str, staging: Masked, production: Masked) -> dict[str, int]:
    """How many values of a column are not masked, by what shows it."""
    import numpy

    control = numpy.frombuffer(production.control, dtype=">u8")
    theirs = numpy.union1d(production.values[column], control)
    equal = len(numpy.intersect1d(staging.values[column], theirs, assume_unique=True))
    told = {what: staging.leaks.get(path_of(column, what), 0) for what in ("domains", "cards")}
    return {"equal": equal, **told}


def _leak(column: str, what: str, number: int, whole: int) -> Change:
    words = {
        "equal": ("equal to production's", "values of production are in {} of staging"),
        "domains": ("with a real mail domain", "mail addresses of real domains are in {} of staging"),
        "cards": ("with a card number", "card numbers are in {} of staging"),
    }
    seen, title = words[what]
    return Change(
        path=path_of(column, what),
        staging=f"{number:,} of {whole:,} values {seen}",
        production="none may be",
        title=title.format(column),
        severity=Severity.HIGH,
        gap=Decimal(number),
    )


def _marks(lines: bytes, column: str) -> bytes:
    """The 8 bytes of each fingerprint; ``SourceError`` where it is none."""
    try:
        found = bytes.fromhex(lines.replace(PREFIX.encode(), b"").replace(b"\n", b"").decode("ascii"))
    except ValueError:
        found = b"?"
    if len(found) % 8:
        raise SourceError("the fingerprints are garbled", where=column)
    return found


def _with_control(capture: Capture, column: str) -> Capture:
    """The same capture with the value that stands for one of production's."""

    def planted(piece: Piece) -> Piece:
        if piece.name != f"{_VALUES}{column}":
            return piece
        return msgspec.structs.replace(piece, data=piece.data + f"\n{piece.facts['control']}".encode())

    return msgspec.structs.replace(capture, pieces=tuple(map(planted, capture.pieces)))


def _with_seen(capture: Capture, column: str, value: str) -> Capture:
    """The same capture as if one more value had been read."""
    domain = domain_of(value)
    row: Row = [column, "domain", domain, "1"] if domain else [column, "card", None, str(int(is_card(value)))]
    return with_rows(capture, "seen", lambda table: [*table.rows, row])
