"""What the release's kinds of change ask for has been measured on the candidate."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from workbench.gates.bound import NOT_MEASURED, Bound
from workbench.gates.changes import ASKED as MEASURES
from workbench.gates.changes import Asked, Measured, by_change, carries_none, names_kinds
from workbench.gates.facts import Facts, Need
from workbench.gates.kind import Alteration, Kind, Rest, Since
from workbench.gates.kinds.changes_measured import KIND as ASKED
from workbench.gates.kinds.changes_measured import ChangesMeasuredConfig
from workbench.gates.model import Part, State, Weight
from workbench.gates.turn import ANYBODY
from workbench.model.canonical import plain
from workbench.model.changes import CHANGE_KINDS
from workbench.model.steps import Job, Step

NO_KINDS = "changes/kinds"


class ChangesMeasured(Kind[ChangesMeasuredConfig]):
    asked = ASKED
    lists = True

    def needs(self, asks: ChangesMeasuredConfig) -> Iterable[Need[Any]]:
        return (MEASURES,)

    def title(self, asks: ChangesMeasuredConfig, facts: Facts) -> str:
        return "What this kind of change asks for is measured"

    def parts(self, asks: ChangesMeasuredConfig, facts: Facts) -> Iterable[Part]:
        if not names_kinds(facts):
            yield _unsaid()
        elif carries_none(facts):
            yield Part(
                key=NO_KINDS,
                title="Kinds of change",
                state=State.NOT_APPLICABLE,
                why="the release carries none of them",
                about="release",
            )
        asked = facts(MEASURES)
        for change, found in by_change(asked).items():
            if asks.enough == "one":
                yield _one_of(change, found, facts, asks)
            else:
                yield from (_part(item, facts, asks) for item in found)

    def rests(self, asks: ChangesMeasuredConfig, facts: Facts) -> Iterable[Rest]:
        for item in facts(MEASURES):
            title = f"{item.words} ({item.change})"
            stands = {"measured": item.state is Measured.YES}
            yield Rest(key=f"{item.change}/{item.measure.value}", title=title, stands=plain(stands))

    def change(self, old: Rest | None, new: Rest | None, since: Since) -> Alteration | None:
        if old is None or new is None:
            one = new or old
            words = (
                f"“{one.title if one else ''}” is {'asked for now' if old is None else 'no longer asked for'}"
            )
            return Alteration(words)
        words = "was measured" if new.stands["measured"] else "is not measured now"
        return Alteration(f"“{new.title}” {words}", follows=since.new_candidate)

    def summary(
        self, asked: Sequence[ChangesMeasuredConfig], facts: Facts, overridden: Collection[str] = ()
    ) -> str:
        found = facts(MEASURES)
        done = sum(item.state is Measured.YES for item in found)
        return f"{done} of {len(found)} things measured that the kinds of change ask for" if found else ""


def _unsaid() -> Part:
    return Part(
        key=NO_KINDS,
        title="Kinds of change named",
        state=State.NOT_MET,
        why="nobody has said which kinds of change the release carries",
        about="release",
        step=Step(Job.NAME_CHANGES),
        weight=Weight.TO_DO,
        turn=ANYBODY,
    )


def _part(item: Asked, facts: Facts, asks: ChangesMeasuredConfig) -> Part:
    met = item.state is Measured.YES
    return Part(
        key=f"change/{item.change}/{item.measure.value}",
        title=f"{item.words[:1].upper()}{item.words[1:]} ({CHANGE_KINDS[item.change]})",
        state=State.MET if met else State.NOT_MET,
        why=item.why,
        about=f"benchmark/{item.benchmark}" if item.benchmark else "release",
        step=None if met else _step(item, facts, asks),
        turn=None if met else ANYBODY,
        bound=None if met else Bound(stands=NOT_MEASURED),
    )


def _one_of(change: str, found: Sequence[Asked], facts: Facts, asks: ChangesMeasuredConfig) -> Part:
    done = [item for item in found if item.state is Measured.YES]
    nearest = min(found, key=lambda item: list(Measured).index(item.state))
    words = ", ".join(item.words for item in done or found)
    return Part(
        key=f"change/{change}",
        title=f"One measurement for: {CHANGE_KINDS[change]}",
        state=State.MET if done else State.NOT_MET,
        why=f"measured: {words}" if done else f"none of these is measured: {words}",
        about="release",
        step=None if done else _step(nearest, facts, asks),
        turn=None if done else ANYBODY,
        bound=None if done else Bound(stands=NOT_MEASURED),
    )


def _step(item: Asked, facts: Facts, asks: ChangesMeasuredConfig) -> Step:
    """What helps: to measure what can be, or to say in the files what measures it."""
    if facts.candidate is None:
        return Step(Job.PROPOSE_CANDIDATE)
    if item.state is Measured.NO_VALUE:
        return Step(Job.FETCH)
    for gate in facts.project.gates:
        for requirement in gate.requires:
            if requirement.config == asks or (requirement.kind == ASKED.name and requirement.config is None):
                place = facts.definitions.mark("gate", gate.key, f"requires.{requirement.key}")
                if place is not None:
                    return Step(Job.EDIT_DEFINITIONS, f"{place} ")
    return Step(Job.CHECK_FILES)


KIND = ChangesMeasured()
