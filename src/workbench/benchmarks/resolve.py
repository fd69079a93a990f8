"""What a benchmark means once its tier and dimension have filled in what it leaves out."""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import datetime, timedelta
from functools import lru_cache

import msgspec

from workbench.benchmarks.baselines import PRODUCTION
from workbench.benchmarks.kinds import KINDS
from workbench.benchmarks.looks import AT_ONCE, Steady, steady_of
from workbench.benchmarks.past import Subject
from workbench.criteria import Charting, Criterion, Need, parse
from workbench.criteria.figures import POINTS, USUAL
from workbench.definitions.defaults import BETTER, REVIEW, REVIEWS, rules_of
from workbench.definitions.shapes import Benchmark, Better, Dimension, Mode, StagingKind, Tier
from workbench.model.dates import read_moment
from workbench.model.kinds import ANY_TIER, BenchmarkKind
from workbench.model.quantity import Unit, find_unit
from workbench.model.times import parse_duration, zone_of

NO_RULE = "it stops the release without a rule that says which value is good: add one to its file: pass: …"


class Resolved(msgspec.Struct, frozen=True, gc=False):
    """A benchmark with nothing left out; ``origins`` says where each field came from.

    ``needs`` is what its criteria look at beside the value, ``why`` why a rule of its kind is as it is.
    ``unproven`` says why nobody can rely on its source yet; then it is advisory, whatever its file says.
    """

    benchmark: Benchmark
    tier: Tier
    tier_known: bool
    mode: Mode
    environment: str | None
    baseline: str
    unit: Unit
    pass_: Criterion | None
    warn: Criterion | None
    needs: Set[Need]
    better: str
    max_age: timedelta | None
    min_samples: int
    origins: Mapping[str, str]
    charting: Charting = USUAL
    why: str = ""
    steady: Steady = AT_ONCE
    review: str = "weekly"
    unproven: str = ""

    @property
    def key(self) -> str:
        return self.benchmark.key

    @property
    def unjudged(self) -> str:
        """Why no value can be judged by it, whatever it may be; "" where one can."""
        if self.pass_ is None and self.mode is Mode.BLOCKING:
            return NO_RULE
        return ""

    @property
    def charted(self) -> bool:
        """Whether its rule looks at earlier measurements."""
        return Need.HISTORY in self.needs

    @property
    def subject(self) -> Subject:
        """Whose measurements it is about."""
        return Subject(self.key, self.environment, self.unit)


class _Filled(msgspec.Struct, frozen=True, kw_only=True):
    """What a benchmark leaves out, filled in."""

    unit: Unit
    pass_: Criterion | None
    warn: Criterion | None
    needs: Set[Need]
    better: str
    max_age: timedelta | None
    min_samples: int
    origins: Mapping[str, str]
    why: str
    review: str


def resolve(
    benchmark: Benchmark,
    *,
    tier: Tier | None,
    tightened: bool,
    staging: str | None,
    now: datetime,
    zone: str = "UTC",
    staging_kind: StagingKind | None = None,
    unproven: str = "",
) -> Resolved:
    """Fill in what a benchmark leaves out.

    ``tier`` is its flow's, ``None`` if the flow is not known here or it is about an environment
    (both count as critical); ``tightened`` says that a person has made it blocking in the record.
    ``staging_kind`` is how the environment is built that is measured, ``unproven`` why its source is.
    """
    measure = benchmark.measure
    effective = tier or Tier.CRITICAL
    filled = _filled(
        benchmark.kind, staging_kind, benchmark.dimension, effective, measure.unit, benchmark.pass_, benchmark.warn, benchmark.review,
        benchmark.max_age, benchmark.better, benchmark.baseline is None, benchmark.min_samples,
        bool(measure.counted),
    )  # fmt: skip
    return Resolved(
        benchmark,
        effective,
        tier is not None or benchmark.flow is None,
        Mode.ADVISORY if unproven else _mode(benchmark, tightened, now, zone),
        benchmark.environment or measure.environment or staging,
        benchmark.baseline or PRODUCTION.name,
        filled.unit,
        filled.pass_,
        filled.warn,
        filled.needs,
        filled.better,
        filled.max_age,
        filled.min_samples,
        filled.origins,
        _charting(benchmark),
        filled.why,
        steady_of(benchmark.steady),
        filled.review,
        unproven,
    )


