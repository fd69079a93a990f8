"""What can be said of an environment before anything is asked: its life and its cost."""

from __future__ import annotations

from datetime import date

from workbench.definitions.environments import Environment, EnvironmentKind
from workbench.definitions.telling import Tell
from workbench.model.money import read_money


def check_environment(environment: Environment, tell: Tell) -> None:
    """Note what contradicts itself, and what nobody could judge by."""
    _life(environment, tell)
    _cost(environment, tell)


def _life(environment: Environment, tell: Tell) -> None:
    since, ends = day(environment.since), day(environment.ends)
    if since and ends and ends < since:
        tell("ends", f"it ends on {environment.ends}, before it begins on {environment.since}")
    # An ephemeral environment stands for many, each of which begins on a day of its own.
    if environment.lifetime and not environment.since and environment.kind is not EnvironmentKind.EPHEMERAL:
        tell(
            "lifetime",
            "nobody can tell when this lifetime is over: it counts from “since”, which is missing",
            "write since: and the day on which it was set up",
            warning=True,
        )


def _cost(environment: Environment, tell: Tell) -> None:
    if not environment.cost_per_day or not environment.budget_per_day:
        return
    cost, budget = read_money(environment.cost_per_day), read_money(environment.budget_per_day)
    if cost is None or budget is None or cost.currency != budget.currency:
        tell(
            "budget_per_day",
            "this budget cannot be compared with cost_per_day",
            "write both as an amount in one currency, for example 40 EUR",
            warning=True,
        )


def day(text: str | None) -> date | None:
    """A day as it stands in a file; ``None`` for what is none, which is told where the file is read."""
    try:
        return date.fromisoformat(text) if text else None
    except (ValueError, TypeError):
        return None
