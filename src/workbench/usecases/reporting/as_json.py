"""A gate as a document: for ``gate --json``, and as what a person who signs is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from workbench.criteria.report import number as plain_number
from workbench.flows.coverage import Uncovered
from workbench.gates.model import Origin, Part, RequirementState, State
from workbench.gates.score import TierRollUp
from workbench.model.canonical import decimal_text, plain
from workbench.model.times import to_text
from workbench.parity.decisions import Decision
from workbench.parity.touching import Touching
from workbench.parity.words import decision_words
from workbench.usecases.reporting import statistics
from workbench.usecases.reporting.judgement import (
    DifferenceReport,
    ExceptionReport,
    GateReport,
    Judgement,
    OverrideReport,
    ProbeReport,
    SignatureReport,
    StatementReport,
    VerdictReport,
)
from workbench.usecases.views.clearing import command
from workbench.usecases.views.next_step import NextSteps

SCHEMA = "workbench.gate.1"
SHOWN = "workbench.shown.1"


def gate_document(found: Judgement, gate: GateReport, reader: str = "") -> dict[str, Any]:
    """What ``gate --json`` prints: the gate as it was judged, with the commands that clear it for a reader.

    ``kept`` and ``since`` say something where a shipped release is shown from what was kept.
    """
    head = {"ledger_head": found.head}
    steps = NextSteps(found, reader)
    # What was kept reads as it did.
    written = (lambda part: command(part.step)) if found.kept else (lambda part: steps.of(part).command)
    document = {
        **_document(found, gate, plain_number, _with_fixes(written), head),
        "remarks": list(gate.remarks),
        "tiers": [_tier(item) for item in gate.tiers],
        "chance": {"checks": gate.chance.checks, "expected": plain_number(gate.chance.expected)},
        "quarantines": [_exception(item) for item in found.quarantines],
        "overrides": [_override(item) for item in found.overrides if not item.ended],
    }
    document.setdefault("into", None)
    signatures = [_signature(item) for item in gate.signatures]
    return {
        "schema": SCHEMA,
        **document,
        "signoffs": signatures,
        "unsealed": found.unsealed,
        "sealed": found.sealed,
        "kept": found.kept,
        "since": list(found.since),
    }


def signed_document(
    found: Judgement, gate: GateReport, titles: Mapping[tuple[str, str], str]
) -> dict[str, Any]:
    """What a person who signs is shown, fit for canonical JSON.

    It names no command and no screen, and does not move with the ledger's tail or with
    other people's signatures.  ``titles`` are of what the basis goes by, by kind and key.
    """
    document = _document(found, gate, _text, _shown_requirement)
    asked = [item for item in document["requirements"] if item["kind"] != Origin.SIGNATURES]
    rests = [{"kind": kind, "key": key, "title": title} for (kind, key), title in titles.items()]
    more: dict[str, Any] = {
        "statement": _statement(found.statement),
        "probes": [_probe(item) for item in found.probes],
    }
    if gate.remarks:
        more["remarks"] = list(gate.remarks)
    if found.quarantines:
        more["quarantines"] = [_exception(item) for item in found.quarantines]
    return {"schema": SHOWN, **document, "requirements": asked, **more, "rests_on": rests}


def _probe(item: ProbeReport) -> dict[str, Any]:
    return {"key": item.key, "title": item.title, "proven": item.proven, "proof": item.words}


def _statement(item: StatementReport | None) -> dict[str, Any] | None:
    if item is None:
        return None
    sentences = [
        {"topic": each.topic.words, "text": each.text, "misfits": list(each.misfits)}
        for each in item.sentences
    ]
    return {"kept": item.kept, "by": item.by or None, "sentences": sentences}


def _document(
    found: Judgement,
    gate: GateReport,
    number: statistics.Number,
    requirement: Callable[[RequirementState], dict[str, Any]],
    head: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, Any]:
    candidate = found.candidate
    return {
        "project": found.project,
        "project_key": found.project_key,
        "release": found.version,
        "candidate": {"name": candidate.name, "commit": candidate.commit} if candidate else None,
        "gate": gate.key,
        "title": gate.title,
        **({"into": gate.into} if gate.into else {}),
        "state": gate.state.value,
        "set_up": gate.set_up,
        **head,
        "evaluated_at": to_text(found.made_at),
        "demonstration": found.demonstration is not None,
        "gates": [
            {"key": item.key, "title": item.title, "state": item.state.value} for item in found.before(gate)
        ],
        "requirements": [requirement(item) for item in gate.requirements],
        "verdicts": [verdict_document(item, number) for item in found.verdicts_of(gate)],
        "differences": [_difference(item) for item in found.differences],
        "not_covered": [_uncovered(item) for item in found.not_covered],
        "overrides": [{**_exception(item), **_said_of(item)} for item in found.overrides if not item.ended],
    }


def _difference(item: DifferenceReport) -> dict[str, Any]:
    return {
        "title": item.title,
        "severity": item.severity.value,
        "staging": item.staging,
        "production": item.production,
        "decision": decision_words(Decision.UNDECIDED if item.undecided else item.decision),
        "reason": item.reason or item.mitigation,
        "until": to_text(item.until) if item.until else None,
    }


def _uncovered(item: Uncovered) -> dict[str, Any]:
    return {"flow": item.flow, "name": item.name, "gaps": [gap.words for gap in item.gaps]}


def _exception(item: ExceptionReport) -> dict[str, Any]:
    return {
        "part": item.part,
        "title": item.title,
        "reason": item.reason,
        "author": item.author,
        "approver": item.approver,
        "until": to_text(item.until),
    }


def _said_of(item: OverrideReport) -> dict[str, Any]:
    """Up to what an override holds and what its author answered, where that was asked when it was proposed."""
    said: dict[str, Any] = {"up_to": item.bound.words} if item.bound is not None else {}
    if item.answers is not None:
        said["answers"] = [{"question": label, "answer": text} for label, text in item.answers.told]
    return said


def _override(item: OverrideReport) -> dict[str, Any]:
    """The same with the bound to be compared with, what was seen, and how it stands now."""
    return {
        **_exception(item),
        "up_to": item.bound.words if item.bound is not None else "",
        "answers": [],
        **_said_of(item),
        "bound": plain(item.bound) if item.bound is not None else None,
        "seen": item.seen.why if item.seen is not None else "",
        "needed": item.needed,
        "covers": item.covers,
        "standing": item.standing,
    }


def _tier(item: TierRollUp) -> dict[str, Any]:
    return {
        "tier": item.tier.value,
        "blocking": item.blocking,
        "through": item.through,
        "excepted": item.excepted,
        "advisory": item.advisory,
    }


def _shown_requirement(item: RequirementState) -> dict[str, Any]:
    return {
        "key": item.key or "",
        "kind": item.kind,
        "title": item.title,
        "state": item.state.value,
        "why": item.why,
        "parts": [_shown_part(part) for part in item.parts if part.state is not State.MET],
    }


def _shown_part(part: Part) -> dict[str, Any]:
    return {"key": part.key, "title": part.title, "state": part.state.value, "why": part.why}


def _with_fixes(written: Callable[[Part], str]) -> Callable[[RequirementState], dict[str, Any]]:
    """Shows a requirement as those who sign see it, with the commands that clear it, as ``written``."""

    def shown(item: RequirementState) -> dict[str, Any]:
        fixes = {part.key: written(part) for part in item.parts if part.state is State.NOT_MET}
        parts = [
            {**_shown_part(part), "fix": fixes.get(part.key, "")}
            for part in item.parts
            if part.state is not State.MET
        ]
        requirement = _shown_requirement(item)
        del requirement["parts"]
        return {**requirement, "fix": next(filter(None, fixes.values()), ""), "parts": parts}

    return shown


def verdict_document(item: VerdictReport, number: statistics.Number = plain_number) -> dict[str, Any]:
    """One verdict with its arithmetic; its numbers as ``number`` writes them."""
    numbers = item.worked_out
    return {
        "benchmark": item.key,
        "title": item.title,
        "flow": item.flow,
        "dimension": item.dimension.value if item.dimension else None,
        "mode": item.mode.value,
        "verdict": item.verdict.value,
        "why": numbers.why,
        "value": number(numbers.measured),
        "unit": numbers.unit,
        "baseline": number(numbers.baseline),
        "limit": number(numbers.limit),
        "margin": number(numbers.margin),
        "margin_percent": number(rounded(numbers.margin_percent)),
        "samples": item.samples if item.usable else None,
        "window": item.window,
        "rule": item.rule or numbers.asks,
        "measured_at": to_text(item.measured_at) if item.measured_at else None,
        "remarks": list(item.remarks),
        "looks": item.looks,
        "failed_looks": item.failed_looks,
        "chance": number(item.chance),
        "evidence": list(numbers.evidence),
        "cannot_tell": [_touching(found) for found in item.cannot_tell],
        "cannot_tell_more": item.cannot_tell_more,
        **({"statistics": statistics.document(numbers.figures, number)} if numbers.figures else {}),
    }


def _touching(item: Touching) -> dict[str, Any]:
    return {
        "id": item.id,
        "title": item.title,
        "severity": item.severity.value,
        "decision": "undecided" if item.undecided else "accepted",
        "until": to_text(item.until) if item.until else None,
    }


def rounded(percent: Decimal | None) -> Decimal | None:
    """A percentage with at most two decimals; nothing where it is too large to mean anything."""
    if percent is None or abs(percent) >= 10**20:
        return None
    return Decimal(decimal_text(percent.quantize(Decimal("0.01"))))


def _text(value: Decimal | None) -> str | None:
    return decimal_text(value) if value is not None else None


def _signature(item: SignatureReport) -> dict[str, Any]:
    return {
        "person": item.person,
        "for_person": item.for_person,
        "role": item.role,
        "decision": item.decision.value,
        "at": to_text(item.at),
        "state": item.currency.value,
        "why": item.why,
        "identity": item.identity,
        "key": item.key,
        "shown": item.shown,
        "basis": item.basis,
        "comment": item.comment,
        "conditions": item.conditions,
        "conditions_due": to_text(item.conditions_due) if item.conditions_due else None,
        "condition_kept": item.condition_kept,
        "needed": item.needed,
        "needed_from": item.needed_from,
    }
