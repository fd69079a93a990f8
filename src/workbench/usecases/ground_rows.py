"""The rows that a parity statement can rest on, each with its figures and its sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import tzinfo
from decimal import Decimal

from workbench.benchmarks.judge import Judged
from workbench.criteria import Verdict
from workbench.criteria.words import shown
from workbench.definitions.environments import DataStrategy
from workbench.definitions.shapes import Category, Environment, Probe, Severity
from workbench.environments.freshness import DataAge, Freshness
from workbench.model.text import capitalised, number_of
from workbench.model.times import day_text
from workbench.parity.claims import Topic
from workbench.parity.decisions import Decision
from workbench.parity.drafting import (
    Row,
    Speaks,
    topic_of_dimension,
)
from workbench.parity.model import Difference
from workbench.parity.seen import NOT_THERE
from workbench.probes.kinds import KINDS
from workbench.probes.runs import (
    KeptScore,
    ProbeRun,
)
from workbench.probes.scores import limit_text, score_text

_ENOUGH = 3  # releases that went out before they say anything
_MANY = Decimal("0.33")  # a share of them that were rolled back
_SIDES = ("staging", "production")


def spoken(severity: Severity, open_: bool) -> Speaks:
    """What a difference says of its topic."""
    if severity is Severity.HIGH:
        return Speaks.AGAINST if open_ else Speaks.SOMEWHAT_AGAINST
    return Speaks.SOMEWHAT_AGAINST if open_ and severity is Severity.MEDIUM else Speaks.NEITHER


def why(value: Difference) -> str:
    """What makes a decision good enough: the mitigation, the reason, who closes it."""
    if value.decision is Decision.MITIGATE:
        return value.mitigation or value.reason
    if value.decision is Decision.CLOSE:
        return f"{value.owner} sees to it" if value.owner else ""
    return value.reason


def decided(value: Difference, words: str) -> str:
    """A decision as it follows “is”."""
    return words.replace("closing", "to be closed", 1) if value.decision is Decision.CLOSE else words


# A title that says something by itself, as those that probes give do; others name a thing.
_STATES = re.compile(r"\b(?:is|are|was|were|has|have|answers|differs|differ|takes)\b")


def difference_sentence(title: str, figures: Mapping[str, str]) -> str:
    """A difference in words: values that its title does not say, flows that it touches, what was decided."""
    told = (side for side in _SIDES if side in figures and figures[side] != NOT_THERE)
    sides = ", ".join(f"{figures[side]} in {side}" for side in told if figures[side] not in title)
    about = f" ({sides})" if sides else ""
    subject = f"{capitalised(title)}{about}"
    because = f": {figures['reason'].rstrip('.')}" if "reason" in figures else ""
    touches = f"touches {_aloud(figures['flows'])} and " if "flows" in figures else ""
    link = "; it " if _STATES.search(title) else " "
    return f"{subject}{link}{touches}is {figures['decision']}{because}."


def _aloud(names: str) -> str:
    """A list as it is read aloud: ``Checkout and Refund``."""
    first, comma, last = names.rpartition(", ")
    return f"{first} and {last}," if comma else names


_OF_DATA = {
    Freshness.FRESH: (Speaks.FOR, ", fresh by its limit"),
    Freshness.OLD: (Speaks.SOMEWHAT_AGAINST, ", older than its limit allows"),
    Freshness.NOT_VALIDATED: (Speaks.NOT_MEASURED, ", from a refresh that was not validated"),
    Freshness.NO_LIMIT: (Speaks.NEITHER, ""),
    Freshness.UNKNOWN: (Speaks.NOT_MEASURED, ""),
}
_STRATEGIES = {
    DataStrategy.SCRUBBED_SNAPSHOT: "a scrubbed snapshot",
    DataStrategy.SUBSET: "a subset",
    DataStrategy.SYNTHETIC: "synthetic",
    DataStrategy.UNMASKED_COPY: "an unmasked copy",
}


def data_row(staging: Environment, age: DataAge, zone: tzinfo) -> Row:
    """What staging's data is, and how old."""
    speaks, words = _OF_DATA[age.state]
    day = day_text(age.refresh.of, zone) if age.refresh else ""
    kind = _STRATEGIES[staging.data_strategy] if staging.data_strategy else ""
    figures = {"kind": kind, "of": day, "freshness": age.state.value, "limit": staging.fresh_within or ""}
    told = " ".join(part for part in (kind, f"of {day}" if day else "") if part)
    sentence = f"Staging's data is {told}{words}." if told else "How old staging's data is, is not known."
    if kind and not day:
        sentence = f"Staging's data is {kind}; how old it is, is not known."
    return Row(
        ref=f"environment/{staging.key}",
        title=f"data of {staging.title or staging.key}",
        topic=Topic.DATA_FIDELITY,
        speaks=speaks,
        figures={name: text for name, text in figures.items() if text},
        sentence=sentence,
        named=f"data-of-{staging.key}",
    )


def category_of(probe: Probe) -> Category:
    """What the differences of a probe are about."""
    if probe.category is not None:
        return probe.category
    kind = KINDS.get(probe.kind)
    return Category(kind.category) if kind else Category.UNSORTED


def probe_row(probe: Probe, run: ProbeRun | None, topic: Topic, proven: bool) -> Row:
    """How the last run of a probe went; ``None`` where it has not run as it is defined now."""
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


def beside_row(probe: Probe, topic: Topic, count: int, severity: Severity) -> Row:
    """What a probe found of another topic than its own, and nobody has put on the map."""
    says = f"“{probe.title}”" if probe.title else f"The probe {probe.key}"
    noun, verb = ("a difference", "is") if count == 1 else (f"{count} differences", "are")
    return Row(
        ref=f"probe/{probe.key}/{topic.value}",
        title=probe.title or probe.key,
        topic=topic,
        speaks=spoken(severity, open_=True),
        figures={"not on the map": number_of(count, "difference")},
        sentence=f"{says} has {noun} of this kind that {verb} not on the map.",
        named=f"{probe.key}-{topic.slug}",
        severity=severity,
    )


def score_row(probe: Probe, score: KeptScore, topic: Topic) -> Row:
    """A score of an environment against its limit."""
    name = score.key.replace("_", " ")
    value = score_text(score.value, score.unit, score.limit)
    limit = limit_text(score.limit, score.unit) if score.limit is not None else ""
    figures = {"value": value, **({"limit": limit} if limit else {})}
    said = f"{capitalised(name)} is {value}"
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


_AGAINST = (Verdict.FAIL, Verdict.WARN)


def benchmark_row(judged: Judged) -> Row:
    """A benchmark that is measured in staging."""
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


def speaks_of_releases(shipped: int, back: int) -> Speaks:
    """What earlier releases say of deployments: nothing before there are enough of them."""
    if shipped < _ENOUGH:
        return Speaks.NEITHER
    if not back:
        return Speaks.FOR
    return Speaks.AGAINST if Decimal(back) / shipped > _MANY else Speaks.SOMEWHAT_AGAINST
