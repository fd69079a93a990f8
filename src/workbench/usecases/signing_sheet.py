"""What a person reads before signing, in a few lines: the same on screen, on paper and in the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, tzinfo
from typing import Any

import msgspec

from workbench.definitions.shapes import Gate, Person
from workbench.gates.evaluate import kind_of
from workbench.gates.kinds import KINDS
from workbench.gates.model import RequirementState, State
from workbench.model.text import number_of
from workbench.model.times import moment_text, parse_duration
from workbench.parity.decisions import Decision
from workbench.parity.model import undecided
from workbench.signoff.conclude import Concluded
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.parity_statement import read_statement
from workbench.usecases.reporting import words
from workbench.usecases.reporting.making import not_covered, probes, verdict_report
from workbench.usecases.reporting.remarks import benchmarks_of, remarks_of
from workbench.usecases.signing import policy_of, since_last_looked
from workbench.usecases.views.statement import headline

_NAMED = 3  # so many probes are named


class Line(msgspec.Struct, frozen=True):
    """A label and what there is to say."""

    label: str
    text: str


def sheet(evaluation: Evaluation, concluded: Concluded, person: Person, zone: tzinfo) -> list[Line]:
    """What is seen, what changed since this person last looked, who is still to sign, until when."""
    lines = [Line("You see", text) for text in _seen(evaluation, concluded)]
    lines += [Line("In doubt", text) for text in _cannot_tell(evaluation, concluded, zone)]
    lines += [Line("Not covered", text) for text in _not_covered(evaluation)]
    lines += [Line("Statement", text) for text in _statement(evaluation)]
    lines += [Line("Since you signed", text) for text in since_last_looked(evaluation, concluded, person.key)]
    lines += [Line("Not yet", f"{item.title}: {item.why}") for item in _unmet(concluded)]
    lines += [Line("Still to sign", text) for text in _still(concluded, person)]
    lines.append(Line("Open until", moment_text(_until(evaluation, concluded), zone)))
    lines.append(Line("Meaning", policy_of(concluded).meaning))
    return _once(lines)


def _unmet(concluded: Concluded) -> list[RequirementState]:
    """What keeps the gate from being approved; rejecting is possible."""
    return list(concluded.unmet[:3])


def _once(lines: list[Line]) -> list[Line]:
    """A label stands once; the lines below it go without."""
    last = ""
    found = []
    for line in lines:
        found.append(Line("" if line.label == last else line.label, line.text))
        last = line.label
    return found


def _seen(evaluation: Evaluation, concluded: Concluded) -> list[str]:
    """The figures of this gate and of those before it."""
    upto = evaluation.gates[: evaluation.gates.index(concluded) + 1]
    overridden = [part for item in upto for part in item.parts if part.state is State.OVERRIDDEN]
    return [
        *_summaries(evaluation, [item.gate for item in upto], {part.key for part in overridden}),
        *(f"{part.title}: {part.why}" for part in overridden),
        *dict.fromkeys(text for item in upto for text in remarks_of(evaluation, item)),
        _differences(evaluation),
        *_probes(evaluation),
    ]


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


def _cannot_tell(evaluation: Evaluation, concluded: Concluded, zone: tzinfo) -> list[str]:
    """Which differences put the benchmarks of this gate and of those before it in doubt."""
    upto = evaluation.gates[: evaluation.gates.index(concluded) + 1]
    asked = {key for gate in upto if gate.gate.requires for key in benchmarks_of(evaluation, gate)}
    found = (verdict_report(item, evaluation) for item in evaluation.judged if item.key in asked)
    return [f"{text}: {titles}" for text, titles in words.cannot_tell(found, zone, most=3)]


def _not_covered(evaluation: Evaluation) -> list[str]:
    """FI-5: what is not covered, and of which flows."""
    return [f"{what}: {flows}" for what, flows in words.not_covered(not_covered(evaluation), most=3)]


def _statement(evaluation: Evaluation) -> list[str]:
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


def _probes(evaluation: Evaluation) -> list[str]:
    """How many probes there are, and those of which nobody knows that they can fail."""
    found = probes(evaluation)
    unproven = [each.title for each in found if not each.proven]
    if not found:
        return []
    count = number_of(len(found), "probe")
    if not unproven:
        return [f"{count}: all proven"]
    more = f" and {len(unproven) - _NAMED} more" if len(unproven) > _NAMED else ""
    return [f"{count}: {len(unproven)} unproven, never seen to fail: {', '.join(unproven[:_NAMED])}{more}"]


def _still(concluded: Concluded, person: Person) -> list[str]:
    found = []
    for role in concluded.roles:
        if role.missing:
            name = role.role.replace("-", " ")
            others = [key for key in role.can if key != person.key]
            you = "you" if person.key in role.can else ""
            who = " or ".join(part for part in (you, *others) if part) or "no one has this role"
            found.append(f"{name} ({who})")
    return found or ["none: every signature is in"]


def _until(evaluation: Evaluation, concluded: Concluded) -> datetime:
    opening = concluded.opening
    if (
        opening is not None
        and opening.until > evaluation.now
        and opening.candidate == evaluation.held.candidate_id
    ):
        return opening.until
    return evaluation.now + parse_duration(policy_of(concluded).open_for)
