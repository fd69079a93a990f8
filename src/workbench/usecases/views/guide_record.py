"""What the record shows of a page of the guide, for this project: a function for each page.

Nothing is judged here that is not judged elsewhere: marks say what is there and what is missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from workbench.benchmarks.baselines import PRODUCTION
from workbench.definitions.shapes import Category, Dimension, EnvironmentKind
from workbench.flows.model import all_flows
from workbench.flows.steps import Reality, running
from workbench.model.kinds import Approach
from workbench.model.text import number_of
from workbench.model.times import day_text
from workbench.parity.claims import Topic
from workbench.sources.kinds import KINDS as SOURCES
from workbench.usecases.context import Context
from workbench.usecases.grounds import Ground
from workbench.usecases.parity_statement import read_statement
from workbench.usecases.views import guide_practice as practice
from workbench.usecases.views.benchmark import mark_of, override_of
from workbench.usecases.views.environments import kind_words
from workbench.usecases.views.guide_known import (
    Known,
    configuration,
    error_detection,
    rollback,
    there,
)
from workbench.usecases.views.marks import Fact, Mark
from workbench.usecases.views.matrix import dimension_squares, dimension_word
from workbench.usecases.views.statement import headline

NAMED = 5


Tell = Callable[[Known], Iterable[Fact]]


def told(context: Context, page: str) -> tuple[Fact, ...]:
    """What the record shows of a page; nothing for a page that has none."""
    tell = RECORD.get(page)
    return tuple(tell(Known(context))) if tell else ()


def glossary(known: Known) -> Iterator[Fact]:
    project, count = known.project, known.record.count("difference")
    yield there("Parity map", count > 0, number_of(count, "difference"), "empty")
    probes = len(project.probes)
    yield there(
        "Parity probes", probes > 0, f"{number_of(probes, 'probe')}, {known.proven} proven", "none yet"
    )
    benchmarks = len(project.benchmarks)
    compared = sum((item.baseline or PRODUCTION.name) == PRODUCTION.name for item in project.benchmarks)
    words = f"{number_of(benchmarks, 'benchmark')}, {compared} with production as their baseline"
    yield there("Benchmarks", benchmarks > 0, words, "none yet")
    yield there("Gates", bool(project.gates), number_of(len(project.gates), "gate"), "none yet")
    flows = known.record.count("flow")
    yield there("Flows", flows > 0, number_of(flows, "flow"), "none yet")
    yield from rollback(known)


def environments(known: Known) -> Iterator[Fact]:
    for item in known.project.environments:
        yield Fact(item.title or item.key, kind_words(item), Mark.DONE)
    kinds = {item.kind for item in known.project.environments}
    if EnvironmentKind.PRODUCTION not in kinds:
        yield Fact("Production", "not declared: nothing can be compared with it", Mark.WARNS)
    if known.context.definitions.staging is None:
        yield Fact("Staging", "not declared", Mark.WARNS)


def layers(known: Known) -> Iterator[Fact]:
    sources = Counter(item.kind for item in known.project.sources)
    latency, parity_, errors = (
        Dimension.LATENCY_CONSISTENCY,
        Dimension.SERVICE_PARITY,
        Dimension.ERROR_HANDLING,
    )
    c = Category
    yield _layer(known, "Edge and network", (c.TRAFFIC,), ("http", "traffic"))
    yield _layer(known, "Services", (c.SERVICES,), ("versions", "compatible"), latency, parity_, errors)
    yield _layer(known, "Data", (c.DATA,), (), Dimension.DATA_FIDELITY)
    yield _layer(known, "Cloud infrastructure", (c.INFRASTRUCTURE,), ("infrastructure",))
    yield Fact("Serverless", "not told apart from other services here", Mark.NOT_APPLICABLE)
    pipeline = sum(count for kind, count in sources.items() if SOURCES[kind].tests is not None)
    yield _layer(known, "Pipeline", (c.PIPELINE,), (), sources=pipeline)
    yield _layer(known, "Security", (c.SECURITY,), ("masking", "isolation"))
    monitors = (count for kind, count in sources.items() if SOURCES[kind].approach is Approach.MONITORING)
    metrics = sum(monitors)
    yield _layer(known, "Observability", (c.OBSERVABILITY,), (), sources=metrics)


def _layer(
    known: Known,
    label: str,
    categories: tuple[Category, ...],
    kinds: tuple[str, ...],
    *dimensions: Dimension,
    sources: int = 0,
) -> Fact:
    probes, benchmarks = len(known.probes(*categories, kinds=kinds)), known.benchmarks(*dimensions)
    mapped = sum(known.differences.get(each, 0) for each in categories)
    counts = ((probes, "probe"), (benchmarks, "benchmark"), (sources, "source"), (mapped, "known difference"))
    words = ", ".join(number_of(count, word) for count, word in counts if count)
    looked = probes + benchmarks + sources
    if not looked:
        return Fact(label, f"nothing looks at it{f'; {words}' if words else ''}", Mark.OPEN)
    return Fact(label, words, Mark.DONE)


def kinds(known: Known) -> Iterator[Fact]:
    staging = known.context.definitions.staging
    yield Fact("Staging", kind_words(staging) if staging else "not declared", None if staging else Mark.WARNS)
    yield from known.section("Minimum parity")
    yield from known.section("Maturity")


def approaches(known: Known) -> Iterator[Fact]:
    of_source = {item.key: item.kind for item in known.project.sources}
    measured = Counter(of_source.get(item.measure.source, "") for item in known.project.benchmarks)
    for kind, count in measured.most_common():
        approach = SOURCES[kind].approach if kind in SOURCES else None
        yield Fact(kind or "unknown source", f"{number_of(count, 'benchmark')}, {approach or 'measured'}")
    with_benchmarks = {item.flow for item in known.project.benchmarks}
    flows = [flow for _, flow in all_flows(known.record)]
    bare = [flow.name for flow in flows if flow.key not in with_benchmarks]
    if bare:
        more = f" and {len(bare) - NAMED} more" if len(bare) > NAMED else ""
        yield Fact("Not measured", ", ".join(bare[:NAMED]) + more, Mark.WARNS)
    elif flows:
        yield Fact("Flows", f"all {len(flows)} have a benchmark", Mark.DONE)


def dimensions(known: Known) -> Iterator[Fact]:
    found = known.judged
    if found is None:
        counts = Counter(item.dimension for item in known.project.benchmarks)
        yield from (_dimension(each, counts[each]) for each in Dimension)
        return
    squares = dimension_squares((item, mark_of(item, override_of(found, item.key))) for item in found.judged)
    for each in Dimension:
        square = squares.get(each)
        if square is None:
            yield _dimension(each, 0)
        else:
            word = dimension_word(each).capitalize()
            yield Fact(
                word, f"{number_of(square.of, 'benchmark')}, {square.mark.word}: {square.words}", square.mark
            )


def _dimension(each: Dimension, count: int) -> Fact:
    words = number_of(count, "benchmark") if count else "no benchmark asks about it"
    return Fact(dimension_word(each).capitalize(), words, None if count else Mark.OPEN)


def fidelity(known: Known) -> Iterator[Fact]:
    found = False
    if known.judged is not None:
        rows = [row for row in Ground(known.judged).rows if row.ref.startswith("score/")]
        for row in rows:
            found = True
            under = "limit" in row.figures and row.speaks < 2
            yield Fact(row.title.capitalize(), row.sentence.rstrip("."), Mark.WARNS if under else Mark.DONE)
    if not found:
        yield Fact("Scores", "no probe has given one yet", Mark.OPEN)
    yield from error_detection(known)
    yield from configuration(known)


def parity(known: Known) -> Iterator[Fact]:
    total = sum(known.differences.values())
    yield there("Parity map", total > 0, number_of(total, "difference"), "empty")
    if known.judged is None:
        yield Fact("Parity statement", "there is no release to make one for", Mark.OPEN)
        return
    statement = read_statement(known.judged)
    for topic in Topic:
        for sentence in statement.of(topic):
            for figure in sentence.claim.figures:
                if figure.name == "level":
                    yield Fact(topic.words, figure.value, Mark.WARNS if sentence.misfits else None)
    yield Fact("Parity statement", headline(statement), Mark.DONE if statement.kept else Mark.OPEN)
    review = known.judged.review
    yield there(
        "Reviewed",
        review is not None,
        f"by {review.by} on {day_text(review.at, known.context.zone)}" if review else "",
        "not for this release",
    )


def mistakes(known: Known) -> Iterator[Fact]:
    signs = list(_signs(known))
    yield from signs or [Fact("Signs", "the record shows none of those that it can tell", Mark.DONE)]
    yield from (fact for fact in known.section("Failure modes") if fact.mark is Mark.WARNS)


def _signs(known: Known) -> Iterator[Fact]:
    mocked = [flow.name for _, flow in all_flows(known.record) if running(flow.every_step, Reality.MOCKED)]
    if mocked:
        yield Fact("Mocks", f"steps are simulated in {', '.join(mocked[:NAMED])}", Mark.WARNS)
    unproven = len(known.project.probes) - known.proven
    if unproven:
        yield Fact("Unproven", f"{number_of(unproven, 'probe')} never seen to fail", Mark.WARNS)
    found = known.judged
    if found is None:
        return
    flaky = {key: reading.facts.get("flaky") for key, reading in found.tests.items()}
    for key, count in flaky.items():
        if isinstance(count, int) and count:
            yield Fact("Flaky tests", f"{count} in {key}", Mark.WARNS)
    judged = found.judged
    if judged and not any(item.blocking for item in judged):
        yield Fact("Limits", "every benchmark is advisory: none can stop a release", Mark.WARNS)
    if found.review is None and found.difference_count:
        yield Fact("Map", "not reviewed for this release", Mark.WARNS)


def failures(known: Known) -> Iterable[Fact]:
    return known.section("Failure modes")


RECORD: Mapping[str, Tell] = {
    "glossary": glossary,
    "environments": environments,
    "layers": layers,
    "kinds": kinds,
    "approaches": approaches,
    "dimensions": dimensions,
    "fidelity": fidelity,
    "parity": parity,
    "mistakes": mistakes,
    "failures": failures,
    "alerting": practice.alerting,
    "runbooks": practice.runbooks,
    "when": practice.when,
    "starting": practice.starting,
    "experiments": practice.experiments,
    "first-week": practice.first_week,
    "tools": practice.tools,
    "questions": practice.questions,
}
