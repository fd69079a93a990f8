"""BM-7: how far the samples of two environments lie over each other."""

from __future__ import annotations

from workbench.benchmarks import measurements
from workbench.benchmarks.charted import Histograms
from workbench.benchmarks.judge import unlike
from workbench.benchmarks.measurements import Measurement
from workbench.benchmarks.side_by_side import side_by_side
from workbench.model.canonical import decimal_text
from workbench.model.quantity import find_unit, from_float, show_in
from workbench.releases import model as releases
from workbench.usecases.figures.asked import Answer, Asking

_SHOWN = 3  # digits of a share


def latency_overlap(asking: Asking) -> Answer:
    """The overlap of the samples behind another benchmark's value and baseline."""
    key = asking.measure.of
    if key is None:
        return asking.missing("it does not say whose samples: of: KEY")
    found = _both(asking, key)
    if isinstance(found, Answer):
        return found
    value, baseline = found
    if why := unlike(value, baseline):
        return asking.missing(why)
    beside = side_by_side(asking.context.record, value, baseline, find_unit(value.unit))
    if beside is None:
        return asking.missing(
            f"{key} keeps no samples of both sides: slices, histogram, or a file of samples"
        )
    return Answer(
        at=min(value.measured_at, baseline.measured_at),
        value=from_float(round(beside.overlap, _SHOWN)),
        unit="share",
        samples=min(sum(beside.staging), sum(beside.production)),
        build=value.build,
        replayed="replayed" in (value.mark, baseline.mark),
        note=_told(beside),
        evidence=tuple(digest for one in (value, baseline) if (digest := one.data or one.trend)),
        facts={"samples": beside.basis},
    )


def _both(asking: Asking, key: str) -> tuple[Measurement, Measurement] | Answer:
    record = asking.context.record
    held = releases.find(record, asking.context.release)
    latest = measurements.latest(record, held.candidate_id)
    value = latest.get((key, "value"))
    baseline = latest.get((key, "baseline")) or measurements.latest_of_any(record, key, "baseline")
    for one, whose in ((value, "the value"), (baseline, "the baseline")):
        if one is None or one.state != "ok":
            return asking.missing(
                f"{whose} of {key} {'was never measured' if one is None else 'has no number'}"
            )
    assert value is not None and baseline is not None
    return value, baseline


def _told(beside: Histograms) -> str:
    """What lies beside the share: what chance leaves of it, and the percentiles of both sides."""
    ranks = (
        ("p50", beside.staging_p50, beside.production_p50),
        ("p95", beside.staging_p95, beside.production_p95),
        ("p99", beside.staging_p99, beside.production_p99),
    )
    unit = find_unit(beside.unit)
    told = [
        f"{name} {show_in(own, unit)} against {show_in(other, unit)}"
        for name, own, other in ranks
        if own is not None and other is not None
    ]
    if beside.own_overlap is not None:
        chance = decimal_text(from_float(round(beside.own_overlap * 100, 1)))
        told.insert(0, f"two equal ones would overlap by {chance} % with so many samples")
    return "; ".join(told)
