"""What a parity statement rests on: the rows of one judged release, with their figures and their sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from workbench.definitions.shapes import Category, EnvironmentKind, Probe, Severity
from workbench.environments import model as environments
from workbench.environments.freshness import data_age
from workbench.gates.needs import LEFT_BY_ONE
from workbench.model.errors import RecordError
from workbench.model.text import number_of
from workbench.model.times import to_text
from workbench.parity import model as parity
from workbench.parity.claims import Claim, Figure, Topic, told
from workbench.parity.decisions import Decision
from workbench.parity.drafting import (
    MOST,
    Level,
    Row,
    Speaks,
    draft,
    level_of,
    topic_of_category,
)
from workbench.parity.drift import Differing, Map, differing, watched
from workbench.parity.expectations import severity_in
from workbench.parity.model import Difference
from workbench.parity.words import decision_of
from workbench.probes.runs import (
    ProbeRun,
    definition_of,
    latest_proofs,
    latest_runs,
    trust_in,
)
from workbench.releases.model import Outcome, all_releases
from workbench.releases.shipment import went_out_at
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.ground_rows import (
    benchmark_row,
    beside_row,
    category_of,
    data_row,
    decided,
    difference_sentence,
    probe_row,
    score_row,
    speaks_of_releases,
    spoken,
    why,
)

SECURITY_CHANGES = ("CH-6", "CH-9")  # kinds of change that make security matter


class Ground:
    """The rows of one evaluation, each read once."""

    def __init__(self, evaluation: Evaluation) -> None:
        self._found = evaluation
        self._facts = evaluation.facts
        self._record = evaluation.facts.record
        self._project = evaluation.facts.project
        self._others: dict[str, Row | None] = {}

    # --- what is asked of it -------------------------------------------------------------------

    @cached_property
    def draft(self) -> tuple[Claim, ...]:
        """The sentences that the record suggests."""
        return draft(self._found.held.id, tuple(self._rows.values()), self._levels, self._further)

    @property
    def rows(self) -> Sequence[Row]:
        """Every row that the draft may tell of."""
        return tuple(self._rows.values())

    def present(self, figure: Figure) -> str:
        """How a figure is today; "" where its row is gone, or no longer says it."""
        if figure.row.startswith("topic/"):
            return self._of_topics.get((figure.row, figure.name), "")
        row = self.row(figure.row)
        return row.figures.get(figure.name, "") if row else ""

    def row(self, ref: str) -> Row | None:
        """A row, also one that the draft does not tell of."""
        if ref in self._rows:
            return self._rows[ref]
        if ref not in self._others:
            self._others[ref] = self._other(ref)
        return self._others[ref]

    def named(self, name: str) -> Row | None:
        """The row that a person means: a probe or a benchmark by its key."""
        return self.row(f"probe/{name}") or self.row(f"benchmark/{name}")

    @cached_property
    def _of_topics(self) -> Mapping[tuple[str, str], str]:
        figures = (figure for claim in self.draft for figure in claim.figures)
        return {(item.row, item.name): item.value for item in figures if item.row.startswith("topic/")}

    # --- all rows that the draft may tell --------------------------------------------------------

    @cached_property
    def _rows(self) -> Mapping[str, Row]:
        rows = (
            *self._differences(),
            *self._data(),
            *self._probes(),
            *self._benchmarks(),
            *self._releases(),
        )
        return {row.ref: row for row in rows}

    @cached_property
    def _levels(self) -> Mapping[Topic, Level]:
        speaking: dict[Topic, list[Speaks]] = {topic: [] for topic in Topic}
        for row in self._rows.values():
            speaking[row.topic].append(row.speaks)
        for topic, speaks, _ in self._counted:
            speaking[topic].append(speaks)
        matters = bool(speaking[Topic.SECURITY]) or any(
            change in SECURITY_CHANGES for change in self._found.held.release.changes
        )
        return {
            topic: level_of(topic, speaking[topic])
            for topic in Topic
            if topic is not Topic.SECURITY or matters
        }

    @cached_property
    def _counted(self) -> Sequence[tuple[Topic, Speaks, int]]:
        """Every difference that matters, counted by what it says of which topic."""
        sql = (
            "SELECT category, severity, coalesce(environment, ''), "
            "decision = 'undecided' OR coalesce(until <= ?, 0), COUNT(*) "
            "FROM e_difference WHERE decision <> 'no_matter' GROUP BY 1, 2, 3, 4"
        )
        found = []
        for kind, grade, place, open_, count in self._record.query(sql, (to_text(self._facts.now),)):
            try:
                category, written = Category(kind), Severity(grade)
            except ValueError:
                raise RecordError(
                    "the record is damaged: a difference in it has no category or severity that there is",
                    hint="run: workbench verify; keep the file, and put a copy back (docs/record.md)",
                ) from None
            severity = self._severity(place, category, written)
            found.append((topic_of_category(category), spoken(severity, bool(open_)), count))
        return found

    @property
    def _further(self) -> Mapping[Topic, int]:
        """How many differences of each topic there are beside the rows."""
        totals = {topic: sum(n for t, _, n in self._counted if t is topic) for topic in Topic}
        return {topic: max(0, total - MOST) for topic, total in totals.items()}

    # --- differences -----------------------------------------------------------------------------

    def _differences(self) -> Iterator[Row]:
        for topic in Topic:
            names = [each.value for each in Category if topic_of_category(each) is topic]
            marks = ", ".join("?" * len(names))
            where = f"category IN ({marks}) AND decision <> 'no_matter'"
            for stored in self._record.all("difference", where, tuple(names), parity.ORDER, limit=MOST):
                yield self._difference(stored.id, stored.decode(Difference))
        for ident in self._facts(LEFT_BY_ONE):  # said not to matter, which a second person has to say too
            stored_ = self._record.get("difference", ident)
            value = stored_.decode(Difference) if stored_ else None
            if value is not None and value.decision is Decision.IRRELEVANT:
                yield self._difference(ident, value)

    def _severity(self, environment: str, category: Category, severity: Severity) -> Severity:
        """How severe a difference is where it is: low data fidelity is expected of an ephemeral environment."""
        definitions = self._facts.definitions
        place = definitions.environment(environment) if environment else definitions.staging
        return severity_in(place, category, severity)

    def _difference(self, ident: str, value: Difference) -> Row:
        now, zone, flows = self._facts.now, self._facts.zone, self._found.flows
        waits = ident in self._facts(LEFT_BY_ONE)
        open_ = waits or parity.undecided(value, now)
        figures = {
            "staging": value.staging,
            "production": value.production,
            "severity": value.severity.value,
            "decision": "undecided" if open_ else decided(value, decision_of(value, now, zone)),
            "reason": "" if open_ else why(value),
            "flows": ", ".join(flows[key].name if key in flows else key for key in value.flows),
        }
        figures = {name: told(text) for name, text in figures.items() if text}
        return Row(
            ref=f"difference/{ident}",
            title=value.title,
            topic=topic_of_category(value.category),
            speaks=spoken(self._severity(value.environment, value.category, value.severity), open_),
            figures=figures,
            sentence=difference_sentence(value.title, figures),
            named=parity.short_id(ident),
            severity=value.severity,
        )

    # --- the data of staging ---------------------------------------------------------------------------

    def _data(self) -> Iterator[Row]:
        """How old staging's data is, where somebody says how old it may be or when it was refreshed."""
        staging = self._facts.definitions.staging
        if staging is None:
            return
        refreshes = [value for _, value in environments.refreshes(self._record, staging.key)]
        if refreshes or staging.fresh_within or staging.data_strategy:
            age = data_age(refreshes, staging.fresh_within, self._facts.now)
            yield data_row(staging, age, self._facts.zone)

    # --- probes and their scores -------------------------------------------------------------------

    def _probes(self) -> Iterator[Row]:
        if not self._project.probes:
            return
        runs, proofs = latest_runs(self._record), latest_proofs(self._record)
        for probe in self._project.probes:
            run = runs[probe.key][1] if probe.key in runs else None
            if run is not None and self._of_another(run, probe):
                run = None
            topic = topic_of_category(category_of(probe))
            proven = trust_in(self._record, probe, proofs).proven
            yield probe_row(probe, run, topic, proven)
            if run is not None and run.state != "error":
                yield from (score_row(probe, score, topic) for score in run.scores)
                yield from self._beside(probe, run, topic)

    @cached_property
    def _map(self) -> Map:
        return Map(rows=watched(self._record), waiting=self._facts(LEFT_BY_ONE).keys())

    def _of_another(self, run: ProbeRun, probe: Probe) -> bool:
        """Whether another probe ran, as it was defined, or recorded answers were replayed where they do not count."""
        if run.mark == "replayed" and not self._facts.demonstration:
            return True
        return run.definition != definition_of(probe)

    def _beside(self, probe: Probe, run: ProbeRun, topic: Topic) -> Iterator[Row]:
        """What the last run found that speaks of other topics than its probe, and that the map does not tell yet."""
        found: dict[Topic, list[Differing]] = {}
        for one in differing(self._record, run, probe, category_of(probe), self._map, self._facts.now):
            other = topic_of_category(one.category)
            if not one.row and other is not topic:
                found.setdefault(other, []).append(one)
        for other in sorted(found, key=list(Topic).index):
            high = any((one.change.severity or probe.severity) is Severity.HIGH for one in found[other])
            yield beside_row(probe, other, len(found[other]), Severity.HIGH if high else Severity.MEDIUM)

    # --- benchmarks ----------------------------------------------------------------------------------

    def _benchmarks(self) -> Iterator[Row]:
        for judged in self._found.judged:
            place = self._facts.definitions.environment(judged.resolved.environment)
            if place is None or place.kind is not EnvironmentKind.PRODUCTION:
                yield benchmark_row(judged)

    # --- releases so far -------------------------------------------------------------------------------

    def _releases(self) -> Iterator[Row]:
        gone = [
            held
            for held in all_releases(self._record)
            if held.release.outcome in (Outcome.SHIPPED, Outcome.ROLLED_BACK)
            and held.id != self._found.held.id
        ]
        if not gone:
            return
        from statistics import median  # 2 ms, which every gate would take

        back = sum(held.release.outcome is Outcome.ROLLED_BACK for held in gone)
        hours = [
            (at - held.candidates[0][0].recorded_at).total_seconds() / 3600
            for held in gone
            if held.candidates and (at := went_out_at(self._record, held)) is not None
        ]
        figures = {"went out": str(len(gone)), "rolled back": str(back)}
        sentence = f"Of {number_of(len(gone), 'earlier release')} that went out, {back or 'none'} {'was' if back < 2 else 'were'} rolled back"
        if hours and (middle := median(hours)) >= 1:
            figures["first build to production"] = f"{round(middle)} h"
            sentence += f"; from the first build to production it took {round(middle)} h (median)"
        yield Row(
            ref="releases",
            title="earlier releases",
            topic=Topic.DEPLOYMENT_FRICTION,
            speaks=speaks_of_releases(len(gone), back),
            figures=figures,
            sentence=f"{sentence}.",
            named="releases",
        )

    def _other(self, ref: str) -> Row | None:
        kind, _, key = ref.partition("/")
        if kind != "difference":
            return None
        stored = self._record.get("difference", key)
        return self._difference(key, stored.decode(Difference)) if stored else None
