"""The gate report: one document, printed as JSON, text or Markdown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from workbench.benchmarks.judge import Judged
from workbench.criteria.report import number as plain_number
from workbench.gates.evaluate import verdicts
from workbench.gates.model import GateState, Origin, Override, Part, RequirementState, State, Weight
from workbench.model.canonical import decimal_text
from workbench.model.markdown import markdown_text
from workbench.model.text import safe_text
from workbench.model.times import moment_text, to_text
from workbench.parity.model import Decision, Difference, undecided
from workbench.parity.words import decision_words
from workbench.signoff.conclude import Concluded, SignOffView
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.views.clearing import command

SCHEMA = "workbench.gate.1"
SHOWN = "workbench.shown.1"


def gate_document(evaluation: Evaluation, concluded: Concluded) -> dict[str, Any]:
    """What ``gate --json`` prints: the gate as it is judged, with the commands that clear it."""
    head = {"ledger_head": evaluation.head.chain}
    document = _document(evaluation, concluded, plain_number, _requirement, head)
    return {"schema": SCHEMA, **document, "signoffs": [_signoff(view) for view in concluded.signoffs]}


def shown_document(evaluation: Evaluation, concluded: Concluded) -> dict[str, Any]:
    """What a person who signs is shown, fit for canonical JSON.

    It names no command and no screen, and does not move with the ledger's tail or with
    other people's signatures.  ``rests_on`` says what the things are called that the basis
    goes by.
    """
    document = _document(evaluation, concluded, _text, _shown_requirement)
    asked = [item for item in document["requirements"] if item["kind"] != Origin.SIGNATURES]
    sections = evaluation.bases.of(concluded.gate.key).sections
    titles = {(item.kind, item.key): item.title for item in sections if item.title not in ("", item.key)}
    rests = [{"kind": kind, "key": key, "title": title} for (kind, key), title in titles.items()]
    return {"schema": SHOWN, **document, "requirements": asked, "rests_on": rests}


_Number = Callable[[Decimal | None], Any]


def _document(
    evaluation: Evaluation,
    concluded: Concluded,
    number: _Number,
    requirement: Callable[[RequirementState], dict[str, Any]],
    head: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, Any]:
    held = evaluation.held
    candidate = held.candidate
    return {
        "project": evaluation.project,
        "project_key": evaluation.project_key,
        "release": held.release.version,
        "candidate": {"name": candidate.name, "commit": candidate.commit} if candidate else None,
        "gate": concluded.gate.key,
        "title": concluded.gate.title,
        "state": concluded.state.value,
        "set_up": concluded.result.set_up,
        **head,
        "evaluated_at": to_text(evaluation.now),
        "demonstration": evaluation.demonstration is not None,
        "gates": [
            {"key": item.gate.key, "title": item.gate.title, "state": item.state.value}
            for item in _upto(evaluation, concluded)
        ],
        "requirements": [requirement(item) for item in concluded.requirements],
        "verdicts": [verdict_document(item, number) for item in _judged(evaluation, concluded)],
        "differences": [_difference(value, evaluation) for _, value in evaluation.differences],
        "overrides": [_override(value) for value in evaluation.overrides if value.until > evaluation.now],
    }


def _upto(evaluation: Evaluation, concluded: Concluded) -> list[Concluded]:
    """The gates before this one."""
    return list(evaluation.gates[: evaluation.gates.index(concluded)])


def _difference(value: Difference, evaluation: Evaluation) -> dict[str, Any]:
    open_ = undecided(value, evaluation.now)
    return {
        "title": value.title,
        "severity": value.severity.value,
        "staging": value.staging,
        "production": value.production,
        "decision": decision_words(Decision.UNDECIDED if open_ else value.decision),
        "reason": value.reason or value.mitigation,
        "until": to_text(value.until) if value.until else None,
    }


def _override(value: Override) -> dict[str, Any]:
    return {
        "part": value.part,
        "title": value.title,
        "reason": value.reason,
        "author": value.author,
        "approver": value.approver,
        "until": to_text(value.until),
    }


def _judged(evaluation: Evaluation, concluded: Concluded) -> list[Judged]:
    """The benchmarks of a gate; a gate that only collects signatures shows all of them."""
    if not concluded.gate.requires:
        return list(evaluation.judged)
    found = verdicts(concluded.gate, evaluation.facts)
    return [item for item in evaluation.judged if item.key in found]


def _shown_requirement(item: RequirementState) -> dict[str, Any]:
    return {
        "key": item.key,
        "kind": item.kind,
        "title": item.title,
        "state": item.state.value,
        "why": item.why,
        "parts": [_shown_part(part) for part in item.parts if part.state is not State.MET],
    }


def _shown_part(part: Part) -> dict[str, Any]:
    return {"key": part.key, "title": part.title, "state": part.state.value, "why": part.why}


def _requirement(item: RequirementState) -> dict[str, Any]:
    """As shown to those who sign, with the command that clears it."""
    shown = _shown_requirement(item)
    del shown["parts"]
    parts = [part for part in item.parts if part.state is not State.MET]
    fixed = [{**_shown_part(part), "fix": _fix(part)} for part in parts]
    return {**shown, "fix": command(item.step), "parts": fixed}


def _fix(part: Part) -> str:
    return command(part.step) if part.state is State.NOT_MET else ""


def verdict_document(item: Judged, number: _Number = plain_number) -> dict[str, Any]:
    """One verdict with its arithmetic; its numbers as ``number`` writes them."""
    benchmark, outcome, value = item.resolved.benchmark, item.outcome, item.value
    measured = value if value and value.state == "ok" else None
    return {
        "benchmark": benchmark.key,
        "title": benchmark.title,
        "flow": benchmark.flow,
        "dimension": benchmark.dimension.value if benchmark.dimension else None,
        "mode": item.resolved.mode.value,
        "verdict": outcome.verdict.value,
        "why": item.why,
        "value": number(_in_unit(item)),
        "unit": item.resolved.unit.symbol,
        "baseline": number(item.baseline_value),
        "limit": number(outcome.limit),
        "margin": number(outcome.margin),
        "margin_percent": number(_rounded(outcome.margin_percent)),
        "samples": measured.samples if measured else None,
        "window": measured.window if measured else benchmark.measure.window,
        "rule": outcome.rule or (str(item.resolved.pass_) if item.resolved.pass_ else ""),
        "measured_at": to_text(value.measured_at) if value else None,
        "remarks": list(item.remarks),
        "evidence": [*(value.evidence if value else ()), *(item.baseline.evidence if item.baseline else ())],
    }


def _in_unit(item: Judged) -> Decimal | None:
    from workbench.benchmarks.judge import in_unit

    return in_unit(item.resolved, item.value) if item.value and item.value.state == "ok" else None


def _rounded(value: Decimal | None) -> Decimal | None:
    return value.quantize(Decimal("0.01")) if value is not None else None


def _text(value: Decimal | None) -> str | None:
    return decimal_text(value) if value is not None else None


def _signoff(view: SignOffView) -> dict[str, Any]:
    value = view.signoff
    return {
        "person": value.person,
        "role": value.role,
        "decision": value.decision.value,
        "at": to_text(value.at),
        "state": view.currency.value,
        "why": view.why,
        "identity": value.identity,
        "shown": value.shown,
        "basis": value.basis,
        "comment": value.comment,
    }


_MARK = {State.MET: "✓", State.NOT_MET: "✗", State.OVERRIDDEN: "⊘", State.NOT_APPLICABLE: "–"}
_STATE = {GateState.BLOCKED: "✗ blocked", GateState.READY: "✓ ready", GateState.SIGNED: "✓ signed"}


def state_words(concluded: Concluded) -> str:
    """A gate's state with its mark, in words."""
    return _STATE[concluded.state] if concluded.result.set_up else "– not set up"


