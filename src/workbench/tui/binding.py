"""Bindings of widgets, by what a key means."""

from __future__ import annotations

from textual.binding import Binding

from workbench.tui.keys import MEANINGS, label_of

_ALSO = {meaning.key: meaning.also for meaning in MEANINGS}


def bind(
    key: str,
    action: str,
    does: str,
    *,
    own_label: str = "",
    priority: bool = False,
    also: bool = True,
    stays: bool = False,
) -> Binding:
    """Do ``action`` at ``key`` and ``also`` at the further keys that mean the same; ``does`` says it for the docs.

    ``own_label`` is for ``enter`` and ``esc``.  The binding carries its meaning, by which a person
    puts it on another key; not where it ``stays``, because letters are typed there, and not at one of
    the further keys alone.  ``ValueError`` for a key without a meaning.
    """
    label = label_of(key, own_label)
    more = _ALSO.get(key, ()) if also else ()
    return Binding(
        ",".join((key, *more)),
        action,
        label,
        show=False,
        priority=priority,
        tooltip=does,
        id=None if stays or key not in _ALSO else label_of(key),
    )
