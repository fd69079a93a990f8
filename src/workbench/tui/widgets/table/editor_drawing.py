"""How an editor in a cell is drawn, and what can be chosen in it."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style

from workbench.model.width import cells, fit
from workbench.tui.theme import Styles
from workbench.tui.widgets.table.cell_editor import CellEditor
from workbench.tui.widgets.table.drawing import dropdown


def editor_segments(editor: CellEditor, least: int, room: int, look: Styles, base: Style) -> list[Segment]:
    """The text with its caret and selection, a blank around it; ``least`` cells, and up to ``room`` for more."""
    typing = editor.typing
    room = min(max(least, cells(typing.text) + 1), room)
    first, last = typing.window(room)
    base += look.typed
    start, end = typing.selection
    segments = [Segment(" ", base)]
    for at, letter in enumerate(typing.text[first:last], first):
        style = look.caret if at == typing.caret and start == end else base
        segments.append(Segment(letter, style if not start <= at < end else base + look.selected))
    if typing.caret == last:
        segments.append(Segment(" ", look.caret))
    used = sum(cells(segment.text) for segment in segments)
    return [*segments, Segment(" " * max(0, room + 2 - used), base)]


def option_segments(
    options: Sequence[str], chosen: int, most: int, look: Styles, base: Style
) -> list[Segment]:
    """At most ``most`` options, one for each line, the ``chosen`` one set off."""
    base += look.typed
    meant = options[chosen] if 0 <= chosen < len(options) else None
    return [
        Segment(
            f" {text} ",
            base + look.selected if meant is not None and text == fit(meant, cells(text)) else base,
        )
        for text in dropdown(options, chosen, most)
    ]
