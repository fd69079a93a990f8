"""The names of a project and its record, for whoever completes a word that somebody types."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import islice

from workbench.definitions import Definitions
from workbench.usecases.project import Options, read_definitions

MOST = 2_000  # more than anybody looks through
_ROWS = {
    "difference": "SELECT title FROM e_difference ORDER BY title LIMIT ?",
    "flow": "SELECT key FROM e_flow ORDER BY key LIMIT ?",
    "incident": "SELECT title FROM e_incident ORDER BY ended = 'open' DESC, declared_at DESC LIMIT ?",
    "release": "SELECT version FROM e_release ORDER BY id DESC LIMIT ?",
}


def _people(definitions: Definitions) -> Iterable[str]:
    return (person.key for person in definitions.project.people)


def _items(definitions: Definitions) -> Iterable[str]:
    return (f"{one.checklist}/{item.key}" for one in definitions.checklists for item in one.items)


_FILES: Mapping[str, Callable[[Definitions], Iterable[str]]] = {
    "person": _people,
    "item": _items,
    "checklist": lambda definitions: (one.checklist for one in definitions.checklists),
    "benchmark": lambda definitions: (item.key for item in definitions.project.benchmarks),
    "fault": lambda definitions: (item.key for item in definitions.project.faults),
    "gate": lambda definitions: (gate.key for gate in definitions.project.gates),
    "source": lambda definitions: (source.key for source in definitions.project.sources),
    "environment": lambda definitions: (item.key for item in definitions.project.environments),
}
# Some words name things of several kinds.
_SEVERAL = {"part": ("benchmark", "item", "difference"), "list or item": ("checklist", "item")}


def known_names(options: Options, noun: str) -> list[str]:
    """What things of a kind are called: ``difference``, ``person``, ``part`` …

    Raises as opening a project does; a folder without a record has what its files name.
    """
    return list(islice((name for one in _SEVERAL.get(noun, (noun,)) for name in _names(options, one)), MOST))


def _names(options: Options, noun: str) -> Iterable[str]:
    if noun in _FILES:
        return _FILES[noun](read_definitions(options)[1])
    if noun not in _ROWS:
        return ()
    return _rows(options, _ROWS[noun])


def _rows(options: Options, sql: str) -> list[str]:
    from workbench.usecases.opening import open_context

    context = open_context(options, readonly=True)
    try:
        return [str(row[0]) for row in context.record.query(sql, (MOST,))]
    finally:
        context.record.close()
