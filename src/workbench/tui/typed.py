"""What comes from the terminal: keys, and pasted text, which is never taken for keys."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.events import Paste
from textual.message import Message


class TypedParser(XTermParser):
    """Textual's parser of what is typed; it is not shown what stands between the two marks of a paste.

    Textual's own looks for keys there, too: an escape code in a pasted log swallows what follows it,
    and comes back as keys, which a list takes for commands.
    """

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._tail = ""  # the end of what was typed last, where a mark may have begun
        self._pasting: str | None = None  # what was pasted so far, while the paste has not ended
        self._pasted: deque[str] = deque()

    def feed(self, data: str) -> Iterable[Message]:
        """The events of what came, each paste as one; nothing at all is the end of what comes."""
        typed = self._typed(data)
        if data and not typed:
            return
        for event in super().feed(typed):
            yield Paste(self._pasted.popleft()) if isinstance(event, Paste) else event

    def _typed(self, data: str) -> str:
        """What came without what was pasted, whose marks stay; it may be cut anywhere."""
        typed = ""
        while data:
            if self._pasting is None:
                head, begins, data = _parted(self._tail, data, BRACKETED_PASTE_START)
                self._tail = "" if begins else (self._tail + head)[1 - len(BRACKETED_PASTE_START) :]
                self._pasting = "" if begins else None
                typed += head
            else:
                at = max(0, len(self._pasting) + 1 - len(BRACKETED_PASTE_END))
                self._pasting += data
                text, mark, data = self._pasting[at:].partition(BRACKETED_PASTE_END)
                if not mark:
                    break
                self._pasted.append((self._pasting[:at] + text).replace("\0", ""))
                self._pasting = None
                typed += mark
        return typed


def _parted(before: str, data: str, mark: str) -> tuple[str, bool, str]:
    """``data`` up to the end of a mark that may have begun in ``before``, whether there was one, and the rest."""
    at = (before + data).find(mark)
    end = at + len(mark) - len(before)
    return (data, False, "") if at < 0 else (data[:end], True, data[end:])
