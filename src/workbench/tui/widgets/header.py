"""The top of every screen: which release, how it stands, and where one is."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from workbench.gates.model import Weight
from workbench.model.text import number_of, safe_text
from workbench.model.width import crop
from workbench.tui.theme import Mark, Role, role_of
from workbench.tui.widgets.line import Line, Piece, PieceLines, crop_line, spread, width_of
from workbench.usecases.views.gates import counted
from workbench.usecases.views.marks import Phrase
from workbench.usecases.views.sharing.word import shorter

SERVER = "sharing"  # the mode to which the word about the server leads


class Situation(msgspec.Struct, frozen=True):
    """What the header says; ``due`` in words ("Tue 15 Sep, in 2 days") and ``soon`` in fewer ("in 2 days"),
    ``demonstration`` the clock's setting in words or empty, ``state`` the release's in a word ("signed")
    with its ``mark``: said where nothing is open, and of a release that has ended.  ``person`` is who
    one is, ``key`` the same in short, ``roles`` in words.  ``broken`` names the first mistake of files
    that cannot be read now, or is empty.  ``incidents`` says how many are open."""

    project: str = ""
    release: str = ""
    candidate: str = ""
    commit: str = ""
    blocks: int = 0
    to_do: int = 0
    to_sign: int = 0
    due: str = ""
    soon: str = ""
    demonstration: str = ""
    state: str = ""
    mark: Mark = Mark.DONE
    ended: bool = False
    person: str = ""
    key: str = ""
    roles: str = ""
    broken: str = ""
    incidents: int = 0


class Tab(msgspec.Struct, frozen=True):
    """A place that a number key leads to; an empty key shows the title alone."""

    id: str
    key: str
    title: str


def header_line(situation: Situation, width: int) -> Line:
    """Project, release, candidate and commit; counts; who one is and the days left.  Where it is narrow,
    roles, commit, dates, the project and at last the person give way, before anything is cut."""
    counts = _counts(situation)
    long, name, bare = _names(situation)
    full, dated, soon, short, least = _rights(situation)
    for left, right in (
        (long, full),
        (long, dated),
        (name, dated),
        (name, soon),
        (name, short),
        (bare, short),
        (bare, least),
        (bare, ""),
    ):
        at_right = Piece(right + " ", Role.MUTED) if right else Piece("")
        free = width - width_of(left) - width_of(counts) - at_right.width
        if free >= 3:
            before = min(4, max(1, free // 2))
            return spread([*left, Piece(" " * before), *counts], [at_right] if right else [], width)
    room = max(8, width - width_of(counts) - 2)
    cut = crop("".join(piece.text for piece in bare), room)
    return crop_line([Piece(cut, Role.STRONG), Piece("  "), *counts], width)


def _names(situation: Situation) -> tuple[list[Piece], list[Piece], list[Piece]]:
    """Project, release, candidate and commit; the same without the commit; and without the project."""
    names = (situation.project, situation.release, situation.candidate, situation.commit)
    project, release, candidate, commit = (safe_text(name, 120) for name in names)
    if not release:
        alone = [Piece(" "), Piece(project, Role.STRONG)]
        return alone, alone, alone
    bare = [Piece(" "), Piece(release, Role.STRONG)]
    if candidate:
        bare.append(Piece(" " + candidate, Role.STRONG))
    name = [Piece(" "), Piece(project + " ", Role.TEXT), *bare[1:]]
    return ([*name, Piece(" " + commit[:7], Role.MUTED)] if commit else name), name, bare


def _rights(situation: Situation) -> tuple[str, str, str, str, str]:
    """Who one is, and the days left, in ever fewer words."""
    person, key, roles, due, soon = (
        safe_text(each, 60)
        for each in (situation.person, situation.key, situation.roles, situation.due, situation.soon)
    )
    full = f"{person}, {roles}" if person and roles else person
    joined = [
        " · ".join(filter(None, pair)) for pair in ((full, due), (person, due), (person, soon), (key, soon))
    ]
    return joined[0], joined[1], joined[2], joined[3], soon or key


def _counts(situation: Situation) -> list[Piece]:
    """How the release stands, and how many incidents are open in the project."""
    release = _of_release(situation) if situation.release else []
    if not situation.incidents:
        return release
    between = [Piece(" · ", Role.MUTED)] if release else []
    return [*release, *between, Piece(number_of(situation.incidents, "incident"), Role.WARNING, bold=True)]


def _of_release(situation: Situation) -> list[Piece]:
    counts = (
        (situation.blocks, Weight.BLOCKS),
        (situation.to_do, Weight.TO_DO),
        (situation.to_sign, Weight.TO_SIGN),
    )
    parts = [_count(number, weight) for number, weight in counts if number and not situation.ended]
    if not parts:
        return (
            [_pill(f"{situation.mark.symbol} {situation.state}", situation.mark)] if situation.state else []
        )
    dotted = [parts[0]]
    for part in parts[1:]:
        dotted += [Piece("· " if dotted[-1].text.endswith(" ") else " · ", Role.MUTED), part]
    return dotted


def _count(number: int, weight: Weight) -> Piece:
    if weight is Weight.BLOCKS:
        return _pill(f"{Mark.BLOCKS.symbol} {counted(number, weight)}", Mark.BLOCKS)
    return Piece(counted(number, weight))


_PILLS = {Mark.BLOCKS: Role.BLOCKED, Mark.DONE: Role.PASSED, Mark.COMPLETE: Role.PASSED}


def _pill(words: str, mark: Mark) -> Piece:
    """How the release stands, on a ground that nobody overlooks."""
    filled = _PILLS.get(mark)
    return Piece(f" {words} ", filled) if filled else Piece(words, role_of(mark))


def mode_line(
    modes: Sequence[Tab], current: str, width: int, notice: str = "", word: Phrase | None = None
) -> Line:
    """The modes with the current one underlined, and at the right a ``word`` about the server and a notice; where
    it is narrow, the word is shortened first, then the last modes keep only their keys."""
    here = next((n for n, mode in enumerate(modes) if mode.id == current), -1)
    right = _at_right(notice, word)
    if word is not None and width_of(_modes(modes, here, len(modes))) + width_of(right) + 2 > width:
        right = _at_right(notice, shorter(word))
    for titled in range(len(modes), -1, -1):
        line = _modes(modes, here, titled)
        if width_of(line) + width_of(right) + (2 if right else 0) <= width:
            return spread(line, right, width)
    return crop_line(_modes(modes, here, 0), width)


def _at_right(notice: str, word: Phrase | None) -> list[Piece]:
    said = [Piece(safe_text(notice, 60) + " ", Role.WARNING)] if notice else []
    if word is None:
        return said
    role, text = role_of(word.mark) if word.mark else Role.MUTED, safe_text(word.text, 60)
    return [Piece(f"{text} · " if said else f"{text} ", role, SERVER), *said]


def _modes(modes: Sequence[Tab], here: int, titled: int) -> list[Piece]:
    """The modes of which the first ``titled`` are named, and always the current one and the last with a key."""
    line = [Piece(" ")]
    last = max((place for place, mode in enumerate(modes) if mode.key), default=-1)
    for place, mode in enumerate(modes):
        named = place < titled or place in (here, last) or not mode.key
        title = safe_text(mode.title, 40) if named else ""
        role = Role.HERE if place == here else Role.TEXT
        key = safe_text(mode.key, 8)
        line += [
            Piece(f"{key} " if key else "", Role.ACCENT if place == here else Role.MUTED, mode.id),
            Piece(title, role, mode.id),
            Piece("  " if title else ""),
        ]
    return [piece for piece in line if piece.text]


class HeaderLine(PieceLines):
    """One line of situation; a second one as long as the team's files have mistakes."""

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
        if self.situation.broken:
            lines.append(broken_line(self.situation.broken, width))
        return lines


