"""Verdicts: a benchmark, its measurements and a moment make one.  Never stored."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal

import msgspec

from workbench.benchmarks.baselines import Baseline, Sought, baseline_of, pinned_name
from workbench.benchmarks.caveats import Caveat, caveats
from workbench.benchmarks.history import observed
from workbench.benchmarks.kinds import KINDS
from workbench.benchmarks.looks import AT_ONCE, NEVER, Look, Looks, looked
from workbench.benchmarks.measurements import Measurement
from workbench.benchmarks.noise import Noise
from workbench.benchmarks.past import Past
from workbench.benchmarks.resolve import Resolved
from workbench.benchmarks.windows import window_of
from workbench.criteria import (
    Earlier,
    Inputs,
    Need,
    Outcome,
    Verdict,
    fed,
    headline,
    judge,
    not_judged,
    sentence,
)
from workbench.definitions.shapes import Mode, Tier
from workbench.model.commits import same_commit
from workbench.model.quantity import find_unit, rescale, rescale_all
from workbench.model.times import age_text, parse_duration

FUTURE = timedelta(minutes=2)
_BESIDE = frozenset({Need.BASELINE})  # what is measured beside the value
AVERAGED = "its samples are averages of slices, and neighbours resemble each other"
_MIRRORED, _LOST = "mirrored", 0.01  # a selection of both sides, and the share by which it may differ
_ALL = Decimal("1.01")  # a share; counters that are read at different moments give a little more than 1
REPLAYED = "replayed from a recording, which proves nothing here"
ASSERTED = "the file that was imported names no commit: import it again with --commit and a reason"


class Judged(msgspec.Struct, frozen=True, gc=False):
    """A verdict with everything it was made from.

    ``looks`` are those at this candidate, ``caveats`` what speaks against the baseline.  ``phase`` is when the
    present phase began, of what looks at the past, and ``pinned`` the digest of a pinned baseline.
    """

    resolved: Resolved
    outcome: Outcome
    value: Measurement | None
    baseline: Measurement | None
    baseline_value: Decimal | None
    evaluated_at: datetime
    remarks: tuple[str, ...] = ()
    looks: Looks = NEVER
    caveats: tuple[Caveat, ...] = ()
    phase: datetime | None = None
    pinned: str = ""

    @property
    def key(self) -> str:
        return self.resolved.key

    @property
    def title(self) -> str:
        return self.resolved.benchmark.title

    @property
    def verdict(self) -> Verdict:
        return self.outcome.verdict

    @property
    def headline(self) -> str:
        """The margin in words: ``28 % over its limit``, ``0.06 s to spare``, ``no data``."""
        return headline(self.outcome)

    @property
    def why(self) -> str:
        """The verdict in one sentence, with the numbers."""
        return sentence(self.outcome)

    @property
    def blocking(self) -> bool:
        return self.resolved.mode is Mode.BLOCKING

    @property
    def through(self) -> bool:
        """CRITERIA 3: whether a gate lets this pass, whatever the mode."""
        verdict = self.outcome.verdict
        if verdict is Verdict.PASS or verdict is Verdict.WARN or verdict is Verdict.LEARNING:
            return True
        return verdict is Verdict.NO_BASELINE and self.resolved.tier is not Tier.CRITICAL

    @property
    def answered(self) -> bool:
        """Whether there is no verdict although every number is known: asking again cannot help."""
        inputs = self.outcome.inputs
        states = (inputs.value_state, inputs.baseline_state)
        return self.verdict is Verdict.ERROR and inputs.value is not None and not any(states)

    @property
    def first_of_its_kind(self) -> bool:
        """Whether it is compared with the past, and has none: no new value of this candidate can help."""
        compared = baseline_of(self.resolved.baseline)
        no_past = self.baseline is None and compared.find is not None
        return self.verdict is Verdict.NO_BASELINE and no_past

    @property
    def unasked(self) -> bool:
        """Whether there is no verdict because a source could not be asked."""
        asked = (self.value, self.baseline)
        return self.verdict is Verdict.ERROR and any(found and found.state == "error" for found in asked)


def _no_conditions(resolved: Resolved, value: Measurement | None, baseline: Measurement) -> Iterable[Caveat]:
    return ()


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What a judgement needs beside the benchmark itself.

    Of a benchmark in ``pinned`` ages do not count: sign-off is open.  Days are told in ``zone``.  A baseline of
    which one of the marks ``refused`` is true is none, and ``conditions`` says what else was different
    when one was measured.
    """

    now: datetime
    candidate: str | None
    commit: str | None
    demonstration: bool
    readings: Mapping[tuple[str, str], Measurement]
    past: Past
    pinned: Mapping[str, tuple[str, ...]] = {}
    zone: tzinfo = UTC
    refused: Set[str] = frozenset()
    conditions: Callable[[Resolved, Measurement | None, Measurement], Iterable[Caveat]] = _no_conditions


