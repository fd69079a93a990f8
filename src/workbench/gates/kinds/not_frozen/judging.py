"""Nobody has frozen the project."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from workbench.gates.facts import Facts, Need
from workbench.gates.frozen import KEY, TITLE, frozen_parts
from workbench.gates.kind import Kind
from workbench.gates.kinds.not_frozen import KIND as ASKED
from workbench.gates.kinds.not_frozen import NotFrozenConfig
from workbench.gates.model import Part, State
from workbench.gates.needs import FREEZES


class NotFrozen(Kind[NotFrozenConfig]):
    asked = ASKED

    def needs(self, asks: NotFrozenConfig) -> Iterable[Need[Any]]:
        return (FREEZES,)

    def title(self, asks: NotFrozenConfig, facts: Facts) -> str:
        return TITLE

    def parts(self, asks: NotFrozenConfig, facts: Facts) -> Iterable[Part]:
        met = Part(key=KEY, title=TITLE, state=State.MET, why="not frozen", about=KEY)
        return tuple(frozen_parts(facts)) or (met,)


KIND = NotFrozen()
