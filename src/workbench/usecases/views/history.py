"""The history: what a ledger entry is called, and what it changed, without ids."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import tzinfo
from typing import Any

import msgspec

from workbench.benchmarks import measurements
from workbench.model.times import from_text, moment_text
from workbench.record import EntryView
from workbench.releases import model as releases
from workbench.usecases.context import Context

_THINGS = {
    "release": "release",
    "candidate": "candidate",
    "flow": "flow",
    "difference": "difference",
    "imported_difference": "a row of",
    "imported_flow": "a row of",
    "answer": "item",
    "attachment": "evidence",
    "override": "",
    "freeze": "",
    "promise": "to take care of",
    "parity_review": "the parity map",
    "batch": "",
    "invalidation": "a measurement of",
    "tightening": "benchmark",
    "signoff": "gate",
    "opening": "of gate",
    "request": "for a signature on",
    "record": "the record",
}
_VERBS = {"invalidated": "ruled out", "closed": "took off the map"}
_BEFORE_A_COLON = ("took back", "took off the map")
# The fields that an entity may be called by, the best first.
_NAMES = ("title", "name", "version", "key", "item", "part", "gate", "source", "commit", "subject")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_IDENTITY = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")


class Names(msgspec.Struct, frozen=True):
    """Titles that ids and keys in entries stand for; ``releases`` to ``measurements`` are by id."""

    items: Mapping[tuple[str, str], str]
    benchmarks: Mapping[str, str]
    gates: Mapping[str, str]
    sources: Mapping[str, str]
    releases: Mapping[str, str]
    candidates: Mapping[str, str]
    measurements: Mapping[str, str]


class Page(msgspec.Struct, frozen=True):
    """A stretch of the ledger, newest first, with the titles to tell it by; ``more`` says that it goes on."""

    entries: tuple[EntryView, ...]
    names: Names
    more: bool


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
    return Page(entries, names_for(context, entries), len(found) > limit)


def names_for(context: Context, entries: Iterable[EntryView]) -> Names:
    """The titles that these entries are told by."""
    project = context.definitions.project
    measured = {}
    for entry in entries:
        if entry.entity == "invalidation":
            measurement = measurements.by_ref(context.record, entry.id)
            measured[entry.id] = measurement.subject if measurement else ""
    return Names(
        {
            (one.checklist, item.key): item.title
            for one in context.definitions.checklists
            for item in one.items
        },
        {item.key: item.title for item in project.benchmarks},
        {item.key: item.title for item in project.gates},
        {item.key: item.title or item.key for item in project.sources},
        releases.versions(context.record),
        releases.candidate_names(context.record),
        measured,
    )


def joined(old: Names | None, new: Names) -> Names:
    """The titles of both: pages bring the names that they need."""
    if old is None:
        return new
    return msgspec.structs.replace(new, measurements={**old.measurements, **new.measurements})


def sentence(entry: EntryView, names: Names) -> str:
    """Verb, thing and title: ``ticked item Scanners clear``."""
    done = act(entry)
    return f"{done}{':' if done in _BEFORE_A_COLON else ''} {subject(entry, names)}".strip()


def act(entry: EntryView) -> str:
    """What was done: ``ticked``."""
    if entry.undoes is not None:
        return "took back"
    if entry.entity == "record":
        return "began"
    return _VERBS.get(entry.verb, entry.verb.replace("_", " "))


def subject(entry: EntryView, names: Names) -> str:
    """To what it was done: ``item Scanners clear``."""
    value = entry.value or entry.before or {}
    thing = _THINGS.get(entry.entity, entry.entity.replace("_", " "))
    title = _TITLES.get(entry.entity, _plain_title)(entry, value, names)
    return f"{thing} {title}".strip()


_Value = Mapping[str, Any]


def _plain_title(entry: EntryView, value: _Value, names: Names) -> str:
    for name in _NAMES:
        if isinstance(value.get(name), str) and value[name]:
            return str(value[name])
    return ""


def _candidate(entry: EntryView, value: _Value, names: Names) -> str:
    version = names.releases.get(str(value.get("release")), "")
    return f"rc{value.get('number', '?')} of {version}, commit {str(value.get('commit', ''))[:7]}"


def _answer(entry: EntryView, value: _Value, names: Names) -> str:
    place = (str(value.get("checklist", "")), str(value.get("item", "")))
    return names.items.get(place, place[1])


def _attachment(entry: EntryView, value: _Value, names: Names) -> str:
    title = str(value.get("title", ""))
    subject = str(value.get("subject", "")).partition(":")[2]
    words = subject.split("/")
    item = (
        names.items.get((words[-2], words[-1]), "") if len(words) >= 2 else names.benchmarks.get(subject, "")
    )
    return f"{title}" + (f" to {item}" if item else "")


def _part(entry: EntryView, value: _Value, names: Names) -> str:
    title = value.get("title")
    if isinstance(title, str) and title:
        return title
    kind, _, rest = str(value.get("part", "")).partition("/")
    if kind == "benchmark":
        return names.benchmarks.get(rest, rest)
    checklist, _, item = rest.partition("/")
    return names.items.get((checklist, item), rest or kind)


def _batch(entry: EntryView, value: _Value, names: Names) -> str:
    readings = value.get("readings")
    found = readings if isinstance(readings, list) else []
    key = str(value.get("source", ""))
    good = sum(1 for one in found if isinstance(one, dict) and one.get("state") == "ok")
    word = "value" if len(found) == 1 else "values"
    said = f"{len(found)} {word} of {names.sources.get(key, key)}"
    return said if good == len(found) else f"{said}, {len(found) - good} without a number"


def _gate(entry: EntryView, value: _Value, names: Names) -> str:
    key = str(value.get("gate", ""))
    title = names.gates.get(key, key)
    if entry.entity == "signoff":
        return f"{title}: {str(value.get('decision', '')).replace('_', ' ')} as {value.get('role', '')}"
    return title


def _measurement(entry: EntryView, value: _Value, names: Names) -> str:
    subject = names.measurements.get(entry.id, "")
    return names.benchmarks.get(subject, subject or "a benchmark")


def _tightened(entry: EntryView, value: _Value, names: Names) -> str:
    key = str(value.get("benchmark", entry.id))
    return names.benchmarks.get(key, key)


def _freeze(entry: EntryView, value: _Value, names: Names) -> str:
    return "the freeze" if value.get("lifted_by") else "promotion"


def _review(entry: EntryView, value: _Value, names: Names) -> str:
    release = str(value.get("release", ""))
    return f"for {names.releases.get(release, release)}"


def _imported(entry: EntryView, value: _Value, names: Names) -> str:
    texts = value.get("texts")
    title = texts.get("title") or texts.get("name") if isinstance(texts, dict) else ""
    return " ".join(part for part in (str(value.get("file", "")), f"({title})" if title else "") if part)


def _record(entry: EntryView, value: _Value, names: Names) -> str:
    return ""


_TITLES: dict[str, Callable[[EntryView, _Value, Names], str]] = {
    "record": _record,
    "candidate": _candidate,
    "answer": _answer,
    "attachment": _attachment,
    "override": _part,
    "promise": _part,
    "batch": _batch,
    "signoff": _gate,
    "opening": _gate,
    "request": _gate,
    "invalidation": _measurement,
    "tightening": _tightened,
    "freeze": _freeze,
    "parity_review": _review,
    "imported_difference": _imported,
    "imported_flow": _imported,
}


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
