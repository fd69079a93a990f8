"""No difference of a severity, or a higher one, is undecided."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from workbench.checklists.model import Fact
from workbench.definitions.shapes import Severity
from workbench.gates.approvals import Proposal
from workbench.gates.bound import Bound
from workbench.gates.facts import Facts, Need
from workbench.gates.kind import Alteration, Kind, Rest, Since
from workbench.gates.kinds.differences_decided import KIND as ASKED
from workbench.gates.kinds.differences_decided import DifferencesDecidedConfig
from workbench.gates.model import Part, State, Weight
from workbench.gates.needs import DIFFERENCE_COUNT, DIFFERENCES, LEFT_BY_ONE, OVERTAKEN, REVIEW
from workbench.gates.turn import ANYBODY
from workbench.model.canonical import digest, plain
from workbench.model.steps import Job, Step
from workbench.model.text import safe_text
from workbench.parity.decisions import Decision
from workbench.parity.model import Difference, expired, falls_short, overtaken, undecided
from workbench.parity.reviews import nothing_differs
from workbench.parity.words import decision_of, decision_words

_SHOWN = 100  # characters of a value in a sentence


class DifferencesDecided(Kind[DifferencesDecidedConfig]):
    asked = ASKED
    lists = True
    fact = "differences_decided"

    def needs(self, asks: DifferencesDecidedConfig) -> Iterable[Need[Any]]:
        return (DIFFERENCES[asks.at_least], OVERTAKEN[asks.at_least], LEFT_BY_ONE, DIFFERENCE_COUNT, REVIEW)

    def title(self, asks: DifferencesDecidedConfig, facts: Facts) -> str:
        return f"No {asks.at_least.value} difference undecided"

    def parts(self, asks: DifferencesDecidedConfig, facts: Facts) -> Iterable[Part]:
        chosen, changes = facts(DIFFERENCES[asks.at_least]), facts(OVERTAKEN[asks.at_least])
        yield from (_part(ident, value, facts, changes.get(ident, "")) for ident, value in chosen)
        if not chosen:
            holds, why = _none(asks.at_least, facts)
            yield Part(
                key="parity/differences",
                title="" if holds else self.title(asks, facts),
                state=State.MET if holds else State.NOT_MET,
                why=why,
                about="difference",
                step=None if holds else Step(Job.FILL_MAP),
                weight=Weight.TO_DO,
                turn=None if holds else ANYBODY,
                after="" if holds else "parity/reviewed",
            )

    def moments(self, asks: DifferencesDecidedConfig, facts: Facts) -> Iterable[datetime]:
        return (value.until for _, value in facts(DIFFERENCES[asks.at_least]) if value.until is not None)

    def rests(self, asks: DifferencesDecidedConfig, facts: Facts) -> Iterable[Rest]:
        changes = facts(OVERTAKEN[asks.at_least])
        for ident, difference in facts(DIFFERENCES[asks.at_least]):
            ended = expired(difference, facts.now)
            stands = {
                "severity": difference.severity,
                "decision": difference.decision,
                "until": difference.until,
                "ended": True if ended else None,
                "overtaken": True if overtaken(difference) else None,
                "lacks": falls_short(difference) or None,
                "waits": True if ident in facts(LEFT_BY_ONE) else None,
            }
            yield Rest(
                key=ident,
                title=difference.title,
                stands=plain(stands),
                ended=ended,
                told=changes.get(ident, ""),
            )

    def change(self, old: Rest | None, new: Rest | None, since: Since) -> Alteration | None:
        if old is None:
            return Alteration(f"difference “{new.title if new else ''}” was added")
        if new is None:
            gone = "it was removed from the map, or its severity was lowered"
            return Alteration(f"difference “{old.title}” is no longer required: {gone}")
        then, now, title = old.stands, new.stands, new.title
        if then["decision"] != now["decision"]:
            words = (decision_words(Decision(each["decision"])) for each in (then, now))
            return Alteration(f"difference “{title}”: {' → '.join(words)}")
        if now.get("waits") != then.get("waits"):
            waits = (
                "is waiting for a second person" if now.get("waits") else "was approved by a second person"
            )
            return Alteration(f"the decision on “{title}” {waits}")
        if now.get("lacks") != then.get("lacks"):
            lacks = now.get("lacks")
            return Alteration(
                f"the decision on “{title}” " + (f"needs {lacks}" if lacks else "is complete now")
            )
        if now.get("overtaken") and not then.get("overtaken"):
            which = f": {new.told}" if new.told else ""
            return Alteration(f"the decision on “{title}” was made on other values{which}")
        if then.get("overtaken") and not now.get("overtaken"):
            return Alteration(f"the decision on “{title}” applies to its values again")
        if new.ended and not then.get("ended"):
            return Alteration(f"the decision on “{title}” has ended", lapse=True)
        if then.get("until") != now.get("until"):
            return Alteration(f"the decision on “{title}” ends at another time")
        return Alteration(f"difference “{title}”: {then['severity']} → {now['severity']}")

    def answer(self, asked: Sequence[DifferencesDecidedConfig], facts: Facts) -> Fact:
        high = facts(DIFFERENCES[Severity.HIGH])
        open_ = [
            (ident, value.title)
            for ident, value in high
            if undecided(value, facts.now) or ident in facts(LEFT_BY_ONE)
        ]
        if not high:
            return Fact(*_none(Severity.HIGH, facts), Step(Job.FILL_MAP), part="parity/differences")
        if not open_:
            return Fact(True, "every high one is decided")
        titles = ", ".join(title for _, title in open_[:3])
        first = open_[0][0]
        return Fact(
            False,
            f"undecided: {titles}",
            Step(Job.DECIDE_DIFFERENCE, first),
            part=f"difference/{first}",
        )


def _none(severity: Severity, facts: Facts) -> tuple[bool, str]:
    """Whether it is enough that no difference is asked about, and why: an empty map says nothing by itself."""
    if count := facts(DIFFERENCE_COUNT):
        return (
            True,
            f"none of {count} differences is {severity.value}"
            if count > 1
            else f"the one difference is not {severity.value}",
        )
    return nothing_differs(facts(REVIEW))


def _part(ident: str, difference: Difference, facts: Facts, changes: str) -> Part:
    """A difference as a line of a gate; ``changes`` is what changed after its decision."""
    waits = facts(LEFT_BY_ONE).get(ident)
    if waits is not None:
        return _waiting(ident, difference, waits)
    open_ = undecided(difference, facts.now)
    flows = ", ".join(difference.flows) or "no flow named"
    why = f"undecided, {difference.severity.value}: {flows}"
    if difference.decision is not Decision.UNDECIDED:
        why = decision_of(difference, facts.now, facts.zone, changes)
    return Part(
        key=f"difference/{ident}",
        title=difference.title,
        state=State.NOT_MET if open_ else State.MET,
        why=why,
        about=f"difference/{ident}",
        step=Step(Job.DECIDE_DIFFERENCE, ident) if open_ else None,
        weight=Weight.RISK if not open_ and difference.until else Weight.BLOCKS,
        until=difference.until if not open_ else None,
        turn=ANYBODY if open_ else None,
        bound=_bound(difference) if open_ else None,
    )


def _waiting(ident: str, difference: Difference, waits: Proposal) -> Part:
    """A high difference that one person has accepted: undecided until a second one has acted."""
    job = Job.DECIDE_DIFFERENCE if waits.rejected else Job.APPROVE
    return Part(
        key=f"difference/{ident}",
        title=difference.title,
        state=State.NOT_MET,
        why=waits.why,
        about=f"difference/{ident}",
        step=Step(job, ident),
        proposal=ident,
        turn=ANYBODY if waits.rejected else waits.able.turn,
        bound=_bound(difference),
    )


def _bound(difference: Difference) -> Bound:
    """Both values and the severity: whatever of them changes, another difference was seen."""
    facts = [difference.staging, difference.production, difference.severity.value, difference.region]
    staging, production = (
        safe_text(one, _SHOWN) or "nothing" for one in (difference.staging, difference.production)
    )
    told = f"{staging} in staging, {production} in production, {difference.severity.value}"
    return Bound(stands=told, ids=(digest(facts),))


KIND = DifferencesDecided()
