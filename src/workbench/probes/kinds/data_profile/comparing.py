"""When two figures are too far apart to be called the same."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from workbench.probes.captured import Change, path_of
from workbench.probes.figures import apart, shares_differ
from workbench.probes.kinds.data_profile.figure import FEW, Figure

_OPPOSITE = {
    "lowest": "highest", "highest": "lowest", "earliest": "latest", "latest": "earliest", "shortest": "longest",
    "longest": "shortest",
}  # fmt: skip
_FACTOR = Decimal("0.5")  # rows for each value: half as many is another distribution of keys

Figures = Mapping[str, Figure]


def differs(
    path: str,
    staging: Figure | None,
    production: Figure | None,
    ours: Figures,
    theirs: Figures,
    within: Decimal,
) -> Change | None:
    """The difference at a path, if there is one.

    A table or column that one side lacks is one difference, not one for each of its figures.
    """
    parts = (staging or production).parts  # type: ignore[union-attr]  # one of them is there
    if any(
        (path_of(*parts[:place]) in ours) != (path_of(*parts[:place]) in theirs)
        for place in range(1, len(parts))
    ):
        return None
    if staging is None or production is None:
        return _one_sided(path, parts, staging, production, ours, theirs)
    gap = _gap(staging, production, ours, theirs, within)
    if gap is None:
        return None
    return Change(
        path=path, staging=staging.text, production=production.text, title=_title(staging), gap=round(gap, 6)
    )


def _one_sided(
    path: str,
    parts: tuple[str, ...],
    staging: Figure | None,
    production: Figure | None,
    ours: Figures,
    theirs: Figures,
) -> Change | None:
    figure = staging or production
    assert figure is not None
    if figure.what == "value":
        other = _whole(ours if staging is None else theirs, parts)
        if not shares_differ(figure.part, figure.whole, 0, other):
            return None
    elif (
        figure.what != "thing"
    ):  # nothing to compare it with: the column is empty on one side, which its nulls tell
        return None
    where = "missing in staging" if staging is None else "in staging only"
    return Change(
        path=path,
        staging=None if staging is None else staging.text,
        production=None if production is None else production.text,
        title=f"{_thing(figure)} is {where}",
    )


def _whole(figures: Figures, parts: tuple[str, ...]) -> int:
    """How many rows have a value in the column."""
    nulls = figures.get(path_of(*parts[:2], "null"))
    return nulls.whole - nulls.part if nulls else 0


def _gap(one: Figure, other: Figure, ours: Figures, theirs: Figures, within: Decimal) -> Decimal | None:
    """How far two figures are apart; ``None`` where they may be called the same."""
    if one.what in ("nulls", "value", "share"):
        least = float(within) if one.what == "share" else 0.01
        if shares_differ(one.part, one.whole, other.part, other.whole, least=least):
            return abs(Decimal(one.part) / one.whole - Decimal(other.part) / other.whole)
        return None
    if one.value is None or other.value is None:
        return Decimal(1) if one.text != other.text and one.what == "bound" else None
    if one.what == "bound":
        return _beyond(one, other, theirs, within)
    if one.what == "distinct" and max(one.value, other.value) > FEW:
        return None  # grows with the rows: what counts is how many rows each has
    limit = _FACTOR if one.what == "each" else within
    distance = apart(one.value, other.value)
    return distance if distance > limit else None


def _beyond(one: Figure, other: Figure, theirs: Figures, within: Decimal) -> Decimal | None:
    """How far a bound is from production's, in spans of production's range."""
    assert one.value is not None and other.value is not None
    opposite = theirs.get(path_of(*other.parts[:-1], _OPPOSITE[other.parts[-1]]))
    span = abs(other.value - opposite.value) if opposite and opposite.value is not None else Decimal(0)
    distance = abs(one.value - other.value)
    if not span:
        return distance or None
    return distance / span if distance > within * span else None


def _thing(figure: Figure) -> str:
    parts = figure.parts
    if len(parts) == 1:
        return f"the table {parts[0]}"
    name = ".".join(parts[:2])
    return f"the column {name}" if len(parts) == 2 else f"the {parts[2]} of {name}"


def _title(figure: Figure) -> str:
    if figure.what == "count":
        return f"the number of rows in {figure.parts[0]} differs"
    name, what = ".".join(figure.parts[:2]), figure.parts[-1]
    said = {
        "nulls": f"the share of nulls in {name}",
        "share": f"the share of the most frequent value of {name}"
        if what != "true"
        else f"how often {name} is true",
        "value": f"how often {name} is {what.removeprefix('value ')}",
        "distinct": f"the number of different values of {name}",
        "each": f"the number of rows for each value of {name}",
    }
    return f"{said.get(figure.what, f'the {what} {name}')} differs"
