"""What is wrong with what one benchmark asks its source, and with what it is compared with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbench.definitions.filling import kind_of
from workbench.definitions.project import RECORD, environment_measured, first_environment, staging_in
from workbench.definitions.regions import regions_of
from workbench.definitions.rule_checks import default_rules, stops
from workbench.definitions.shapes import Benchmark, Environment, EnvironmentKind, Project
from workbench.definitions.structs import was_read
from workbench.definitions.telling import Tell
from workbench.definitions.unproven import COMPARE, unproven
from workbench.definitions.variables import variables_of
from workbench.definitions.variants import set_of
from workbench.model.kinds import Asked, Kinds, Place

_COMMIT, _VERSION = "0000000", "0"  # stand for what a release fills in


def check_question(benchmark: Benchmark, project: Project, kinds: Kinds, tell: Tell) -> None:
    """Tell what can be proved before anything is asked."""
    measure = benchmark.measure
    known = (*project.sources, RECORD)
    source = next((one for one in known if measure and one.key == measure.source), None)
    kind: Any = kinds["sources"].get(source.kind) if source else None
    if kind is None or measure.ask is None or kind.by_hand or not was_read(measure.ask):
        return
    environments = {one.key: one for one in project.environments}
    staging = staging_in(project)
    asked = benchmark.environment or measure.environment or (staging.key if staging else None)
    if benchmark.environment and measure.environment not in (None, benchmark.environment):
        tell(
            "measure.environment",
            f"it is never asked: the benchmark is about {benchmark.environment}",
            "remove one of the two",
            warning=True,
        )
    places = [environments.get(asked or "")]
    if _compared_beside(benchmark, project, kinds) and (asked in environments or asked is None):
        compared = _compared(benchmark, project, environments)
        _check_regions(benchmark, compared, project, tell)
        apart = measure.baseline_source not in (None, measure.source)  # the same question, to another server
        if (
            _check_comparison(
                benchmark, places[0], compared, _one_place(kind, measure.ask) and not apart, tell
            )
            and not apart
        ):
            places.append(compared)
    if source is not None and stops(benchmark) and (why := unproven(source, kinds)):
        tell("measure.source", f"the benchmark stays advisory: {why}", COMPARE, warning=True)
    variants = set_of(project, benchmark.key)
    variant = next(iter(variants.of), "") if variants else None
    _check_doubts(benchmark, places, kind, variant, tell, source.config if source else None)


def check_build_question(environment: Environment, project: Project, kinds: Kinds, tell: Tell) -> None:
    """The same for the question which build runs in an environment."""
    build = environment.build
    source = next((one for one in project.sources if build and one.key == build.source), None)
    kind: Any = kinds["sources"].get(source.kind) if source else None
    if build is None or kind is None or not was_read(build):
        return
    variables = variables_of(None, environment, commit=_COMMIT, version=_VERSION)
    for doubt in kind.build_doubts(build.query, Place(environment.key, variables)):
        tell(f"build.{doubt.field}", doubt.what, doubt.hint, warning=not doubt.error)


def _compared_beside(benchmark: Benchmark, project: Project, kinds: Kinds) -> bool:
    """Whether a rule needs a baseline that is measured at the same time."""
    name = benchmark.baseline or "production"
    named: Any = kinds["baselines"].get(name) or kinds["baselines"].get(name.partition(" ")[0])
    if named is not None and named.find is not None:
        return False
    rules = [text for text in (benchmark.pass_, benchmark.warn) if text]
    if benchmark.pass_ is None:
        place = environment_measured(benchmark, project)
        built = place.staging_kind if place else None
        rules += [rule.pass_ for rule in default_rules(benchmark, kind_of(benchmark, kinds), built).values()]
    from workbench.criteria import CriterionError, parse

    for text in rules:
        try:
            if parse(text).needs_baseline:
                return True
        except CriterionError:
            continue  # told already
    return False


def _compared(
    benchmark: Benchmark, project: Project, environments: Mapping[str, Environment]
) -> Environment | None:
    named = environments.get(benchmark.baseline or "")
    if named is not None or benchmark.baseline not in (None, "production"):
        return named
    return first_environment(project, EnvironmentKind.PRODUCTION)


def _check_regions(benchmark: Benchmark, compared: Environment | None, project: Project, tell: Tell) -> None:
    """A rule that looks at one region of production says nothing of the others."""
    others = [one.region for one in regions_of(project) if compared is not None and one.key != compared.key]
    if others and compared is not None and compared.region and benchmark.baseline in (None, "production"):
        field = "baseline" if benchmark.baseline else "pass" if benchmark.pass_ else ""
        what = (
            f"it is compared with production in {compared.region} alone, not in {', '.join(map(str, others))}"
        )
        hint = f"each_region: yes judges each alone; baseline: {compared.key} says that one is meant"
        tell(field, what, hint, warning=True)


def _one_place(kind: Any, ask: Any) -> bool:
    """Whether the answer is the same in every environment: a measure may know better than its kind."""
    return bool(getattr(ask, "one_place", kind.one_place))


def _check_comparison(
    benchmark: Benchmark, place: Environment | None, compared: Environment | None, one_place: bool, tell: Tell
) -> bool:
    """Whether both environments are asked, and can be told apart."""
    field = "baseline" if benchmark.baseline else "pass" if benchmark.pass_ else ""
    other = "write a rule without a baseline, or baseline: last good release"
    if compared is None:
        if benchmark.baseline in (None, "production"):
            what = "the rule compares with production, and no environment is of kind production"
            tell(field, what, f"list it under environments:, or {other}")
        return False
    if place is not None and compared.key == place.key:
        tell(field, f"{place.key} would be compared with itself", f"name another baseline, or {other}")
        return False
    if one_place:
        asked = place.key if place else "it"
        tell(
            "measure.source",
            f"this source answers the same of {asked} and {compared.key}: a value would be compared with itself",
            other,
        )
        return False
    return place is not None


def _check_doubts(
    benchmark: Benchmark,
    places: list[Environment | None],
    kind: Any,
    variant: str | None,
    tell: Tell,
    config: Any,
) -> None:
    measure = benchmark.measure
    asked = Asked(
        measure.unit,
        tuple(
            Place(
                place.key if place else "",
                variables_of(benchmark, place, commit=_COMMIT, version=_VERSION, variant=variant),
            )
            for place in places
        ),
        config if config is not None and was_read(config) else None,
    )
    for doubt in kind.question_doubts(measure.ask, asked):
        tell(f"measure.{doubt.field}", doubt.what, doubt.hint, warning=not doubt.error)