def judged(resolved: Resolved, context: Context) -> Judged:
    """The verdict of one benchmark at one moment, with the earlier looks at the same candidate."""
    noise = _noise(resolved, context)
    found = _alone(resolved, context, noise)
    value = found.value
    if value is None or context.candidate is None or value.candidate != context.candidate:
        return found
    looks = looked(_looks(found, value, context, noise))
    told = looks.told(value, context.now, context.zone) if looks.failed else ""
    found = msgspec.structs.replace(
        found, looks=looks, remarks=(*found.remarks, told) if told else found.remarks
    )
    if found.verdict is not Verdict.PASS and found.verdict is not Verdict.WARN:
        return found
    if not looks.failed and resolved.steady is AT_ONCE:
        return found
    lacking = looks.lacking(
        resolved.steady, noisy=_is_noisy(resolved, value), now=context.now, zone=context.zone
    )
    if not lacking:
        return found
    outcome = msgspec.structs.replace(found.outcome, verdict=Verdict.INCONCLUSIVE, reason=lacking)
    return msgspec.structs.replace(found, outcome=outcome)


def _is_noisy(resolved: Resolved, value: Measurement) -> bool:
    """Whether the next value may differ by chance: it is one of a stretch of time, or of samples that are kept."""
    return bool(value.window or value.data or resolved.needs - _BESIDE)


def _looks(found: Judged, value: Measurement, context: Context, noise: Noise) -> list[Look]:
    """Every look at the candidate up to this value, each judged at its time."""
    resolved = found.resolved
    looks: list[Look] = []
    for item, baseline in context.past.looks(resolved.key, value):
        if item.ref == value.ref:
            break
        then = {(resolved.key, "value"): item}
        if baseline is not None:
            then[resolved.key, "baseline"] = baseline
        moment = max(item.measured_at, baseline.measured_at) if baseline else item.measured_at
        at_that_time = msgspec.structs.replace(context, now=min(moment, context.now), readings=then)
        looks.append(Look(item, _alone(resolved, at_that_time, noise).verdict))
    return [*looks, Look(value, found.verdict)]


def _alone(resolved: Resolved, context: Context, noise: Noise) -> Judged:
    """The verdict of one value, whatever was measured before it."""
    benchmark = resolved.benchmark
    value = context.readings.get((benchmark.key, "value"))
    if value is None and benchmark.carry:
        value = context.past.latest(benchmark.key, "value")
    compared = baseline_of(resolved.baseline)
    baseline = _baseline(resolved, compared, value, context)
    number, state, why, remarks = _usable(resolved, value, context)
    base_number, base_state, base_why, base_remarks = _usable_baseline(resolved, baseline, context)
    marked = _caveats(resolved, value, baseline, compared, context) if base_number is not None else ()
    if refused := next((each.words for each in marked if each.mark in context.refused), ""):
        base_number, base_state = None, Verdict.NO_BASELINE
        base_why = f"the project refuses this baseline: {refused}"
    # What was measured later is no more known at a look than what is in the future.
    itself = base_number is not None and compared.find is None and Need.BASELINE in resolved.needs
    inputs = Inputs(
        value=number,
        unit=resolved.unit,
        baseline=base_number,
        value_state=state,
        baseline_state=base_state,
        value_why=why,
        baseline_why=base_why,
        baseline_name=compared.whose,
        better=resolved.better,
        charting=resolved.charting,
        noise=noise.floor(context.now + FUTURE) if itself else None,
    )
    if not resolved.needs <= _BESIDE:
        inputs, looked_back = _looking_back(inputs, resolved, value, baseline, context)
        remarks += looked_back
    if resolved.unjudged:
        outcome = not_judged(resolved.pass_, inputs, resolved.unjudged)
    else:
        outcome = _with_reason(judge(resolved.pass_, resolved.warn, inputs), value)
    remarks += base_remarks + tuple(each.words for each in marked)
    if outcome.figures is not None:
        remarks = (*remarks, *(each for each in outcome.figures.remarks if each not in outcome.note))
    if resolved.unproven:
        remarks = (*remarks, resolved.unproven)
    if not resolved.tier_known:
        remarks = (*remarks, "its flow is not known here: judged as critical")
    found = Judged(resolved, outcome, value, baseline, base_number, context.now, remarks, NEVER, marked)
    return (
        found if compared.find is None and Need.HISTORY not in resolved.needs else _with_past(found, context)
    )


