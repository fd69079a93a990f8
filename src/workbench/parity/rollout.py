"""PM-6: parity by region, and the order of rollout that follows: where production is most like staging comes first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import msgspec

from workbench.definitions.shapes import Environment, EnvironmentKind, Severity
from workbench.model.text import number_of
from workbench.parity.decisions import Decision
from workbench.parity.model import Difference
from workbench.parity.priority import points


class RegionParity(msgspec.Struct, frozen=True, kw_only=True):
    """How far staging stands for production in one region; ``place`` is its turn in the rollout, from 1.

    ``here`` are the differences that hold only there, ``differences`` with those that hold everywhere.
    ``weight`` sums what they weigh (:mod:`workbench.parity.priority`), irrelevant ones left out.
    """

    place: int
    region: str
    differences: int
    here: int
    high: int
    undecided: int
    weight: int
    words: str


def regions_of(environments: Iterable[Environment], values: Iterable[Difference]) -> list[str]:
    """The regions of production, and those that the map names; each once, whatever its case."""
    found: dict[str, str] = {}
    for environment in environments:
        if environment.kind is EnvironmentKind.PRODUCTION and environment.region:
            found.setdefault(environment.region.casefold(), environment.region)
    for value in values:
        if value.region:
            found.setdefault(value.region.casefold(), value.region)
    return list(found.values())


def roll_out(
    regions: Sequence[str], rows: Sequence[tuple[str, Difference]], open_ids: Collection[str]
) -> tuple[RegionParity, ...]:
    """The regions in the order in which to roll out: fewest high differences undecided, then the least weight.

    ``rows`` are the differences by id, ``open_ids`` those that somebody must still decide.
    """
    counted = [_of_one(region, rows, open_ids) for region in regions]
    counted.sort(key=lambda one: (one[0], one[1].weight, one[1].region.casefold()))
    return tuple(
        msgspec.structs.replace(one, place=place, words=_words(one))
        for place, (_, one) in enumerate(counted, 1)
    )


def _of_one(
    region: str, rows: Sequence[tuple[str, Difference]], open_ids: Collection[str]
) -> tuple[int, RegionParity]:
    here = [(ident, value) for ident, value in rows if _holds(value, region)]
    matters = [
        (ident, value)
        for ident, value in here
        if value.decision is not Decision.IRRELEVANT or ident in open_ids
    ]
    high = [ident for ident, value in matters if value.severity is Severity.HIGH]
    parity = RegionParity(
        place=0,
        region=region,
        differences=len(here),
        here=sum(bool(value.region) for _, value in here),
        high=len(high),
        undecided=sum(ident in open_ids for ident, _ in here),
        weight=sum(points(value) for _, value in matters),
        words="",
    )
    return sum(ident in open_ids for ident in high), parity


def _holds(value: Difference, region: str) -> bool:
    return not value.region or value.region.casefold() == region.casefold()


def _words(one: RegionParity) -> str:
    if not one.differences:
        return "no known difference"
    said = [f"{one.here} only here"] if one.here else []
    said += [f"{one.high} high"] if one.high else []
    said += [f"{one.undecided} undecided"] if one.undecided else []
    return ", ".join([number_of(one.differences, "difference"), *said])
