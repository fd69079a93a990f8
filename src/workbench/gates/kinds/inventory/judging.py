"""So many flows are listed, and every core flow has an owner."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from workbench.gates.bound import LOWER, of_value
from workbench.gates.facts import Facts, Need
from workbench.gates.kind import Kind
from workbench.gates.kinds.inventory import KIND as ASKED
from workbench.gates.kinds.inventory import InventoryConfig
from workbench.gates.model import Part, State, Weight
from workbench.gates.needs import FLOWS
from workbench.gates.turn import ANYBODY
from workbench.model.quantity import COUNT
from workbench.model.steps import Job, Step
from workbench.model.text import number_of


class Inventory(Kind[InventoryConfig]):
    asked = ASKED
    lists = True

    def needs(self, asks: InventoryConfig) -> Iterable[Need[Any]]:
        return (FLOWS,)

    def title(self, asks: InventoryConfig, facts: Facts) -> str:
        return "Flow inventory filled"

    def parts(self, asks: InventoryConfig, facts: Facts) -> Iterable[Part]:
        flows = facts(FLOWS)
        core = [flow for flow in flows.values() if flow.core]
        listed = f"{number_of(asks.flows, 'flow')} listed"
        yield _part(
            "listed",
            listed,
            len(flows) >= asks.flows,
            f"{len(flows)} listed",
            Step(Job.LIST_FLOW),
            count=len(flows),
        )
        if asks.core:
            marked = f"{number_of(asks.core, 'core flow')} marked"
            met = len(core) >= asks.core
            yield _part("core", marked, met, f"{len(core)} marked", Step(Job.MARK_CORE), count=len(core))
        for flow in core:
            if not flow.owner:
                step = Step(Job.NAME_OWNER, flow.key)
                yield _part(
                    flow.key, f"{flow.name} has an owner", False, "no owner", step, f"flow/{flow.key}"
                )


def _part(
    key: str, title: str, met: bool, why: str, step: Step, about: str = "flow", count: int | None = None
) -> Part:
    return Part(
        key=f"inventory/{key}",
        title=title,
        state=State.MET if met else State.NOT_MET,
        why=why,
        about=about,
        step=step,
        weight=Weight.TO_DO,
        turn=None if met else ANYBODY,
        bound=None if met or count is None else of_value(Decimal(count), COUNT, LOWER, ""),
    )


KIND = Inventory()