def _with_reason(outcome: Outcome, value: Measurement | None) -> Outcome:
    """What does not pass says what makes it so, where its source has told: ``cart: 2 patch versions behind``."""
    if value is None or outcome.verdict is Verdict.PASS or not value.facts:
        return outcome
    because = str(value.facts.get("because", ""))
    if not because or outcome.verdict not in (Verdict.FAIL, Verdict.WARN):
        return outcome
    return msgspec.structs.replace(outcome, note="; ".join(filter(None, (outcome.note, because))))


def _noise(resolved: Resolved, context: Context) -> Noise:
    """How far production differs from itself, where that was measured often enough."""

    def measured() -> list[Measurement]:
        found = context.past.baselines(resolved.key)
        return [item for item in found if _useless(item, context) is None]

    return Noise(measured, lambda item: in_unit(resolved, item))


def _with_past(found: Judged, context: Context) -> Judged:
    """The same with what somebody decided about the past that it rests on."""
    key, name = found.key, pinned_name(found.resolved.baseline)
    kept = context.past.pinned(key, name) if name is not None else None
    phase = context.past.began(key)
    if phase is None and kept is None:
        return found
    return msgspec.structs.replace(found, phase=phase, pinned=kept.digest if kept is not None else "")


def _baseline(
    resolved: Resolved, compared: Baseline, value: Measurement | None, context: Context
) -> Measurement | None:
    if compared.find is not None:
        sought = Sought(
            resolved.subject, value, resolved.better, lambda *pair: _counted(resolved, context, *pair)
        )
        return compared.find(context.past, sought)
    key = resolved.key
    return context.readings.get((key, "baseline")) or context.past.latest(key, "baseline")


def _counted(
    resolved: Resolved, context: Context, earlier: Measurement, baseline: Decimal | None
) -> Decimal | None:
    """The number of an earlier value unless it failed in its time: what failed feeds no baseline."""
    if _worthless(resolved, earlier, context):
        return None
    number = in_unit(resolved, earlier)
    inputs = Inputs(value=number, unit=resolved.unit, baseline=baseline, better=resolved.better)
    failed = judge(resolved.pass_, resolved.warn, inputs).verdict is Verdict.FAIL
    return None if failed else number


def _looking_back(
    inputs: Inputs,
    resolved: Resolved,
    value: Measurement | None,
    baseline: Measurement | None,
    context: Context,
) -> tuple[Inputs, tuple[str, ...]]:
    """The inputs of a rule that looks at earlier measurements or at samples, with these, and remarks on them."""
    remarks: tuple[str, ...] = ()
    if Need.HISTORY in resolved.needs:
        edges = _edges(resolved, value, context)
        history, remarks = _history(resolved, value, edges, context)
        inputs = msgspec.structs.replace(inputs, history=history, edges=edges)
    if Need.SAMPLES in resolved.needs:
        inputs = msgspec.structs.replace(
            inputs,
            samples=_samples(resolved, value, context),
            baseline_samples=_samples(resolved, baseline, context),
            samples_why=unlike(value, baseline),
            baseline_count=baseline.samples if baseline else None,
            min_samples=resolved.benchmark.min_samples or inputs.min_samples,
        )
    inputs = msgspec.structs.replace(inputs, count=value.samples if value else None, least=0.0)
    return inputs, remarks


def _history(
    resolved: Resolved, value: Measurement | None, edges: Sequence[float], context: Context
) -> tuple[tuple[Earlier, ...], tuple[str, ...]]:
    """The earlier measurements that count, oldest first, and what has to be known of them.

    One that failed the rule in its time is left out: what failed never feeds what comes after.  What was
    measured after the value, or shares its window, is no history of it.
    """
    found = observed(
        context.past.points(resolved.subject, window_of(value)[0] if value else None),
        usable=lambda item: _useless(item, context) is None,
        number=lambda item: in_unit(resolved, item),
        zone=context.zone,
    )
    inputs = Inputs(
        value=None, unit=resolved.unit, better=resolved.better, charting=resolved.charting, edges=edges
    )
    return fed(resolved.pass_, resolved.warn, inputs, found.points), found.remarks


