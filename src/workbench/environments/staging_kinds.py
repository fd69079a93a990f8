"""DOMAIN section 8: kinds of staging and patterns, with what each is good and bad at, and what to watch."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from workbench.definitions.environments import Environment, EnvironmentKind, StagingKind, StagingPattern
from workbench.environments.freshness import Freshness
from workbench.environments.looked import Looked, failing, named, ran
from workbench.environments.seen import Seen, State


class Watch(msgspec.Struct, frozen=True, kw_only=True):
    """Something to watch: the score that tells it with its limit as a share, or the kinds of probe that do."""

    title: str
    score: str = ""
    limit: Decimal | None = None
    kinds: tuple[str, ...] = ()
    note: str = ""


class About(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of staging: its strength and weakness, when to use it, what to watch, which limits apply."""

    title: str
    strength: str
    weakness: str
    use: str
    watch: tuple[Watch, ...] = ()
    limits: str = ""


class Watched(msgspec.Struct, frozen=True):
    """What is to be watched, and what the record says of it in words."""

    watch: Watch
    state: State
    words: str


_FRESH = Watch(title="data freshness", kinds=("freshness",))
_LIFETIME = Watch(title="lifetime", note="an environment past its end is taken down")
_DRIFT = Watch(
    title="configuration drift", kinds=("configuration", "versions", "schema", "flags", "infrastructure")
)
_CONSISTENCY = Watch(
    title="data consistency", score="data_consistency", limit=Decimal("0.95"), kinds=("same_queries",)
)
_PLANS = Watch(title="query plans", kinds=("query_plans",))
_ACCURACY = Watch(title="simulation accuracy", score="simulation_accuracy", kinds=("simulation",))
_COVERAGE = Watch(title="simulation coverage", score="simulation_coverage", kinds=("simulation",))
_TRAFFIC = Watch(title="traffic realism", kinds=("traffic",))


def _parity(limit: str, note: str = "") -> Watch:
    return Watch(
        title="behavioural parity",
        score="behavioural_parity",
        limit=Decimal(limit),
        kinds=("http",),
        note=note,
    )


KINDS: Mapping[StagingKind, About] = {
    StagingKind.FULL_CLONE: About(
        title="full clone",
        strength="highest fidelity: load tests mean something",
        weakness="expensive, slow to set up, and multiplies: every team wants its own",
        use="where regulation asks for it and the budget allows it",
        watch=(_FRESH, _DRIFT, _CONSISTENCY, _parity("0.9")),
        limits="every limit applies, as it stands",
    ),
    StagingKind.SCALED_DOWN: About(
        title="scaled down",
        strength="cheap and quick",
        weakness="caches, query plans, lock escalation, garbage collection, concurrency limits and races differ at scale",
        use="where cost counts, with tests on a full clone beside it",
        watch=(
            _parity("0.7", "70 % is enough only where tests on a full clone stand beside it; 90 % otherwise"),
            _PLANS,
            Watch(title="edge-case errors", kinds=("http",)),
        ),
        limits="behavioural parity of 70 % where tests on a full clone supplement it; latency says little",
    ),
    StagingKind.VIRTUALISED: About(
        title="service-virtualised",
        strength="fast and repeatable",
        weakness="simulations miss timeouts, rate limits and odd errors",
        use="where third parties are slow, dear or not at hand",
        watch=(_ACCURACY, _COVERAGE),
        limits="simulation accuracy and coverage count instead of latency",
    ),
    StagingKind.HYBRID: About(
        title="hybrid",
        strength="balance: critical flows on a clone, routine work on something smaller, third parties simulated",
        weakness="has to be orchestrated; its parts can contradict each other",
        use="usually the best, where one team owns the whole",
        watch=(_CONSISTENCY, _DRIFT, _ACCURACY, _parity("0.9")),
        limits="critical flows are held to everything, the rest to what its part of staging can tell",
    ),
    StagingKind.EPHEMERAL: About(
        title="ephemeral, one for each branch",
        strength="isolated, and early feedback",
        weakness="small, without real data",
        use="where many features need isolation at once",
        watch=(
            Watch(
                title="test reliability",
                note="staging-only failures, and what passed and then failed elsewhere",
            ),
            Watch(title="deployment friction", note="time, steps and failures of a deployment"),
            _LIFETIME,
        ),
        limits="test reliability and deployment friction; low data fidelity is expected",
    ),
}
PATTERNS: Mapping[StagingPattern, About] = {
    StagingPattern.CLONE_ACCOUNT: About(
        title="clone of production in an account of its own",
        strength="full copy of infrastructure and configuration, apart from production",
        weakness="costs as much as production, and drifts unless both come from one source",
        use="where regulation asks for high fidelity and the budget allows it",
        watch=(_DRIFT,),
    ),
    StagingPattern.MINIMAL_PARITY: About(
        title="minimal parity with synthetic traffic",
        strength="the key components are real, at little cost",
        weakness="what is left out or mocked is not tested",
        use="where cost counts and the points of integration matter",
        watch=(_ACCURACY, _COVERAGE),
    ),
    StagingPattern.REPLAY: About(
        title="shadow traffic or replay",
        strength="real requests, without a user noticing",
        weakness="an old recording misleads, and one without a throttle says nothing about capacity",
        use="where behaviour depends on traffic or latency; start with 1 % for 48 hours",
        watch=(_TRAFFIC,),
    ),
    StagingPattern.CANARY: About(
        title="canary in staging",
        strength="a bad build shows before production's canary",
        weakness="needs enough traffic to tell anything",
        use="before canaries in production",
        watch=(_TRAFFIC,),
    ),
    StagingPattern.SYNTHETIC_SUBSET: About(
        title="synthetic traffic with a scrubbed subset of the data",
        strength="privacy at a modest cost",
        weakness="rare patterns and volumes are missing",
        use="where privacy and cost have to balance",
        watch=(Watch(title="pattern coverage", score="pattern_coverage", kinds=("patterns",)), _FRESH),
    ),
    StagingPattern.OTHER_ARCHITECTURE: About(
        title="another cloud or architecture than production",
        strength="cheap to come by",
        weakness="low in parity whatever else is done",
        use="only with a canary or a preview before the full release",
        watch=(_DRIFT,),
    ),
}  # fmt: skip


