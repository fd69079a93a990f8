"""What a gate's figures come to, in a few lines for whoever signs; ``views/signing_session.py`` lays them out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, tzinfo
from typing import Any

from workbench.definitions.shapes import Gate
from workbench.gates.evaluate import kind_of
from workbench.gates.kinds import KINDS
from workbench.gates.model import Part, State
from workbench.model.text import number_of
from workbench.model.times import parse_duration
from workbench.parity.decisions import Decision
from workbench.parity.model import undecided
from workbench.signoff.conclude import Concluded
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.parity_statement import read_statement
from workbench.usecases.reporting import words
from workbench.usecases.reporting.making import not_covered, verdict_report
from workbench.usecases.reporting.remarks import benchmarks_of, remarks_of
from workbench.usecases.signing import policy_of
from workbench.usecases.views.statement import headline


def seen(evaluation: Evaluation, concluded: Concluded) -> list[str]:
    """The figures of this gate and of those before it."""
    gates = upto(evaluation, concluded)
    overridden = {part.key for part in overridden_parts(evaluation, concluded)}
    return [
        *_summaries(evaluation, [item.gate for item in gates], overridden),
        *dict.fromkeys(text for item in gates for text in remarks_of(evaluation, item)),
        _differences(evaluation),
    ]


def upto(evaluation: Evaluation, concluded: Concluded) -> Sequence[Concluded]:
    """A gate and those before it."""
    return evaluation.gates[: evaluation.gates.index(concluded) + 1]


def overridden_parts(evaluation: Evaluation, concluded: Concluded) -> list[Part]:
    """What was let past in a gate and in those before it."""
    gates = upto(evaluation, concluded)
    found = {part.key: part for item in gates for part in item.parts if part.state is State.OVERRIDDEN}
    return list(found.values())


def _summaries(evaluation: Evaluation, gates: Sequence[Gate], overridden: Collection[str]) -> list[str]:
    """A line about all requirements of a kind, for each kind that has something to say."""
    asked: dict[str, list[Any]] = {}
    for gate in gates:
        for requirement in gate.requires:
            kind, asks = kind_of(requirement)
            asked.setdefault(kind.name, []).append(asks)
    lines = (
        KINDS[name].summary(asked[name], evaluation.facts, overridden) for name in KINDS if name in asked
    )
    return [line for line in lines if line]


def cannot_tell(evaluation: Evaluation, concluded: Concluded, zone: tzinfo) -> list[str]:
    """Which differences put the benchmarks of this gate and of those before it in doubt."""
    asked = {
        key
        for gate in upto(evaluation, concluded)
        if gate.gate.requires
        for key in benchmarks_of(evaluation, gate)
    }
    found = (verdict_report(item, evaluation) for item in evaluation.judged if item.key in asked)
    return [f"{text}: {titles}" for text, titles in words.cannot_tell(found, zone, most=3)]


def uncovered(evaluation: Evaluation) -> list[str]:
    """FI-5: what is not covered, and of which flows."""
    return [f"{what}: {flows}" for what, flows in words.not_covered(not_covered(evaluation), most=3)]


def statement_lines(evaluation: Evaluation) -> list[str]:
    """The levels of the parity statement, whether somebody kept it, and the sentences that no longer fit."""
    found = read_statement(evaluation)
    levels = [
        f"{item.claim.topic.words.casefold()} {figure.value}"
        for item in found.sentences
        for figure in item.claim.figures
        if figure.name == "level"
    ]
    if not levels:
        return []
    wrong = [f"no longer fits: {item.claim.text}" for item in found.misfitting]
    return [f"{', '.join(levels)}; {headline(found)}", *wrong]


_DECIDED = {
    Decision.CLOSE: "closing",
    Decision.MITIGATE: "mitigated",
    Decision.ACCEPT: "accepted",
    Decision.IRRELEVANT: "irrelevant",
}


def _differences(evaluation: Evaluation) -> str:
    """The high differences, counted by what was decided about each; a decision that has run out is none."""
    high = [value for _, value in evaluation.differences]
    counts = Counter(
        "undecided" if undecided(value, evaluation.facts.now) else _DECIDED[value.decision] for value in high
    )
    words = [f"{counts[each]} {each}" for each in ("undecided", *_DECIDED.values()) if counts[each]]
    return number_of(len(high), "high-severity difference") + (f": {', '.join(words)}" if words else "")


def open_until(evaluation: Evaluation, concluded: Concluded) -> datetime:
    opening = concluded.opening
    if (
        opening is not None
        and opening.until > evaluation.now
        and opening.candidate == evaluation.held.candidate_id
    ):
        return opening.until
    return evaluation.now + parse_duration(policy_of(concluded).open_for)
