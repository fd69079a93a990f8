"""What is wrong with one objective: its stretches of time, and what its indicator gives."""

from __future__ import annotations

import re

from workbench.definitions.shapes import Objective
from workbench.definitions.telling import Tell
from workbench.model.quantity import find_unit
from workbench.model.times import parse_duration


def check_objective(objective: Objective, tell: Tell) -> None:
    """Tell what can be proved before anything is asked."""
    if objective.window is not None and not parse_duration(objective.window):
        tell("window", f"{objective.window} is no stretch of time", "for example window: 30d")
    if objective.indicator is not None:
        _check_indicator(objective, tell)
    if objective.burn is None:
        if objective.burn_at_most is not None:
            tell(
                "burn_at_most",
                "burn_at_most says nothing without burn",
                "add a stretch: burn: 1h",
                warning=True,
            )
        return
    if not parse_duration(objective.burn):
        tell("burn", f"{objective.burn} is no stretch of time", "for example burn: 1h")
    elif objective.window is not None and parse_duration(objective.burn) >= parse_duration(objective.window):
        tell(
            "burn",
            f"{objective.burn} is not shorter than the window",
            "for example burn: 1h beside window: 30d",
        )


def _check_indicator(objective: Objective, tell: Tell) -> None:
    indicator = objective.indicator
    if find_unit(indicator.unit or "%").kind != "share":
        what = "the indicator of an objective is a share of good events"
        tell("indicator.unit", what, "leave the unit out for percent, or write unit: share")
    if indicator.window is not None:
        what = "the indicator is asked over the window of its objective, and over burn"
        tell("indicator.window", what, "remove this line, and say window: of the objective")
    query = getattr(indicator.ask, "query", None)
    if objective.burn is not None and isinstance(query, str) and "window" not in _names(query):
        what = "the query asks the same over the window and over burn"
        tell("indicator.query", what, "write [$window] where the stretch of time stands")


def _names(query: str) -> set[str]:
    """The ``$names`` in a query."""
    return {word.lstrip("{") for word in re.findall(r"\$(\{?\w+)", query)}
