"""The gates of a release as steps, each with its state."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.model.text import safe_text
from workbench.tui.theme import Mark, Role, role_of
from workbench.tui.widgets.line import Line, Piece, PieceLines, crop_line, width_of
from workbench.usecases.views.readiness import GateStep

_BETWEEN = Piece("   ")


def step_lines(steps: Sequence[GateStep], current: str | None, width: int) -> list[Line]:
    """The steps on as many lines as they need; no step is broken across lines."""
    lines: list[list[Piece]] = [[Piece(" ")]]
    for step in steps:
        group = _step(step, step.key == current)
        line = lines[-1]
        between = [_BETWEEN] if len(line) > 1 else []
        if len(line) > 1 and width_of([*line, *between, *group]) > width:
            lines.append([Piece(" "), *group])
        else:
            line += [*between, *group]
    return [crop_line(line, width) for line in lines]


def _step(step: GateStep, current: bool) -> list[Piece]:
    quiet = step.mark in (Mark.OPEN, Mark.NOT_APPLICABLE) and not current
    pieces = [
        Piece(step.mark.symbol, role_of(step.mark), step.key),
        Piece(" " + safe_text(step.title, 40), Role.MUTED if quiet else Role.TEXT, step.key, bold=current),
    ]
    if step.count:
        role = Role.ERROR if step.mark is Mark.BLOCKS else Role.MUTED
        pieces.append(Piece(" " + safe_text(step.count, 12), role, step.key))
    return pieces


class Stepper(PieceLines):
    """Steps, each clickable (``Chosen.target`` is the step's key)."""

    DEFAULT_CSS = """
    Stepper { padding: 0 0 1 0; }
    """

    def __init__(
        self, steps: Sequence[GateStep] = (), current: str | None = None, *, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self.steps = tuple(steps)
        self.current = current

    def show(self, steps: Sequence[GateStep], current: str | None = None) -> None:
        """Show these steps, with ``current`` set off."""
        self.steps, self.current = tuple(steps), current
        self.changed()

    def lay_out(self, width: int) -> Sequence[Line]:
        return step_lines(self.steps, self.current, width)