def _edges(resolved: Resolved, value: Measurement | None, context: Context) -> Sequence[float]:
    """The edges of the histogram that a value was read from, in the benchmark's unit."""
    histogram = context.past.histogram(value) if value is not None and value.basis == "buckets" else None
    if histogram is None or value is None:
        return ()
    return rescale_all(array("d", histogram.edges), find_unit(value.unit), resolved.unit)


def _samples(resolved: Resolved, measurement: Measurement | None, context: Context) -> Sequence[float]:
    """The samples behind a value that counts, in the benchmark's unit."""
    if measurement is None or measurement.state != "ok" or _worthless(resolved, measurement, context):
        return ()
    return rescale_all(context.past.samples(measurement), find_unit(measurement.unit), resolved.unit)


def _dropped(own: int | None, other: int | None) -> str:
    """Why mirrored samples are not the same requests: one side has fewer of them."""
    if own is None or other is None or abs(own - other) <= _LOST * max(own, other):
        return ""
    return f"both sides were sent the same, and {own:,} samples stand against {other:,}: some were dropped"


def unlike(value: Measurement | None, baseline: Measurement | None) -> str:
    """Why the samples of the two sides cannot be compared: they were chosen differently."""
    if value is None or baseline is None:
        return ""
    own, other = (str(item.facts.get("selection", "")) for item in (value, baseline))
    if own == other:
        return _dropped(value.samples, baseline.samples) if own == _MIRRORED else ""
    said = [text or "nothing said" for text in (own, other)]
    return f"the samples are selected differently ({said[0]} against {said[1]})"


_Usable = tuple[Decimal | None, Verdict | None, str, tuple[str, ...]]


def _usable(resolved: Resolved, value: Measurement | None, context: Context) -> _Usable:
    """The number to judge, or the state and reason why there is none."""
    if value is None:
        return None, Verdict.MISSING, "not measured for this candidate", ()
    if value.state != "ok" or value.value is None:
        state = Verdict.ERROR if value.state == "error" else Verdict.MISSING
        return None, state, value.why or "no data", ()
    unusable = _worthless(resolved, value, context) or _why_not(resolved, value, context)
    if unusable:
        return None, *unusable, ()
    return in_unit(resolved, value), None, "", _remarks(value)


def ahead_of(now: datetime, value: Measurement) -> str | None:
    """CRITERIA 3: a moment more than two minutes ahead is a mistake of some clock."""
    if value.measured_at - now <= FUTURE:
        return None
    return f"measured in the future ({value.measured_at:%Y-%m-%d %H:%M} UTC)"


def _worthless(resolved: Resolved, value: Measurement, context: Context) -> tuple[Verdict, str] | None:
    """What no measurement may be, a baseline's neither."""
    if useless := _useless(value, context):
        return useless
    if not in_kind(resolved, value):
        asked = resolved.unit.symbol or "a count"
        return Verdict.MISSING, f"measured in {value.unit or 'a count'}, asked in {asked}: measure again"
    if impossible := _impossible(resolved, value):
        return Verdict.ERROR, impossible
    return None


def _impossible(resolved: Resolved, value: Measurement) -> str:
    """Why nothing of its kind can have this value; "" where it can, or where the benchmark is of no kind."""
    kind = KINDS.get(resolved.benchmark.kind) if resolved.benchmark.kind else None
    number = in_unit(resolved, value)
    if kind is None or number is None:
        return ""
    if number < 0 and not kind.below_zero:
        return (
            f"{number.normalize():f} {resolved.unit}".strip()
            + " is below 0, and cannot be: look at its source"
        )
    if resolved.unit.kind == "share" and number * resolved.unit.factor > _ALL:
        return f"{number.normalize():f} {resolved.unit} is more than all of them, and cannot be: look at its source"
    return ""


def _useless(value: Measurement, context: Context) -> tuple[Verdict, str] | None:
    """The same whatever is asked."""
    if value.measured_at > context.now and (ahead := ahead_of(context.now, value)):
        return Verdict.ERROR, ahead
    if value.mark == "replayed" and not context.demonstration:
        return Verdict.MISSING, REPLAYED
    if value.mark == "asserted":
        return Verdict.MISSING, ASSERTED
    if value.mark == "manual" and not value.evidence:
        return Verdict.MISSING, "typed in without evidence"
    return None


