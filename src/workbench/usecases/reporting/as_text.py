"""The report of a gate for a terminal: every line safe, the state first."""

from __future__ import annotations

from workbench.gates.model import RequirementState, State
from workbench.model.text import safe_text
from workbench.model.times import day_text, moment_text, zone_of
from workbench.usecases.reporting.judgement import GateReport, Judgement, SignatureReport
from workbench.usecases.reporting.words import (
    ADVISORY,
    CANNOT_TELL,
    MARK,
    NOT_COVERED,
    SINCE,
    UNSEALED,
    cannot_tell,
    not_covered,
    short_why,
    shown_parts,
    state_words,
)
from workbench.usecases.views.clearing import command
from workbench.usecases.views.exceptions import TITLE as OVERRIDES_TO_MIND
from workbench.usecases.views.exceptions import standing_line, to_mind
from workbench.usecases.views.gates import gate_line, part_mark, requirement_mark, signature_mark
from workbench.usecases.views.next_step import NextSteps


def text_report(found: Judgement, gate: GateReport, reader: str = "", *, advisory: bool = False) -> str:
    """All gates in a line each, this one in full, what changed since, and the next step for a reader."""
    lines = [*_head(found), *([ADVISORY] if advisory else []), ""]
    width = max(len(item.title) for item in found.gates)
    for item in found.gates:
        pointer = "▸" if item.key == gate.key else " "
        lines.append(f"{pointer} {item.title:<{width}}  {_state(found, item)}")
    lines += ["", f"{gate.title}: {_state(found, gate)}"]
    for requirement in gate.requirements:
        lines += _requirement(requirement, kept=bool(found.kept))
    lines += [f"  · {text}" for text in gate.remarks]
    for word in gate.signatures:
        said = f"{word.who} ({word.role}): {word.why}{_conditions(word, found.timezone)}{_identity(word)}"
        lines.append(f"  {signature_mark(word).symbol} {said}")
    if minded := to_mind(found):
        lines += ["", f"{OVERRIDES_TO_MIND}:", *(f"  {standing_line(item)}" for item in minded)]
    if limits := cannot_tell(found.verdicts_of(gate), zone_of(found.timezone)):
        lines += ["", f"{CANNOT_TELL}:", *(f"  {text}: {titles}" for text, titles in limits)]
    if missing := not_covered(found.not_covered):
        lines += ["", f"{NOT_COVERED}:", *(f"  {what}: {flows}" for what, flows in missing)]
    if found.since:
        lines += ["", f"{SINCE}:", *(f"  {text}" for text in found.since)]
    if found.ending is None and (fix := _next(found, gate, reader)):
        lines += ["", f"next: {fix}"]
    return "\n".join(safe_text(line) for line in lines)


def _next(found: Judgement, gate: GateReport, reader: str) -> str:
    """The command that comes next, in the gates before this one first; what was kept reads as it did."""
    if found.kept:
        step = next((r.step for r in gate.requirements if r.state is State.NOT_MET and r.step), None)
        return command(step)
    return NextSteps(found, reader).first((*found.before(gate), gate)).command


def _state(found: Judgement, gate: GateReport) -> str:
    """A gate's state; what was kept reads as it did."""
    return state_words(gate.state, gate.set_up) if found.kept else gate_line(gate)


def _identity(word: SignatureReport) -> str:
    """How it is known who said it; a report of before there were keys reads as it did."""
    return "" if word.key is None else f"; {word.identity or 'asserted identity'}"


def _conditions(word: SignatureReport, timezone: str) -> str:
    """What an approval that counts depends on, and until when that has to be met."""
    if not (word.counts and word.conditions and word.conditions_due):
        return ""
    kept = f" (kept: {word.condition_kept})" if word.condition_kept else ""
    return f", on condition by {day_text(word.conditions_due, zone_of(timezone))}: {word.conditions}{kept}"


def _head(found: Judgement) -> list[str]:
    commit = f" {found.candidate.commit[:7]}" if found.candidate else ""
    lines = [f"{found.project} {found.title}{commit}"]
    if found.demonstration:
        lines.append(f"demonstration, clock set to {moment_text(found.made_at, zone_of(found.timezone))}")
    if found.unsealed:
        lines.append(UNSEALED)
    if found.sealed:
        lines.append(f"judged from an excerpt, {found.sealed}")
    if found.kept:
        lines.append(found.kept)
    return lines


def _requirement(requirement: RequirementState, *, kept: bool) -> list[str]:
    mark = MARK[requirement.state] if kept else requirement_mark(requirement).symbol
    lines = [f"  {mark} {requirement.title}: {short_why(requirement)}"]
    for part in shown_parts(requirement):
        sign = MARK[part.state] if kept else part_mark(part).symbol
        lines.append(f"      {sign} {part.title}: {part.why}")
    return lines
