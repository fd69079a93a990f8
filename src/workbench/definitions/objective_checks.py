"""What is wrong with one objective: its stretches of time, and what its indicator gives."""

from __future__ import annotations

from workbench.definitions.shapes import Objective
from workbench.definitions.telling import Tell
from workbench.model.quantity import find_unit
from workbench.model.times import parse_duration


def check_objective(objective: Objective, tell: Tell) -> None:
    """Tell what can be proved before anything is asked."""
    if objective.indicator is not None and find_unit(objective.indicator.unit or "%").kind != "share":
        what = "the indicator of an objective is a share of good events"
        tell("indicator.unit", what, "leave the unit out for percent, or write unit: share")
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