def text_report(evaluation: Evaluation, concluded: Concluded) -> str:
    """The report for a terminal: every line safe, the state first."""
    held, candidate = evaluation.held, evaluation.held.candidate
    commit = f" {candidate.commit[:7]}" if candidate else ""
    lines = [f"{evaluation.project} {held.title}{commit}"]
    if evaluation.demonstration:
        lines.append(f"demonstration, clock set to {moment_text(evaluation.now, evaluation.facts.zone)}")
    lines.append("")
    width = max(len(item.gate.title) for item in evaluation.gates)
    for item in evaluation.gates:
        pointer = "▸" if item is concluded else " "
        lines.append(f"{pointer} {item.gate.title:<{width}}  {state_words(item)}")
    lines += ["", f"{concluded.gate.title}: {state_words(concluded)}"]
    for requirement in concluded.requirements:
        lines += _requirement_lines(requirement)
    for view in concluded.signoffs:
        lines.append(
            f"  {'✓' if view.counts else '▲'} {view.signoff.person} ({view.signoff.role}): {view.why}"
        )
    step = next((r.step for r in concluded.requirements if r.state is State.NOT_MET and r.step), None)
    if step:
        lines += ["", f"next: {command(step)}"]
    return "\n".join(safe_text(line) for line in lines)


