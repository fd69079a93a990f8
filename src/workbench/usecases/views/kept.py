"""A document that was kept, as it was: laid out in words, whichever front end shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import tzinfo
from typing import Any

import msgspec

from workbench.model.errors import UsageError, WorkbenchError
from workbench.model.text import safe_lines, safe_text
from workbench.model.times import from_text, moment_text
from workbench.notes.as_text import text_lines
from workbench.notes.blocks import MARKS, Outline, Pairs, Tone
from workbench.notes.moments import Moments
from workbench.notes.outline import outline
from workbench.notes.safe import made_safe
from workbench.notes.wrapping import wrap
from workbench.record import EntryView
from workbench.usecases.context import Context
from workbench.usecases.kept_documents import Kept, What, documents_of, find_act, find_thing, read_kept
from workbench.usecases.reporting import keeping
from workbench.usecases.reporting.judgement import Judgement
from workbench.usecases.reporting.notes import notes_of
from workbench.usecases.shown_document import shown_sections, state_words, tone
from workbench.usecases.views.history import names_for, sentence

TITLES = {
    What.DOCUMENT: "What was on screen",
    What.BASIS: "What decides whether it still holds",
    What.DEFINITIONS: "The definitions that judged",
    What.STATEMENT: "What was said",
}
NOTHING = "no document was kept with this"
_SIGNATURE = "signoff/"
_INDENT = "  "
_NAMES = 14


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A kept document in lines that are safe, and the act that it belongs to.

    ``act`` says who did what, ``at`` when, ``remark`` what a reader should know before reading:
    that it is not kept, or that this version cannot lay it out.  ``others`` are what else is kept.
    """

    act: str
    at: str
    kept: Kept
    schema: str = ""
    remark: str = ""
    lines: tuple[str, ...] = ()
    others: tuple[What, ...] = ()

    @property
    def title(self) -> str:
        """What it is, in a few words."""
        return TITLES[self.kept.what]


def read_shown(context: Context, ref: str, what: What = What.DOCUMENT, release: str | None = None) -> Shown:
    """What was kept of the act that ``ref`` names, laid out."""
    return show_entry(context, find_act(context, ref, release), what)


def show_thing(context: Context, entity: str, ident: str, what: What = What.DOCUMENT) -> Shown:
    """The same for a thing of the record, a signature or a shipment."""
    entry = find_thing(context, entity, ident)
    if entry is None:
        raise UsageError(NOTHING)
    return show_entry(context, entry, what)


def signature_of(found: Judgement, key: str) -> str | None:
    """The id of the signature behind a line of Readiness: its own line, or the role that it was given in."""
    if key.startswith(_SIGNATURE):
        return key.removeprefix(_SIGNATURE)
    for gate in found.gates:
        for part in gate.parts:
            if part.key == key and part.about.startswith(_SIGNATURE):
                given = [each for each in gate.signatures if each.stops or key.endswith(f"/{each.role}")]
                return given[-1].id if given else None
    return None


def show_entry(context: Context, entry: EntryView, what: What = What.DOCUMENT) -> Shown:
    """The same for an entry of the ledger."""
    kept = read_kept(context, entry, what)
    said = sentence(entry, names_for(context, [entry]))
    found = Shown(
        act=safe_text(f"{entry.actor} {said}"),
        at=moment_text(entry.claimed_at or entry.recorded_at, context.zone),
        kept=kept,
        remark=kept.why,
        others=tuple(other for other in documents_of(context, entry) if other is not what),
    )
    if kept.data is None:
        return found
    schema, lines, remark = lay_out(kept.data, kept.what, context.zone)
    return msgspec.structs.replace(found, schema=schema, lines=tuple(lines), remark=remark)


def lay_out(data: bytes, what: What, zone: tzinfo) -> tuple[str, list[str], str]:
    """Schema, lines and remark of a kept document; one that cannot be laid out is shown as its JSON."""
    try:
        document = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        lines = safe_lines(data.decode("utf-8", "replace"))
        return "", lines, "this is no document of the workbench; below are its bytes as text"
    schema = str(document.get("schema", "")) if isinstance(document, dict) else ""
    layout = _DEFINITIONS if what is What.DEFINITIONS and not schema else _LAYOUTS.get(schema)
    if layout is not None:
        try:
            return schema, layout(document, data, zone), ""
        except (WorkbenchError, msgspec.MsgspecError, ValueError, KeyError, TypeError, AttributeError):
            pass  # a newer version may have given the same name to more
    named = f"“{safe_text(schema, 60)}”" if schema else "this kind of document"
    remark = f"this version of the workbench cannot lay out {named}: below it stands as it was kept"
    return schema, safe_lines(msgspec.json.format(data, indent=2).decode()), remark


# --- layouts ------------------------------------------------------------------------------


