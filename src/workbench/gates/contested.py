"""What several desks changed at once: until a person has chosen a version, what rests on it is not met."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from workbench.definitions.shapes import Severity
from workbench.gates.facts import Facts, Need
from workbench.gates.kept_aside import parts_aside
from workbench.gates.model import Part, State
from workbench.gates.needs import Differences
from workbench.gates.turn import ANYBODY
from workbench.model.steps import Job, Step
from workbench.parity.model import SEVERITY_RANK
from workbench.record import Contested, EntityKind

CONTESTED: Need[tuple[Contested, ...]] = Need((), lambda facts: facts.record.contested())
SIGNATURES = ("signoff", "opening", "approval")
_COUNTS = {2: "two", 3: "three", 4: "four"}


def contested_parts(needs: Iterable[Need[Any]], facts: Facts) -> Iterator[Part]:
    """A line for each contested thing that a requirement with these needs rests on."""
    asked = list(needs)
    entities = {entity for need in asked for entity in need.entities}
    yield from parts_aside(entities, facts)
    if not (found := facts(CONTESTED)):
        return
    lowest = [SEVERITY_RANK[need.at_least] for need in asked if isinstance(need, Differences)]
    for item in found:
        severe = item.entity != "difference" or not lowest or _rank(item) >= min(lowest)
        if item.entity in entities and severe and _concerns(item, facts.held.id):
            yield part_of(item, facts.record.kinds)


def contested_signatures(gate: str, facts: Facts) -> Iterator[Part]:
    """A line for each contested signature of a gate, or opening of it."""
    yield from parts_aside(SIGNATURES, facts)
    for item in facts(CONTESTED):
        gates = {(version.value or {}).get("gate", gate) for version in item.versions}
        if item.entity in SIGNATURES and gate in gates and _concerns(item, facts.held.id):
            yield part_of(item, facts.record.kinds)


def _rank(item: Contested) -> int:
    """The severity of the most severe version."""
    said = [(version.value or {}).get("severity", Severity.MEDIUM) for version in item.versions]
    return max(SEVERITY_RANK[Severity(each)] for each in said)


def _concerns(item: Contested, release: str) -> bool:
    """Whether a thing is of this release, or of none."""
    if item.entity == "release":
        return item.id == release
    named = {value["release"] for version in item.versions if "release" in (value := version.value or {})}
    return not named or release in named


def part_of(item: Contested, kinds: Sequence[EntityKind]) -> Part:
    """A contested thing as a line of a gate."""
    return Part(
        key=f"contested/{item.entity}/{item.id}",
        title=name_of(item, kinds),
        state=State.NOT_MET,
        why=f"{versions_in_words(item)}: choose one",
        about=f"contested/{item.entity}/{item.id}",
        step=Step(Job.CHOOSE_VERSION, item.id),
        turn=ANYBODY,
    )


def versions_in_words(item: Contested) -> str:
    """``two versions``."""
    count = len(item.versions)
    return f"{_COUNTS.get(count, count)} versions"


def name_of(item: Contested, kinds: Sequence[EntityKind]) -> str:
    """What a contested thing is called: ``difference “cache size”``."""
    noun = item.entity.replace("_", " ")
    kind = next((each for each in kinds if each.name == item.entity), None)
    value = next((version.value for version in item.versions if version.value), {})
    title = kind.title(item.id, value, lambda *_: "") if kind is not None else ""
    return f"{noun} “{title}”" if title else f"{noun} {item.id[-12:]}"
