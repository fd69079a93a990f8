"""What a person reads before signing, in a few lines: the same on screen, on paper and in the terminal."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, tzinfo

import msgspec

from workbench.checklists.model import ItemView
from workbench.criteria import Verdict
from workbench.definitions.shapes import Person
from workbench.gates.kinds import ChecklistConfig
from workbench.gates.model import RequirementState, State
from workbench.model.times import moment_text, parse_duration
from workbench.parity.model import Decision, undecided
from workbench.signoff.basis import judged_of
from workbench.signoff.conclude import Concluded
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.signing import policy_of, since_last_looked


class Line(msgspec.Struct, frozen=True):
    """A label and what there is to say."""

    label: str
    text: str


_WORDS = {
    Verdict.PASS: "pass",
    Verdict.WARN: "warn",
    Verdict.FAIL: "fail",
    Verdict.MISSING: "without data",
    Verdict.ERROR: "could not be asked",
    Verdict.STALE: "too old",
    Verdict.LEARNING: "learning",
    Verdict.NO_BASELINE: "with nothing to compare",
}


def sheet(evaluation: Evaluation, concluded: Concluded, person: Person, zone: tzinfo) -> list[Line]:
    """What is seen, what changed since this person last looked, who is still to sign, until when."""
    lines = [Line("You see", text) for text in _seen(evaluation, concluded)]
    lines += [Line("Since you signed", text) for text in since_last_looked(evaluation, concluded, person.key)]
    lines += [Line("Not yet", f"{item.title}: {item.why}") for item in _unmet(concluded)]
    lines += [Line("Still to sign", text) for text in _still(concluded, person)]
    lines.append(Line("Open until", moment_text(_until(evaluation, concluded), zone)))
    lines.append(Line("Meaning", policy_of(concluded).meaning))
    return _once(lines)


def _unmet(concluded: Concluded) -> list[RequirementState]:
    """What keeps the gate from being approved; rejecting is possible."""
    return [r for r in concluded.requirements if r.state is State.NOT_MET and r.kind != "signatures"][:3]


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
    upto = []
    for item in evaluation.gates:
        upto.append(item)
        if item is concluded:
            break
    judged = {j.key: j for item in upto for j in judged_of(item.result, evaluation.facts)}
    found = []
    if judged:
        counts = Counter(item.verdict for item in judged.values())
        words = ", ".join(
            f"{count} {_WORDS[verdict]}" for verdict, count in sorted(counts.items(), key=_order)
        )
        found.append(f"{len(judged)} benchmarks: {words}")
    overridden = [
        part
        for item in upto
        for requirement in item.requirements
        for part in requirement.parts
        if part.state is State.OVERRIDDEN
    ]
    found += [f"{part.title}: {part.why}" for part in overridden]
    found.append(_differences(evaluation))
    items = [view for item in upto for r in item.gate.requires for view in _views(evaluation, r.config)]
    if items:
        done = sum(view.complete for view in items)
        found.append(f"{done} of {len(items)} checklist items answered")
    return found


def _order(pair: tuple[Verdict, int]) -> int:
    return list(_WORDS).index(pair[0])


def _views(evaluation: Evaluation, config: object) -> tuple[ItemView, ...]:
    if not isinstance(config, ChecklistConfig):
        return ()
    return evaluation.facts.checklists.get(config.checklist, ())


def _differences(evaluation: Evaluation) -> str:
    grave = [value for _, value in evaluation.facts.differences]
    open_ = sum(undecided(value, evaluation.facts.now) for value in grave)
    accepted = sum(value.decision is Decision.ACCEPT for value in grave)
    words = f"{open_} of them undecided" if open_ else "none of them undecided"
    return f"{len(grave)} grave differences, {accepted} accepted, {words}"


def _still(concluded: Concluded, person: Person) -> list[str]:
    found = []
    for role in concluded.roles:
        if role.missing:
            name = role.role.replace("-", " ")
            others = [key for key in role.can if key != person.key]
            you = "you" if person.key in role.can else ""
            who = " or ".join(part for part in (you, *others) if part) or "nobody has this role"
            found.append(f"{name} ({who})")
    return found or ["nobody: every signature is given"]


def _until(evaluation: Evaluation, concluded: Concluded) -> datetime:
    opening = concluded.opening
    if (
        opening is not None
        and opening.until > evaluation.now
        and opening.candidate == evaluation.held.candidate_id
    ):
        return opening.until
    return evaluation.now + parse_duration(policy_of(concluded).open_for)
