"""The editor in a cell: a line of text, and the options to choose from where there are some."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.tui.widgets.columns import Edit
from workbench.tui.widgets.table.typing_line import TypingLine


class CellEditor:
    """Edits the cell of ``row`` and ``column``; its ``text`` is selected, so that typing replaces it.

    Options are narrowed by what is typed.  Where only they are allowed, the one that stands out is meant.
    """

    def __init__(self, row: str, column: str, text: str, edit: Edit, options: Sequence[str] = ()) -> None:
        self.row, self.column = row, column
        self.edit = edit
        self.typing = TypingLine(text, selected=True)
        self.all = tuple(options or edit.options)
        self._typed, self._begun = False, text.strip()
        self.chosen = self.all.index(text) if text in self.all else -1
        self.first = self.value  # nobody who only passes through a cell changes it

    @property
    def options(self) -> tuple[str, ...]:
        """What can be chosen now; nothing where the text is free and none begins or goes on like it."""
        if not self._typed:
            return () if self.edit.free else self.all
        typed = self.typing.text.strip().casefold()
        if not typed and self.edit.free:
            return ()
        found = [each for each in self.all if typed in each.casefold()]
        return tuple(sorted(found, key=lambda each: not each.casefold().startswith(typed)))

    @property
    def is_changed(self) -> bool:
        """Whether anything was typed or chosen."""
        return self._typed or self.value != self._begun

    @property
    def value(self) -> str:
        """What the cell is to become."""
        options = self.options
        if 0 <= self.chosen < len(options):
            return options[self.chosen]
        return self.typing.text.strip()

    def press(self, key: str, character: str | None) -> bool:
        """Do what a key does to the text, or to the choice; false when it does nothing to either."""
        options = self.options
        if key in ("up", "down") and options:
            last = len(options) - 1
            self.chosen = min(last, self.chosen + 1) if key == "down" else max(0, self.chosen - 1)
            return True
        before = self.typing.text
        if not self.typing.press(key, character):
            return False
        self._changed(before)
        return True

    def paste(self, text: str) -> None:
        """Put ``text`` in."""
        before = self.typing.text
        self.typing.insert(text)
        self._changed(before)

    def _changed(self, before: str) -> None:
        if self.typing.text != before:
            self._typed = True
            self.chosen = -1 if self.edit.free else 0
