"""What is said about a benchmark: its mark, its numbers, and what its verdict rests on."""

from __future__ import annotations

from datetime import datetime, tzinfo
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from workbench.benchmarks.judge import Judged, in_unit
from workbench.benchmarks.measurements import Measurement
from workbench.criteria import Verdict
from workbench.criteria.words import shown
from workbench.definitions.shapes import Tier
from workbench.environments.occupation import disturbances
from workbench.gates.model import Part, State
from workbench.gates.needs import IN_FORCE, QUARANTINED
from workbench.gates.overrides import ApprovedOverride
from workbench.model.dates import end_text
from workbench.model.quantity import show, with_unit
from workbench.model.times import relative_text
from workbench.usecases.views.marks import Mark

if TYPE_CHECKING:  # what judges costs every list 28 ms
    from workbench.usecases.evaluate import Evaluation

# The worst first: what a cell of the matrix shows.
WORST = (Mark.BLOCKS, Mark.EXCEPTED, Mark.WARNS, Mark.LEARNING, Mark.DONE, Mark.NOT_APPLICABLE)


def override_of(evaluation: Evaluation, benchmark: str) -> ApprovedOverride | None:
    """What lets a release past a benchmark now: its quarantine, or the latest override, if that covers its value."""
    part = f"benchmark/{benchmark}"
    aside, override = evaluation.facts(QUARANTINED).get(part), evaluation.facts(IN_FORCE).get(part)
    if aside is not None or override is None or override.bound is None:
        return aside or override
    judged = next((item for item in evaluation.judged if item.key == benchmark), None)
    if judged is None or judged.through:
        return override
    from workbench.gates.bound_of import lets_past  # what judges costs every list 28 ms

    return lets_past(evaluation.facts, judged)


def mark_of(judged: Judged, override: ApprovedOverride | None) -> Mark:
    """``✗`` only where it blocks."""
    if not judged.through:
        if override is not None:
            return Mark.EXCEPTED
        if judged.blocking:
            return Mark.BLOCKS
        return Mark.WARNS if judged.verdict is Verdict.FAIL else Mark.LEARNING
    if judged.verdict is Verdict.PASS:
        return Mark.WARNS if disturbances(judged.remarks) else Mark.DONE
    if judged.verdict is Verdict.WARN:
        return Mark.WARNS
    important = judged.resolved.tier is Tier.IMPORTANT
    return Mark.WARNS if judged.verdict is Verdict.NO_BASELINE and important else Mark.LEARNING


class Numbers(msgspec.Struct, frozen=True):
    """Value, limit and baseline as text; ``usable`` says whether the value was judged."""

    value: str
    limit: str
    baseline: str
    usable: bool


def numbers(judged: Judged) -> Numbers:
    """The numbers with as many digits as the verdict needs; a value that is too old all the same."""
    texts = shown(judged.outcome)
    value, usable = texts.value, bool(texts.value)
    if not usable and judged.value is not None and judged.value.state == "ok":
        value = quantity(in_unit(judged.resolved, judged.value), judged)
    return Numbers(value, texts.limit, texts.baseline, usable)


def quantity(number: Decimal | None, judged: Judged) -> str:
    """A number in the benchmark's unit; nothing for none."""
    if number is None:
        return ""
    (text,) = show(number)
    return with_unit(text, judged.resolved.unit)


def measured_number(item: Measurement) -> str:
    """The number of a measurement as it was measured, shortened for people; nothing where there is none."""
    if item.value is None:
        return ""
    (text,) = show(item.value)
    return f"{text} {item.unit}".strip()


def verdict_words(judged: Judged) -> str:
    """The verdict itself: ``no baseline``."""
    return judged.verdict.value.replace("_", " ")


def headline(judged: Judged, override: ApprovedOverride | None, zone: tzinfo) -> str:
    """The margin in words; of an overridden one first until when.  What only warns says so."""
    words = with_disturbances(judged.headline or verdict_words(judged), judged)
    if overridden := overridden_words(judged, override, zone):
        return f"{overridden}: {words}"
    return words if judged.through or judged.blocking else f"{words} (advisory)"