def broken_line(broken: str, width: int) -> Line:
    """The first mistake of the files, and what one sees meanwhile."""
    end = " · last good version shown · E to edit"
    words = f" {Mark.BLOCKS.symbol} {safe_text(broken, 300)}"
    room = width - len(end) - 1
    kept = crop(words, room) + end if room >= 40 else words
    return crop_line([Piece(kept, Role.ERROR, bold=True)], width)


class ModeLine(PieceLines):
    """The modes, each clickable (``Chosen.target`` is the mode's id), and a thin rule."""

    DEFAULT_CSS = """
    ModeLine { background: $surface; color: $foreground; }
    """

    def __init__(
        self,
        modes: Sequence[Tab],
        current: str = "",
        notice: str = "",
        word: Phrase | None = None,
        *,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self.modes, self.current, self.notice, self.word = tuple(modes), current, notice, word

    def show(self, notice: str, word: Phrase | None = None) -> None:
        """Say this at the right from now on."""
        if (notice, word) != (self.notice, self.word):
            self.notice, self.word = notice, word
            self.changed()

    def lay_out(self, width: int) -> Sequence[Line]:
        return [
            mode_line(self.modes, self.current, width, notice_of(self.notice, width), self.word),
            (Piece("─" * width, Role.MUTED),),
        ]


def notice_of(demonstration: str, width: int) -> str:
    """That this is a demonstration, in as many words as there is room for."""
    if not demonstration:
        return ""
    return f"demo: clock set to {demonstration}" if width >= 140 else "demo"
