"""Edits of a table that are not saved yet: texts by row and column, and what is wrong with some of them."""

from __future__ import annotations

from collections.abc import Mapping

DRAFT = "+"


def is_draft(key: str) -> bool:
    """Whether a row's key stands for a new row that is not saved yet."""
    return key.startswith(DRAFT)


class Pending:
    """``texts`` by row and column; ``errors`` say of some of them why they cannot be saved."""

    def __init__(self) -> None:
        self.texts: dict[str, dict[str, str]] = {}
        self.errors: dict[tuple[str, str], str] = {}
        self._made = 0  # drafts so far: a key is never used twice

    def __len__(self) -> int:
        return sum(map(len, self.texts.values()))

    def new_draft(self) -> str:
        """A key for a new row."""
        self._made += 1
        return f"{DRAFT}{self._made}"

    def text(self, row: str, column: str) -> str | None:
        """What the cell is to become, if it was edited."""
        return self.texts.get(row, {}).get(column)

    def put(self, row: str, column: str, text: str, *, was: str, error: str | None = None) -> None:
        """The cell is to become ``text``; an edit that gives back what it ``was`` is none."""
        self.errors.pop((row, column), None)
        if text == was:
            self._drop(row, column)
            return
        self.texts.setdefault(row, {})[column] = text
        if error is not None:
            self.errors[row, column] = error

    def settle(self, saved: Mapping[str, Mapping[str, str]]) -> None:
        """Forget what was saved; what was typed meanwhile stays."""
        for row, columns in saved.items():
            for column, text in columns.items():
                if self.text(row, column) == text:
                    self._drop(row, column)

    def forget(self, row: str) -> None:
        """Give up the edits of a row."""
        for column in tuple(self.texts.get(row, ())):
            self._drop(row, column)

    def clear(self) -> None:
        """Give up all of them."""
        self.texts.clear()
        self.errors.clear()

    def copy(self) -> dict[str, dict[str, str]]:
        """The texts as they are now; new rows in their order, after those that there were."""
        rows = sorted(self.texts, key=lambda key: (is_draft(key), int(key[1:]) if is_draft(key) else 0))
        return {row: dict(self.texts[row]) for row in rows}

    def _drop(self, row: str, column: str) -> None:
        self.errors.pop((row, column), None)
        columns = self.texts.get(row, {})
        columns.pop(column, None)
        if not columns:
            self.texts.pop(row, None)
