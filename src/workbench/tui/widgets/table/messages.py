"""What a table tells the screen that it stands on."""

from __future__ import annotations

from typing import Generic, TypeVar

from textual.message import Message
from textual.widget import Widget

AnyTable = TypeVar("AnyTable", bound=Widget)


class TableMessage(Message, Generic[AnyTable]):
    """Something about one ``table``, which a handler can ask for by its selector."""

    def __init__(self, table: AnyTable) -> None:
        super().__init__()
        self.table = table

    @property
    def control(self) -> AnyTable:
        """The table."""
        return self.table
