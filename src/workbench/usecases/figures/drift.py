"""BM-2 and BM-3: what probes find of what differs, how long that went unnoticed, and what was planted."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from workbench.probes import runs
from workbench.probes.kinds import KINDS
from workbench.probes.runs import ProbeRun
from workbench.usecases.figures.asked import Answer, Asking, of_runs
from workbench.usecases.views.drift import DriftView, read_drift


def configuration_drift(asking: Asking) -> Answer:
    """The number of parameters that differ and are not declared intended."""
    view = _view(asking)
    if isinstance(view, Answer):
        return view
    by = ", ".join(f"{count} {category}" for category, count in view.index.by_category.items())
    answer = Answer(
        at=asking.context.now,
        value=Decimal(view.index.differing),
        because=by,
        of=view.index.compared,
        facts={"intended": view.index.intended},
    )
    return of_runs(_looked(asking), answer)


def drift_detection(asking: Asking) -> Answer:
    """The longest time for which a drift that is there now can have gone unnoticed."""
    view = _view(asking)
    if isinstance(view, Answer):
        return view
    known = [drift for drift in view.drifts if drift.unnoticed is not None]
    if view.drifts and not known:
        return asking.missing("nobody had looked before what drifted was found")
    longest = max(known, key=lambda drift: drift.unnoticed or timedelta(), default=None)
    seconds = int((longest.unnoticed or timedelta()).total_seconds()) if longest else 0
    note = longest.what.change.path if longest else "nothing drifted"
    answer = Answer(at=asking.context.now, value=Decimal(seconds), unit="s", note=note, of=len(view.drifts))
    return of_runs(_looked(asking), answer)


def _view(asking: Asking) -> DriftView | Answer:
    view = read_drift(asking.context, environment=asking.environment)
    if view.blind:
        blind = view.blind[0]
        return asking.missing(f"the probe {blind.probe}: {blind.why}", probe=blind.probe)
    if not view.index.compared:
        return asking.missing("no probe compares anything there")
    return view


def _looked(asking: Asking) -> list[ProbeRun]:
    """The last run of every probe of the environment."""
    record = asking.context.record
    last = (runs.runs_of(record, probe.key, 1) for probe in asking.probes(*KINDS))
    return [found[0][1] for found in last if found]


def error_detection(asking: Asking) -> Answer:
    """The share of the differences planted into what probes captured that they found."""
    probes = asking.probes(*KINDS)
    if not probes:
        return asking.missing("no probe looks at it")
    proofs = runs.latest_proofs(asking.context.record)
    planted = found = 0
    looked, lost = [], []
    for probe in probes:
        proof = proofs.get(probe.key)
        if proof is None or proof.definition != runs.definition_of(probe):
            return asking.missing(f"nothing was planted for the probe {probe.key}", probe=probe.key)
        planted, found = planted + len(proof.planted), found + proof.found
        looked.append(proof)
        lost += [f"{probe.key}: {one.title}" for one in proof.planted if not one.found]
    if not planted:
        return asking.missing(looked[0].why or "nothing could be planted", probe=probes[0].key)
    return Answer(
        at=min(proof.at for proof in looked),
        value=Decimal(found) / planted,
        unit="share",
        because=f"not found: {'; '.join(lost[:3])}" if lost else "",
        probe=probes[0].key,
        of=planted,
        replayed=any(proof.mark == "replayed" for proof in looked),
    )