def _charting(benchmark: Benchmark) -> Charting:
    if not (benchmark.chart or benchmark.points or benchmark.scale or benchmark.run_rules):
        return USUAL
    return Charting(
        benchmark.chart or USUAL.chart,
        benchmark.points or POINTS,
        benchmark.scale or USUAL.scale,
        {str(name): effect for name, effect in benchmark.run_rules.items()},
    )


# Thousands of benchmarks leave out the same things in a handful of ways.
@lru_cache(maxsize=4096)
def _filled(
    kind: str | None,
    staging_kind: StagingKind | None,
    dimension: Dimension | None,
    tier: Tier,
    unit: str,
    pass_text: str | None,
    warn_text: str | None,
    review: str | None,
    age: str | None,
    better: Better | None,
    usual_baseline: bool,
    min_samples: int | None,
    counts: bool,
) -> _Filled:
    """``usual_baseline``: no baseline is named; ``counts``: the measure asks how many samples there were."""
    origins: dict[str, str] = {}
    by_dimension = f"default of {dimension.value}" if dimension else "built-in default"
    way = better.value if better else BETTER[dimension] if dimension else "neither"
    known = KINDS.get(kind) if kind else None
    rules = rules_of(known, dimension, tier, staging_kind, better=way, unit=find_unit(unit))
    why = ""
    if pass_text is None and rules is not None:
        pass_text, why = rules.pass_, rules.why
        origins["pass"] = _origin_of_rule(known, by_dimension, tier, staging_kind)
        if warn_text is None and rules.warn:
            warn_text, origins["warn"] = rules.warn, origins["pass"]
    if review is None and known is not None and known.review:
        review, origins["review"] = known.review, f"kind {known.name}"
    elif review is None:
        review = REVIEW[dimension] if dimension else "weekly"
        origins["review"] = by_dimension
    max_age = parse_duration(age) if age and age != "this candidate" else None
    if not age:
        max_age = REVIEWS.get(review, REVIEWS["weekly"])
        origins["max_age"] = f"the review period, {review}"
    if better is None:
        origins["better"] = by_dimension
    if usual_baseline:
        origins["baseline"] = "built-in default"
    if min_samples is None:
        min_samples = 20 if counts else 0
        origins["min_samples"] = "built-in default"
    pass_, warn = (parse(text) if text else None for text in (pass_text, warn_text))
    return _Filled(
        unit=find_unit(unit),
        pass_=pass_,
        warn=warn,
        needs=pass_.needs | (warn.needs if warn else frozenset()) if pass_ else frozenset(),
        better=way,
        max_age=max_age,
        min_samples=min_samples,
        origins=origins,
        why=why,
        review=review,
    )


def _origin_of_rule(
    kind: BenchmarkKind | None, by_dimension: str, tier: Tier, staging: StagingKind | None
) -> str:
    if kind is None:
        return f"{by_dimension} for tier {tier.value}"
    if staging is not None and staging.value in kind.in_staging:
        return f"kind {kind.name} in a {staging.value} staging"
    return f"kind {kind.name}" if ANY_TIER in kind.rules else f"kind {kind.name} for tier {tier.value}"


def _mode(benchmark: Benchmark, tightened: bool, now: datetime, zone: str) -> Mode:
    if tightened or benchmark.mode is Mode.BLOCKING:
        return Mode.BLOCKING
    if benchmark.blocking_from and read_moment(benchmark.blocking_from, zone_of(zone)) <= now:
        return Mode.BLOCKING
    return Mode.ADVISORY


def meaning(resolved: Resolved) -> dict[str, object]:
    """What a verdict rests on, for digests: wording and titles are not in it."""
    return {
        "key": resolved.key,
        "flow": resolved.benchmark.flow,
        "environment": resolved.environment,
        "dimension": resolved.benchmark.dimension,
        "measure": msgspec.to_builtins(resolved.benchmark.measure),
        "unit": resolved.unit.symbol,
        "pass": str(resolved.pass_) if resolved.pass_ else None,
        "warn": str(resolved.warn) if resolved.warn and "warn" not in resolved.origins else None,
        "baseline": resolved.baseline,
        "better": resolved.better,
        "mode": resolved.mode,
        "max_age": int(resolved.max_age.total_seconds()) if resolved.max_age else None,
        "min_samples": resolved.min_samples,
        "carry": resolved.benchmark.carry,
    }
