"""Scores that probes gave: one of several probes is their mean, weighted by how much each rests on."""

from __future__ import annotations

from decimal import Decimal

from workbench.definitions.shapes import Probe
from workbench.probes.runs import KeptScore, ProbeRun
from workbench.usecases.figures.asked import Answer, Asking, Figure, of_runs

# Which kind of probe gives a score; the score's key is that of the figure.
GIVEN_BY = {
    "data_consistency": "same_queries",
    "behavioural_parity": "http",
    "simulation_accuracy": "simulation",
    "simulation_coverage": "simulation",
    "pattern_coverage": "patterns",
    "query_plans": "query_plans",
    "data_profile": "data_profile",
    "traffic_realism": "traffic",
}


def score(key: str) -> Figure:
    """The figure that is the score of that key."""

    def answer(asking: Asking) -> Answer:
        return _answer(asking, key)

    return answer


def _answer(asking: Asking, key: str) -> Answer:
    kind = GIVEN_BY[key]
    probes = asking.probes(kind)
    if not probes:
        return asking.missing(f"no probe of kind {kind} looks at it")
    found: list[tuple[ProbeRun, KeptScore]] = []
    for probe in probes:
        run = asking.last_run(probe)
        if isinstance(run, Answer):
            return run
        given = next((one for one in run.scores if one.key == key), None)
        if given is None:
            return asking.missing(_no_score(key, probe), probe=probe.key)
        found.append((run, given))
    whole = sum(given.of for _, given in found)
    if not whole:
        return asking.missing("the probe had nothing to compare", probe=probes[0].key)
    value = sum((given.value * given.of for _, given in found), Decimal(0)) / whole
    notes = "; ".join(given.words for _, given in found if given.words)
    return of_runs(
        [run for run, _ in found],
        Answer(
            at=asking.context.now,
            value=value,
            unit=found[0][1].unit or "share",
            because=notes,
            probe=probes[0].key,
            of=whole,
        ),
    )


def _no_score(key: str, probe: Probe) -> str:
    named = key.replace("_", " ")
    core = ": no request of it belongs to a core flow" if key == "behavioural_parity" else ""
    return f"the last run of the probe {probe.key} gave no {named}{core}"
