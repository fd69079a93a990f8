"""Bindings of widgets, by what a key means."""

from __future__ import annotations

from textual.binding import Binding

from workbench.tui.keys import MEANINGS, label_of

_BY_KEY = {meaning.key: meaning for meaning in MEANINGS}


def bind(
    key: str, action: str, does: str, *, own_label: str = "", priority: bool = False, also: bool = True
) -> Binding:
    """Do ``action`` at ``key`` and ``also`` at the further keys that mean the same; ``does`` says it for the docs.

    ``own_label`` is for ``enter`` and ``esc``.  The binding carries its meaning, by which a person
    puts it on another key.  ``KeyError`` for a key without a meaning of its own.
    """
    meaning = _BY_KEY[key]
    return Binding(
        ",".join((key, *meaning.also) if also else (key,)),
        action,
        label_of(key, own_label),
        show=False,
        priority=priority,
        tooltip=does,
        id=meaning.label,
    )
