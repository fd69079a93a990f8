"""The parity map and the inventory of flows as commands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from workbench.flows.fields import FIELDS as FLOW_FIELDS
from workbench.flows.model import Flow
from workbench.model.noun_fields import EDIT, Field, asked_by
from workbench.parity.decisions import Decision
from workbench.parity.fields import FIELDS
from workbench.parity.model import Difference
from workbench.parity.reviews import Review
from workbench.record import EntryView
from workbench.usecases.scripting.model import Act, Command, Line, Remark
from workbench.usecases.scripting.telling import (
    Telling,
    before_of,
    command,
    command_on,
    options,
    said,
    value_of,
)

_ASKED = asked_by(FIELDS, EDIT)
_FLOW_ASKED = asked_by(FLOW_FIELDS, EDIT)
_NEW = Difference(title="")
_NO_FLOW = Flow(key="", name="")
# What the record notes by itself when a row changes.
_NOTED = {"found_at", "decided_at"}
_READ = tuple(field for field in FIELDS if field.name != "severity_written")
_TYPED = tuple(field for field in FIELDS if field.verbs)


def differences(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """Rows of the map: several that were put in or edited at once are one command."""
    written = [entry for entry in entries if entry.verb in ("found", "edited")]
    if written and act.of("imported_difference"):
        rows = [_imported(telling, act, entry) for entry in written]
        unread = any(value_of(entry, Difference).severity_written for entry in written)
        yield taken_in("differences", rows, unread=unread)
    elif len(written) == 1 and _plain(written[0]):
        yield _one(telling, written[0])
    elif written:
        rows = [_row(telling, act, entry) for entry in written]
        yield applied("parity", rows, written[0].reason)
    yield from _decisions(telling, [entry for entry in entries if entry.verb == "decided"])
    for entry in entries:
        if entry.verb == "closed":
            ref = telling.difference(entry.before or {})
            yield command_on("parity remove", [ref], said(reason=entry.reason))


def _plain(entry: EntryView) -> bool:
    """Whether ``add`` and ``edit`` have an option for all that a row says."""
    if entry.before is None and entry.reason:
        return False
    asked = {field.name for field in _ASKED}
    before, after = before_of(entry, Difference) or _NEW, value_of(entry, Difference)
    changed = {name for name in after.__struct_fields__ if getattr(after, name) != getattr(before, name)}
    return not (changed - asked - {"found_at", "severity_written"})


def _one(telling: Telling, entry: EntryView) -> Command:
    before, after = before_of(entry, Difference), value_of(entry, Difference)
    if before is None:
        fields = [field for field in _ASKED if field.name != "title"]
        return command_on("parity add", [after.title], options(fields, _NEW, after, telling))
    ref = telling.difference(entry.before or {})
    said_so = options(_ASKED, before, after, telling)
    return command_on("parity edit", [ref], said_so, said(reason=entry.reason))


def applied(noun: str, rows: Sequence[str], reason: str | None) -> Command:
    """Several rows that were typed, as one act."""
    return Command((noun, "apply", *said(reason=reason), "-"), tuple(rows))


def taken_in(kind: str, rows: Sequence[str], *, unread: bool = False) -> Command:
    """Rows that came from a table, as a table of what they brought; cells that were ``unread`` are told again."""
    lines = [f"{row}," for row in rows[:-1]]
    words = ("import", kind, "-", "--take", "file")
    return Command(words, ("[", *lines, *rows[-1:], "]"), may_end=2 if unread else 0)


def _row(telling: Telling, act: Act, entry: EntryView) -> str:
    before, after = before_of(entry, Difference), value_of(entry, Difference)
    named = {"difference": telling.difference(entry.before or {})} if before else {}
    changed = changed_cells(telling, act, _TYPED, before, before or _NEW, after)
    return as_row(named | {field.name: telling.form(field, value) for field, value in changed})


def _imported(telling: Telling, act: Act, entry: EntryView) -> str:
    before, after = before_of(entry, Difference), value_of(entry, Difference)
    named = {"title": after.title} | ({"region": after.region} if after.region else {})
    changed = changed_cells(telling, act, _READ, before, before or _NEW, after)
    row = named | {field.name: field.write(value, telling.zone) for field, value in changed}
    if after.severity_written:
        row["severity"] = after.severity_written
    return as_row(row)


def changed_cells(
    telling: Telling, act: Act, fields: Iterable[Field], there: Any, before: Any, after: Any
) -> Iterator[tuple[Field, Any]]:
    """What a row changes, by field; of a new one not what the record notes by itself."""
    for field in fields:
        value = getattr(after, field.name)
        noted = field.name in _NOTED and (there is not None or telling.soon_after(act, value))
        if value != getattr(before, field.name) and not noted:
            yield field, value


def as_row(row: Mapping[str, str]) -> str:
    """A row as a line of JSON that holds nothing a terminal acts on."""
    text = msgspec.json.encode(row).decode()
    return text if text.isprintable() else "".join(map(_escaped, text))


def _escaped(letter: str) -> str:
    if letter.isprintable():
        return letter
    units = letter.encode("utf-16-be")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))


_FLAGS = {
    Decision.ACCEPT: "accept",
    Decision.MITIGATE: "mitigate",
    Decision.CLOSE: "close",
    Decision.IRRELEVANT: "no_matter",
    Decision.UNDECIDED: "undecided",
}


class _Decided(msgspec.Struct, frozen=True):
    """What several differences have in common that are decided by one command."""

    decision: Decision
    reason: str
    until: str
    mitigation: str
    owner: str
    up_to: str


def _decisions(telling: Telling, entries: Sequence[EntryView]) -> Iterator[Command]:
    found = [(entry, before_of(entry, Difference) or _NEW, value_of(entry, Difference)) for entry in entries]
    groups: dict[_Decided, list[str]] = defaultdict(list)
    for entry, before, after in found:
        groups[_decided(telling, before, after, found)].append(telling.difference(entry.before or {}))
    for what, refs in groups.items():
        said_so = said(
            **{_FLAGS[what.decision]: True},
            reason=what.reason,
            mitigation=what.mitigation,
            owner=what.owner,
            until=what.until,
            up_to=what.up_to,
        )
        yield command_on("parity decide", refs, said_so)


def _decided(
    telling: Telling,
    before: Difference,
    after: Difference,
    found: Sequence[tuple[EntryView, Difference, Difference]],
) -> _Decided:
    """What was said with a decision; what was there before need not be said again, but may be."""

    def new(name: str) -> str:
        value = str(getattr(after, name) or "")
        if getattr(after, name) != getattr(before, name):
            return value
        others = {getattr(one, name) for _, was, one in found if getattr(one, name) != getattr(was, name)}
        return value if value in others else ""

    return _Decided(
        after.decision, after.reason, telling.when(after.until), new("mitigation"), new("owner"), after.up_to
    )


def reviews(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """The map was reviewed for a release."""
    for entry in entries:
        review = value_of(entry, Review)
        flags = said(note=review.note, nothing_differs=review.nothing_differs)
        yield command("parity", "reviewed", flags, telling.of_release(review.release))


def flows(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """Flows of the inventory: several at once are one command."""
    promoted = [entry for entry in entries if entry.verb == "promoted"]
    written = [entry for entry in entries if entry.verb != "promoted"]
    if written and act.of("imported_flow"):
        yield taken_in("flows", [_imported_flow(telling, act, entry) for entry in written])
    elif len(written) == 1:
        yield _flow(telling, written[0])
    elif written:
        yield applied("flow", [_flow_row(telling, act, entry) for entry in written], written[0].reason)
    for entry in promoted:
        yield command("flow", "promote", value_of(entry, Flow).key)


def _flow(telling: Telling, entry: EntryView) -> Line:
    before, after = before_of(entry, Flow), value_of(entry, Flow)
    if entry.value is None:
        return Remark(f"flow {after.key} was removed")
    if before is None:
        new = Flow(key=after.key, name=after.key)
        return command("flow", "add", after.key, options(_FLOW_ASKED, new, after, telling))
    return command(
        "flow", "edit", after.key, options(_FLOW_ASKED, before, after, telling), said(reason=entry.reason)
    )


def _flow_row(telling: Telling, act: Act, entry: EntryView) -> str:
    before, after = before_of(entry, Flow), value_of(entry, Flow)
    changed = changed_cells(telling, act, _FLOW_ASKED, before, before or _NO_FLOW, after)
    row = {field.name: telling.form(field, value) for field, value in changed}
    return as_row({"flow" if before else "key": after.key} | row)


def _imported_flow(telling: Telling, act: Act, entry: EntryView) -> str:
    before, after = before_of(entry, Flow), value_of(entry, Flow)
    changed = changed_cells(telling, act, _FLOW_ASKED, before, before or _NO_FLOW, after)
    return as_row(
        {"key": after.key} | {field.name: field.write(value, telling.zone) for field, value in changed}
    )
