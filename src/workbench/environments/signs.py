"""ST-1 and ST-2: failure modes and anti-patterns of staging, recognised by what the record shows.

Each says what it looks like, where it usually comes from, what helps, and the signal that tells
it; the *evidence* is what the record shows of it here.  Where nothing has looked, that is said.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import msgspec

from workbench.definitions.environments import DataStrategy, EnvironmentKind, StagingKind
from workbench.definitions.shapes import Category, Dimension
from workbench.environments.freshness import Freshness
from workbench.environments.looked import Looked, failing, named, ran
from workbench.environments.seen import Seen, State
from workbench.model.money import read_money
from workbench.model.text import number_of
from workbench.model.times import age_text, parse_duration

_STALE_LOOK = timedelta(days=7)
_FROZEN = timedelta(days=30)
_DRIFT = ("configuration", "versions", "schema", "flags", "infrastructure")
_Evidence = tuple[State, list[str]]


class Mode(msgspec.Struct, frozen=True):
    """A failure mode or an anti-pattern: what it is, and how the record tells it.

    ``find`` gives the state and the evidence in words; of what is not known, what would tell.
    """

    key: str
    title: str
    symptom: str
    cause: str
    mitigation: str
    signal: str
    find: Callable[[Seen], _Evidence]
    pattern: bool = False


class Sign(msgspec.Struct, frozen=True):
    """A mode, whether the record shows it, and the evidence in words."""

    mode: Mode
    state: State
    evidence: tuple[str, ...]


def signs(seen: Seen) -> tuple[Sign, ...]:
    """Every failure mode and anti-pattern with what the record shows of it, those that show first."""
    found = [_sign(mode, seen) for mode in MODES]
    order = (State.SEEN, State.UNKNOWN, State.FINE, State.NOT_APPLICABLE)
    return tuple(sorted(found, key=lambda one: order.index(one.state)))


def _sign(mode: Mode, seen: Seen) -> Sign:
    state, evidence = mode.find(seen)
    return Sign(mode, state, tuple(evidence))


def _told(evidence: list[str], looked: list[str], missing: str) -> _Evidence:
    """What was seen; or what looked and saw nothing; or what would have to look."""
    if evidence:
        return State.SEEN, evidence
    return (State.FINE, looked) if looked else (State.UNKNOWN, [missing])


def _by_probes(
    seen: Seen, kinds: tuple[str, ...], missing: str, evidence: list[str], *also: str
) -> _Evidence:
    """What probes of these kinds found, beside other evidence; ``also`` is what else has looked.

    Nothing is fine while one of them has not looked for a week, or could not.
    """
    probes = seen.of_kinds(*kinds)
    found = [*evidence, *(one.words for one in failing(probes))]
    if found:
        return State.SEEN, found
    blind = [one.words for one in probes if one not in ran(probes)]
    old = [one for one in ran(probes) if not _fresh(seen, one)]
    if old:
        longest = max(age for one in old if (age := _age(seen, one)) is not None)
        blind.append(f"not looked at for up to {age_text(longest)}: {named(one.title for one in old)}")
    if blind:
        return State.UNKNOWN, blind
    return _told([], [*also, *(one.words for one in probes)], missing)


def _age(seen: Seen, probe: Looked) -> timedelta | None:
    return seen.now - probe.at if probe.at is not None else None


def _fresh(seen: Seen, probe: Looked) -> bool:
    age = _age(seen, probe)
    return age is not None and age <= _STALE_LOOK


def _drift(seen: Seen) -> _Evidence:
    missing = "no probe compares configuration, versions or schema with production"
    return _by_probes(seen, _DRIFT, missing, [])


def _leak(seen: Seen) -> _Evidence:
    one, evidence = seen.environment, list[str]()
    if one.data_strategy is DataStrategy.UNMASKED_COPY:
        evidence.append("its file says that its data is an unmasked copy")
    if one.retention and seen.data and seen.data.refresh:
        held = seen.now - seen.data.refresh.at
        if held > parse_duration(one.retention):
            evidence.append(f"its data has been kept for {age_text(held)}, and {one.retention} is the limit")
    return _by_probes(seen, ("masking",), "no probe of kind masking has looked", evidence)


def _overfitted(seen: Seen) -> _Evidence:
    green = {one.flow for one in seen.judged if one.blocking and one.through and one.flow}
    mocked = [one for one in seen.mocked if one.flow in green]
    evidence = [
        f"{one.flow} passes its benchmarks with steps that are not real in staging: {named(one.steps)}"
        for one in mocked
    ]
    if not seen.judged and not evidence:
        return State.UNKNOWN, ["no benchmark has been measured there"]
    real = () if seen.mocked else ("no flow has a step that is mocked in staging",)
    missing = "steps are mocked, and no probe of kind simulation compares them with the real ones"
    return _by_probes(seen, ("simulation",), missing, evidence, *real)


def _bleed(seen: Seen) -> _Evidence:
    return _by_probes(seen, ("isolation",), "no probe of kind isolation has looked", [])


def _runaway(seen: Seen) -> _Evidence:
    one, evidence, looked = seen.environment, list[str](), list[str]()
    if seen.life.ends is not None and seen.life.over(seen.now):
        evidence.append(f"its life has been over for {age_text(seen.now - seen.life.ends)} ({seen.life.why})")
    cost, budget = (read_money(text) if text else None for text in (one.cost_per_day, one.budget_per_day))
    if cost and budget and cost.currency == budget.currency:
        words = f"it costs {one.cost_per_day} a day, its budget is {one.budget_per_day}"
        (evidence if cost.amount > budget.amount else looked).append(words)
    if one.kind is EnvironmentKind.EPHEMERAL and not (one.lifetime or one.ends):
        evidence.append("it is ephemeral, and no lifetime is stated")
    return _told(evidence, looked, "its cost and its budget are not both stated")


def _observability(seen: Seen) -> _Evidence:
    gaps = seen.open_gaps(Category.OBSERVABILITY)
    known = [one for one in seen.gaps if one.category is Category.OBSERVABILITY]
    evidence = [f"undecided: {named(one.title for one in gaps)}"] if gaps else []
    looked = [f"decided: {named(one.title for one in known)}"] if known and not gaps else []
    return _told(
        evidence,
        looked,
        "the map has no difference in observability, and nothing compares metrics, logs and traces",
    )


def _scale(seen: Seen) -> _Evidence:
    one = seen.environment
    small = one.staging_kind in (StagingKind.SCALED_DOWN, StagingKind.EPHEMERAL)
    latency = [
        each.title
        for each in seen.judged
        if each.dimension is Dimension.LATENCY_CONSISTENCY and each.blocking and each.relative
    ]
    gaps = seen.open_gaps(Category.INFRASTRUCTURE, Category.TRAFFIC)
    evidence = []
    if small and latency and seen.score("behavioural_parity") is None:
        evidence.append(
            f"it is {one.staging_kind.value.replace('-', ' ') if one.staging_kind else 'small'}, and"
            f" {number_of(len(latency), 'latency benchmark')} may stop a release without a score of"
            f" behavioural parity beside: {named(latency)}"
        )
    if gaps:
        evidence.append(f"undecided in infrastructure and traffic: {named(each.title for each in gaps)}")
    clone = ("it is a full clone",) if one.staging_kind is StagingKind.FULL_CLONE else ()
    missing = "no probe compares query plans, traffic or behaviour with production"
    return _by_probes(seen, ("query_plans", "traffic", "http"), missing, evidence, *clone)


def _golden(seen: Seen) -> _Evidence:
    data = seen.data
    if data is None:
        return State.NOT_APPLICABLE, ["it is production"]
    if seen.environment.data_strategy is DataStrategy.SYNTHETIC:
        return State.NOT_APPLICABLE, ["its data is synthetic"]
    probes = seen.of_kinds("freshness")
    evidence = [one.words for one in failing(probes)]
    if data.age is None:
        return _told(evidence, [one.words for one in ran(probes)], data.words)
    if data.state is Freshness.OLD or (data.state is Freshness.NO_LIMIT and data.age > _FROZEN):
        evidence.append(f"its data is {data.words}")
    missed = [one for one in seen.project.shipped if data.refresh and one > data.refresh.at]
    if len(missed) > 1:
        evidence.append(f"{len(missed)} releases have shipped since its data was refreshed")
    return _told(evidence, [f"its data is {data.words}"], "")


def _unwatched(seen: Seen) -> _Evidence:
    automatic = seen.environment.promotion is not None and seen.environment.promotion.value == "automatic"
    pipelines = seen.project.ci_sources
    if not (automatic or pipelines):
        return State.UNKNOWN, ["nothing says that a pipeline deploys to it"]
    recent = [one for one in ran(seen.probes) if _fresh(seen, one)]
    measured = [one for one in seen.judged if one.measured_at and seen.now - one.measured_at <= _STALE_LOOK]
    by = f"{named(pipelines)} {'say' if len(pipelines) > 1 else 'says'}" if pipelines else "the pipeline says"
    if not recent:
        since = "no probe has ever looked" if not ran(seen.probes) else "no probe has looked for 7 days"
        return State.SEEN, [f"{by} that a build is fine, and {since} whether the environment is"]
    looked = [f"{number_of(len(recent), 'probe')} looked within 7 days"]
    if measured:
        looked.append(f"{number_of(len(measured), 'benchmark')} measured within 7 days")
    return State.FINE, looked


def _shared(seen: Seen) -> _Evidence:
    evidence = []
    overlapped = [one.title for one in seen.judged if one.overlaps]
    if overlapped:
        evidence.append(f"measured while others were at work: {named(overlapped)}")
    if seen.clashes:
        times = "once" if seen.clashes == 1 else f"{seen.clashes} times"
        evidence.append(f"different teams were at work at the same time {times}")
    if seen.teams:
        looked = [f"{number_of(len(seen.teams), 'team')} in the occupancy log: {named(sorted(seen.teams))}"]
        return _told(evidence, looked, "")
    return _told(evidence, [], "nobody has recorded who uses it: used_by and the occupancy log are empty")


MODES: tuple[Mode, ...] = (
    Mode(
        "drift", "Environment drift",
        "tests pass in staging and the release fails in production",
        "a setting, a version or a schema was changed on one side only",
        "make both from one source with declared overrides, and let probes compare them",
        "probes of configuration, versions and schema; the drift index",
        _drift,
    ),
    Mode(
        "leak", "Data leakage",
        "personal data can be read in staging",
        "a snapshot was loaded without masking, or kept longer than agreed",
        "mask on the way in, check it after each refresh, remove data when its time is over",
        "a probe of kind masking",
        _leak,
    ),
    Mode(
        "overfitted", "Overfitted tests",
        "green in staging, red in production, again and again in the same flows",
        "stand-ins that are kinder than what they stand for",
        "compare stand-ins with the real service, replay real traffic, add production's variations",
        "mocked steps in flows that pass; simulation accuracy and coverage",
        _overfitted,
    ),
    Mode(
        "bleed", "Cross-account traffic",
        "staging writes to production, or real users reach staging",
        "a name, a route, a queue or a credential of the other environment",
        "separate accounts, networks and names; credentials that open one environment only",
        "a probe of kind isolation",
        _bleed,
    ),
    Mode(
        "runaway", "Cost runaway",
        "staging costs more than anybody decided",
        "environments that outlive their purpose, or grow unnoticed",
        "lifetimes that are enforced, a budget, quotas",
        "cost against budget; environments past their end",
        _runaway,
    ),
    Mode(
        "observability", "Observability mismatch",
        "nobody can tell what went wrong in staging, or only there",
        "other exporters, sampling or retention than in production",
        "one telemetry configuration for both, checked like any other",
        "differences in observability on the map",
        _observability,
    ),
    Mode(
        "scale", "Scale blind spot",
        "slow or deadlocked in production only",
        "staging is smaller: caches, query plans, locks and limits behave otherwise",
        "targeted load tests on a clone, compare query plans, judge behaviour and not only latency",
        "query plans and behavioural parity; latency judged on a smaller environment",
        _scale,
    ),
    Mode(
        "golden-image", "Frozen golden image",
        "a perfect copy, once",
        "refreshing is so much work that it is put off",
        "refresh small and often, automatically, with validation",
        "the age of the data against its limit, and what has shipped since",
        _golden, True,
    ),
    Mode(
        "unwatched", "Unobserved automation",
        "the pipeline is green, so the environment is believed to be right",
        "setting up is automated, looking is not",
        "run probes with every deployment, and prove that they can fail",
        "probes and measurements beside the pipeline",
        _unwatched, True,
    ),
    Mode(
        "shared", "Shared, not isolated",
        "results depend on who else was at work",
        "several teams, one environment, no agreement",
        "record occupancy, agree on windows, give risky work an environment of its own",
        "measurements that overlap another team's work",
        _shared, True,
    ),
)  # fmt: skip