def _requirement_lines(requirement: RequirementState) -> list[str]:
    many = len(requirement.parts) > 1
    why = _short(requirement) if many else requirement.why
    lines = [f"  {_MARK[requirement.state]} {requirement.title}: {why}"]
    if many:
        shown = [part for part in requirement.parts if part.state in (State.NOT_MET, State.OVERRIDDEN)]
        lines += [f"      {_MARK[part.state]} {part.title}: {part.why}" for part in shown]
    return lines


def _short(requirement: RequirementState) -> str:
    total = len(requirement.parts)
    unmet = sum(part.state is State.NOT_MET for part in requirement.parts)
    return f"{unmet} of {total} not met" if unmet else f"all {total} met or overridden"


def markdown_report(evaluation: Evaluation, concluded: Concluded) -> str:
    """The report as Markdown, for pull requests and CI summaries."""
    held, candidate = evaluation.held, evaluation.held.candidate
    md = markdown_text
    commit = f", commit `{candidate.commit[:7]}`" if candidate else ""
    lines = [f"## {md(concluded.gate.title)}: {state_words(concluded)}", ""]
    lines += [
        f"{md(evaluation.project)} {md(held.title)}{commit}, judged {moment_text(evaluation.now, evaluation.facts.zone)}",
        "",
    ]
    if evaluation.demonstration:
        lines += ["_A demonstration: its clock is set, its measurements are replayed._", ""]
    lines += ["| | Requirement | Why |", "| --- | --- | --- |"]
    for item in concluded.requirements:
        lines.append(f"| {_MARK[item.state]} | {md(item.title)} | {md(item.why)} |")
    judged = _judged(evaluation, concluded)
    if judged:
        lines += ["", "| Benchmark | Mode | Verdict | Why |", "| --- | --- | --- | --- |"]
        for entry in judged:
            verdict = entry.verdict.value.replace("_", " ")
            lines.append(f"| {md(entry.title)} | {entry.resolved.mode.value} | {verdict} | {md(entry.why)} |")
    return "\n".join(lines) + "\n"


def exit_code(evaluation: Evaluation, concluded: Concluded) -> int:
    """CRITERIA 4: 1 before 3, and 3 only when nothing but errors blocks, in earlier gates too."""
    if concluded.state is not GateState.BLOCKED:
        return 0
    place = [item.gate.key for item in evaluation.gates].index(concluded.gate.key)
    unmet = [
        part
        for item in evaluation.gates[: place + 1]
        for requirement in item.requirements
        for part in requirement.parts
        if part.state is State.NOT_MET and requirement.origin is not Origin.EARLIER
        if part.weight is not Weight.TO_SIGN or item.gate.key != concluded.gate.key
    ]
    return 3 if unmet and all(part.unasked for part in unmet) else 1
