"""Schemas of two databases, compared thing by thing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

import msgspec

from workbench.definitions.shapes import Category
from workbench.probes.captured import (
    Capture,
    Change,
    Parameter,
    Piece,
    Plant,
    Side,
    Snapshot,
    parts_of,
    path_of,
)
from workbench.probes.databases import NAME_SOME, Database, piece_of, records, shown_name, told
from workbench.probes.hiding import Hide
from workbench.probes.kinds.schema import SchemaConfig, migrations, plants, postgresql, sqlite
from workbench.probes.prober import by_path
from workbench.probes.reach import Reach
from workbench.sources.sql.session import Answer, Session

_ATTRIBUTES = ("type", "null", "default", "generated", "collation")
_NAMED = {"default": "default ", "generated": "generated ", "collation": "collation "}
_LONGEST = 160  # characters of a definition that are shown; a digest tells longer ones apart


class Schema(Database):
    """Tables, columns, types, defaults, indexes, constraints, grants, migrations."""

    config: SchemaConfig

    def pieces(self, session: Session, side: Side, reach: Reach) -> Iterator[Piece]:
        """The catalogs, and the migrations that were run."""
        if session.dialect == "sqlite":
            asked: Iterable[tuple[str, Answer]] = sqlite.tables(session)
        else:
            wanted = postgresql.queries(self.config.schemas, self.config.tables)
            asked = ((name, session.ask(query, less=NAME_SOME)) for name, query in wanted.items())
        for name, answer in asked:
            yield piece_of(name, answer)
        yield piece_of("migrations", migrations.of(session, self.config.migrations))

    def read(self, capture: Capture, hide: Hide) -> Snapshot:
        """One parameter for each table, each column and its attributes, each index and so on."""
        found: dict[str, str] = {}
        for parts, text in (*self._tables(capture), *self._grants(capture), *_others(capture)):
            found[path_of(*parts)] = text
        unreadable = []
        for row in records(capture, "migrations"):
            if row["migration"] is None:
                unreadable.append(f"the user may not read the migrations in {row['table']}")
            else:
                found[path_of("migration", row["table"] or "", row["migration"])] = "was run"
        notes = (*told(capture).notes, *unreadable)
        return Snapshot({path: Parameter(text) for path, text in found.items()}, notes)

    def compare(self, staging: Snapshot, production: Snapshot) -> tuple[Change, ...]:
        """What differs; of a table or column that only one side has, that alone."""
        changes = by_path(staging, production)
        alone = {change.path for change in changes if change.staging is None or change.production is None}
        told_of = [change for change in changes if not any(path in alone for path in _above(change.path))]
        return tuple(_told(change, staging, production) for change in told_of)

    def plants(self, capture: Capture) -> Iterable[Plant]:
        """Dropped, added and changed things of every sort that there is."""
        return plants.of(capture)

    def _tables(self, capture: Capture) -> Iterator[tuple[tuple[str, ...], str]]:
        for row in records(capture, "objects"):
            if (name := self._wanted(row["schema"], row["name"])) is not None:
                yield (name,), row["kind"] or ""
                if row["definition"]:
                    yield (name, "definition"), short(row["definition"])
        for row in records(capture, "columns"):
            if (name := self._wanted(row["schema"], row["table"])) is not None:
                column = row["column"] or ""
                yield (name, column), "column"
                yield from (
                    ((name, column, attribute), short(value))
                    for attribute in _ATTRIBUTES
                    if (value := row[attribute]) is not None
                )
        for row in records(capture, "parts"):
            if (name := self._wanted(row["schema"], row["table"])) is not None:
                yield (name, f"{row['kind']} {row['name']}"), short(row["definition"] or "")

    def _grants(self, capture: Capture) -> Iterator[tuple[tuple[str, ...], str]]:
        for row in records(capture, "grants") if self.config.grants else ():
            if row["name"] is None:
                place: tuple[str, ...] = (f"schema {row['schema']}",)
            elif (name := self._wanted(row["schema"], row["name"])) is not None:
                place = (name,) if row["column"] is None else (name, row["column"])
            else:
                continue
            yield (*place, f"grant to {row['who']}"), row["may"] or ""

    def _wanted(self, schema: str | None, name: str | None) -> str | None:
        shown = shown_name(schema, name)
        patterns = self.config.tables
        return shown if not patterns or any(fnmatchcase(shown, pattern) for pattern in patterns) else None


def _others(capture: Capture) -> Iterator[tuple[tuple[str, ...], str]]:
    for row in records(capture, "others"):
        yield (row["kind"] or "", shown_name(row["schema"], row["name"])), short(row["definition"] or "")


def short(text: str) -> str:
    """A definition in one line; of a long one the beginning and a digest."""
    line = " ".join(text.split())
    if len(line) <= _LONGEST:
        return line
    return f"{line[: _LONGEST - 20]}… ({hashlib.sha256(line.encode()).hexdigest()[:12]})"


def _above(path: str) -> Iterator[str]:
    """The paths of what a thing is part of."""
    parts = parts_of(path)
    yield from (path_of(*parts[:count]) for count in range(1, len(parts)))


def _told(change: Change, staging: Snapshot, production: Snapshot) -> Change:
    """A change with its words, and what it is about where that is not data."""
    parts = parts_of(change.path)
    one, other = _whole(change.path, staging), _whole(change.path, production)
    category = None
    if any(part.startswith("grant to ") for part in parts[1:]):
        category = Category.SECURITY
    elif parts[0] in ("server", "extension"):
        category = Category.INFRASTRUCTURE
    elif parts[0] == "migration":
        category = Category.PIPELINE
    return msgspec.structs.replace(
        change, staging=one, production=other, title=_title(parts, one, other), category=category
    )


def _whole(path: str, snapshot: Snapshot) -> str | None:
    """A parameter's text; of a column everything about it."""
    parameter = snapshot.parameters.get(path)
    if parameter is None or parameter.text != "column":
        return None if parameter is None else parameter.text
    told = {name: snapshot.parameters.get(f"{path}/{name}") for name in _ATTRIBUTES}
    words = [f"{_NAMED.get(name, '')}{one.text}" for name, one in told.items() if one]
    return ", ".join(words) or "column"


def _title(parts: tuple[str, ...], staging: str | None, production: str | None) -> str:
    first, last = parts[0], parts[-1]
    if first == "migration":
        thing = f"the migration {last}"
    elif first in ("server", "extension", "enum", "domain", "function", "sequence"):
        thing = f"the {first} {last}" if first != "server" else f"the server's {last.replace('_', ' ')}"
    elif last.startswith("grant to "):
        thing = f"what {last.removeprefix('grant to ')} may do with {'.'.join(parts[:-1])}"
    elif len(parts) == 1:
        thing = f"the {(staging or production or 'table').partition(',')[0]} {first}"
    elif len(parts) == 3:
        thing = f"the {last if last != 'null' else 'not null'} of {first}.{parts[1]}"
    elif " " in last:
        thing = f"the {last} of {first}"
    else:
        thing = f"the {last} of {first}" if last == "definition" else f"the column {first}.{last}"
    if staging is None:
        return f"{thing} is missing in staging"
    return f"{thing} is in staging only" if production is None else f"{thing} differs"
