"""Entries of other desks that are quarantined or wait: what rests on them is not met until they came or were dropped."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from workbench.gates.facts import Facts, Need
from workbench.gates.model import Part, State
from workbench.gates.turn import ANYBODY
from workbench.model.steps import Job, Step
from workbench.model.text import safe_text
from workbench.record import Aside

ASIDE: Need[tuple[Aside, ...]] = Need((), lambda facts: facts.record.aside())
QUARANTINED = "quarantined"


def parts_aside(entities: Collection[str], facts: Facts) -> Iterator[Part]:
    """A line for each kind of thing among these about which entries are kept aside; a line that cannot be read
    is about nothing that could be named."""
    found: dict[str, list[Aside]] = {}
    for one in facts(ASIDE):
        if one.entity in entities:
            found.setdefault(one.entity, []).append(one)
    for entity, asides in found.items():
        yield _part(entity, asides)


def _part(entity: str, asides: list[Aside]) -> Part:
    bad = [one for one in asides if one.state == QUARANTINED]
    first = (bad or asides)[0]
    count = f" and {len(asides) - 1} more" if len(asides) > 1 else ""
    word = "quarantined" if bad else "waiting"
    return Part(
        key=f"aside/{entity}",
        title=f"{word}: {safe_text(first.about, 80)}{count}",
        state=State.NOT_MET,
        why=f"another desk's entry is not in the record: {safe_text(first.why, 160)}",
        about=f"aside/{first.digest}",
        step=Step(Job.REPAIR),
        turn=ANYBODY,
    )
