"""Two releases or candidates side by side: what turned, what is new, what was decided; for both front ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import tzinfo
from typing import Any, TypeVar

import msgspec

from workbench.criteria import Verdict
from workbench.model.text import number_of, safe_text
from workbench.model.times import moment_text, zone_of
from workbench.notes.changes import coverage_words
from workbench.signoff.holding import Currency
from workbench.usecases.comparing_releases import Compared, Side
from workbench.usecases.comparing_releases import compare as compare
from workbench.usecases.comparing_releases import known_refs as known_refs
from workbench.usecases.context import Context
from workbench.usecases.reporting.judgement import (
    ChecklistReport,
    DifferenceReport,
    ExceptionReport,
    GateReport,
    SignatureReport,
    VerdictReport,
)
from workbench.usecases.views.gates import gate_mark, gate_words
from workbench.usecases.views.marks import Mark

SCHEMA = "workbench.comparison.1"
T = TypeVar("T")


class ComparedLine(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is otherwise: what each side says of it, "" where a side lacks it; ``mark`` is how it stands in the second."""

    key: str
    title: str
    before: str = ""
    after: str = ""
    note: str = ""
    mark: Mark = Mark.OPEN


class ComparedGroup(msgspec.Struct, frozen=True, kw_only=True):
    """Things of one sort that are otherwise; ``same`` counts those that are not, ``why`` says what cannot be told."""

    key: str
    title: str
    lines: tuple[ComparedLine, ...] = ()
    same: int = 0
    why: str = ""

    @property
    def words(self) -> str:
        """How much is otherwise: ``2 changed, 5 the same``."""
        if self.why:
            return self.why
        return ", ".join(
            [f"{len(self.lines):,} changed", *([f"{self.same:,} the same"] if self.same else [])]
        )


class ComparedSide(msgspec.Struct, frozen=True, kw_only=True):
    """One side: its name, its build, its state in a word with a mark, and as of when it was judged."""

    ref: str
    title: str
    version: str
    commit: str
    state: str
    mark: Mark
    judged: str
    kept: bool


class ComparisonView(msgspec.Struct, frozen=True, kw_only=True):
    """The whole comparison; ``groups`` are all there are, in their order, also those in which nothing changed."""

    one: ComparedSide
    other: ComparedSide
    headline: str
    groups: tuple[ComparedGroup, ...]

    @property
    def changed(self) -> tuple[ComparedGroup, ...]:
        """The groups that have something to tell."""
        return tuple(group for group in self.groups if group.lines or group.why)


def read_comparison(context: Context, one: str, other: str) -> ComparisonView:
    """The comparison of two releases or candidates by what a person calls them; ``UsageError`` where that fails."""
    return comparison(compare(context, one, other), context.zone)


def comparison(found: Compared, zone: tzinfo) -> ComparisonView:
    """What :func:`compare` found, in words."""
    one, other = found.one.report, found.other.report
    groups = (
        _gates(one.gates, other.gates),
        _verdicts(one.verdicts, other.verdicts),
        _differences(_every_difference(found.one), _every_difference(found.other)),
        _items(one.checklists, other.checklists),
        _exceptions("overrides", "Overrides", one.overrides, other.overrides, zone),
        _exceptions("quarantines", "Quarantined checks", one.quarantines, other.quarantines, zone),
        _signatures(found),
        _definitions(found),
        _flows(found),
        _commits(found),
    )
    return ComparisonView(
        one=_side(found.one),
        other=_side(found.other),
        headline=_headline(groups),
        groups=groups,
    )


def _side(side: Side) -> ComparedSide:
    report = side.report
    zone = zone_of(report.timezone)
    through = bool(report.gates) and all(gate.through for gate in report.gates)
    blocked = any(gate_mark(gate) is Mark.BLOCKS for gate in report.gates)
    judged = f"as judged for {moment_text(report.judged_at, zone)}"
    if side.kept:
        judged = f"as judged when it went out, {moment_text(report.judged_at, zone)}"
    elif side.replaced_at is not None:
        judged = f"by the record of today, for {moment_text(report.judged_at, zone)}, when another candidate replaced it"
    return ComparedSide(
        ref=side.ref,
        title=side.title,
        version=side.version,
        commit=side.candidate.commit if side.candidate else "",
        state=report.state.words if side.replaced_at is None else "replaced",
        mark=Mark.DONE if through else Mark.BLOCKS if blocked else Mark.UNDER_WAY,
        judged=judged,
        kept=side.kept,
    )


