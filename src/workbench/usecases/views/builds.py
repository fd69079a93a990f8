"""A benchmark's values, build by build, and what it is compared with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from workbench.benchmarks.judge import Judged, in_unit
from workbench.benchmarks.measurements import Measurement
from workbench.criteria import Inputs, Need, Verdict, headline, judge
from workbench.gates.overrides import ApprovedOverride
from workbench.model.times import relative_text
from workbench.releases.model import Held
from workbench.usecases.views.benchmark import mark_of, numbers, quantity, short_margin
from workbench.usecases.views.marks import Mark
from workbench.usecases.views.material import Measured

MOST = 6
_MARKS = {Verdict.PASS: Mark.DONE, Verdict.WARN: Mark.WARNS, Verdict.FAIL: Mark.BLOCKS}
_BESIDE = frozenset({Need.BASELINE})


class Build(msgspec.Struct, frozen=True):
    """One build, or what it is compared with: its value and what the rule says of it.

    ``current`` is the candidate that is judged; ``name`` of a baseline is whose it is.
    """

    name: str
    value: str
    samples: str
    words: str
    when: str
    mark: Mark | None = None
    current: bool = False


def builds(
    judged: Judged,
    history: Sequence[Measured],
    held: Held,
    names: Mapping[str, str],
    override: ApprovedOverride | None,
    now: datetime,
) -> list[Build]:
    """The candidates, newest first, then earlier releases' builds that were measured, then the baseline.

    ``history`` is newest first; ``names`` are those of candidates by their ids.
    """
    valid = [item for item, gone in history if gone is None]
    values = _newest(item for item in valid if item.role == "value")
    compared = _newest(item for item in valid if item.role == "baseline")
    current = held.candidate_id
    order = [row.id for row, _ in reversed(held.candidates)]
    order += [ident for ident in values if ident not in order and ident in names]
    found = []
    for ident in order[:MOST]:
        name = names.get(ident, ident)
        if ident == current:
            found.append(_current(name, judged, override, now))
        elif ident in values:
            found.append(_earlier(name, judged, values[ident], compared.get(ident), now))
        else:
            found.append(Build(name, "", "", "not measured", ""))
    return found + _baseline(judged, now)


def _newest(items: Iterable[Measurement]) -> dict[str, Measurement]:
    found: dict[str, Measurement] = {}
    for item in items:
        found.setdefault(item.candidate or "", item)
    return found


def _current(name: str, judged: Judged, override: ApprovedOverride | None, now: datetime) -> Build:
    value = judged.value
    return Build(
        name,
        numbers(judged).value,
        samples(value) if value else "",
        short_margin(judged.headline) or judged.verdict.words.alone,
        relative_text(value.measured_at, now) if value else "",
        mark_of(judged, override),
        current=True,
    )


def _earlier(
    name: str, judged: Judged, value: Measurement, compared: Measurement | None, now: datetime
) -> Build:
    """An earlier build by the rule of today, against the baseline that was measured with it."""
    number, when = in_unit(judged.resolved, value), relative_text(value.measured_at, now)
    if value.state != "ok" or number is None:
        other = f"measured in {value.unit or 'a count'}" if value.value is not None else "no data"
        return Build(name, "", samples(value), value.why or other, when)
    mark, words = None, ""
    if judged.resolved.pass_ is not None and judged.resolved.needs <= _BESIDE:
        baseline = in_unit(judged.resolved, compared) if compared else judged.baseline_value
        inputs = Inputs(
            value=number, unit=judged.resolved.unit, baseline=baseline, better=judged.resolved.better
        )
        outcome = judge(judged.resolved.pass_, judged.resolved.warn, inputs)
        mark, words = _MARKS.get(outcome.verdict), short_margin(headline(outcome))
        mark = Mark.WARNS if mark is Mark.BLOCKS and not judged.blocking else mark
    return Build(name, quantity(number, judged), samples(value), words, when, mark)


def _baseline(judged: Judged, now: datetime) -> list[Build]:
    item = judged.baseline
    if item is None or not numbers(judged).baseline:
        return []
    name = item.environment or judged.resolved.baseline
    when = relative_text(item.measured_at, now)
    return [Build(name, numbers(judged).baseline, samples(item), "the baseline", when)]


def samples(item: Measurement) -> str:
    """``6,000 samples in 1h``: from how much a value was made; "" where that is not known."""
    if item.samples is None:
        return f"over {item.window}" if item.window else ""
    return f"{item.samples:,} samples" + (f" in {item.window}" if item.window else "")
