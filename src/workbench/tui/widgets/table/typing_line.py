"""One line of text while it is typed: its caret, what is selected, and the keys that change it."""

from __future__ import annotations

from workbench.model.text import safe_text
from workbench.model.width import cells

LIMIT = 4000


class TypingLine:
    """A text with a caret at ``caret`` and a selection from there to ``anchor``, in characters.

    What is typed or pasted takes the place of what is selected.
    """

    def __init__(self, text: str = "", *, selected: bool = False) -> None:
        self.text = safe_text(text, LIMIT)
        self.caret = len(self.text)
        self.anchor = 0 if selected else self.caret

    @property
    def selection(self) -> tuple[int, int]:
        """First and last place of what is selected; the same place twice when nothing is."""
        return min(self.caret, self.anchor), max(self.caret, self.anchor)

    def insert(self, text: str) -> None:
        """Type or paste ``text``, made safe, as one line."""
        start, end = self.selection
        text = safe_text(text, LIMIT)[: LIMIT - len(self.text) + end - start]
        self.text = self.text[:start] + text + self.text[end:]
        self.caret = self.anchor = start + len(text)

    def press(self, key: str, character: str | None) -> bool:
        """Do what a key does to the text; false when it does nothing to it."""
        if key in _MOVES or key.removeprefix("shift+") in _MOVES:
            self._move(key.removeprefix("shift+"), extend=key.startswith("shift+"))
        elif key in _REMOVES:
            if self.anchor == self.caret:
                self.caret = self._to(_REMOVES[key])
            self.insert("")
        elif character is not None and character.isprintable():
            self.insert(character)
        else:
            return False
        return True

    def _move(self, key: str, *, extend: bool) -> None:
        start, end = self.selection
        if start != end and not extend and key in ("left", "right"):
            self.caret = start if key == "left" else end
        else:
            self.caret = self._to(_MOVES[key])
        if not extend:
            self.anchor = self.caret

    def _to(self, where: str) -> int:
        before, after = self.text[: self.caret], self.text[self.caret :]
        return {
            "left": max(0, self.caret - 1),
            "right": min(len(self.text), self.caret + 1),
            "start": 0,
            "end": len(self.text),
            "word left": len(before.rstrip().rpartition(" ")[0] + " ") if " " in before.rstrip() else 0,
            "word right": self.caret + len(after) - len(after.lstrip().partition(" ")[2].lstrip()),
        }[where]

    def window(self, width: int) -> tuple[int, int]:
        """First and last character that fit into ``width`` cells with the caret among them."""
        start, end = 0, len(self.text)
        while start < self.caret and cells(self.text[start : self.caret]) > width - 1:
            start += 1
        while end > self.caret and cells(self.text[start:end]) > width - (end == self.caret):
            end -= 1
        return start, end


_MOVES = {
    "left": "left",
    "right": "right",
    "home": "start",
    "end": "end",
    "ctrl+a": "start",
    "ctrl+e": "end",
    "ctrl+left": "word left",
    "ctrl+right": "word right",
}
_REMOVES = {
    "backspace": "left",
    "delete": "right",
    "ctrl+w": "word left",
    "ctrl+u": "start",
    "ctrl+k": "end",
}
