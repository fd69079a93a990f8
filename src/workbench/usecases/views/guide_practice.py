"""What the record shows of the pages of the guide about practice: beginning, drills, alerts, tools, questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice

from workbench.definitions.shapes import Dimension
from workbench.flows.model import all_flows
from workbench.gates.model import Weight
from workbench.model.changes import change_title
from workbench.model.text import number_of
from workbench.model.times import day_text
from workbench.usecases.adoption import candidates_of
from workbench.usecases.views import first_steps
from workbench.usecases.views.environment_judging import needed_section
from workbench.usecases.views.guide_known import (
    Known,
    configuration,
    drilled,
    error_detection,
    freshness,
    rehearsed,
    rollback,
    there,
)
from workbench.usecases.views.marks import Fact, Mark

NAMED = 5


def alerting(known: Known) -> Iterator[Fact]:
    found = known.judged
    if found is None:
        yield Fact("Release", "there is none to look at", Mark.OPEN)
        return
    blockers = [part for _, part in found.open_parts() if part.weight is Weight.BLOCKS]
    unowned = sum(part.key not in found.promises for part in blockers)
    words = f"{number_of(len(blockers), 'blocker')}, {unowned} unassigned" if blockers else "none"
    yield Fact("Blockers", words, Mark.WARNS if unowned else Mark.DONE)
    reasons = "; ".join(freeze.reason for freeze in found.freezes)
    yield Fact("Frozen", reasons or "no", Mark.WARNS if reasons else None)


def runbooks(known: Known) -> Iterator[Fact]:
    yield from rollback(known)
    yield from islice(drilled(known), NAMED)
    yield from rehearsed(known)


def when(known: Known) -> Iterator[Fact]:
    if known.judged is None or known.staging is None:
        yield Fact("Release", "there is none to answer for", Mark.OPEN)
        return
    release = known.judged.held.release
    changes = [change_title(key) for key in release.changes]
    yield Fact(
        "Kinds of change",
        ", ".join(changes) or f"{release.version} names none",
        None if changes else Mark.OPEN,
    )
    section = needed_section(known.staging.needed, release.version)
    yield Fact(section.title, section.said)
    yield from section.facts


def starting(known: Known) -> Iterator[Fact]:
    scores = {score.key for run in known.runs.values() for score in run.scores}
    yield there("Data consistency", "data_consistency" in scores, "scored by a probe", "no probe scores it")
    yield from error_detection(known)
    yield from configuration(known)
    latency = known.benchmarks(Dimension.LATENCY_CONSISTENCY)
    begin = candidates_of([flow for _, flow in all_flows(known.record)], known.project)
    if begin.chosen:
        yield Fact("Begin with", ", ".join(begin.chosen))
    if begin.warning:
        yield Fact("At once", begin.warning, Mark.WARNS)
    yield there("Latency", latency > 0, number_of(latency, "benchmark"), "no benchmark of it")
    yield from freshness(known)


def experiments(known: Known) -> Iterator[Fact]:
    yield from first_steps.experiments(known)


def first_week(known: Known) -> Iterator[Fact]:
    yield from first_steps.first_week(known)
    yield from known.section("Run as a product")


def tools(known: Known) -> Iterator[Fact]:
    sources = Counter(item.kind for item in known.project.sources)
    for kind, count in sources.most_common():
        yield Fact(kind.replace("_", " "), number_of(count, "source"), Mark.DONE)
    probes = Counter(item.kind for item in known.project.probes)
    for kind, count in probes.most_common():
        yield Fact(kind.replace("_", " "), number_of(count, "probe"), Mark.DONE)
    if not sources and not probes:
        yield Fact("Sources", "none are declared yet", Mark.OPEN)


def questions(known: Known) -> Iterator[Fact]:
    staging = known.context.definitions.staging
    owner = staging.owner if staging else None
    yield there("Who owns staging?", bool(owner), str(owner), "no one is named")
    yield from freshness(known)
    asks = sum(len(gate.requires) for gate in known.project.gates)
    yield there(
        "What stops a promotion?",
        asks > 0,
        f"{number_of(asks, 'requirement')} in {number_of(len(known.project.gates), 'gate')}",
        "no gate requires anything",
    )
    probes = known.project.probes
    lately = [run.at for run in known.runs.values()]
    ran = f"{len(lately)} of {len(probes)} have run" + (
        f", last on {day_text(max(lately), known.context.zone)}" if lately else ""
    )
    yield there(
        "How often do probes run?", bool(lately), ran, f"{number_of(len(probes), 'probe')}, none has run"
    )
