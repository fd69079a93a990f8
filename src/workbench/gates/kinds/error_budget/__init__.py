"""Enough of each error budget is left (GT-4)."""

from collections.abc import Iterable
from typing import Annotated

from msgspec import Meta

from workbench.definitions.shapes import Objective, Project
from workbench.model.fields import Key, Shape
from workbench.model.kinds import Doubt, RequirementKind


class ErrorBudgetConfig(Shape, frozen=True, kw_only=True):
    """No more than a share of each objective's error budget is used, and none burns too fast."""

    at_most: Annotated[int, Meta(ge=1, le=100)]
    """How many percent of the budget may be used; 20 to 50 is usual."""
    objective: Key | None = None
    """Only that of this objective."""
    flow: Key | None = None
    """Only those of objectives about this flow."""


def fits(asks: ErrorBudgetConfig, objective: Objective) -> bool:
    """Whether an objective's budget is asked about."""
    return asks.objective in (None, objective.key) and asks.flow in (None, objective.flow)


def doubts(asks: ErrorBudgetConfig, project: Project) -> Iterable[Doubt]:
    """Without an objective there is no budget."""
    if not any(fits(asks, objective) for objective in project.objectives):
        yield Doubt(
            "", "no objective has an error budget, so the gate can never pass", "list one under objectives:"
        )


KIND = RequirementKind(
    name="error_budget",
    about="enough of each error budget is left",
    config=ErrorBudgetConfig,
    shorthand="at_most",
    refers={"objective": "objective"},
    doubts=doubts,
)
