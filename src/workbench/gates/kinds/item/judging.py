"""One item of a checklist is done or not applicable."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from workbench.checklists.model import ItemView
from workbench.gates.automatic import ANSWERED_BY_OTHERS, CHECKLISTS
from workbench.gates.facts import Facts, Need
from workbench.gates.kind import Alteration, Kind, Rest, Since
from workbench.gates.kinds.checklist.judging import KIND as CHECKLIST
from workbench.gates.kinds.checklist.judging import part_of, rest_of
from workbench.gates.kinds.item import KIND as ASKED
from workbench.gates.kinds.item import ItemConfig
from workbench.gates.model import Part


class OneItem(Kind[ItemConfig]):
    asked = ASKED

    def needs(self, asks: ItemConfig) -> Iterable[Need[Any]]:
        return (CHECKLISTS, ANSWERED_BY_OTHERS)

    def title(self, asks: ItemConfig, facts: Facts) -> str:
        return next((view.item.title for view in self._views(asks, facts)), asks.item)

    def parts(self, asks: ItemConfig, facts: Facts) -> Iterable[Part]:
        return (part_of(view, facts(ANSWERED_BY_OTHERS), facts) for view in self._views(asks, facts))

    def nothing(self, asks: ItemConfig, facts: Facts) -> str:
        return f"the checklist {asks.checklist} has no item “{asks.item}”"

    def moments(self, asks: ItemConfig, facts: Facts) -> Iterable[datetime]:
        found = [view.fact for view in self._views(asks, facts) if view.fact is not None]
        return [fact.until for fact in found if fact.until is not None]

    def rests(self, asks: ItemConfig, facts: Facts) -> Iterable[Rest]:
        return map(rest_of, self._views(asks, facts))

    def change(self, old: Rest | None, new: Rest | None, since: Since) -> Alteration | None:
        return CHECKLIST.change(old, new, since)

    def _views(self, asks: ItemConfig, facts: Facts) -> list[ItemView]:
        found = facts(CHECKLISTS).get(asks.checklist, ())
        return [view for view in found if view.item.key == asks.item]


KIND = OneItem()