def about(environment: Environment) -> tuple[About, ...]:
    """The kind of an environment and its patterns; none of one that does not say how it is built."""
    kind = environment.staging_kind
    if kind is None and environment.kind is EnvironmentKind.EPHEMERAL:
        kind = StagingKind.EPHEMERAL
    found = [KINDS[kind]] if kind is not None else []
    return (*found, *(PATTERNS[pattern] for pattern in environment.patterns))


def watched(seen: Seen) -> tuple[Watched, ...]:
    """Everything that is to be watched in an environment of this kind, each once, with what the record says."""
    wanted: dict[str, Watch] = {}
    for one in about(seen.environment):
        for watch in one.watch:
            wanted.setdefault(watch.title, watch)
    return tuple(_watched(watch, seen) for watch in wanted.values())


def _watched(watch: Watch, seen: Seen) -> Watched:
    score = seen.score(watch.score) if watch.score else None
    if score is not None:
        return Watched(watch, *_scored(watch, score))
    if watch is _FRESH:
        return Watched(watch, *_freshness(seen))
    if watch is _LIFETIME:
        return Watched(watch, *_lifetime(seen))
    probes = seen.of_kinds(*watch.kinds)
    if not probes:
        return Watched(watch, State.UNKNOWN, _missing(watch))
    state, words = _probed(probes)
    return (
        Watched(watch, State.UNKNOWN, f"no score yet; {words}")
        if watch.score
        else Watched(watch, state, words)
    )


_AGES = {
    Freshness.FRESH: State.FINE,
    Freshness.OLD: State.SEEN,
    Freshness.NOT_VALIDATED: State.UNKNOWN,
    Freshness.NO_LIMIT: State.UNKNOWN,
    Freshness.UNKNOWN: State.UNKNOWN,
}


def _freshness(seen: Seen) -> tuple[State, str]:
    """A probe that looks at the data is believed before what people recorded; and whether to refresh more often."""
    probes = seen.of_kinds("freshness")
    if probes:
        state, words = _probed(probes)
    elif seen.data is not None:
        state, words = _AGES[seen.data.state], seen.data.words
    else:
        return State.NOT_APPLICABLE, "production's own"
    advice = [note for one in probes for note in one.notes if "refresh" in note]
    advice += [f"{seen.sinking}: refresh more often"] if seen.sinking else []
    return (State.SEEN if advice else state), "; ".join([words, *advice])


def _lifetime(seen: Seen) -> tuple[State, str]:
    if seen.life.ends is None:
        return State.UNKNOWN, seen.life.why
    over = seen.life.over(seen.now)
    return (State.SEEN, f"over: {seen.life.why}") if over else (State.FINE, seen.life.why)


def _scored(watch: Watch, score: Decimal) -> tuple[State, str]:
    told = f"{score * 100:.0f} %"
    if watch.limit is None:
        return State.UNKNOWN, f"{told}, no limit is stated"
    good = score >= watch.limit
    return State.FINE if good else State.SEEN, f"{told}, limit {watch.limit * 100:.0f} %"


def _probed(probes: list[Looked]) -> tuple[State, str]:
    found = failing(probes)
    if found:
        return State.SEEN, "; ".join(one.words for one in found)
    blind = [one for one in probes if one not in ran(probes)]
    if blind:
        return State.UNKNOWN, "; ".join(one.words for one in blind)
    return State.FINE, "; ".join(one.words for one in probes)


def _missing(watch: Watch) -> str:
    if watch.kinds:
        return f"nothing measures it: add a probe of kind {named(watch.kinds[:3]).replace(', ', ' or ')}"
    return "nothing measures it yet"
