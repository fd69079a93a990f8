"""The matrix: flows by dimensions, each cell the worst of its benchmarks."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.definitions.shapes import Dimension
from workbench.model.text import safe_text
from workbench.model.width import cells, fit
from workbench.tui.theme import Mark, Role, role_of
from workbench.tui.widgets.line import Line, Piece, PieceLines, crop_line
from workbench.usecases.views.benchmark import WORST
from workbench.usecases.views.matrix import DIMENSION_WORDS, FlowLine


class Matrix(PieceLines):
    """Draws the lines; a click on a square names its worst benchmark."""

    DEFAULT_CSS = """
    Matrix { padding-bottom: 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._flows: tuple[FlowLine, ...] = ()
        self._current: str | None = None
        self._most = 6

    def show(self, flows: Sequence[FlowLine], current: str | None, most: int) -> None:
        """Show at most ``most`` flows, the worst if there are more, with ``current`` set off."""
        shown = (tuple(flows), current, most)
        if shown != (self._flows, self._current, self._most):
            self._flows, self._current, self._most = shown
            self.changed()

    def lay_out(self, width: int) -> Sequence[Line]:
        if not self._flows:
            return []
        columns: list[Dimension | None] = list(Dimension)
        if any(None in flow.squares for flow in self._flows):
            columns.append(None)
        chosen = self._chosen()
        longest = max(cells(safe_text(flow.title, 60)) for flow in chosen)
        beside = min(longest + 3, max(12, width // 3))
        room = min(17, max(6, (width - beside - 2) // len(columns)))
        head = [Piece(" " * (beside + 2))] + [Piece(fit(_word(c, room), room), Role.MUTED) for c in columns]
        lines = [crop_line(head, width)]
        lines += [crop_line(self._flow(flow, columns, beside, room), width) for flow in chosen]
        left = [flow for flow in self._flows if flow not in chosen]
        if left:
            blocked = sum(flow.worst == 0 for flow in left)
            words = f"   … {len(left)} more flows" + (f", {blocked} of them blocked" if blocked else "")
            lines.append(crop_line((Piece(words, Role.MUTED),), width))
        return lines

    def _chosen(self) -> tuple[FlowLine, ...]:
        if len(self._flows) <= self._most:
            return self._flows
        worst = sorted(self._flows, key=lambda flow: (flow.key != self._current, flow.worst))
        kept = {flow.key for flow in worst[: self._most - 1]}
        return tuple(flow for flow in self._flows if flow.key in kept)

    def _flow(
        self, flow: FlowLine, columns: Sequence[Dimension | None], beside: int, room: int
    ) -> list[Piece]:
        here = flow.key == self._current
        first = min(flow.squares.values(), key=lambda square: WORST.index(square.mark)).first
        title = fit(safe_text(flow.title, 60), beside - 2) + " "
        pieces = [
            Piece(" ▸ " if here else "   ", Role.ACCENT),
            Piece(title, Role.STRONG if here else Role.TEXT, first),
        ]
        for column in columns:
            square = flow.squares.get(column)
            mark = square.mark if square else Mark.NOT_APPLICABLE
            text = fit(f" {square.words}" if square else "", room - 1)
            target = square.first if square else None
            role = Role.ERROR if mark is Mark.BLOCKS else Role.MUTED
            pieces += [Piece(mark.symbol, role_of(mark), target), Piece(text, role, target)]
        return pieces


def _word(dimension: Dimension | None, room: int) -> str:
    if dimension is None:
        return "other"
    word = DIMENSION_WORDS[dimension]
    return word if len(word) < room else word[:8]
