"""Every matching blocking benchmark passes."""

from collections.abc import Iterable

from workbench.definitions.shapes import BaselineMark, Benchmark, Dimension, Mode, Project, Tier
from workbench.model.fields import Key, Shape
from workbench.model.keys import nearest
from workbench.model.kinds import Doubt, RequirementKind


class BenchmarksConfig(Shape, frozen=True, kw_only=True):
    """Every matching blocking benchmark has to pass."""

    flow: Key | None = None
    """Only those about this flow."""
    tier: Tier | None = None
    """Only those about flows of this tier."""
    dimension: Dimension | None = None
    """Only those of this dimension."""
    tag: Key | None = None
    """Only those with this tag."""
    benchmark: Key | None = None
    """Only this one."""
    refuse_baselines: list[BaselineMark] | None = None
    """What the baselines must not be here: ``old``, ``overlapping``, ``other_hours`` and more."""


def fits(asks: BenchmarksConfig, benchmark: Benchmark) -> bool:
    """Whether a benchmark is asked for, the tier of its flow apart, which the record knows."""
    return (
        asks.flow in (None, benchmark.flow)
        and asks.benchmark in (None, benchmark.key, _in_all_regions(benchmark))
        and asks.dimension in (None, benchmark.dimension)
        and (asks.tag is None or asks.tag in benchmark.tags)
    )


def _in_all_regions(benchmark: Benchmark) -> str:
    """The key that the file gives a benchmark of one region."""
    return benchmark.key.rpartition(".")[0] if benchmark.each_region else benchmark.key


def asked_for(asks: BenchmarksConfig) -> str:
    """What a requirement writes down: ``{tag: release}``."""
    names = ("flow", "tier", "dimension", "tag", "benchmark")
    return "{" + ", ".join(f"{name}: {value}" for name in names if (value := getattr(asks, name))) + "}"


def meant(asks: BenchmarksConfig, project: Project) -> Doubt:
    """The field by which no benchmark matches, and the name that was probably meant."""
    known: dict[str, set[str]] = {
        "flow": {benchmark.flow for benchmark in project.benchmarks if benchmark.flow},
        "tag": {tag for benchmark in project.benchmarks for tag in benchmark.tags},
        "dimension": {benchmark.dimension for benchmark in project.benchmarks if benchmark.dimension},
    }
    what = (
        f"no benchmark matches {asked_for(asks)}" if asks != BenchmarksConfig() else "there are no benchmarks"
    )
    for name, names in known.items():
        asked = getattr(asks, name)
        if asked is not None and asked not in names:
            near = nearest(asked, sorted(names))
            possible = f"known: {', '.join(sorted(names)[:8])}" if names else None
            return Doubt(name, what, f"did you mean {near}?" if near else possible)
    return Doubt("", what)


def doubts(asks: BenchmarksConfig, project: Project) -> Iterable[Doubt]:
    """A requirement that no benchmark matches is never met; one that only advisory ones match blocks nothing."""
    found = [benchmark for benchmark in project.benchmarks if fits(asks, benchmark)]
    if not found:
        if asks.benchmark is None or any(benchmark.key == asks.benchmark for benchmark in project.benchmarks):
            said = meant(asks, project)
            yield Doubt(said.field, f"{said.what}, so the gate can never pass", said.hint)
    elif not any(benchmark.mode is Mode.BLOCKING or benchmark.blocking_from for benchmark in found):
        which = (
            "the one matching benchmark is"
            if len(found) == 1
            else f"all {len(found)} matching benchmarks are"
        )
        yield Doubt("", f"this blocks nothing: {which} advisory", "set mode: blocking on one of them")


KIND = RequirementKind(
    name="benchmarks",
    about="blocking benchmarks pass",
    config=BenchmarksConfig,
    refers={"benchmark": "benchmark"},
    doubts=doubts,
)
