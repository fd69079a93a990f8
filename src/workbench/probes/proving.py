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

    ``left`` takes out noise and what the probe ignores.  A difference that is found only before that
    was planted where nobody wants to know: it is not counted.
    """
    planted_in = production if prober.planted_in == "production" else staging
    theirs = prober.read(production, hide)
    before = prober.compare(prober.read(planted_in, hide), theirs)
    if prober.planted_in == "production" and left(before):
        paths = ", ".join(change.path for change in left(before)[:3])
        return (), f"compared with itself, production differs at {paths}: the probe finds what is not there"
    known = {_told(change) for change in before}

    def tried(plant: Plant) -> Planted | None:
        try:
            after = prober.compare(prober.read(plant.capture, hide), theirs)
        except WorkbenchError:  # it could not look: that is seen, too
            return Planted(key=plant.key, title=plant.title, found=True)
        new = [change for change in after if _told(change) not in known]
        if new and not left(new):
            return None
        return Planted(key=plant.key, title=plant.title, found=bool(new))

    other = staging if prober.planted_in == "production" else production
    plants = (plant for plant, _ in zip(prober.plants_beside(planted_in, other), range(MOST), strict=False))
    planted = tuple(one for one in map(tried, plants) if one is not None)
    return planted, "" if planted else "nothing could be planted in what it compares"


def _told(change: Change) -> tuple[str, str | None, str | None]:
    return change.path, change.staging, change.production