def in_kind(resolved: Resolved, measurement: Measurement) -> bool:
    """Whether a measurement's unit can become the benchmark's, which may have another one by now."""
    if measurement.unit == resolved.unit.symbol:
        return True
    try:
        return find_unit(measurement.unit).kind == resolved.unit.kind
    except ValueError:
        return False


def _why_not(resolved: Resolved, value: Measurement, context: Context) -> tuple[Verdict, str] | None:
    if (
        value.build
        and context.commit
        and not resolved.benchmark.carry
        and not same_commit(value.build, context.commit)
    ):
        return Verdict.MISSING, f"measured on commit {value.build[:7]}, not on this candidate"
    if value.samples is not None and value.samples < resolved.min_samples:
        return Verdict.MISSING, f"{value.samples} of {resolved.min_samples} samples"
    if value.samples is None and resolved.min_samples and resolved.benchmark.min_samples:
        return Verdict.MISSING, f"the number of samples is not known, {resolved.min_samples} are asked"
    age = context.now - value.measured_at
    if resolved.max_age is not None and age > resolved.max_age and resolved.key not in context.pinned:
        return Verdict.STALE, f"too old: {age_text(age)}, at most {age_text(resolved.max_age)}"
    return None


def in_unit(resolved: Resolved, measurement: Measurement) -> Decimal | None:
    """The measured number in the benchmark's unit; ``None`` where its own unit is of another kind."""
    unit = resolved.unit
    if measurement.value is None or measurement.unit == unit.symbol:
        return measurement.value
    return (
        rescale(measurement.value, find_unit(measurement.unit), unit)
        if in_kind(resolved, measurement)
        else None
    )


def _remarks(value: Measurement) -> tuple[str, ...]:
    found = []
    if value.partial:
        found.append(f"partial answer: {value.partial}")
    if value.facts.get("percentile"):
        found.append(str(value.facts["percentile"]))
    if value.basis == "averaged":
        found += filter(None, (AVERAGED, str(value.facts.get("slices", ""))))
    if value.facts.get("note"):
        found.append(f"note: {value.facts['note']}")
    if value.mark:
        found.append(value.mark)
    if value.build is None and value.candidate:
        found.append("build asserted")
    return tuple(found)


def _usable_baseline(resolved: Resolved, baseline: Measurement | None, context: Context) -> _Usable:
    if Need.BASELINE not in resolved.needs:
        shown = baseline and baseline.state == "ok" and not _worthless(resolved, baseline, context)
        return in_unit(resolved, baseline) if baseline and shown else None, None, "", ()
    if baseline is None:
        lacking = baseline_of(resolved.baseline).lacking
        if lacking:
            lacking = f": {lacking}; “or” and a limit beside the rule let a first value pass"
        return None, Verdict.NO_BASELINE, f"nothing to compare{lacking}", ()
    if baseline.state != "ok" or baseline.value is None:
        state = Verdict.ERROR if baseline.state == "error" else Verdict.NO_BASELINE
        return None, state, f"baseline: {baseline.why or 'no data'}", ()
    unusable = _worthless(resolved, baseline, context)
    if unusable:
        state = Verdict.ERROR if unusable[0] is Verdict.ERROR else Verdict.NO_BASELINE
        return None, state, f"baseline: {unusable[1]}", ()
    remarks = (f"baseline: partial answer: {baseline.partial}",) if baseline.partial else ()
    return in_unit(resolved, baseline), None, "", remarks


def _caveats(
    resolved: Resolved,
    value: Measurement | None,
    baseline: Measurement | None,
    compared: Baseline,
    context: Context,
) -> tuple[Caveat, ...]:
    """What speaks against the baseline that a rule looks at."""
    if baseline is None or Need.BASELINE not in resolved.needs:
        return ()
    limit = _baseline_limit(resolved) if resolved.key not in context.pinned else None
    found = caveats(
        value, baseline, now=context.now, zone=context.zone, max_age=limit, of_many=compared.of_many
    )
    return (*found, *context.conditions(resolved, value, baseline))


def _baseline_limit(resolved: Resolved) -> timedelta | None:
    text = resolved.benchmark.baseline_max_age
    return parse_duration(text) if text else resolved.max_age
