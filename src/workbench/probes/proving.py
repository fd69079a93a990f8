"""``probe --prove``: differences are planted into what was captured, and the probe has to find each.

A check that never failed may be unable to.  This is mutation testing (DeMillo, Lipton, Sayward 1978,
"Hints on test data selection") of a probe: its reading and comparing see only the bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from workbench.model.errors import WorkbenchError
from workbench.probes.captured import Capture, Change, Plant
from workbench.probes.hiding import Hide
from workbench.probes.prober import Prober
from workbench.probes.runs import Planted

MOST = 200  # planted differences of one proof

Left = Callable[[Iterable[Change]], tuple[Change, ...]]


def prove(
    prober: Prober, staging: Capture, production: Capture, hide: Hide, left: Left
) -> tuple[tuple[Planted, ...], str]:
    """Which planted differences are found, and why that proves nothing, "" where it does.

    ``left`` takes out noise and what the probe ignores: a difference that it hides was not found.
    """
    planted_in = production if prober.planted_in == "production" else staging
    theirs = prober.read(production, hide)
    before = left(prober.compare(prober.read(planted_in, hide), theirs))
    if prober.planted_in == "production" and before:
        paths = ", ".join(change.path for change in before[:3])
        return (), f"compared with itself, production differs at {paths}: the probe finds what is not there"
    known = {_told(change) for change in before}

    def finds(plant: Plant) -> bool:
        try:
            after = left(prober.compare(prober.read(plant.capture, hide), theirs))
        except WorkbenchError:  # it could not look: that is seen, too
            return True
        return any(_told(change) not in known for change in after)

    planted = tuple(
        Planted(key=plant.key, title=plant.title, found=finds(plant))
        for plant, _ in zip(prober.plants(planted_in), range(MOST), strict=False)
    )
    return planted, "" if planted else "nothing could be planted: what was captured is empty"


def _told(change: Change) -> tuple[str, str | None, str | None]:
    return change.path, change.staging, change.production
