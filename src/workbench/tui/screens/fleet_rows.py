"""The lines of the screen Fleet: releases under what they need, and what is beside them, all in one table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from workbench.tui.registry import showing
from workbench.tui.screens.table_screen import About
from workbench.tui.theme import Mark, Role
from workbench.tui.visiting import Aim
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.prose import pairs
from workbench.tui.widgets.rows import Cell, Heading, Item
from workbench.tui.widgets.rows import Row as Line
from workbench.usecases.fleet.shapes import Project, ReleaseSeen
from workbench.usecases.fleet.together import Dated, Fleet, Row, calendar, holds, incidents
from workbench.usecases.views.figure_words import count_text, value_text
from workbench.usecases.views.fleet.beside import (
    due_facts,
    due_mark,
    due_soon,
    folder_mark,
    folder_words,
    hold_words,
    incident_words,
    shared_mark,
    shared_words,
)
from workbench.usecases.views.fleet.delivery import Delivery, is_certain
from workbench.usecases.views.fleet.printing import SECTIONS
from workbench.usecases.views.fleet.rows import (
    gates_signs,
    grouped,
    move_words,
    planned_words,
    row_facts,
    row_mark,
    row_title,
    since_words,
    state_words,
    trouble_words,
    typed_folder,
)
from workbench.usecases.views.fleet.whole import left_out
from workbench.usecases.views.marks import Fact

SOON = 12  # things of the calendar that stand below the releases
SAMPLES = "ctrl+p, then “sample projects”, shows them"
FOLDER = "folder|"
COLUMNS = (
    Column("title", "Project", flex=1, least=22, most=60, frozen=True),
    Column("blockers", "Blockers", align="right", most=8),
    Column("to_do", "To do", align="right", most=6),
    Column("to_sign", "To sign", align="right", most=7),
    Column("who", "Waiting for", flex=1, least=11, most=30),
    Column("since", "For", least=3, most=9),
    Column("gates", "Gates", least=5, most=10, drop=2),
    Column("planned", "Planned", least=7, most=14, drop=1),
)


class Stands:
    """The lines of a fleet, and what each is about, by its key."""

    def __init__(self, fleet: Fleet) -> None:
        self.fleet = fleet
        self.rows: dict[str, Row] = {}
        self.projects: dict[str, Project] = {}
        self._delivery = Delivery(fleet)
        self._refs: dict[str, str] = {}
        self._about: dict[str, tuple[str, str, list[Fact]]] = {}
        self.items: list[Item] = list(self._items())

    def about(self, key: str) -> About | None:
        """What there is to read about a line."""
        if key in self.rows:
            row = self.rows[key]
            return About(row_title(row), state_words(row), pairs(row_facts(row)))
        if key.startswith("figure|"):
            title, meta, _ = self._about[key]
            return About(title, meta, pairs(self._delivery.facts(key.removeprefix("figure|"))))
        if key not in self._about:
            return None
        title, meta, facts = self._about[key]
        return About(title, meta, pairs(facts))

    def aim(self, key: str) -> Aim:
        """The place in its own project that a line leads to: a release where the line that comes first is cleared."""
        row = self.rows.get(key)
        if row is not None:
            first = row.release.first if row.release is not None else None
            return Aim(part=first.key if first is not None else "")
        noun, _, ident = self._refs.get(key, "").partition("/")
        mode = "sharing" if noun == "shared" else showing(noun)
        return Aim(mode=mode, row=ident or None if mode else None)

    def _items(self) -> Iterator[Item]:
        for title, rows in grouped(self.fleet.rows):
            yield Heading(title, f"{len(rows):,}")
            for row in rows:
                self.rows[row.key] = row
                self.projects[row.key] = row.project
                yield _row(row)
        yield Heading(SECTIONS["holds"])
        yield from self._held()
        due = calendar(self.fleet)
        yield Heading(SECTIONS["calendar"], f"{SOON} of {len(due):,}" if len(due) > SOON else "")
        for one in due[:SOON]:
            yield self._due(one)
        yield Heading("Delivery, all together")
        yield from self._figures()
        yield Heading(SECTIONS["shared"])
        yield from self._shared()
        yield Heading(SECTIONS["folders"])
        for folder in self.fleet.folders:
            key, words = FOLDER + folder.path, folder_words(folder)
            found = [Fact("Project", root) for root in folder.roots] or [Fact("Projects", words, Mark.WARNS)]
            self._about[key] = (folder.path, words, found)
            yield _wide(key, PurePath(folder.path).name, f"{words}: {folder.path}", folder_mark(folder))
        yield Heading(SECTIONS["left"])
        for place, words in enumerate(left_out(self.fleet, SAMPLES)):
            self._about[f"left|{place}"] = ("Left out", "", [Fact("Left out", words)])
            yield Line(f"left|{place}", _cells(words), None, dim=True)

    def _held(self) -> Iterator[Item]:
        for project, one in incidents(self.fleet):
            key = f"incident|{project.root}|{one.id}"
            self._refs[key] = f"incident/{one.id}"
            self.projects[key] = project
            self._about[key] = (
                one.title,
                "incident",
                [Fact("Incident", incident_words(one)), _folder(project)],
            )
            yield _wide(key, project.name, f"{one.title}: {one.severity}, {one.state}", Mark.WARNS)
        for place, (project, hold) in enumerate(holds(self.fleet)):
            key = f"hold|{project.root}|{place}"
            self.projects[key] = project
            words = hold_words(project, hold)
            self._about[key] = (hold.what, project.name, [Fact("Frozen", words), _folder(project)])
            yield _wide(key, project.name, words, Mark.WARNS)

    def _due(self, one: Dated) -> Item:
        key = f"due|{one.project.root}|{one.due.key}"
        self._refs[key] = one.due.ref
        self.projects[key] = one.project
        self._about[key] = (one.due.title, one.project.name, [*due_facts(one), _folder(one.project)])
        return _wide(key, one.project.name, f"{due_soon(one)}: {one.due.title}", due_mark(one))

    def _figures(self) -> Iterator[Item]:
        for figure in self._delivery.together:
            key, value = f"figure|{figure.key}", value_text(figure)
            self._about[key] = (figure.title, f"{count_text(figure)}, {value}", [])
            tone = Role.TEXT if is_certain(figure) else Role.MUTED
            yield Line(key, _cells(figure.title, Cell(f"{count_text(figure)}, {value}", tone, "left")))

    def _shared(self) -> Iterator[Item]:
        for project in self.fleet.judged:
            if project.shared is not None:
                words, mark = shared_words(project, project.shared), shared_mark(project)
                key = f"shared|{project.root}"
                self._refs[key] = "shared"
                self.projects[key] = project
                self._about[key] = (
                    project.name,
                    "shared record",
                    [Fact("Shared", words, mark), _folder(project)],
                )
                yield _wide(key, project.name, words, mark)


def _short(project: Project) -> str:
    """What it is called; of one whose files cannot be read its folder's own name, for the path is too long."""
    return PurePath(project.root).name if project.name == project.root else project.name


