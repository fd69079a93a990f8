"""What a ledger entry says, in words: who did what to which thing, without ids."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import tzinfo
from typing import Any

import msgspec

from workbench.definitions import Definitions
from workbench.model.times import from_text, moment_text
from workbench.record import EntryView

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
_VERBS = {"invalidated": "ruled out", "closed": "took off the map:"}
# The fields that an entity may be called by, the best first.
_NAMES = ("title", "name", "version", "key", "item", "part", "gate", "source", "commit", "subject")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_IDENTITY = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")


class Names(msgspec.Struct, frozen=True):
    """Titles that ids and keys in entries stand for."""

    items: Mapping[tuple[str, str], str]
    benchmarks: Mapping[str, str]
    gates: Mapping[str, str]
    sources: Mapping[str, str]
    releases: Mapping[str, str]
    candidates: Mapping[str, str]
    measurements: Mapping[str, str]


def names(
    definitions: Definitions,
    releases: Mapping[str, str],
    candidates: Mapping[str, str],
    measurements: Mapping[str, str],
) -> Names:
    """The titles of a project's definitions; by id, the names of its releases and candidates."""
    project = definitions.project
    return Names(
        {(one.checklist, item.key): item.title for one in definitions.checklists for item in one.items},
        {item.key: item.title for item in project.benchmarks},
        {item.key: item.title for item in project.gates},
        {item.key: item.title or item.key for item in project.sources},
        releases,
        candidates,
        measurements,
    )


def told(entry: EntryView, known: Names) -> str:
    """Verb, thing and title: ``ticked item Scanners clear``."""
    if entry.undoes is not None:
        return f"took back: {_thing(entry, known)}"
    if entry.entity == "record":
        return "began the record"
    verb = _VERBS.get(entry.verb, entry.verb.replace("_", " "))
    return f"{verb} {_thing(entry, known)}".strip()


def _thing(entry: EntryView, known: Names) -> str:
    value = entry.value or entry.before or {}
    thing = _THINGS.get(entry.entity, entry.entity.replace("_", " "))
    title = _TITLES.get(entry.entity, _plain_title)(entry, value, known)
    return f"{thing} {title}".strip()


_Value = Mapping[str, Any]


def _plain_title(entry: EntryView, value: _Value, known: Names) -> str:
    for name in _NAMES:
        if isinstance(value.get(name), str) and value[name]:
            return str(value[name])
    return ""


def _candidate(entry: EntryView, value: _Value, known: Names) -> str:
    version = known.releases.get(str(value.get("release")), "")
    return f"rc{value.get('number', '?')} of {version}, commit {str(value.get('commit', ''))[:7]}"


def _answer(entry: EntryView, value: _Value, known: Names) -> str:
    place = (str(value.get("checklist", "")), str(value.get("item", "")))
    return known.items.get(place, place[1])


def _attachment(entry: EntryView, value: _Value, known: Names) -> str:
    title = str(value.get("title", ""))
    subject = str(value.get("subject", "")).partition(":")[2]
    words = subject.split("/")
    item = (
        known.items.get((words[-2], words[-1]), "") if len(words) >= 2 else known.benchmarks.get(subject, "")
    )
    return f"{title}" + (f" to {item}" if item else "")


def _part(entry: EntryView, value: _Value, known: Names) -> str:
    title = value.get("title")
    if isinstance(title, str) and title:
        return title
    kind, _, rest = str(value.get("part", "")).partition("/")
    if kind == "benchmark":
        return known.benchmarks.get(rest, rest)
    checklist, _, item = rest.partition("/")
    return known.items.get((checklist, item), rest or kind)


def _batch(entry: EntryView, value: _Value, known: Names) -> str:
    readings = value.get("readings")
    found = readings if isinstance(readings, list) else []
    key = str(value.get("source", ""))
    good = sum(1 for one in found if isinstance(one, dict) and one.get("state") == "ok")
    word = "value" if len(found) == 1 else "values"
    said = f"{len(found)} {word} of {known.sources.get(key, key)}"
    return said if good == len(found) else f"{said}, {len(found) - good} without a number"


def _gate(entry: EntryView, value: _Value, known: Names) -> str:
    key = str(value.get("gate", ""))
    title = known.gates.get(key, key)
    if entry.entity == "signoff":
        return f"{title}: {str(value.get('decision', '')).replace('_', ' ')} as {value.get('role', '')}"
    return title


def _measurement(entry: EntryView, value: _Value, known: Names) -> str:
    subject = known.measurements.get(entry.id, "")
    return known.benchmarks.get(subject, subject or "a benchmark")


def _tightened(entry: EntryView, value: _Value, known: Names) -> str:
    key = str(value.get("benchmark", entry.id))
    return known.benchmarks.get(key, key)


def _freeze(entry: EntryView, value: _Value, known: Names) -> str:
    return "the freeze" if value.get("lifted_by") else "promotion"


def _review(entry: EntryView, value: _Value, known: Names) -> str:
    release = str(value.get("release", ""))
    return f"for {known.releases.get(release, release)}"


def _imported(entry: EntryView, value: _Value, known: Names) -> str:
    texts = value.get("texts")
    title = texts.get("title") or texts.get("name") if isinstance(texts, dict) else ""
    return " ".join(part for part in (str(value.get("file", "")), f"({title})" if title else "") if part)


_TITLES: dict[str, Callable[[EntryView, _Value, Names], str]] = {
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


def friendly(text: str, known: Names, zone: tzinfo) -> str:
    """A text of the record without ids and with moments as people say them, where it is one."""
    if _MOMENT.fullmatch(text):
        return moment_text(from_text(text), zone)
    if _IDENTITY.fullmatch(text):
        return known.releases.get(text) or known.candidates.get(text) or f"…{text[-12:]}"
    return text
