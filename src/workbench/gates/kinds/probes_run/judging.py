"""The probes have run lately, and nothing that they found is undecided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from workbench.checklists.model import Fact
from workbench.gates import probed
from workbench.gates.bound import Bound, of_things
from workbench.gates.facts import Facts, Need
from workbench.gates.kind import Alteration, Kind, Rest, Since
from workbench.gates.kinds.probes_run import KIND as ASKED
from workbench.gates.kinds.probes_run import ProbesRunConfig, fits
from workbench.gates.model import Part, State
from workbench.gates.needs import QUARANTINED
from workbench.gates.probed import DIFFERING, LATEST, PROVEN, Look, look
from workbench.model.canonical import plain
from workbench.model.steps import Job, Step
from workbench.model.text import number_of
from workbench.model.times import parse_duration


class ProbesRun(Kind[ProbesRunConfig]):
    asked = ASKED
    lists = True
    fact = "probes_run"
    flaky = True

    def needs(self, asks: ProbesRunConfig) -> Iterable[Need[Any]]:
        always = (LATEST, DIFFERING, QUARANTINED)
        return (*always, PROVEN) if asks.proven else always

    def title(self, asks: ProbesRunConfig, facts: Facts) -> str:
        return f"{'Proven probes' if asks.proven else 'Probes'} run, and nothing undecided"

    def parts(self, asks: ProbesRunConfig, facts: Facts) -> Iterable[Part]:
        for found in _looks(asks, facts):
            yield _part(found, asks, facts)

    def nothing(self, asks: ProbesRunConfig, facts: Facts) -> str:
        return f"no probe names the flow “{asks.flow}”" if asks.flow else "there are no probes"

    def only_time(self, asks: ProbesRunConfig, facts: Facts) -> bool:
        unmet = [found for found in _looks(asks, facts) if _part(found, asks, facts).state is State.NOT_MET]
        return bool(unmet) and all(found.late for found in unmet)

    def moments(self, asks: ProbesRunConfig, facts: Facts) -> Iterable[datetime]:
        return probed.turns_at((found.probe for found in _looks(asks, facts)), facts, _within(asks))

    def rests(self, asks: ProbesRunConfig, facts: Facts) -> Iterable[Rest]:
        quarantined = facts(QUARANTINED)
        for found in _looks(asks, facts):
            if f"probe/{found.probe.key}" in quarantined:
                yield Rest(key=found.probe.key, title=found.title, stands={"state": "quarantined"})
                continue
            stands: dict[str, Any] = probed.rest_of(found)
            if undecided := probed.undecided(facts, found.probe.key):
                stands["undecided"] = [each.change.path for each in undecided]
            if asks.proven:
                stands["proven"] = facts(PROVEN)[found.probe.key].proven
            yield Rest(key=found.probe.key, title=found.title, stands=plain(stands), ended=found.late)

    def change(self, old: Rest | None, new: Rest | None, since: Since) -> Alteration | None:
        told = probed.run_changed(old, new)
        if told is not None or old is None or new is None:
            return told
        then, now = old.stands, new.stands
        fresh = [path for path in now.get("undecided", ()) if path not in then.get("undecided", ())]
        if fresh:
            count = number_of(len(fresh), "difference")
            return Alteration(f"the probe “{new.title}” found {count} that nobody has decided on")
        if then.get("proven") != now.get("proven"):
            return Alteration(
                f"the probe “{new.title}” is {'proven' if now.get('proven') else 'unproven'} now"
            )
        return Alteration(f"what the probe “{new.title}” found was decided on")

    def answer(self, asked: Sequence[ProbesRunConfig], facts: Facts) -> Fact:
        asks = asked or (ProbesRunConfig(),)
        quarantined = facts(QUARANTINED)
        parts = (part for each in asks for part in self.parts(each, facts) if part.key not in quarantined)
        return probed.fact_of(parts, "every probe has looked, and nothing is undecided")

    def pins(self, asks: ProbesRunConfig, facts: Facts) -> Mapping[str, Sequence[str]]:
        return probed.pins(_looks(asks, facts), facts)


def _within(asks: ProbesRunConfig) -> timedelta | None:
    return parse_duration(asks.within) if asks.within else None


def _looks(asks: ProbesRunConfig, facts: Facts) -> list[Look]:
    return [look(probe, facts, _within(asks)) for probe in facts.project.probes if fits(asks, probe)]


def _part(found: Look, asks: ProbesRunConfig, facts: Facts) -> Part:
    key = found.probe.key
    if found.run is None or found.wrong:
        return probed.unusable(found)
    if asks.proven and not facts(PROVEN)[key].proven:
        why = "unproven: it was never seen to find what it looks for"
        return probed.part(
            found, State.NOT_MET, why, Step(Job.PROVE_PROBE, key), bound=Bound(stands="unproven")
        )
    undecided = probed.undecided(facts, key)
    if not undecided:
        words = "passes"
        if found.run.state == "fail":
            words = f"{number_of(found.run.differing, 'difference')}, decided on"
        return probed.part(found, State.MET, words)
    row = next((each.row for each in undecided if each.row), "")
    on_map = all(each.row for each in undecided)
    step = Step(Job.DECIDE_DIFFERENCE, row) if on_map else Step(Job.TAKE_PROPOSALS, key)
    where = probed.paths([each.change.path for each in undecided], len(undecided))
    bound = of_things((each.change.path for each in undecided), "difference", count=len(undecided))
    return probed.part(found, State.NOT_MET, f"{len(undecided):,} undecided: {where}", step, bound=bound)


KIND = ProbesRun()