def _folder(project: Project) -> Fact:
    return Fact("Folder", typed_folder(project.root))


def _cells(title: str, *rest: Cell) -> tuple[Cell, ...]:
    return (Cell(title), *rest, *(Cell() for _ in range(len(COLUMNS) - 1 - len(rest))))


def _wide(key: str, title: str, words: str, mark: Mark | None) -> Line:
    """A line about a project with words in place of numbers."""
    return Line(key, _cells(title, Cell(words, Role.TEXT, "left")), mark)


def _row(row: Row) -> Line:
    project, release = row.project, row.release
    if release is None:
        words = Cell(trouble_words(project) or state_words(row), Role.MUTED, "left")
        return Line(row.key, _cells(_short(project), words), row_mark(row))
    return Line(row.key, _of_release(row, release), row_mark(row))


def _of_release(row: Row, release: ReleaseSeen) -> tuple[Cell, ...]:
    project, first = row.project, release.first
    yours = first is not None and first.move == "yours"
    at = release.planned_at if release.open else release.went_out_at
    since = first.since.timestamp() if first is not None and first.since else 0.0
    return (
        Cell(row_title(row), Role.STRONG if yours else Role.TEXT),
        _count(release.blocks, Role.ERROR),
        _count(release.to_do, Role.TEXT),
        _count(release.to_sign, Role.TEXT),
        Cell(move_words(project, first), Role.STRONG if yours else Role.MUTED),
        Cell(since_words(project, first), Role.MUTED, None, -since),
        Cell(gates_signs(release)),
        Cell(planned_words(row), Role.MUTED, None, at.timestamp() if at else float("inf")),
    )


def _count(number: int, role: Role) -> Cell:
    return Cell(f"{number:,}" if number else "", role, None, number)
