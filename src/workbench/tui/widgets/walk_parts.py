"""The parts of the walking screen that are drawn in lines: progress, the lists, the item's title, its answers."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from textual.events import Resize

from workbench.model.text import safe_text
from workbench.model.width import cells, crop, fit, wrap
from workbench.tui.theme import Mark, Role, role_of
from workbench.tui.widgets.footer import Hint
from workbench.tui.widgets.line import Line, Piece, PieceLines, crop_line, spread, width_of


class Stop(msgspec.Struct, frozen=True):
    """One item on the way: its key, title and sign; ``source`` says where an automatic one is answered."""

    key: str
    title: str
    mark: Mark
    source: str = ""


class Stage(msgspec.Struct, frozen=True):
    """One list on the way, how far it is, and its items."""

    title: str
    how_far: str
    stops: tuple[Stop, ...]


def progress_strip(stage: Stage, here: str, left: str, width: int) -> Line:
    """The list, a sign for each of its items with ▸ before the one in hand, and how much is left."""
    place = next((n for n, stop in enumerate(stage.stops, 1) if stop.key == here), 0)
    counts = Piece(f"item {place} of {len(stage.stops)} ", Role.STRONG)
    head = [Piece(" "), Piece(safe_text(stage.title, 60), Role.ACCENT, bold=True), Piece("   ")]
    signs = [
        Piece(f"{'▸' if stop.key == here else ' '}{stop.mark.symbol}", role_of(stop.mark), stop.key)
        for stop in stage.stops
    ]
    far = [Piece(f"   {stage.how_far} done", Role.TEXT)]
    rest = [Piece(f" · {left}", Role.MUTED)] if left else []
    for pieces in ([*head, *signs, *far, *rest], [*head, *signs, *far], [*head, *far]):
        if width_of(pieces) + counts.width + 2 <= width:
            return spread(pieces, [counts], width)
    return spread(head, [counts], width)


class WalkStrip(PieceLines):
    """How far one is, above the item."""

    DEFAULT_CSS = """
    WalkStrip { height: 1; background: $surface; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[Stage, str, str] | None = None

    def show(self, stage: Stage, here: str, left: str) -> None:
        """Say this from now on."""
        self._shown = (stage, here, left)
        self.changed()

    def lay_out(self, width: int) -> Sequence[Line]:
        return [progress_strip(*self._shown, width)] if self._shown else [()]


def stage_lines(stages: Sequence[Stage], here: str, width: int) -> tuple[list[Line], int]:
    """Every list with its items, one line each, and the line of the item in hand."""
    lines: list[Line] = []
    at = 0
    for stage in stages:
        if lines:
            lines.append(())
        head = [Piece(" "), Piece(safe_text(stage.title, 60), Role.STRONG)]
        lines.append(spread(head, [Piece(f"{stage.how_far} ", Role.MUTED)], width))
        for stop in stage.stops:
            mine = stop.key == here
            at = len(lines) if mine else at
            source = f" → {stop.source}" if stop.source else ""
            room = max(4, width - 6 - cells(source))
            lines.append(
                (
                    Piece(" ▸ " if mine else "   ", Role.ACCENT, stop.key),
                    Piece(f"{stop.mark.symbol} ", role_of(stop.mark), stop.key),
                    Piece(
                        fit(safe_text(stop.title, 120), room)
                        if source
                        else crop(safe_text(stop.title, 120), room),
                        Role.ACCENT if mine else Role.TEXT,
                        stop.key,
                        bold=mine,
                    ),
                    Piece(source, Role.MUTED, stop.key),
                )
            )
    return lines, at


class WalkList(PieceLines):
    """All lists at the left of a wide window; the item in hand stays in sight."""

    DEFAULT_CSS = """
    WalkList { height: 1fr; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._stages: tuple[Stage, ...] = ()
        self._here = ""

    def show(self, stages: Sequence[Stage], here: str) -> None:
        """Show these from now on."""
        self._stages, self._here = tuple(stages), here
        self.changed()

    def on_resize(self, event: Resize) -> None:
        """More lines, or fewer."""
        self.changed()

    def lay_out(self, width: int) -> Sequence[Line]:
        lines, at = stage_lines(self._stages, self._here, width)
        height = self.size.height
        if not height or len(lines) <= height:
            return lines
        first = min(max(0, at - height // 2), len(lines) - height)
        return lines[first : first + height]


class ItemTitle(PieceLines):
    """The title of the item in hand, and at its right, or below, how it stands."""

    DEFAULT_CSS = """
    ItemTitle { margin: 1 0; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._title, self._mark, self._state = "", Mark.OPEN, ""

    def show(self, title: str, mark: Mark, state: str) -> None:
        """Say this from now on."""
        self._title, self._mark, self._state = safe_text(title, 300), mark, safe_text(state, 200)
        self.changed()

    def lay_out(self, width: int) -> Sequence[Line]:
        state = [
            Piece(f"{self._mark.symbol} ", role_of(self._mark)),
            Piece(self._state + " ", Role.MUTED),
        ]
        title = Piece(self._title, Role.STRONG)
        if title.width + width_of(state) + 3 <= width:
            return [spread([Piece(" "), title], state, width)]
        lines: list[Line] = [(Piece(" "), Piece(text, Role.STRONG)) for text in wrap(self._title, width - 2)]
        return [*lines, crop_line([Piece(" "), *state], width)]


class AnswerLine(PieceLines):
    """The answers there are, each with its key; what cannot be said now is greyed."""

    DEFAULT_CSS = """
    AnswerLine { padding: 1 0 0 0; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._hints: tuple[Hint, ...] = ()

    def show(self, hints: Sequence[Hint]) -> None:
        """Offer these answers from now on."""
        if self._hints != tuple(hints):
            self._hints = tuple(hints)
            self.changed()

    def lay_out(self, width: int) -> list[Line]:
        lines: list[list[Piece]] = [[Piece(" ")]]
        for hint in self._hints:
            group = _hint_pieces(hint)
            if width_of([*lines[-1], *group]) > width:
                lines.append([Piece(" ")])
            lines[-1] += [*group, Piece("   ")]
        return [crop_line(line, width) for line in lines]


def _hint_pieces(hint: Hint) -> list[Piece]:
    off = hint.reason is not None
    if hint.filled and not off:
        return [Piece(f" {hint.key} {hint.label} ", Role.FILLED, hint.id)]
    return [
        Piece(hint.key, Role.MUTED if off else Role.ACCENT, hint.id, bold=not off),
        Piece(f" {hint.label}", Role.MUTED if off else Role.TEXT, hint.id),
    ]
