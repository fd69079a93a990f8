"""The keys of the app and what each means: one key, one meaning, on every screen.

An action names its key; what the key is called comes from here, so that no screen can give it
a second meaning.  Only ``enter`` and ``esc`` are called after what they do where one is.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

SPOKEN = {
    "slash": "/",
    "question_mark": "?",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "equals_sign": "=",
    "colon": ":",
    "at": "@",
    "escape": "esc",
    "plus": "+",
    "minus": "-",
    "full_stop": ".",
    "comma": ",",
    "pageup": "page up",
    "pagedown": "page down",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
}
# What these are called depends on where one is.
OPEN_ENDED = frozenset({"enter", "escape"})


def spoken(key: str) -> str:
    """One of Textual's keys as people read it."""
    if key[:1] == "f" and key[1:].isdigit():
        return key.upper()
    if key in SPOKEN or "_" not in key:
        return SPOKEN.get(key, key)
    from textual.keys import key_to_character

    return key_to_character(key) or key


class Meaning(msgspec.Struct, frozen=True):
    """What a key means, in a word or two, and the further keys that mean the same."""

    key: str
    label: str
    also: tuple[str, ...] = ()


MEANINGS = (
    Meaning("1", "Readiness"),
    Meaning("2", "Parity"),
    Meaning("3", "Benchmarks"),
    Meaning("4", "Checklists"),
    Meaning("5", "Incidents"),
    Meaning("6", "Releases"),
    Meaning("7", "Flows"),
    Meaning("8", "History"),
    Meaning("9", "Notes"),
    Meaning("0", "more"),
    Meaning("enter", "open"),
    Meaning("escape", "back"),
    Meaning("tab", "next"),
    Meaning("shift+tab", "previous"),
    Meaning("up", "up", ("k",)),
    Meaning("down", "down", ("j",)),
    Meaning("left", "left", ("h",)),
    Meaning("right", "right", ("l",)),
    Meaning("g", "first", ("home",)),
    Meaning("G", "last", ("end",)),
    Meaning("ctrl+u", "page up", ("pageup",)),
    Meaning("ctrl+d", "page down", ("pagedown",)),
    Meaning("slash", "filter"),
    Meaning("n", "next match"),
    Meaning("N", "previous match"),
    Meaning("less_than_sign", "sort up"),
    Meaning("greater_than_sign", "sort down"),
    Meaning("right_square_bracket", "next blocker", ("f5",)),
    Meaning("left_square_bracket", "previous blocker"),
    Meaning("e", "edit", ("f2",)),
    Meaning("E", "edit file"),
    Meaning("a", "add"),
    Meaning("I", "import"),
    Meaning("space", "mark"),
    Meaning("m", "mark alike"),
    Meaning("delete", "remove"),
    Meaning("equals_sign", "fill"),
    Meaning("shift+up", "select up"),
    Meaning("shift+down", "select down"),
    Meaning("shift+left", "select left"),
    Meaning("shift+right", "select right"),
    Meaning("ctrl+c", "copy"),
    Meaning("ctrl+v", "paste"),
    Meaning("C", "columns"),
    Meaning("v", "view"),
    Meaning("X", "matrix"),
    Meaning("b", "group by"),
    Meaning("i", "inspect", ("f3",)),
    Meaning("t", "try"),
    Meaning("f", "fetch"),
    Meaning("Y", "sync"),
    Meaning("p", "probe"),
    Meaning("d", "decide"),
    Meaning("D", "compare"),
    Meaning("o", "override"),
    Meaning("r", "review"),
    Meaning("s", "sign"),
    Meaning("c", "comment"),
    Meaning("y", "done"),
    Meaning("F", "failed"),
    Meaning("x", "not applicable"),
    Meaning("plus", "go"),
    Meaning("minus", "no-go"),
    Meaning("R", "send back"),
    Meaning("z", "absent"),
    Meaning("f4", "unfold"),
    Meaning("S", "start"),
    Meaning("K", "skip"),
    Meaning("u", "undo"),
    Meaning("U", "redo"),
    Meaning("A", "assign"),
    Meaning("B", "make blocking"),
    Meaning("P", "propose build"),
    Meaning("M", "mark as"),
    Meaning("V", "mark invalid"),
    Meaning("Z", "freeze"),
    Meaning("at", "ask"),
    Meaning("T", "tell"),
    Meaning("w", "write"),
    Meaning("W", "person"),
    Meaning("colon", "command"),
    Meaning("question_mark", "help"),
    Meaning("ctrl+s", "save"),
    Meaning("ctrl+r", "reload"),
    Meaning("ctrl+p", "find"),
    Meaning("q", "quit", ("ctrl+q",)),
)


# Keys that terminals send as something else, or never send.
NEVER_ARRIVE = frozenset(
    {"ctrl+i", "ctrl+m", "ctrl+h", "ctrl+space", "ctrl+enter"} | {f"ctrl+{digit}" for digit in range(10)}
)


def _labels() -> dict[str, str]:
    found: dict[str, str] = {}
    for meaning in MEANINGS:
        for key in (meaning.key, *meaning.also):
            if key in NEVER_ARRIVE:
                raise ValueError(f"the key {key} does not arrive")
            if key in found:
                raise ValueError(f"the key {key} has two meanings: {found[key]}, {meaning.label}")
            found[key] = meaning.label
    if len({meaning.label for meaning in MEANINGS}) != len(MEANINGS):
        raise ValueError("two keys have one meaning")
    return found


LABELS: Mapping[str, str] = _labels()


def label_of(key: str, own: str = "") -> str:
    """What a key is called: its meaning, or its ``own`` name where that depends on the place.

    ``ValueError`` for a key without a meaning, and for an own name of a key that has one.
    """
    if not key:
        return own
    if key not in LABELS:
        raise ValueError(f"the key {key} has no meaning: give it one in keys.py")
    if own and key not in OPEN_ENDED:
        raise ValueError(f"the key {key} means {LABELS[key]} everywhere, and not {own}")
    return own or LABELS[key]
