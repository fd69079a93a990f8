"""The five dimensions at a glance: one line for all flows, and where these do not fit on a screen, each flow's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workbench.definitions.shapes import Dimension
from workbench.model.text import number_of, safe_text
from workbench.model.width import cells, fit
from workbench.tui.theme import Mark, Role, role_of
from workbench.tui.widgets.line import Line, Piece, PieceLines, crop_line
from workbench.usecases.views.benchmark import WORST
from workbench.usecases.views.matrix import FlowLine, Square, dimension_word

IN_DOUBT = "in doubt"  # how many differences touch the flow and are undecided or accepted
Squares = Mapping[Dimension | None, Square]


def strip_line(total: int, squares: Squares, width: int) -> Line:
    """``13 benchmarks   ✓ data   ✗ latency 1 of 4``; a click on a dimension names its worst benchmark."""
    pieces = [Piece(f" {number_of(total, 'benchmark')}", Role.STRONG)]
    for dimension, square in squares.items():
        fine = square.mark in (Mark.DONE, Mark.NOT_APPLICABLE)
        count = "" if fine else f" {square.bearing}"
        text = Role.MUTED if fine else role_of(square.mark)
        pieces += [
            Piece("   "),
            Piece(square.mark.symbol, role_of(square.mark), square.first),
            Piece(f" {dimension_word(dimension)}{count}", text, square.first),
        ]
    return crop_line(pieces, width)


class Matrix(PieceLines):
    """Draws the lines; a click on a square names its worst benchmark."""

    DEFAULT_CSS = """
    Matrix { padding-bottom: 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._flows: tuple[FlowLine, ...] = ()
        self._squares: Squares = {}
        self._total = 0
        self._current: str | None = None
        self._most = 0

    def show(
        self, total: int, squares: Squares, flows: Sequence[FlowLine], current: str | None, most: int
    ) -> None:
        """Show the dimensions of ``total`` benchmarks, and at most ``most`` flows, the worst if there are more.

        ``current`` is the flow that is set off.
        """
        shown = (tuple(flows), squares, total, current, most)
        if shown != (self._flows, self._squares, self._total, self._current, self._most):
            self._flows, self._squares, self._total, self._current, self._most = shown
            self.changed()

    def lay_out(self, width: int) -> Sequence[Line]:
        if not self._total:
            return []
        if not self._most:
            return [strip_line(self._total, self._squares, width)]
        columns = list(self._squares)
        chosen = self._chosen()
        longest = max(cells(safe_text(flow.title, 60)) for flow in chosen)
        beside = min(longest + 3, max(12, width // 3))
        doubt = len(IN_DOUBT) if self._in_doubt else 0
        room = min(17, max(6, (width - beside - 2 - doubt) // len(columns)))
        head = [Piece(" " * (beside + 2))]
        head += [Piece(fit(dimension_word(each), room), Role.MUTED) for each in columns]
        head += [Piece(IN_DOUBT, Role.MUTED)] if self._in_doubt else []
        lines = [crop_line(head, width)]
        lines += [crop_line(self._flow(flow, columns, beside, room), width) for flow in chosen]
        left = [flow for flow in self._flows if flow not in chosen]
        if left:
            blocked = sum(flow.worst == 0 for flow in left)
            words = f"   … {len(left)} more flows" + (f", {blocked} of them blocked" if blocked else "")
            lines.append(crop_line((Piece(words, Role.MUTED),), width))
        return lines

    @property
    def _in_doubt(self) -> bool:
        return any(flow.in_doubt for flow in self._flows)

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
        if flow.in_doubt:
            pieces += [Piece(Mark.WARNS.symbol, role_of(Mark.WARNS)), Piece(f" {flow.in_doubt}", Role.MUTED)]
        return pieces
