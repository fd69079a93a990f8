"""The report of a gate as Markdown, for pull requests and CI summaries."""

from __future__ import annotations

from workbench.gates.model import RequirementState
from workbench.model.markdown import markdown_text as md
from workbench.model.times import moment_text, zone_of
from workbench.usecases.reporting.judgement import GateReport, Judgement
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
from workbench.usecases.views.gates import gate_line, part_mark, requirement_mark


def markdown_report(found: Judgement, gate: GateReport, *, advisory: bool = False) -> str:
    """The gate's requirements and benchmarks as tables, and what changed since as a list."""
    state = state_words(gate.state, gate.set_up) if found.kept else gate_line(gate)
    lines = [f"## {md(gate.title)}: {state}", "", _judged(found), ""]
    if advisory:
        lines += [f"**{md(ADVISORY)}**", ""]
    if found.unsealed:
        lines += [f"**{md(UNSEALED)}**", ""]
    if found.sealed:
        lines += [f"_judged from an excerpt, {md(found.sealed)}_", ""]
    if found.kept:
        lines += [f"_{md(found.kept)}_", ""]
    if found.demonstration:
        lines += ["_A demonstration: its clock is set, its measurements are replayed._", ""]
    lines += ["| | Requirement | Why |", "| --- | --- | --- |"]
    for item in gate.requirements:
        lines += _requirement(item, kept=bool(found.kept))
    if gate.remarks:
        lines += ["", *(f"- {md(text)}" for text in gate.remarks)]
    lines += _benchmarks(found, gate)
    if limits := cannot_tell(found.verdicts_of(gate), zone_of(found.timezone)):
        lines += ["", f"### {CANNOT_TELL}", "", *(f"- {md(text)}: {md(titles)}" for text, titles in limits)]
    if missing := not_covered(found.not_covered):
        lines += ["", f"### {NOT_COVERED}", "", *(f"- {md(what)}: {md(flows)}" for what, flows in missing)]
    if found.since:
        lines += ["", f"### {SINCE}", "", *(f"- {md(text)}" for text in found.since)]
    return "\n".join(lines) + "\n"


def _requirement(item: RequirementState, *, kept: bool) -> list[str]:
    """A requirement and each of its open lines as rows; what was kept reads as it did."""
    if kept:
        return [f"| {MARK[item.state]} | {md(item.title)} | {md(item.why)} |"]
    rows = [f"| {requirement_mark(item).symbol} | {md(item.title)} | {md(short_why(item))} |"]
    rows += [
        f"| {part_mark(part).symbol} | – {md(part.title)} | {md(part.why)} |" for part in shown_parts(item)
    ]
    return rows


def _judged(found: Judgement) -> str:
    commit = f", commit `{found.candidate.commit[:7]}`" if found.candidate else ""
    at = moment_text(found.made_at, zone_of(found.timezone))
    return f"{md(found.project)} {md(found.title)}{commit}, judged {at}"


def _benchmarks(found: Judgement, gate: GateReport) -> list[str]:
    if not gate.benchmarks:
        return []
    lines = ["", "| Benchmark | Mode | Verdict | Why |", "| --- | --- | --- | --- |"]
    for item in found.verdicts_of(gate):
        verdict = item.verdict.value.replace("_", " ")
        lines.append(f"| {md(item.title)} | {item.mode.value} | {verdict} | {md(item.worked_out.why)} |")
    return lines
