"""What a parity statement rests on: the rows of one judged release, with their figures and their sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from statistics import median

from workbench.benchmarks.judge import Judged
from workbench.criteria import Verdict
from workbench.criteria.words import shown
from workbench.definitions.shapes import Category, EnvironmentKind, Probe, Severity
from workbench.gates.needs import LEFT_BY_ONE
from workbench.model.quantity import show
from workbench.model.text import number_of
from workbench.model.times import to_text
from workbench.parity import model as parity
from workbench.parity.claims import Claim, Figure, Topic
from workbench.parity.decisions import Decision
from workbench.parity.drafting import (
    MOST,
    Level,
    Row,
    Speaks,
    draft,
    level_of,
    topic_of_category,
    topic_of_dimension,
)
from workbench.parity.model import Difference
from workbench.parity.words import decision_of
from workbench.probes.kinds import KINDS
from workbench.probes.runs import (
    KeptScore,
    ProbeRun,
    definition_of,
    latest_proofs,
    latest_runs,
    trust_in,
)
from workbench.releases.model import Outcome, all_releases
from workbench.usecases.evaluate import Evaluation

SECURITY_CHANGES = ("CH-6", "CH-9")  # kinds of change that make security matter
_ENOUGH = 3  # releases that went out before they say anything
_MANY = Decimal("0.33")  # a share of them that were rolled back
_SIDES = ("staging", "production")


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
        rows = (*self._differences(), *self._probes(), *self._benchmarks(), *self._releases())
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
            "SELECT category, severity, decision = 'undecided' OR coalesce(until <= ?, 0), COUNT(*) "
            "FROM e_difference WHERE decision <> 'no_matter' GROUP BY 1, 2, 3"
        )
        return [
            (topic_of_category(Category(category)), _speaks(Severity(severity), bool(open_)), count)
            for category, severity, open_, count in self._record.query(sql, (to_text(self._facts.now),))
        ]

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

    def _difference(self, ident: str, value: Difference) -> Row:
        now, zone, flows = self._facts.now, self._facts.zone, self._found.flows
        waits = ident in self._facts(LEFT_BY_ONE)
        open_ = waits or parity.undecided(value, now)
        figures = {
            "staging": value.staging,
            "production": value.production,
            "severity": value.severity.value,
            "decision": "undecided" if open_ else _decided(value, decision_of(value, now, zone)),
            "reason": "" if open_ else _why(value),
            "flows": ", ".join(flows[key].name if key in flows else key for key in value.flows),
        }
        figures = {name: " ".join(text.split()) for name, text in figures.items() if text}
        return Row(
            ref=f"difference/{ident}",
            title=value.title,
            topic=topic_of_category(value.category),
            speaks=_speaks(value.severity, open_),
            figures=figures,
            sentence=_difference_sentence(value.title, figures),
            named=parity.short_id(ident),
            severity=value.severity,
        )

    # --- probes and their scores -------------------------------------------------------------------

    def _probes(self) -> Iterator[Row]:
        if not self._project.probes:
            return
        runs, proofs = latest_runs(self._record), latest_proofs(self._record)
        for probe in self._project.probes:
            run = runs[probe.key][1] if probe.key in runs else None
            if run is not None and run.definition != definition_of(probe):
                run = None  # it was another probe that ran
            topic = topic_of_category(_category(probe))
            proven = trust_in(self._record, probe, proofs).proven
            yield _probe_row(probe, run, topic, proven)
            if run is not None and run.state != "error":
                yield from (_score_row(probe, score, topic) for score in run.scores)

    # --- benchmarks ----------------------------------------------------------------------------------

    def _benchmarks(self) -> Iterator[Row]:
        for judged in self._found.judged:
            place = self._facts.definitions.environment(judged.resolved.environment)
            if place is None or place.kind is not EnvironmentKind.PRODUCTION:
                yield _benchmark_row(judged)

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
        back = sum(held.release.outcome is Outcome.ROLLED_BACK for held in gone)
        hours = [
            (held.release.outcome_at - held.candidates[0][0].recorded_at).total_seconds() / 3600
            for held in gone
            if held.candidates and held.release.outcome_at is not None
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
            speaks=_speaks_of_releases(len(gone), back),
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


def _speaks(severity: Severity, open_: bool) -> Speaks:
    """What a difference says of its topic."""
    if severity is Severity.HIGH:
        return Speaks.AGAINST if open_ else Speaks.SOMEWHAT_AGAINST
    return Speaks.SOMEWHAT_AGAINST if open_ and severity is Severity.MEDIUM else Speaks.NEITHER


def _why(value: Difference) -> str:
    """What makes a decision good enough: the mitigation, the reason, who closes it."""
    if value.decision is Decision.MITIGATE:
        return value.mitigation or value.reason
    if value.decision is Decision.CLOSE:
        return f"{value.owner} sees to it" if value.owner else ""
    return value.reason


def _decided(value: Difference, words: str) -> str:
    """A decision as it follows “is”."""
    return words.replace("closing", "to be closed", 1) if value.decision is Decision.CLOSE else words


def _difference_sentence(title: str, figures: Mapping[str, str]) -> str:
    sides = ", ".join(f"{figures[side]} in {side}" for side in _SIDES if side in figures)
    flows = f" touches {_aloud(figures['flows'])} and" if "flows" in figures else ""
    because = f": {figures['reason'].rstrip('.')}" if "reason" in figures else ""
    about = f" ({sides})" if sides else ""
    return f"{title[:1].upper()}{title[1:]}{about}{flows} is {figures['decision']}{because}."


def _aloud(names: str) -> str:
    """A list as it is read aloud: ``Checkout and Refund``."""
    first, comma, last = names.rpartition(", ")
    return f"{first} and {last}," if comma else names


def _category(probe: Probe) -> Category:
    """What the differences of a probe are about."""
    if probe.category is not None:
        return probe.category
    kind = KINDS.get(probe.kind)
    return Category(kind.category) if kind else Category.UNSORTED


def _probe_row(probe: Probe, run: ProbeRun | None, topic: Topic, proven: bool) -> Row:
    says = f"“{probe.title}”" if probe.title else f"The probe {probe.key}"
    proof = "proven" if proven else "unproven"
    if run is None:
        result, speaks = "not run", Speaks.NOT_MEASURED
        sentence = f"{says} has not been looked at."
    elif run.state == "error":
        result, speaks = "could not look", Speaks.NOT_MEASURED
        sentence = f"{says} could not be looked at."
    elif run.state == "fail":
        result = number_of(run.differing, "difference")
        high = probe.severity is Severity.HIGH
        speaks = Speaks.AGAINST if high else Speaks.SOMEWHAT_AGAINST
        sentence = f"{says} does not hold: {run.differing} {'parameter differs' if run.differing == 1 else 'parameters differ'}."
    else:
        result, speaks = "holds", Speaks.FOR if proven else Speaks.NOT_MEASURED
        doubt = "" if proven else ", but its probe has never been seen to fail"
        sentence = f"{says} holds{doubt}."
    figures = (
        {"result": result, "proof": proof} if run is not None and run.state == "pass" else {"result": result}
    )
    return Row(
        ref=f"probe/{probe.key}",
        title=probe.title or probe.key,
        topic=topic,
        speaks=speaks,
        figures=figures,
        sentence=sentence,
        named=probe.key,
        severity=probe.severity or Severity.MEDIUM,
    )


def _score_row(probe: Probe, score: KeptScore, topic: Topic) -> Row:
    name = score.key.replace("_", " ")
    value = _scored(score.value, score.unit)
    limit = _scored(score.limit, score.unit) if score.limit is not None else ""
    figures = {"value": value, **({"limit": limit} if limit else {})}
    said = f"{name[:1].upper()}{name[1:]} is {value}"
    if limit and score.met:
        said += f", within its limit of {limit}"
    elif limit:
        said += f", {'under' if score.better == 'higher' else 'over'} its limit of {limit}"
    speaks = Speaks.NEITHER if not limit else Speaks.FOR if score.met else Speaks.AGAINST
    return Row(
        ref=f"score/{probe.key}/{score.key}",
        title=name,
        topic=topic,
        speaks=speaks,
        figures=figures,
        sentence=f"{said}.",
        named=f"{probe.key}-{score.key}".replace("_", "-"),
    )


def _scored(value: Decimal, unit: str) -> str:
    """A score as people read it: a share in per cent."""
    number, sign = (value, unit) if unit else (value * 100, "%")
    (text,) = show(number)
    return f"{text} {sign}"


_AGAINST = (Verdict.FAIL, Verdict.WARN)


def _benchmark_row(judged: Judged) -> Row:
    texts, where = shown(judged.outcome), judged.resolved.environment or "staging"
    verdict = judged.verdict
    figures = {"verdict": verdict.words.alone, "value": texts.value, "limit": texts.limit}
    if verdict is Verdict.PASS:
        speaks = Speaks.FOR
    elif verdict in _AGAINST:
        plainly = judged.blocking and verdict is Verdict.FAIL
        speaks = Speaks.AGAINST if plainly else Speaks.SOMEWHAT_AGAINST
    else:
        speaks = Speaks.NOT_MEASURED
    if texts.value:
        limit = f", within its limit of {texts.limit}" if texts.limit else ""
        said = limit if verdict is Verdict.PASS else f", {judged.headline}" if judged.headline else ""
        sentence = f"{judged.title}: {texts.value} in {where}{said}."
    else:
        sentence = f"{judged.title}: {(judged.headline or verdict.words.alone).rstrip('.')}."
    return Row(
        ref=f"benchmark/{judged.key}",
        title=judged.title,
        topic=topic_of_dimension(judged.resolved.benchmark.dimension),
        speaks=speaks,
        figures={name: text for name, text in figures.items() if text},
        sentence=sentence,
        named=judged.key,
    )


def _speaks_of_releases(shipped: int, back: int) -> Speaks:
    if shipped < _ENOUGH:
        return Speaks.NEITHER
    if not back:
        return Speaks.FOR
    return Speaks.AGAINST if Decimal(back) / shipped > _MANY else Speaks.SOMEWHAT_AGAINST
