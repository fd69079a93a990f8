"""What is wrong with the rules of one benchmark: missing, unfit for its unit, unable to do what they say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from workbench.definitions.chart_checks import check_charts
from workbench.definitions.defaults import BETTER, rules_of
from workbench.definitions.project import environment_measured
from workbench.definitions.shapes import NOT_ASKED, Benchmark, Mode, Project, StagingKind, Tier
from workbench.definitions.telling import Tell
from workbench.model.kinds import BenchmarkKind, KindRule

if TYPE_CHECKING:
    from workbench.criteria import Criterion, CriterionError
    from workbench.model.quantity import Unit


def check_rules(benchmark: Benchmark, project: Project, kind: BenchmarkKind | None, tell: Tell) -> None:
    """Tell everything that is wrong with ``pass`` and ``warn``, those left out among them."""
    written = {"pass": benchmark.pass_, "warn": benchmark.warn}
    place = environment_measured(benchmark, project)
    built = place.staging_kind if place else None
    defaults = {} if benchmark.pass_ else default_rules(benchmark, kind, built)
    if benchmark.pass_ is None and not defaults:
        _check_no_rule(benchmark, kind, tell)
    if benchmark.measure is None or benchmark.measure is NOT_ASKED:
        return
    if kind is not None and built is not None and built.value in kind.doubtful_in:
        tell(
            "kind",
            f"it says little of a {built.value} staging: {kind.doubtful_in[built.value]}",
            warning=True,
        )
    from workbench.model.quantity import find_unit

    try:
        unit = find_unit(benchmark.measure.unit)
    except ValueError:
        return  # told already
    texts = {name: text for name, text in written.items() if text}
    rules = _read_rules(unit, _better(benchmark, kind), texts, tell)
    check_charts(benchmark, rules.values(), stops(benchmark), tell)
    if benchmark.steady == 1 and benchmark.measure.window and kind is None:
        what = "steady: 1 lets a build that failed pass as soon as one more look happens to"
        hint = "leave it out: after a fail two fresh windows in a row have to pass"
        tell("steady", what, hint, warning=True)
    if "pass" in rules:
        _check_together(rules["pass"], rules.get("warn"), unit, tell)
        _check_direction(benchmark, rules["pass"], tell)
    elif defaults:
        _check_default(benchmark, defaults, unit, rules.get("warn"), tell)


def default_rules(
    benchmark: Benchmark, kind: BenchmarkKind | None, staging: StagingKind | None
) -> dict[Tier, KindRule]:
    """The rules that a benchmark has by its kind or its dimension, by the tier of its flow."""
    from workbench.model.quantity import COUNT

    found = {
        tier: rules_of(kind, benchmark.dimension, tier, staging, better="neither", unit=COUNT)
        for tier in Tier
    }
    return {tier: rule for tier, rule in found.items() if rule is not None}


def stops(benchmark: Benchmark) -> bool:
    """Whether it stops a release, today or from a day on."""
    return benchmark.mode is Mode.BLOCKING or benchmark.blocking_from is not None


def _check_no_rule(benchmark: Benchmark, kind: BenchmarkKind | None, tell: Tell) -> None:
    hint = "add pass: with the values that are good, or a dimension, which has a rule of its own"
    if kind is not None:
        hint = (
            f"add pass:, for example with {kind.states}"
            if kind.states
            else "add pass: with the values that are good"
        )
    if stops(benchmark):
        field = "mode" if benchmark.mode is Mode.BLOCKING else "blocking_from"
        tell(field, "the benchmark stops the release, and no rule says which value is good", hint)
    elif benchmark.warn is None:
        tell("", "no rule says which value is good: whatever is measured passes", hint, warning=True)
    if benchmark.warn is not None:
        tell("warn", "warn is never looked at: there is no pass rule that could fail", hint)


def _better(benchmark: Benchmark, kind: BenchmarkKind | None) -> str:
    """Which values are better: as it says, or by its kind or its dimension."""
    if benchmark.better is not None:
        return benchmark.better.value
    if kind is not None:
        return kind.better
    return BETTER[benchmark.dimension] if benchmark.dimension else "neither"


def _read_rules(unit: Unit, better: str, texts: Mapping[str, str], tell: Tell) -> dict[str, Criterion]:
    """The rules that can be read and fit the unit; of the others it is told why not."""
    if not texts:
        return {}
    from workbench.criteria import CriterionError, check, parse

    rules = {}
    for name, text in texts.items():
        try:
            rule = parse(text)
            check(rule, unit, better)
            rules[name] = rule
        except CriterionError as error:
            tell(name, f"{name}: {error.what}", error.hint, column=error.column)
    return rules


def _check_together(rule: Criterion, warn: Criterion | None, unit: Unit, tell: Tell) -> None:
    """Whether the rules can do what they say."""
    from workbench.criteria import CriterionError, lint

    try:
        for doubt in lint(rule, warn, unit):
            tell("pass", doubt, warning=True)
    except CriterionError as error:
        tell(error.rule or "pass", error.what, error.hint)


def _check_direction(benchmark: Benchmark, rule: Criterion, tell: Tell) -> None:
    """A rule that bounds only the side on which values are good lets every bad one pass."""
    better = benchmark.better or (BETTER[benchmark.dimension] if benchmark.dimension else None)
    if better is None or better == "neither":
        return
    from workbench.criteria import bounds_only_above, bounds_only_below

    turned = bounds_only_below(rule) if better == "lower" else bounds_only_above(rule)
    if turned:
        side = "large" if better == "lower" else "small"
        origin = "" if benchmark.better else f" (by dimension {benchmark.dimension})"
        tell(
            "pass",
            f"{better} values are better{origin}, and “{rule}” lets every {side} one pass",
            "turn the rule round, or say which way is better",
            warning=True,
        )


def _check_default(
    benchmark: Benchmark, defaults: Mapping[Tier, KindRule], unit: Unit, warn: Criterion | None, tell: Tell
) -> None:
    """Whether the rule that comes with the kind or dimension fits the unit, and the ``warn`` beside it."""
    from workbench.criteria import CriterionError, check, lint, own_unit, parse

    whose = f"kind {benchmark.kind}" if benchmark.kind else str(benchmark.dimension)
    found: dict[str, CriterionError] = {}
    for tier, default in defaults.items():
        text = default.pass_
        rule = parse(text)
        counts = own_unit(rule) is None and not rule.needs_baseline
        try:
            check(rule, unit)
            if counts and unit.kind != "count":
                raise CriterionError("it is a count", text=text)
            lint(rule, warn, unit)
        except CriterionError as error:
            if error.rule != "warn":
                measured = unit.symbol or "a count"
                tell(
                    "measure.unit",
                    f"the rule of {whose}, “{text}”, does not fit what is measured in {measured}",
                    "add pass: with the values that are good",
                )
                return
            found[tier.value] = error
    if found:
        proved = len(found) == len(defaults)
        where = "" if proved else f" for flows of tier {', '.join(found)}"
        tell("warn", next(iter(found.values())).what + where, warning=not proved)
