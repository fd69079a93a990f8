"""The history: what a ledger entry is called, and what it changed, without ids."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

import msgspec

from workbench.benchmarks import measurements
from workbench.definitions.release_gates import TITLES as HOTFIX_GATES
from workbench.definitions.routine_defaults import routines_of
from workbench.definitions.shapes import Checklist
from workbench.gates.incident_lists import lists_of
from workbench.model.times import from_text, moment_text
from workbench.record import ActPart, ActView, EntryView, title_from
from workbench.record.ledger import DESK, PURGE, REDID
from workbench.record.ledger import RECORD as BEGINNING
from workbench.releases import model as releases
from workbench.usecases.context import Context
from workbench.usecases.nouns import find_noun

_TAKEN_BACK, _PUT_BACK = "undid", "redid"
MOST_TOLD = 10
# How an entry is told that no noun here stands behind: of the record itself, or of a newer workbench.
_PLAIN_TITLE = title_from(
    "title", "name", "version", "key", "item", "part", "gate", "source", "commit", "subject"
)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_IDENTITY = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")


class Names(msgspec.Struct, frozen=True):
    """Titles that ids and keys in entries stand for: ``items`` by ``checklist/item``, ``releases``
    to ``measurements`` by id."""

    items: Mapping[str, str]
    benchmarks: Mapping[str, str]
    gates: Mapping[str, str]
    sources: Mapping[str, str]
    releases: Mapping[str, str]
    candidates: Mapping[str, str]
    measurements: Mapping[str, str]
    environments: Mapping[str, str]
    probes: Mapping[str, str]
    routines: Mapping[str, str]
    incidents: Mapping[str, str]

    def title(self, kind: str, key: str) -> str:
        """The title of one thing; empty where it has none."""
        return self._titles[kind].get(key, "")

    @property
    def _titles(self) -> Mapping[str, Mapping[str, str]]:
        return {
            "item": self.items,
            "benchmark": self.benchmarks,
            "gate": self.gates,
            "source": self.sources,
            "release": self.releases,
            "candidate": self.candidates,
            "measurement": self.measurements,
            "environment": self.environments,
            "probe": self.probes,
            "routine": self.routines,
            "incident": self.incidents,
        }


class Undone(msgspec.Struct, frozen=True):
    """By which act another one was taken back: its change id, who did it, and when."""

    change_id: str
    actor: str
    at: datetime


class Page(msgspec.Struct, frozen=True):
    """A stretch of the ledger, newest first, with the titles to tell it by; ``more`` says that it goes on.

    ``undone`` has the acts among them that do not stand, by change id, with who took each back, and when.
    """

    entries: tuple[EntryView, ...]
    names: Names
    more: bool
    undone: Mapping[str, Undone] = {}


def read_page(
    context: Context,
    *,
    text: str = "",
    entity: str | None = None,
    limit: int,
    before_seq: int | None = None,
) -> Page:
    """Entries before a place of the ledger that hold ``text`` anywhere, and are of one kind if one is given."""
    found = context.record.history(entity=entity, text=text or None, limit=limit + 1, before_seq=before_seq)
    entries = tuple(found[:limit])
    return Page(entries, names_for(context, entries), len(found) > limit, _undone(context, entries))


def _undone(context: Context, entries: Iterable[EntryView]) -> dict[str, Undone]:
    found = {}
    for change_id, by in context.record.taken_back(entries).items():
        if (act := context.record.act(by)) is not None:
            found[change_id] = Undone(by, act.actor, act.recorded_at)
    return found


def names_for(context: Context, entries: Iterable[EntryView]) -> Names:
    """The titles that these entries are told by."""
    project = context.definitions.project
    entries = list(entries)
    # Some entries go by the place of a measurement.
    refs = {entry.id for entry in entries}
    gone = {
        entry.id: str(value.get("version", ""))
        for entry in entries
        if entry.entity == "release" and (value := entry.value or entry.before)
    }
    measured = {ref: found.subject for ref in refs if (found := measurements.by_ref(context.record, ref))}
    return Names(
        {f"{one.checklist}/{item.key}": item.title for one in _lists(context, entries) for item in one.items},
        {item.key: item.title for item in project.benchmarks},
        {**HOTFIX_GATES, **{item.key: item.title for item in project.gates}},
        {item.key: item.title or item.key for item in project.sources},
        {**gone, **releases.versions(context.record)},
        releases.candidate_names(context.record),
        measured,
        {item.key: item.title for item in project.environments},
        {item.key: item.title for item in project.probes},
        {item.key: item.title for item in routines_of(project)},
        {str(ident): str(title) for ident, title in context.record.query("SELECT id, title FROM e_incident")},
    )


def _lists(context: Context, entries: Sequence[EntryView]) -> Iterable[Checklist]:
    """The project's lists; what incidents walk may be built in, and is read only where an entry is about it."""
    own = context.definitions.checklists
    subjects = (str((entry.value or entry.before or {}).get("subject", "")) for entry in entries)
    if any("incident/" in subject for subject in subjects):
        return (*own, *lists_of(context.definitions))
    return own