def _gate(document: Mapping[str, Any], data: bytes, zone: tzinfo) -> list[str]:
    candidate = document.get("candidate") or {}
    at = from_text(document["evaluated_at"])
    facts = (
        ("Candidate", f"{candidate['name']}, commit {candidate['commit'][:12]}" if candidate else "none"),
        ("As of", moment_text(at, zone)),
    )
    shape = Outline(
        project=document["project"],
        version=document["release"],
        summary="",
        tone=tone(document, "state"),
        headline=f"{document['title']}: {state_words(document).partition(' ')[2]}",
        remarks=("judged in a demonstration",) if document.get("demonstration") else (),
        facts=Pairs(facts),
        sections=shown_sections(document, parts=True, zone=zone),
    )
    return text_lines(made_safe(shape), Moments("UTC"))


def _report(document: Mapping[str, Any], data: bytes, zone: tzinfo) -> list[str]:
    notes = made_safe(notes_of(keeping.decode(data)))
    return text_lines(outline(notes), Moments(notes.timezone))


def _basis(document: Mapping[str, Any], data: bytes, zone: tzinfo) -> list[str]:
    lines: list[str] = []
    for section in document["sections"]:
        key = section["key"]
        words = " ".join(
            str(section[name]).replace("_", " ") for name in ("gate", "kind") if section.get(name)
        )
        title = safe_text(words if not key or key == section.get("gate") else f"{words}: {key}")
        lines += [*([""] if lines else []), *wrap(title, f"{MARKS[Tone.PLAIN]} ")]
        lines += _indented(section["stands"], _INDENT)
    return lines


_SAID = {
    "act": "Act", "person": "Person", "role": "Role", "decision": "Decision", "meaning": "Means", "words": "Words",
    "conditions": "Conditions", "conditions_due": "Due", "project": "Project", "release": "Release",
    "candidate": "Candidate", "commit": "Commit", "gate": "Gate", "part": "Part", "said_at": "Said",
    "shown": "On screen", "basis": "Basis", "evidence": "Measurements", "definitions": "Definitions",
    "subject": "Subject", "record": "Record", "for_person": "For",
}  # fmt: skip


def _statement(document: Mapping[str, Any], data: bytes, zone: tzinfo) -> list[str]:
    rows = [
        (_SAID.get(name) or name.replace("_", " ").capitalize(), _moment(value, zone))
        for name, value in _in_order(document, _SAID)
    ]
    lines = [line for name, text in rows for line in wrap(safe_text(text), f"{safe_text(name):<{_NAMES}}  ")]
    ends = document.get("checkpoint")
    beside = (
        ("Replaces", document.get("replaces")),
        ("Known then", document.get("frontier")),
        ("End of the ledger then", [ends] if ends else None),
    )
    for title, items in beside:
        if items:
            lines += ["", title, *_indented(items, _INDENT)]
    return lines


def _in_order(document: Mapping[str, Any], known: Iterable[str]) -> list[tuple[str, Any]]:
    """The plain fields that say something, known ones first and in their order."""
    names = [name for name in known if name in document]
    beside = ("schema", "frontier", "replaces", "checkpoint")
    names += [name for name in document if name not in names and name not in beside]
    return [(name, document[name]) for name in names if document[name] not in ("", None, [], {})]


def _moment(value: Any, zone: tzinfo) -> str:
    try:
        return moment_text(from_text(value), zone)
    except (TypeError, ValueError):
        return str(value)


def _definitions(document: Any, data: bytes, zone: tzinfo) -> list[str]:
    return _indented(document, "")


def _indented(value: Any, indent: str) -> list[str]:
    """A value as names and items below each other, the way the files are written."""
    if isinstance(value, Mapping):
        lines: list[str] = []
        for name, item in value.items():
            lines += _named(safe_text(name), item, indent)
        return lines
    if isinstance(value, list):
        lines = []
        for item in value:
            below = _indented(item, indent + _INDENT)
            lines += [f"{indent}- {below[0].strip()}", *below[1:]] if below else []
        return lines
    return [indent + line for line in safe_lines(_word(value))]


def _named(name: str, item: Any, indent: str) -> list[str]:
    if isinstance(item, Mapping | list):
        return [f"{indent}{name}:", *_indented(item, indent + _INDENT)] if item else []
    if item in (None, ""):
        return []
    first, *more = safe_lines(_word(item))
    return [f"{indent}{name}: {first}", *(f"{indent}{_INDENT}{line}" for line in more)]


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


Layout = Callable[[Any, bytes, tzinfo], list[str]]
_DEFINITIONS: Layout = _definitions
_LAYOUTS: dict[str, Layout] = {
    "workbench.shown.1": _gate,
    "workbench.report.1": _report,
    "workbench.basis.1": _definitions,
    "workbench.basis.2": _basis,
    "workbench.statement.1": _statement,
}
