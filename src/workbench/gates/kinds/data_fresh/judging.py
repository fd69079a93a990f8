"""The data of an environment is no older than its own service level."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from workbench.checklists.model import Fact
from workbench.environments.freshness import DataAge, Freshness, data_age
from workbench.environments.model import Refresh, refreshes
from workbench.gates import probed
from workbench.gates.bound import Bound
from workbench.gates.facts import Facts, Need
from workbench.gates.kind import Alteration, Kind, Rest, Since
from workbench.gates.kinds.data_fresh import KIND as ASKED
from workbench.gates.kinds.data_fresh import PROBES, DataFreshConfig
from workbench.gates.model import Part, State
from workbench.gates.probed import LATEST, Look, look
from workbench.gates.turn import ANYBODY
from workbench.model.canonical import plain
from workbench.model.steps import Job, Step
from workbench.model.times import parse_duration


def _refreshes(facts: Facts) -> Mapping[str, Sequence[Refresh]]:
    keys = [environment.key for environment in facts.project.environments]
    found = {key: [value for _, value in refreshes(facts.record, key)] for key in keys}
    until = facts.ended_at
    return {key: [one for one in each if until is None or one.at <= until] for key, each in found.items()}


# The refreshes of each environment's data, the latest first.
REFRESHES: Need[Mapping[str, Sequence[Refresh]]] = Need(("refresh",), _refreshes)


class DataFresh(Kind[DataFreshConfig]):
    """A probe that looks at the data is believed before what people recorded of a refresh."""

    asked = ASKED
    lists = True
    fact = "data_fresh"

    def needs(self, asks: DataFreshConfig) -> Iterable[Need[Any]]:
        return (LATEST, REFRESHES)

    def title(self, asks: DataFreshConfig, facts: Facts) -> str:
        return f"The data of {_environment(asks, facts)} is fresh"

    def parts(self, asks: DataFreshConfig, facts: Facts) -> Iterable[Part]:
        environment = _environment(asks, facts)
        looks = _looks(asks, facts)
        if not looks:
            yield _recorded(environment, _age(asks, facts))
        for found in looks:
            key, run = f"data/fresh/{found.probe.key}", found.run
            if run is None or found.wrong:
                yield probed.unusable(found, key=key)
                continue
            score = probed.score_of(run, "data_freshness")
            words = probed.amount(score) + " old" if score is not None else "within its level"
            if run.state == "pass":
                yield probed.part(found, State.MET, words, key=key)
            else:
                where = probed.paths([seen.path for seen in run.changes], run.differing)
                step = Step(Job.REFRESH_DATA, environment)
                yield probed.part(
                    found, State.NOT_MET, f"too old: {where}", step, key=key, bound=probed.bound_of(run)
                )

    def only_time(self, asks: DataFreshConfig, facts: Facts) -> bool:
        looks = _looks(asks, facts)
        if not looks:
            return _age(asks, facts).state is Freshness.OLD
        unmet = [found for found in looks if found.wrong or found.run is None or found.run.state != "pass"]
        return bool(unmet) and all(found.late for found in unmet)

    def moments(self, asks: DataFreshConfig, facts: Facts) -> Iterable[datetime]:
        if looks := _looks(asks, facts):
            yield from probed.turns_at((found.probe for found in looks), facts, _within(asks))
            return
        age = _age(asks, facts)
        if age.refresh is not None and age.limit is not None:
            yield age.refresh.of + age.limit

    def rests(self, asks: DataFreshConfig, facts: Facts) -> Iterable[Rest]:
        looks = _looks(asks, facts)
        for found in looks:
            stands = plain(probed.rest_of(found))
            yield Rest(key=found.probe.key, title=found.title, stands=stands, ended=found.late)
        if not looks:
            age = _age(asks, facts)
            yield Rest(
                key=_environment(asks, facts),
                title=self.title(asks, facts),
                stands=plain({"data": age.state}),
                ended=age.state is Freshness.OLD,
            )

    def change(self, old: Rest | None, new: Rest | None, since: Since) -> Alteration | None:
        if old is None or new is None or "state" in new.stands or "state" in old.stands:
            return probed.run_changed(old, new)
        words = f"the data of {new.key}: {old.stands['data']} → {new.stands['data']}"
        return Alteration(words, lapse=new.ended)

    def answer(self, asked: Sequence[DataFreshConfig], facts: Facts) -> Fact:
        asks = asked or (DataFreshConfig(),)
        unstated = [each for each in asks if not _looks(each, facts) and _age(each, facts).limit is None]
        if unstated:
            return Fact(False, "nothing says how old the data may be", open=True)
        return probed.fact_of(
            (part for each in asks for part in self.parts(each, facts)), "the data is fresh"
        )

    def pins(self, asks: DataFreshConfig, facts: Facts) -> Mapping[str, Sequence[str]]:
        return probed.pins(_looks(asks, facts), facts)


def _within(asks: DataFreshConfig) -> timedelta | None:
    return parse_duration(asks.within) if asks.within else None


def _environment(asks: DataFreshConfig, facts: Facts) -> str:
    staging = facts.definitions.staging
    return asks.environment or (staging.key if staging is not None else "staging")


def _looks(asks: DataFreshConfig, facts: Facts) -> list[Look]:
    chosen = probed.of_kind(facts, PROBES, environment=_environment(asks, facts))
    return [look(probe, facts, _within(asks)) for probe in chosen]


def _age(asks: DataFreshConfig, facts: Facts) -> DataAge:
    key = _environment(asks, facts)
    defined = facts.definitions.environment(key)
    limit = defined.fresh_within if defined is not None else None
    return data_age(facts(REFRESHES).get(key, ()), limit, facts.now)


def _recorded(environment: str, age: DataAge) -> Part:
    """What the record says of the last refresh: only one whose validation has passed makes data fresh."""
    fresh = age.state is Freshness.FRESH
    return Part(
        key=f"data/fresh/{environment}",
        title="",
        state=State.MET if fresh else State.NOT_MET,
        why=age.words,
        about=f"environment/{environment}",
        step=None if fresh else _step(environment, age),
        turn=None if fresh else ANYBODY,
        bound=None if fresh else Bound(stands=age.state.value),
    )


def _step(environment: str, age: DataAge) -> Step:
    """Data that came and that nobody has validated needs no further refresh."""
    job = Job.VALIDATE_DATA if age.state is Freshness.NOT_VALIDATED else Job.REFRESH_DATA
    return Step(job, environment)


KIND = DataFresh()
