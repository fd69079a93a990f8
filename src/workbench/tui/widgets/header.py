"""The top of every screen: which release, how it stands, and where one is."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from workbench.gates.model import Weight
from workbench.model.text import safe_text
from workbench.model.width import crop
from workbench.tui.theme import Mark, Role, role_of
from workbench.tui.widgets.line import Line, Piece, PieceLines, crop_line, spread, width_of
from workbench.usecases.views.gates import counted


class Situation(msgspec.Struct, frozen=True):
    """What the header says; ``due`` in words ("Tue, in 2 days"), ``demonstration`` the clock's
    setting in words or empty, ``state`` the release's in a word ("signed") with its ``mark``: said
    where nothing is open, and of a release that has ``ended``."""

    project: str = ""
    release: str = ""
    candidate: str = ""
    commit: str = ""
    blocks: int = 0
    to_do: int = 0
    to_sign: int = 0
    due: str = ""
    demonstration: str = ""
    state: str = ""
    mark: Mark = Mark.DONE
    ended: bool = False


class Tab(msgspec.Struct, frozen=True):
    """A place that a number key leads to; an empty key shows the title alone."""

    id: str
    key: str
    title: str


def header_line(situation: Situation, width: int) -> Line:
    """Project, release, candidate and commit; counts; days left.  The commit, the project
    and the days give way in this order before anything is cut."""
    counts = _counts(situation)
    due = Piece(safe_text(situation.due, 60) + " ", Role.MUTED) if situation.due else Piece("")
    names = (situation.project, situation.release, situation.candidate, situation.commit)
    project, release, candidate, commit = (safe_text(name, 120) for name in names)
    name = [Piece(" "), Piece(project + " ", Role.TEXT), Piece(release, Role.STRONG)]
    if candidate:
        name.append(Piece(" " + candidate, Role.STRONG))
    long = [*name, Piece(" " + commit[:7], Role.MUTED)] if commit else name
    if not release:
        long = name = [Piece(" "), Piece(project, Role.STRONG)]
    bare = [Piece(" "), *name[2:]] if release else name
    for left, right in ((long, due), (name, due), (name, Piece("")), (bare, Piece(""))):
        free = width - width_of(left) - width_of(counts) - right.width
        if free >= 3:
            before = min(4, max(1, free // 2))
            return spread([*left, Piece(" " * before), *counts], [right] if right.text else [], width)
    room = max(8, width - width_of(counts) - 2)
    cut = crop("".join(piece.text for piece in bare), room)
    return crop_line([Piece(cut, Role.STRONG), Piece("  "), *counts], width)


def _counts(situation: Situation) -> list[Piece]:
    if not situation.release:
        return []
    counts = (
        (situation.blocks, Weight.BLOCKS),
        (situation.to_do, Weight.TO_DO),
        (situation.to_sign, Weight.TO_SIGN),
    )
    parts = [_count(number, weight) for number, weight in counts if number and not situation.ended]
    if not parts:
        bold = situation.mark is Mark.BLOCKS
        words = f"{situation.mark.symbol} {situation.state}"
        return [Piece(words, role_of(situation.mark), bold=bold)] if situation.state else []
    dotted = [parts[0]]
    for part in parts[1:]:
        dotted += [Piece(" · ", Role.MUTED), part]
    return dotted


def _count(number: int, weight: Weight) -> Piece:
    if weight is Weight.BLOCKS:
        return Piece(f"{Mark.BLOCKS.symbol} {counted(number, weight)}", role_of(Mark.BLOCKS), bold=True)
    return Piece(counted(number, weight))


def mode_line(modes: Sequence[Tab], current: str, width: int) -> Line:
    """The modes with the current one in capitals; the last ones stay away where they do not fit."""
    groups = [_mode(mode, mode.id == current) for mode in modes]
    here = next((n for n, mode in enumerate(modes) if mode.id == current), -1)
    kept = list(range(len(groups)))
    while kept and width_of([piece for n in kept for piece in groups[n]]) + 1 > width:
        kept.remove(next((n for n in reversed(kept) if n != here), kept[-1]))
    return crop_line([Piece(" "), *(piece for n in kept for piece in groups[n])], width)


def _mode(mode: Tab, here: bool) -> list[Piece]:
    title = safe_text(mode.title, 40)
    key = f"{safe_text(mode.key, 8)} " if mode.key else ""
    group = [
        Piece(key, Role.ACCENT if here else Role.MUTED, mode.id),
        Piece(title.upper() if here else title, Role.ACCENT if here else Role.TEXT, mode.id, bold=here),
        Piece("  "),
    ]
    return [piece for piece in group if piece.text]


class HeaderLine(PieceLines):
    """One line of situation, a second one in a demonstration."""

    DEFAULT_CSS = """
    HeaderLine { background: $surface; color: $foreground; min-height: 1; }
    """

    def __init__(self, situation: Situation | None = None, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.situation = situation or Situation()

    def show(self, situation: Situation) -> None:
        """Say this from now on."""
        if situation != self.situation:
            self.situation = situation
            self.changed()

    def lay_out(self, width: int) -> Sequence[Line]:
        lines = [header_line(self.situation, width)]
        if self.situation.demonstration:
            words = f" demonstration, clock set to {safe_text(self.situation.demonstration, 80)}"
            lines.append(crop_line([Piece(words, Role.WARNING)], width))
        return lines


class ModeLine(PieceLines):
    """The modes, each clickable (``Chosen.target`` is the mode's id), and a thin rule."""

    DEFAULT_CSS = """
    ModeLine { background: $surface; color: $foreground; }
    """

    def __init__(self, modes: Sequence[Tab], current: str = "", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.modes = tuple(modes)
        self.current = current

    def show(self, current: str, modes: Sequence[Tab] | None = None) -> None:
        """Be in mode ``current``."""
        self.current = current
        self.modes = self.modes if modes is None else tuple(modes)
        self.changed()

    def lay_out(self, width: int) -> Sequence[Line]:
        return [mode_line(self.modes, self.current, width), (Piece("─" * width, Role.MUTED),)]
