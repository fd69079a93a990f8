"""What is known of a project where the pages of the guide tell of it: each question asked once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from workbench.definitions.shapes import Category, Dimension, Probe
from workbench.model.text import number_of
from workbench.probes.kinds import KINDS as PROBE_KINDS
from workbench.probes.runs import ProbeRun, latest_proofs, latest_runs, trust_in
from workbench.usecases.context import Context
from workbench.usecases.environment_seen import release_in_hand
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.views.environment_judging import Assessment, assess, sections
from workbench.usecases.views.marks import Fact, Mark
from workbench.usecases.views.runbooks import read_runbooks


class Known:
    """What the record knows, each question asked once."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.record, self.project = context.record, context.definitions.project

    @cached_property
    def judged(self) -> Evaluation | None:
        """The release in hand; ``None`` where there is none."""
        return release_in_hand(self.context)

    @cached_property
    def staging(self) -> Assessment | None:
        """What is said of staging's word."""
        staging = self.context.definitions.staging
        return assess(self.context, staging, self.judged) if staging else None

    @cached_property
    def runs(self) -> Mapping[str, ProbeRun]:
        """The last run of each probe that the project has."""
        found = latest_runs(self.record)
        return {probe.key: found[probe.key][1] for probe in self.project.probes if probe.key in found}

    @cached_property
    def proven(self) -> int:
        """How many probes are known to be able to fail."""
        proofs = latest_proofs(self.record)
        return sum(trust_in(self.record, probe, proofs).proven for probe in self.project.probes)

    @cached_property
    def differences(self) -> Mapping[Category, int]:
        """How many differences of each category are on the map and matter."""
        sql = "SELECT category, COUNT(*) FROM e_difference WHERE decision <> 'no_matter' GROUP BY category"
        return {Category(category): count for category, count in self.record.query(sql)}

    def probes(self, *categories: Category, kinds: Iterable[str] = ()) -> list[Probe]:
        """The probes of these categories, and of these kinds."""
        wanted = tuple(kinds)
        return [
            probe
            for probe in self.project.probes
            if probe.kind in wanted or (probe.category or _of_kind(probe.kind)) in categories
        ]

    def benchmarks(self, *dimensions: Dimension) -> int:
        return sum(item.dimension in dimensions for item in self.project.benchmarks)

    def section(self, begins: str) -> tuple[Fact, ...]:
        """A section of what is said of staging, with its line as the first fact."""
        if self.staging is None:
            return (Fact("Staging", "no environment of that kind is declared", Mark.WARNS),)
        for item in sections(self.staging):
            if item.title.startswith(begins):
                said = (Fact(item.title, item.said),) if item.said else ()
                return (*said, *item.facts)
        return ()


def _of_kind(kind: str) -> Category | None:
    found = PROBE_KINDS.get(kind)
    return Category(found.category) if found else None


# --- what several pages tell ----------------------------------------------------------------


def there(label: str, there: bool, words: str, missing: str) -> Fact:
    return Fact(label, words if there else missing, Mark.DONE if there else Mark.OPEN)


# --- a page each -------------------------------------------------------------------------------


def rollback(known: Known) -> Iterator[Fact]:
    if known.judged is None:
        return
    release = known.judged.held.release
    steps = len(release.rollback_plan)
    yield there("Rollback plan", steps > 0, number_of(steps, "step"), f"{release.version} has none")
    if release.cannot_be_undone:
        yield Fact("Cannot be undone", "; ".join(release.cannot_be_undone))


def drilled(known: Known) -> Iterator[Fact]:
    """How the project's runbooks stand, those that need something first."""
    lines = read_runbooks(known.context)
    if not lines:
        yield Fact("Runbooks", "none listed: runbooks: in workbench.yaml", Mark.OPEN)
    for line in sorted(lines, key=lambda line: line.state.rehearsed):
        yield Fact(line.runbook.title, line.state.why, line.mark)


def rehearsed(known: Known) -> Iterator[Fact]:
    if known.judged is None:
        return
    words = ("rehears", "runbook", "drill", "restore")
    for items in known.judged.checklists.values():
        for view in items:
            if any(word in view.item.title.casefold() for word in words):
                done = view.state.value == "done"
                yield Fact(
                    view.item.title, view.state.value.replace("_", " "), Mark.DONE if done else Mark.OPEN
                )


def error_detection(known: Known) -> Iterator[Fact]:
    proofs = [proof for proof in latest_proofs(known.record).values() if proof.planted]
    planted = sum(len(proof.planted) for proof in proofs)
    found = sum(proof.found for proof in proofs)
    yield there(
        "Error detection",
        planted > 0,
        f"{found} of {number_of(planted, 'planted difference')} found",
        "nothing was planted yet: workbench probe --prove",
    )


def configuration(known: Known) -> Iterator[Fact]:
    probes = known.probes(Category.CONFIGURATION)
    ran = [known.runs[probe.key] for probe in probes if probe.key in known.runs]
    differing = sum(run.differing for run in ran)
    yield there(
        "Configuration drift",
        bool(ran),
        f"{number_of(sum(run.compared for run in ran), 'parameter')} compared, {differing} differ",
        "no probe has compared configuration yet: workbench parity discover",
    )


def freshness(known: Known) -> Iterator[Fact]:
    staging = known.context.definitions.staging
    within = staging.fresh_within if staging else None
    yield there(
        "Freshness",
        bool(within),
        f"at most {within} old, by staging's definition",
        "no one has said how old data may be",
    )
