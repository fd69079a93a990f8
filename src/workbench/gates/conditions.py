"""What was different when a baseline was measured: the parity map, and what was asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from workbench.benchmarks.baselines import pinned_name
from workbench.benchmarks.caveats import Caveat
from workbench.benchmarks.measurements import Measurement
from workbench.benchmarks.past import Past
from workbench.benchmarks.resolve import Resolved
from workbench.definitions.project import stated
from workbench.model.canonical import plain
from workbench.parity.conditions import MapMoves
from workbench.record import Record

_DIFFERS = {True: "percentiles of native histograms", False: "percentiles, rates and increases"}
AT_ONCE = timedelta(hours=1)  # what was measured closer together was measured under the same conditions


class Conditions:
    """The conditions of baselines that were not measured beside their value; read when one asks."""

    def __init__(self, record: Record, past: Past) -> None:
        self._map, self._past = MapMoves(record), past

    def of(self, resolved: Resolved, value: Measurement | None, baseline: Measurement) -> Iterator[Caveat]:
        """What was different."""
        name, benchmark = pinned_name(resolved.baseline), resolved.benchmark
        kept = self._past.pinned(resolved.key, name) if name is not None else None
        if kept is not None and kept.asked != plain(stated(benchmark.measure)):
            yield Caveat("asked_otherwise", "something else was asked when the baseline was pinned")
        if value is not None and (engines := _engines(value, baseline)):
            yield Caveat("other_engine", engines)
        if value is None or value.measured_at - baseline.measured_at <= AT_ONCE:
            return
        moved = self._map.between(benchmark.flow, resolved.key, baseline.measured_at, value.measured_at)
        if moved:
            yield Caveat("other_map", f"the parity map changed after the baseline was measured: {moved}")


def _engines(value: Measurement, baseline: Measurement) -> str:
    """That another program computed the baseline; of percentiles also that it was another version of the same."""
    own, other = str(value.facts.get("engine", "")), str(baseline.facts.get("engine", ""))
    if not own or not other or own == other:
        return ""
    (name, version), (other_name, other_version) = _parts(own), _parts(other)
    if name == other_name and (version == other_version or "percentile" not in value.facts):
        return ""
    return f"baseline was computed by {other}, the value by {own}: they compute {_DIFFERS[name == other_name]} differently"


def _parts(engine: str) -> tuple[str, str]:
    """The program, and the first number of its version: within one the same is computed."""
    name, _, version = engine.rpartition(" ")
    return (name, version.partition(".")[0]) if name else (engine, "")