def joined(old: Names | None, new: Names) -> Names:
    """The titles of both: pages bring the names that they need."""
    if old is None:
        return new
    return msgspec.structs.replace(new, measurements={**old.measurements, **new.measurements})


def sentence(entry: EntryView, names: Names) -> str:
    """Verb, thing and title: ``ticked item Scanners clear``."""
    colon = ":" if entry.undoes is not None else ""
    did, thing = f"{_verb(entry)}{colon}", subject(entry, names)
    if did.endswith(
        " of"
    ):  # "approved of gate" has its word with the thing, "chose a version of" with the verb
        thing = thing.removeprefix("of ").removeprefix("for ")
    return f"{did} {thing}".strip()


def act(entry: EntryView) -> str:
    """What was done: ``ticked``."""
    return _verb(entry).removesuffix(":")


def _verb(entry: EntryView) -> str:
    if entry.undoes is not None:
        return _PUT_BACK if entry.verb == REDID else _TAKEN_BACK
    if entry.entity == BEGINNING:
        return "began"
    noun = find_noun(entry.entity)
    return (noun.verbs.get(entry.verb) if noun else None) or entry.verb.replace("_", " ")


def subject(entry: EntryView, names: Names) -> str:
    """To what it was done: ``item Scanners clear``."""
    value = entry.value or entry.before or {}
    noun = find_noun(entry.entity)
    if entry.entity == BEGINNING:
        return "the record"
    if entry.entity == DESK:
        return "a new desk"
    if entry.entity == PURGE:
        return f"what had the digest {entry.id[:12]}"
    if noun is None:
        return f"{entry.entity.replace('_', ' ')} {_PLAIN_TITLE(entry.id, value, names.title)}".strip()
    return f"{noun.thing} {noun.title(entry.id, value, names.title)}".strip()


def act_words(context: Context, act: ActView) -> str:
    """What was done by an act, as people call it: ``decided 5 differences``; of an undo or redo, what it concerns."""
    while act.undoes is not None and (earlier := context.record.act(act.undoes)) is not None:
        act = earlier
    parts = [part for part in act.parts if not goes_along(part.entity)] or list(act.parts)
    parts.sort(key=lambda part: is_evidence(part.first))  # the act before what was attached to it
    names = names_for(context, [part.first for part in parts])
    if len(parts) < len(act.parts) and all(part.count > 1 for part in parts):  # rows of an import
        return f"imported {' and '.join(_counted(part) for part in parts)}"
    words = [_part_words(part, names) for part in parts[:MOST_TOLD]]
    more = len(parts) - len(words)
    return ", ".join([*words, *([f"and {more} more"] if more else [])])


def goes_along(entity: str) -> bool:
    """Whether entries of a kind come with others and are no news to a reader, as what an import remembers of its rows."""
    noun = find_noun(entity)
    return noun is not None and noun.goes_along


def is_evidence(entry: EntryView) -> bool:
    """Whether an entry attaches evidence to something."""
    noun = find_noun(entry.entity)
    return noun is not None and noun.thing == "evidence"


def _counted(part: ActPart) -> str:
    noun = find_noun(part.entity)
    return f"{part.count:,} {noun.plural if noun and noun.plural else part.entity.replace('_', ' ')}"


def _part_words(part: ActPart, names: Names) -> str:
    noun = find_noun(part.entity)
    if part.count > 1 and noun is not None and (many := noun.plural):
        return f"{_verb(part.first).removesuffix(':')} {part.count:,} {many}"
    first = sentence(part.first, names)
    return f"{first} and {part.count - 1:,} more" if part.count > 1 else first


class FieldChange(msgspec.Struct, frozen=True):
    """One field before and after, as text; an empty text stands for nothing."""

    name: str
    before: str
    after: str

    @property
    def changed(self) -> bool:
        """Whether the two differ."""
        return self.before != self.after


def field_changes(entry: EntryView) -> list[FieldChange]:
    """Every field of the entry's value, before and after, changed ones first."""
    before, after = entry.before or {}, entry.value or {}
    found = [
        FieldChange(name, value_words(before.get(name)), value_words(after.get(name)))
        for name in dict.fromkeys([*before, *after])
    ]
    return sorted(found, key=lambda field: not field.changed)


def value_words(value: Any) -> str:
    """A value of the record as a person reads it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(_item(item) for item in value)
    if isinstance(value, dict):
        return msgspec.json.encode(value).decode()
    return str(value)


def _item(item: Any) -> str:
    """One of several: a reading by what it measured, a build product by its name."""
    if not isinstance(item, dict):
        return value_words(item)
    if "subject" in item and "state" in item:
        number = f"{item.get('value', item['state'])} {item.get('unit', '')}".strip()
        place = f" in {item['environment']}" if item.get("environment") else ""
        return f"{item['subject']}{place} {number}"
    return " ".join(str(part) for part in item.values()) if len(item) <= 3 else value_words(item)


def readable(text: str, names: Names, zone: tzinfo) -> str:
    """A text of the record without ids and with moments as people say them, where it is one."""
    if _MOMENT.fullmatch(text):
        return moment_text(from_text(text), zone)
    if _IDENTITY.fullmatch(text):
        return names.releases.get(text) or names.candidates.get(text) or f"…{text[-12:]}"
    return text