def _headline(groups: Iterable[ComparedGroup]) -> str:
    """How much of each sort is otherwise: ``1 gate, 3 verdicts``."""
    counts = [(len(group.lines), group.title.lower()) for group in groups if group.lines]
    if not counts:
        return "nothing that is compared differs"
    return "changed: " + ", ".join(f"{title} {count:,}" for count, title in counts)


# --- one group each ------------------------------------------------------------------------------


def _group(
    key: str,
    title: str,
    before: Mapping[str, T],
    after: Mapping[str, T],
    line: Callable[[str, T | None, T | None], ComparedLine | None],
) -> ComparedGroup:
    """What ``line`` says of each thing that either side has, in the order of the second; the rest is the same."""
    places = [*after, *(place for place in before if place not in after)]
    told = [line(place, before.get(place), after.get(place)) for place in places]
    lines = tuple(each for each in told if each is not None)
    return ComparedGroup(key=key, title=title, lines=lines, same=len(told) - len(lines))


def _gates(before: Iterable[GateReport], after: Iterable[GateReport]) -> ComparedGroup:
    def line(key: str, old: GateReport | None, new: GateReport | None) -> ComparedLine | None:
        then, now = (gate_words(gate) if gate else "not there" for gate in (old, new))
        if then == now:
            return None
        gate = new or old
        assert gate is not None
        mark = gate_mark(new) if new else Mark.NOT_APPLICABLE
        return ComparedLine(key=key, title=gate.title, before=then, after=now, mark=mark)

    return _group("gates", "Gates", _by_key(before), _by_key(after), line)


_BAD = (
    Verdict.FAIL,
    Verdict.ERROR,
    Verdict.MISSING,
    Verdict.STALE,
    Verdict.NO_BASELINE,
    Verdict.INCONCLUSIVE,
)


def _verdicts(before: Iterable[VerdictReport], after: Iterable[VerdictReport]) -> ComparedGroup:
    def line(key: str, old: VerdictReport | None, new: VerdictReport | None) -> ComparedLine | None:
        if old is not None and new is not None and (old.verdict, old.mode) == (new.verdict, new.mode):
            return None
        item = new or old
        assert item is not None
        return ComparedLine(
            key=key,
            title=item.title,
            before=_verdict_words(old),
            after=_verdict_words(new),
            note=new.worked_out.headline if new is not None and new.arithmetic is not None else "",
            mark=_verdict_mark(new),
        )

    return _group("verdicts", "Verdicts that turned", _by_key(before), _by_key(after), line)


def _verdict_words(item: VerdictReport | None) -> str:
    if item is None:
        return "not judged"
    value = item.arithmetic.value_text if item.arithmetic is not None else ""
    return f"{item.verdict.words.alone}, {item.mode.value}" + (f" ({value})" if value else "")


def _verdict_mark(item: VerdictReport | None) -> Mark:
    if item is None:
        return Mark.NOT_APPLICABLE
    if item.verdict is Verdict.PASS:
        return Mark.DONE
    if item.verdict is Verdict.LEARNING:
        return Mark.LEARNING
    if item.overridden_until or item.quarantined_until:
        return Mark.EXCEPTED
    return Mark.BLOCKS if item.blocking and item.verdict in _BAD and not item.through else Mark.WARNS


def _every_difference(side: Side) -> dict[str, DifferenceReport]:
    report = side.report
    return {item.id: item for item in (*report.differences, *report.parity.others)}


