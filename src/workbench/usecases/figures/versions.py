"""DIM-2: how far the service that is farthest from production's version is from it."""

from __future__ import annotations

from decimal import Decimal

from workbench.probes.captured import parts_of
from workbench.probes.runs import ProbeRun, snapshot_of
from workbench.sources.versions.reading import in_patches
from workbench.usecases.figures.asked import Answer, Asking, of_runs


def version_distance(asking: Asking) -> Answer:
    """The largest distance among the services of the flow, or among all of an environment."""
    probes = asking.probes("versions")
    if not probes:
        return asking.missing("no probe of kind versions looks at it")
    found: list[ProbeRun] = []
    distances: dict[str, tuple[Decimal, str]] = {}
    for probe in probes:
        run = asking.last_run(probe)
        if isinstance(run, Answer):
            return run
        sides = [snapshot_of(asking.context.record, side.snapshot) for side in (run.staging, run.production)]
        if sides[0] is None or sides[1] is None:
            return asking.missing("what the probe saw is not in this record", probe=probe.key)
        found.append(run)
        ours, theirs = (
            {"/".join(parts_of(path)): one.text for path, one in side.parameters.items()}
            for side in (sides[0], sides[1])
        )
        for name in _wanted(asking, theirs):
            if name not in ours:
                return asking.missing(f"{name} is not in staging", probe=probe.key)
            away, words = in_patches(ours[name], theirs[name])
            if away is None:
                return asking.missing(f"{name}: {words}", probe=probe.key)
            distances[name] = away, f"{name}: {words}"
    services = asking.flow.services if asking.flow else ()
    told = {_service(name) for name in distances} | distances.keys()
    untold = [service for service in services if service not in told]
    if untold or not distances:
        named = ", ".join(untold) or "any service"
        return asking.missing(f"no probe tells the version of {named} in production", probe=probes[0].key)
    value = max(distance for distance, _ in distances.values())
    apart_ones = sorted(words for distance, words in distances.values() if distance)
    answer = Answer(
        at=asking.context.now,
        value=value,
        unit="patch",
        because="; ".join(apart_ones),
        probe=probes[0].key,
        of=len(distances),
    )
    return of_runs(found, answer)


def _wanted(asking: Asking, production: dict[str, str]) -> list[str]:
    services = set(asking.flow.services) if asking.flow else set()
    return [name for name in production if not services or {name, _service(name)} & services]


def _service(name: str) -> str:
    """What a flow calls it: the last part of an image's name."""
    return name.rpartition("/")[2]
