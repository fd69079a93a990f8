"""How a benchmark stands, said once: the value, what is allowed and why, and since when it is so."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from workbench.benchmarks.judge import Judged
from workbench.criteria import Outcome, Verdict, judge, leaves
from workbench.criteria.words import Allowed, allowed
from workbench.gates.overrides import ApprovedOverride
from workbench.model.dates import end_text
from workbench.model.quantity import significant
from workbench.model.text import number_of
from workbench.model.times import clock_text
from workbench.parity.decisions import Decision
from workbench.parity.model import Difference, undecided
from workbench.usecases.views.benchmark import (
    mark_of,
    numbers,
    override_of,
    quantity,
    rests_on,
    verdict_words,
)
from workbench.usecases.views.flow_words import agreed_words, not_covered_words
from workbench.usecases.views.marks import Fact, Mark
from workbench.usecases.views.material import Points
from workbench.usecases.views.since import Bounds, since_words

if TYPE_CHECKING:  # what judges costs every list 28 ms
    from workbench.usecases.evaluate import Evaluation

_LARGEST = 1e200  # what is larger is not drawn


def value_words(judged: Judged) -> str:
    """``0.69 s, 28 % over its limit``; of what was not measured, why there is no value."""
    value, said = numbers(judged).value, judged.headline or verdict_words(judged)
    if judged.verdict is Verdict.PASS and judged.resolved.pass_ is None:
        return f"{value}; there is no rule to meet"
    return f"{value}, {said}" if value else said


def allowed_words(judged: Judged) -> str:
    """``allowed 0.36–0.54 s: production's 0.45 s ± 20 %``; without a limit, the rule."""
    found = limits_of(judged)
    if found.range:
        return f"allowed {found.range}" + (f": {found.source}" if found.source else "")
    return f"rule: {judged.resolved.pass_}" if judged.resolved.pass_ else ""


def limits_of(judged: Judged) -> Allowed:
    """The same as text, bound by bound."""
    return allowed(_limiting(judged))


def bounds_of(judged: Judged) -> Bounds:
    """What is allowed, as numbers to draw."""
    low, high = accepted(judged)
    return Bounds(_drawable(low), _drawable(high))


def accepted(judged: Judged) -> tuple[Decimal | None, Decimal | None]:
    """The values that its rule lets pass, as a lower and an upper bound; ``None`` is none on that side."""
    return _limiting(judged).accepts()


def _limiting(judged: Judged) -> Outcome:
    """The outcome that has the limits: of what was not measured, as if it were as good as the baseline.

    What a rule of several clauses allows depends on the value; a statistical one has said already what it found,
    and comparing thousands of samples again would keep whoever looks at it waiting.
    """
    outcome, rule = judged.outcome, judged.resolved.pass_
    if outcome.figures is not None:
        return outcome
    if outcome.limit is not None or rule is None or len(list(leaves(rule))) != 1:
        return outcome
    inputs = outcome.inputs
    value = inputs.baseline if inputs.baseline is not None else Decimal(0)
    return judge(rule, None, msgspec.structs.replace(inputs, value=value, value_state=None))


def _drawable(number: Decimal | None) -> float | None:
    return float(number) if number is not None and abs(number) < Decimal(_LARGEST) else None


def since_when(judged: Judged, points: Points, now: datetime, zone: tzinfo = UTC) -> str:
    """``since yesterday 18:20; before that 0.29 s, also outside``; "" where nothing is known of it."""
    value = _drawable(judged.outcome.inputs.value)
    if value is None:
        return ""

    def say(level: float) -> str:
        return quantity(significant(Decimal(repr(level)), 2), judged)

    return since_words(points, bounds_of(judged), value, say, now=now, zone=zone)


def notes_on(judged: Judged, override: ApprovedOverride | None, zone: tzinfo = UTC) -> list[str]:
    """What else a reader has to know: an override, and how a failure became a warning."""
    found = []
    if override is not None and not judged.through:
        until = end_text(override.until, zone)
        who = f"{override.author} and {override.approver}"
        found.append(f"{override.done} until {until} by {who}: {override.reason}")
    return found + ([judged.outcome.note] if judged.outcome.note else [])


def cannot_tell_words(found: Evaluation, judged: Judged, zone: tzinfo) -> str:
    """The undecided and accepted differences that touch its flow; "" where there are none."""
    return found.cannot_tell(judged).words(zone)


def benchmarks_in_doubt(found: Evaluation, difference: Difference) -> list[str]:
    """The titles of the benchmarks that an undecided or accepted difference puts in doubt."""
    if difference.decision is not Decision.ACCEPT and not undecided(difference, found.now):
        return []
    definitions = found.facts.definitions
    staging = definitions.staging.key if definitions.staging else ""
    place = difference.environment or staging
    return [
        item.title
        for item in found.judged
        if (item.key in difference.benchmarks or item.resolved.benchmark.flow in difference.flows)
        and (item.resolved.environment or staging) == place
    ]


def looks_words(judged: Judged) -> str:
    """``looked at 3 times, 1 failed``; "" where nobody looked more than once at this build."""
    looks = judged.looks
    if looks.count < 2:
        return ""
    failed = f", {len(looks.failed)} failed" if looks.failed else ""
    return f"looked at {looks.count} times{failed}"


def in_doubt_words(count: int) -> str:
    """``▲ in doubt: 2 differences``; "" where no difference puts it in doubt."""
    return f"{Mark.WARNS.symbol} in doubt: {number_of(count, 'difference')}" if count else ""


def span_words(points: Points, now: datetime, zone: tzinfo = UTC) -> str:
    """Which time a course is of: ``last 24 hours``, or from when to when."""
    first, last = (datetime.fromtimestamp(points[at][0], UTC) for at in (0, -1))
    length, late = (last - first).total_seconds(), (now - last).total_seconds()
    if length <= 0:
        return f"at {clock_text(last, now, zone)}"
    if 0 <= late <= max(length * 0.1, 120):
        for unit, size in (("days", 86400), ("hours", 3600), ("minutes", 60)):
            if length >= 1.9 * size:
                return f"last {round(length / size)} {unit}"
    return f"{clock_text(first, now, zone)} to {clock_text(last, now, zone)}"


def verdict_facts(judged: Judged, found: Evaluation, zone: tzinfo) -> list[Fact]:
    """Everything that a verdict rests on, to read."""
    override = override_of(found, judged.key)
    facts = [Fact("Verdict", value_words(judged), mark_of(judged, override))]
    if (found_limits := limits_of(judged)).range:
        source = f": {found_limits.source}" if found_limits.source else ""
        facts.append(Fact("Allowed", found_limits.range + source))
    if override is not None and not judged.through:
        until = end_text(override.until, zone)
        said = f"until {until} by {override.author} and {override.approver}: {override.reason}"
        facts.append(Fact(override.done.capitalize(), said))
    if limits := cannot_tell_words(found, judged, zone):
        facts.append(Fact("In doubt", limits, Mark.WARNS))
    facts += [Fact(name, text) for name, text in rests_on(judged, found.now)]
    benchmark = judged.resolved.benchmark
    flow, about = found.flows.get(benchmark.flow or ""), benchmark.about
    if missing := not_covered_words(flow, (benchmark,)):
        facts.append(Fact("Not covered", missing, Mark.WARNS))
    if agreed := agreed_words(flow, benchmark, zone):
        facts.append(Fact("Limits agreed", agreed))
    return [*facts, Fact("About", about)] if about else facts