def _differences(
    before: Mapping[str, DifferenceReport], after: Mapping[str, DifferenceReport]
) -> ComparedGroup:
    def line(key: str, old: DifferenceReport | None, new: DifferenceReport | None) -> ComparedLine | None:
        then, now = _difference_words(old), _difference_words(new)
        if then == now:
            return None
        item = new or old
        assert item is not None
        mark = Mark.NOT_APPLICABLE if new is None else Mark.WARNS if new.undecided else Mark.DONE
        if new is not None and new.undecided and new.severity.value == "high":
            mark = Mark.BLOCKS
        return ComparedLine(key=key, title=item.title, before=then, after=now, mark=mark)

    return _group("differences", "Differences", before, after, line)


def _difference_words(item: DifferenceReport | None) -> str:
    if item is None:
        return "not listed"
    decision = "undecided" if item.undecided else item.decision.value.replace("_", " ")
    return f"{item.severity.value}, {decision}"


def _items(before: Iterable[ChecklistReport], after: Iterable[ChecklistReport]) -> ComparedGroup:
    """Items that stand otherwise; a report lists those that are not done, so what it does not list is done."""
    then, now = _by_key(before), _by_key(after)
    old = {place: words for each in then.values() for place, words in _item_states(each)}
    new = {place: words for each in now.values() for place, words in _item_states(each)}

    def line(key: str, was: tuple[str, str] | None, is_: tuple[str, str] | None) -> ComparedLine | None:
        checklist = key.partition("/")[0]
        states = [
            found[1] if found else "done" if checklist in listed else "not asked"
            for found, listed in ((was, then), (is_, now))
        ]
        if states[0] == states[1]:
            return None
        title = (is_ or was or ("", ""))[0]
        mark = {"done": Mark.DONE, "failed": Mark.BLOCKS, "open": Mark.OPEN}.get(
            states[1], Mark.NOT_APPLICABLE
        )
        return ComparedLine(key=key, title=title, before=states[0], after=states[1], mark=mark)

    return _group("checklists", "Checklist answers", old, new, line)


def _item_states(found: ChecklistReport) -> Iterator[tuple[str, tuple[str, str]]]:
    for item in found.items:
        yield f"{found.key}/{item.key}", (item.title, item.state.value.replace("_", " "))


def _exceptions(
    key: str, title: str, before: Iterable[ExceptionReport], after: Iterable[ExceptionReport], zone: tzinfo
) -> ComparedGroup:
    def words(item: ExceptionReport | None) -> str:
        if item is None:
            return "none"
        ended = ", ended" if getattr(item, "ended", False) else ""
        return f"until {item.until.astimezone(zone).date().isoformat()}, approved by {item.approver}{ended}"

    def line(part: str, old: ExceptionReport | None, new: ExceptionReport | None) -> ComparedLine | None:
        if words(old) == words(new):
            return None
        item = new or old
        assert item is not None
        mark = Mark.EXCEPTED if new is not None else Mark.NOT_APPLICABLE
        return ComparedLine(
            key=part, title=item.title, before=words(old), after=words(new), note=item.reason, mark=mark
        )

    old, new = ({item.part: item for item in found} for found in (before, after))
    return _group(key, title, old, new, line)


def _signatures(found: Compared) -> ComparedGroup:
    """Who signed which gate of each, and by what change a signature is out of date."""
    old, new = (dict(_signed(side)) for side in (found.one, found.other))

    def line(key: str, was: SignatureReport | None, is_: SignatureReport | None) -> ComparedLine | None:
        then, now = _signature_words(was), _signature_words(is_)
        out_of_date = is_ is not None and is_.currency is Currency.OUT_OF_DATE
        if then == now and not out_of_date:
            return None
        note = "; ".join(is_.changes) if is_ is not None and is_.changes else ""
        mark = (
            Mark.OPEN
            if is_ is None
            else Mark.BLOCKS
            if is_.stops
            else Mark.DONE
            if is_.counts
            else Mark.WARNS
        )
        return ComparedLine(key=key, title=key, before=then, after=now, note=note, mark=mark)

    return _group("signatures", "Signatures", old, new, line)


def _signed(side: Side) -> Iterator[tuple[str, SignatureReport]]:
    for gate in side.report.gates:
        for item in gate.signatures:
            yield f"{gate.title}: {item.person}, {item.role.replace('-', ' ')}", item


