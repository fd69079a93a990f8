"""Staging has not drifted further from production than the project allows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from workbench.gates import probed
from workbench.gates.bound import of_things
from workbench.gates.facts import Facts, Need
from workbench.gates.kind import Alteration, Kind, Rest, Since
from workbench.gates.kinds.drift_budget import KIND as ASKED
from workbench.gates.kinds.drift_budget import DriftBudgetConfig, fits
from workbench.gates.model import Part, State
from workbench.gates.probed import DIFFERING, LATEST, Look, look
from workbench.gates.turn import ANYBODY
from workbench.model.canonical import plain
from workbench.model.steps import Job, Step
from workbench.model.text import number_of
from workbench.model.times import parse_duration
from workbench.parity.drift import Differing


class DriftBudget(Kind[DriftBudgetConfig]):
    asked = ASKED
    lists = True

    def needs(self, asks: DriftBudgetConfig) -> Iterable[Need[Any]]:
        return (LATEST, DIFFERING)

    def title(self, asks: DriftBudgetConfig, facts: Facts) -> str:
        what = asks.category.value if asks.category else "parameter"
        kept = f"At most {number_of(asks.at_most, f'{what} difference' if asks.category else what)}"
        where = f" in {asks.region}" if asks.region else ""
        return f"{kept} drifted{where}" if not asks.category else f"{kept}{where}"

    def parts(self, asks: DriftBudgetConfig, facts: Facts) -> Iterable[Part]:
        looks = _looks(asks, facts)
        for found in looks:
            if found.wrong:
                yield probed.unusable(found, key=f"drift/{found.probe.key}")
        if looks:
            yield _budget(asks, facts, looks)

    def nothing(self, asks: DriftBudgetConfig, facts: Facts) -> str:
        return f"no probe looks at the region “{asks.region}”" if asks.region else "there are no probes"

    def only_time(self, asks: DriftBudgetConfig, facts: Facts) -> bool:
        looks = _looks(asks, facts)
        wrong = [found for found in looks if found.wrong]
        return (
            bool(wrong) and all(found.late for found in wrong) and _kept(asks, _counted(asks, facts, looks))
        )

    def moments(self, asks: DriftBudgetConfig, facts: Facts) -> Iterable[datetime]:
        yield from probed.turns_at((each.probe for each in _looks(asks, facts)), facts, _within(asks))
        ends = (each.until for found in facts(DIFFERING).values() for each in found)
        yield from (until for until in ends if until is not None)

    def rests(self, asks: DriftBudgetConfig, facts: Facts) -> Iterable[Rest]:
        looks = _looks(asks, facts)
        kept = _kept(asks, _counted(asks, facts, looks))
        yield Rest(key=_key(asks), title=self.title(asks, facts), stands=plain({"kept": kept}))
        for found in looks:
            if found.wrong:
                stands = plain(probed.rest_of(found))
                yield Rest(key=found.probe.key, title=found.title, stands=stands, ended=found.late)

    def change(self, old: Rest | None, new: Rest | None, since: Since) -> Alteration | None:
        one = new or old
        if one is None or "kept" not in one.stands:
            return probed.counts_again(old, new)
        if old is None or new is None:
            return Alteration(f"“{one.title}” was {'added' if old is None else 'removed'}")
        return Alteration(f"the drift budget is {'kept' if new.stands['kept'] else 'exceeded'} now")

    def pins(self, asks: DriftBudgetConfig, facts: Facts) -> Mapping[str, Sequence[str]]:
        return probed.pins(_looks(asks, facts), facts)


def _within(asks: DriftBudgetConfig) -> timedelta | None:
    return parse_duration(asks.within) if asks.within else None


def _looks(asks: DriftBudgetConfig, facts: Facts) -> list[Look]:
    staging = facts.definitions.staging
    chosen = (probe for probe in facts.project.probes if fits(asks, probe, staging.key if staging else None))
    return [look(probe, facts, _within(asks)) for probe in chosen]


def _counted(asks: DriftBudgetConfig, facts: Facts, looks: Iterable[Look]) -> list[Differing]:
    """What counts against the budget."""
    found = (each for seen in looks for each in facts(DIFFERING).get(seen.probe.key, ()))
    return [each for each in found if not each.intended and asks.category in (None, each.category)]


def _kept(asks: DriftBudgetConfig, counted: Sequence[Differing]) -> bool:
    return len(counted) <= asks.at_most


def _key(asks: DriftBudgetConfig) -> str:
    chosen = (asks.environment, asks.region, asks.category.value if asks.category else None)
    return "/".join(["drift", *filter(None, chosen)])


def _budget(asks: DriftBudgetConfig, facts: Facts, looks: Sequence[Look]) -> Part:
    counted = _counted(asks, facts, looks)
    compared = sum(found.run.compared for found in looks if found.run is not None)
    kept = _kept(asks, counted)
    why = f"{len(counted)} of {number_of(compared, 'parameter')} differ, at most {asks.at_most}"
    if not kept:
        why += f": {probed.paths([each.change.path for each in counted], len(counted))}"
    return Part(
        key=_key(asks),
        title="",
        state=State.MET if kept else State.NOT_MET,
        why=why,
        about="drift",
        step=None if kept else Step(Job.REDUCE_DRIFT),
        turn=None if kept else ANYBODY,
        bound=None
        if kept
        else of_things((each.change.path for each in counted), "difference", count=len(counted)),
    )


KIND = DriftBudget()
