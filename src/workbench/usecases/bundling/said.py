"""Does a statement say what its entry says, about this release, this candidate and this gate?

A sign-off that was copied to another release, gate or candidate is found here: its statement names the entry of the
candidate by its digest, and that entry has to be in the record.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from workbench.model.canonical import plain
from workbench.model.text import safe_text
from workbench.signoff.statement import Statement
from workbench.usecases.bundling.entries import Entry
from workbench.usecases.bundling.shapes import Index

# Of an answer to a gate: which field of the entry says the same as which of the statement.
_ANSWER = {
    "gate": "gate",
    "person": "person",
    "for_person": "for_person",
    "role": "role",
    "decision": "decision",
    "shown": "shown",
    "basis": "basis",
    "evidence": "evidence",
    "meaning": "meaning",
    "comment": "words",
    "conditions": "conditions",
    "conditions_due": "conditions_due",
    "needed": "needed",
    "needed_from": "needed_from",
    "replaces": "replaces",
}
_EMPTY: tuple[object, ...] = ("", None, [])


def differences(
    statement: Statement, entry: Entry, index: Index, entries: Mapping[str, Entry]
) -> Iterator[str]:
    """What a statement says otherwise than its entry; ``entries`` are those of the bundle by digest."""
    if (statement.record, statement.project) != (index.record, index.project):
        yield "is of another record"
    if statement.release != index.release:
        yield f"is about release {safe_text(statement.release, 60)}, not {safe_text(index.release, 60)}"
    if entry.entity != "signoff":
        return
    told: dict[str, Any] = plain(statement)
    for field, name in _ANSWER.items():
        if _other(entry.value.get(field), told.get(name)):
            yield f"says another {name.replace('_', ' ')} than its entry: {_words(told.get(name))}, not {_words(entry.value.get(field))}"
    yield from _candidate(statement, entry, entries)


def _other(one: object, other: object) -> bool:
    return one != other and not (one in _EMPTY and other in _EMPTY)


def _words(value: object) -> str:
    return f"“{safe_text(value, 60)}”" if value not in _EMPTY else "nothing"


def _candidate(statement: Statement, entry: Entry, entries: Mapping[str, Entry]) -> Iterator[str]:
    """The entry of the candidate that was signed: in the record, of this candidate, with this commit."""
    about = entries.get(statement.subject)
    if about is None:
        yield "is about an entry that is not in the bundle"
    elif about.entity != "candidate" or about.id != entry.text("candidate"):
        yield "is about another candidate than its entry"
    elif not about.purged and statement.commit != about.text("commit"):
        yield f"names the commit {safe_text(statement.commit, 60)}, its candidate {safe_text(about.text('commit'), 60)}"
    elif not about.purged and about.release != entry.release:
        yield "is about a candidate of another release"
    elif entry.text("commit") != statement.commit:
        yield "names another commit than its entry"
