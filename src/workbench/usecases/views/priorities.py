"""Which differences are worth closing first, and in which order regions are rolled out to: with the reasons."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from workbench.flows import model as flows
from workbench.gates.needs import left_by_one
from workbench.parity import model as parity
from workbench.parity.expectations import expectation
from workbench.parity.model import Difference
from workbench.parity.priority import CRITERIA, Priority, contradiction, ranked, reasoning
from workbench.parity.rollout import RegionParity, regions_of, roll_out
from workbench.record import Stored
from workbench.usecases.context import Context
from workbench.usecases.views.marks import Fact, Mark

STATED = CRITERIA
NAMED = 3  # so many flows are named with their costs


class Ranked(msgspec.Struct, frozen=True, kw_only=True):
    """A difference at its place: its priority, and what closing costs beside what failing would."""

    stored: Stored
    difference: Difference
    priority: Priority
    closing: str
    failing: str


def read_priorities(context: Context, *, undecided: bool = False) -> list[Ranked]:
    """The map in the order of priority; only what somebody must still decide, where ``undecided``.

    A place is always that among all differences.
    """
    rows = {stored.id: (stored, value) for stored, value in parity.all_differences(context.record)}
    failing, open_ids = _failure_costs(context), _open(context, rows)
    return [
        Ranked(
            stored=rows[ident][0],
            difference=value,
            priority=priority,
            closing=value.closing_cost,
            failing=failing_words(value, failing),
        )
        for ident, value, priority in ranked((ident, value) for ident, (_, value) in rows.items())
        if not undecided or ident in open_ids
    ]


def read_roll_out(context: Context) -> tuple[RegionParity, ...]:
    """Production's regions in the order in which to roll out to them: high parity first."""
    rows = {stored.id: (stored, value) for stored, value in parity.all_differences(context.record)}
    values = [(ident, value) for ident, (_, value) in rows.items()]
    regions = regions_of(context.definitions.project.environments, (value for _, value in values))
    return roll_out(regions, values, _open(context, rows))


def _open(context: Context, rows: Mapping[str, tuple[Stored, Difference]]) -> frozenset[str]:
    now, people = context.now, context.definitions.project.people
    waits = left_by_one(context.record, people, now)
    return frozenset(
        ident
        for ident, (stored, value) in rows.items()
        if stored.contested or ident in waits or parity.undecided(value, now)
    )


def _failure_costs(context: Context) -> Mapping[str, str]:
    """What five minutes of each flow's failure cost, by its key."""
    return {flow.key: flow.failure_cost for _, flow in flows.all_flows(context.record) if flow.failure_cost}


def failing_words(value: Difference, costs: Mapping[str, str]) -> str:
    """PM-8: what its failure would cost: as said of it, else what five minutes of the flows cost that it touches."""
    if value.failure_cost:
        return value.failure_cost
    said = [f"{costs[key]} ({key})" for key in value.flows if key in costs]
    more = f" and {len(said) - NAMED} more flows" if len(said) > NAMED + 1 else ""
    named = said[:NAMED] if more else said
    return f"for five minutes {', '.join(named)}{more}" if named else ""


def facts_of_priority(context: Context, value: Difference) -> tuple[Fact, ...]:
    """Why a difference has its priority, what closing costs beside failing, and what its environment lets expect."""
    key = value.environment
    environment = context.definitions.environment(key) if key else context.definitions.staging
    against = contradiction(value)
    costs = [f"closing it {value.closing_cost}"] if value.closing_cost else []
    failing = failing_words(value, _failure_costs(context))
    costs += [f"failing {failing}"] if failing else []
    said = (
        Fact("Priority", reasoning(value)),
        Fact("Severity", against, Mark.WARNS) if against else None,
        Fact("Costs", "; ".join(costs)) if costs else None,
        Fact("Expected", words) if (words := expectation(value, environment)) else None,
        Fact("Environment", f"{key}: no environment of this project", Mark.WARNS)
        if key and environment is None
        else None,
    )
    return tuple(fact for fact in said if fact is not None)
