"""Compares the resources that two plans lead to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from workbench.definitions.shapes import Severity
from workbench.model.errors import SourceError
from workbench.probes.captured import Capture, Change, Parameter, Piece, Plant, Snapshot
from workbench.probes.hiding import Hide
from workbench.probes.kinds.configuration.probing import ConfigurationProber, sorted_out
from workbench.probes.parameters import file_of, parameter, reading_of, refined, visible
from workbench.probes.planting import changed_json
from workbench.probes.wholes import by_path_or_whole
from workbench.sources.configuration.plans import DRIFTED, of_its_own
from workbench.sources.configuration.reading import PLAN, STATE

_MOST = 12  # planted differences of one plan


class InfrastructureProber(ConfigurationProber):
    """Reads plans and states; a resource is known by its address, whichever file it stands in."""

    def read(self, capture: Capture, hide: Hide) -> Snapshot:
        """The attributes of all managed resources; ``SourceError`` for what is neither plan nor state."""
        found: dict[str, Parameter] = {}
        notes: list[str] = []
        for piece in capture.pieces:
            reading = reading_of(piece)
            if reading.form not in (PLAN, STATE):
                raise SourceError(
                    "it is neither a plan nor a state of Terraform",
                    where=file_of(piece),
                    hint="terraform show -json PLAN prints a plan in the form that is read",
                )
            found |= {visible(path): parameter(value, hide) for path, value in reading.values.items()}
            notes += [note.what for note in reading.notes]
        return Snapshot(found, tuple(notes))

    def compare(self, staging: Snapshot, production: Snapshot) -> tuple[Change, ...]:
        """What differs; what was changed outside the code is told for either environment."""
        found = by_path_or_whole(staging.parameters, production.parameters, _resource)
        return tuple(map(_told, sorted_out(refined(found))))

    def plants(self, capture: Capture) -> Iterable[Plant]:
        """Attributes changed, resources lost, and a change outside the code."""
        for number, piece in enumerate(capture.pieces):
            for key, title, changed in _planted(piece):
                pieces = (*capture.pieces[:number], changed, *capture.pieces[number + 1 :])
                yield Plant(key, title, msgspec.structs.replace(capture, pieces=pieces))


def _resource(path: str) -> str:
    return path.partition("/")[0] if not path.startswith(DRIFTED) else ""


def _told(change: Change) -> Change:
    start, slash, rest = change.path.partition("/")
    if start != DRIFTED or not slash:
        return change
    address, _, attribute = rest.partition("/")
    title = f"{address}: {attribute.replace('/', '.') or 'it'} was changed outside the code"
    return msgspec.structs.replace(change, title=title, severity=change.severity or Severity.MEDIUM)


def _planted(piece: Piece) -> Iterator[tuple[str, str, Piece]]:
    try:
        document = json.loads(piece.data)
    except ValueError:
        return
    places = list(_attributes(document))
    for place in places[:: max(1, len(places) // _MOST)][:_MOST]:
        yield changed_json(piece, document, place)
    for place in dict.fromkeys(place[: place.index("resources") + 2] for place in places[-1:]):
        yield _without(piece, document, place)
    if places and "planned_values" in document:
        yield _drifted(piece, document)


def _attributes(document: Any) -> Iterator[tuple[str | int, ...]]:
    """The places of attributes that are compared, one level deep."""
    if "planned_values" in document:
        yield from _of_module(
            document["planned_values"].get("root_module", {}), ("planned_values", "root_module")
        )
        return
    for number, resource in enumerate(document.get("resources", ())):
        if resource.get("mode") == "managed":
            for at, instance in enumerate(resource.get("instances", ())):
                place = ("resources", number, "instances", at, "attributes")
                yield from _scalars(instance.get("attributes") or {}, place)


def _of_module(module: Any, place: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    for number, resource in enumerate(module.get("resources", ())):
        if resource.get("mode") == "managed":
            yield from _scalars(resource.get("values") or {}, (*place, "resources", number, "values"))
    for number, inner in enumerate(module.get("child_modules", ())):
        yield from _of_module(inner, (*place, "child_modules", number))


def _scalars(values: Any, place: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    for name, value in values.items():
        if isinstance(value, str | int | float) and not of_its_own(name):
            yield (*place, name)


def _without(piece: Piece, document: Any, place: tuple[str | int, ...]) -> tuple[str, str, Piece]:
    copied = json.loads(json.dumps(document))
    holder = copied
    for step in place[:-1]:
        holder = holder[step]
    lost = holder.pop(place[-1])
    name = lost.get("address") or lost.get("name", "")
    changed = msgspec.structs.replace(piece, data=json.dumps(copied).encode())
    return "lost-resource", f"a resource is lost: {name}", changed


def _drifted(piece: Piece, document: Any) -> tuple[str, str, Piece]:
    copied = json.loads(json.dumps(document))
    change = {"actions": ["update"], "before": {"size": 1}, "after": {"size": 2}}
    drift = {"address": "planted.resource", "mode": "managed", "change": change}
    copied["resource_drift"] = [*(copied.get("resource_drift") or ()), drift]
    changed = msgspec.structs.replace(piece, data=json.dumps(copied).encode())
    return "drift", "a resource is changed outside the code: planted.resource", changed