def with_disturbances(words: str, judged: Judged) -> str:
    """What is said of a verdict, and what makes its measurements doubtful."""
    disturbed = disturbances(judged.remarks)
    return f"{words}; {disturbed}" if disturbed else words


def why_words(judged: Judged) -> str:
    """The verdict in one sentence, and what makes its measurements doubtful."""
    return with_disturbances(judged.why, judged)


def margin_words(judged: Judged, override: ApprovedOverride | None, zone: tzinfo) -> str:
    """The same for a column beside value and limit, in a row that bears its mark: ``until 1 Dec: 28 % over``."""
    done = override.done if override is not None else ""
    return short_margin(headline(judged, override, zone).removeprefix(f"{done} "))


def short_margin(words: str) -> str:
    """A margin where the limit stands beside it: ``28 % over``."""
    for side in ("over", "under"):
        words = words.replace(f" {side} its limit", f" {side}")
    return words


def overridden_words(judged: Judged, override: ApprovedOverride | None, zone: tzinfo) -> str:
    """``overridden until 1 Dec`` where only that lets the release past; else nothing."""
    if override is None or judged.through:
        return ""
    return f"{override.done} until {end_text(override.until, zone)}"


# What a source tells beside a number, for people to look at.
_TOLD = {
    "slowest": "Slowest",
    "failed_traces": "Failed",
    "lacking": "Lacking",
    "stubs": "Stubs",
    "not_traced": "Not traced",
    "found": "Found",
    "without_severity": "No severity",
    "failing": "Failing",
    "empty_values": "Empty values",
    "changed": "Changed",
    "added": "Only here",
    "removed": "Only there",
    "without_version": "No version",
    "left_out_files": "Left out",
}


def rests_on(judged: Judged, now: datetime) -> list[tuple[str, str]]:
    """Rule, mode, measurement, baseline and remarks in words."""
    resolved, value = judged.resolved, judged.value
    found = [("Rule", str(resolved.pass_ or "none: it is only reported"))]
    if resolved.warn:
        found.append(("Warns", str(resolved.warn)))
    found.append(("Mode", _mode(judged)))
    found.append(("Measured", measured_words(value, now) if value else "not for this candidate"))
    found += told_beside(judged)
    if judged.baseline is not None:
        found.append(
            ("Baseline", f"{numbers(judged).baseline} {measured_words(judged.baseline, now)}".strip())
        )
    elif resolved.pass_ and resolved.pass_.needs_baseline:
        found.append(("Baseline", f"{resolved.baseline}: nothing to compare yet"))
    if judged.remarks:
        found.append(("Remarks", "; ".join(judged.remarks)))
    return found


def told_beside(judged: Judged) -> list[tuple[str, str]]:
    """What a source told beside the number: the slowest traces, what was a stub or lacking, what was found."""
    facts = judged.value.facts if judged.value is not None else {}
    return [(words, str(facts[name])) for name, words in _TOLD.items() if name in facts]


def _mode(judged: Judged) -> str:
    begins = judged.resolved.benchmark.blocking_from
    if judged.blocking:
        return "blocking"
    return f"advisory, blocks from {begins}" if begins else "advisory: it warns and does not block"


def measured_words(item: Measurement, now: datetime) -> str:
    """When and where something was measured, and from how much."""
    parts = [relative_text(item.measured_at, now)]
    if item.environment:
        parts.append(f"in {item.environment}")
    if item.build:
        parts.append(f"on commit {item.build[:7]}")
    if item.samples is not None:
        parts.append(f"{item.samples:,} samples" + (f" in {item.window}" if item.window else ""))
    elif item.window:
        parts.append(f"over {item.window}")
    return ", ".join(parts)


def test_parts(found: Evaluation) -> list[Part]:
    """The test runs that gates ask for, each once."""
    parts = {
        part.key: part
        for gate in found.gates
        for part in gate.parts
        if part.about.startswith("benchmark/tests/")
    }
    return list(parts.values())


def test_mark(part: Part) -> Mark:
    """Whether a test run lets the release go on."""
    if part.state is State.OVERRIDDEN:
        return Mark.EXCEPTED
    return Mark.DONE if part.state is State.MET else Mark.BLOCKS