def _signature_words(item: SignatureReport | None) -> str:
    if item is None:
        return "not signed"
    return f"{item.decision.value.replace('_', ' ')}, {item.currency.value.replace('_', ' ')}"


def _definitions(found: Compared) -> ComparedGroup:
    title = "Definitions"
    if found.definitions is None:
        return ComparedGroup(
            key="definitions", title=title, why="they differ; one of them is not kept here, so not in what"
        )
    lines = tuple(
        ComparedLine(
            key=f"{name}/{key}" if key else name,
            title=f"{name.replace('_', ' ')}: {key}" if key else name.replace("_", " "),
            before="" if done == "added" else "there",
            after=done,
            mark=Mark.WARNS,
        )
        for name, key, done in found.definitions
    )
    return ComparedGroup(key="definitions", title=title, lines=lines)


def _flows(found: Compared) -> ComparedGroup:
    lines = tuple(
        ComparedLine(
            key=item.flow,
            title=item.title,
            after=f"{number_of(item.files, 'file')}, first {item.first}",
            note="" if item.measured else "not measured on this candidate",
            mark=Mark.DONE if item.measured else Mark.WARNS,
        )
        for item in found.other.report.touched
    )
    return ComparedGroup(key="flows", title="Flows that the second one touches", lines=lines)


def _commits(found: Compared) -> ComparedGroup:
    lines = tuple(
        ComparedLine(
            key=line.key,
            title=f"{line.scope}: {line.text}" if line.scope else line.text,
            after=line.group.heading,
            note=", ".join(line.people),
            mark=Mark.OPEN,
        )
        for line in found.commits.lines
    )
    coverage = found.commits.coverage
    told = [words for words, _ in coverage_words(coverage)]
    return ComparedGroup(
        key="commits", title="Commits", lines=lines, why="" if coverage.since else " ".join(told)
    )


def _by_key(items: Iterable[Any]) -> dict[str, Any]:
    return {item.key: item for item in items}


# --- as text and for programs --------------------------------------------------------------------


def comparison_lines(view: ComparisonView) -> Iterator[str]:
    """The comparison as lines of text; groups without a change are told in the last one."""
    for side in (view.one, view.other):
        commit = f", commit {side.commit[:12]}" if side.commit else ""
        yield f"{side.mark.symbol} {safe_text(side.title, 200)}{commit}: {side.state}, {side.judged}"
    yield view.headline
    for group in view.changed:
        yield ""
        yield f"{group.title}: {group.words}"
        for line in group.lines:
            yield from _said(line)
    same = [group.title.lower() for group in view.groups if not group.lines and not group.why]
    if same:
        yield ""
        yield f"no change: {', '.join(same)}"


def _said(line: ComparedLine) -> Iterator[str]:
    turned = " → ".join(text for text in (line.before, line.after) if text)
    yield f"  {line.mark.symbol} {safe_text(line.title, 300)}: {safe_text(turned, 300)}"
    if line.note:
        yield f"      {safe_text(line.note, 600)}"


def document(view: ComparisonView) -> dict[str, Any]:
    """The comparison for programs: ``workbench.comparison.1``."""
    return {
        "schema": SCHEMA,
        "one": _side_document(view.one),
        "other": _side_document(view.other),
        "groups": [
            {
                "group": group.key,
                "title": group.title,
                "unknown": group.why or None,
                "same": group.same,
                "lines": [_line_document(line) for line in group.lines],
            }
            for group in view.groups
        ],
    }


def _side_document(side: ComparedSide) -> dict[str, Any]:
    return {
        "ref": side.ref,
        "title": side.title,
        "version": side.version,
        "commit": side.commit or None,
        "state": side.state,
        "mark": side.mark.word,
        "judged": side.judged,
        "kept": side.kept,
    }


def _line_document(line: ComparedLine) -> dict[str, Any]:
    return {
        "key": line.key,
        "title": line.title,
        "before": line.before or None,
        "after": line.after or None,
        "note": line.note,
        "mark": line.mark.word,
    }
