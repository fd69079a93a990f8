"""Two releases, or two candidates, side by side: what turned, what is new, what was decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from textual.widget import Widget

from workbench.model.errors import UsageError
from workbench.tui.actions import Action
from workbench.tui.registry import FIND
from workbench.tui.screens.table_keys import TABLE
from workbench.tui.screens.table_screen import About, TableScreen
from workbench.tui.theme import Mark, Role, role_of
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.form import Field, FormScreen, Values
from workbench.tui.widgets.line import Piece
from workbench.tui.widgets.prose import Block, Pair
from workbench.tui.widgets.rows import Cell, Heading, Item, Row
from workbench.tui.widgets.ruled import Ruled
from workbench.tui.working import Working
from workbench.usecases.context import Context
from workbench.usecases.views.comparison import (
    ComparedLine,
    ComparedSide,
    ComparisonView,
    known_refs,
    read_comparison,
)

_TWO = 2
_NAMED = 6  # so many names are suggested


class ComparisonScreen(TableScreen):
    """What is otherwise, group by group, with what each side says."""

    MODE: ClassVar[str] = "comparison"
    OWN = (
        Action("compare", "D", "compare two others", 5),
        Action("swap_sides", "", "the other way round", own_label="swap sides"),
        FIND,
        *TABLE,
    )
    COLUMNS = (
        Column("what", "What", flex=2, least=20, most=60, frozen=True),
        Column("before", "Before", flex=2, least=14, most=60),
        Column("after", "After", flex=2, least=14, most=60),
    )
    EMPTY = "Nothing that is compared differs"
    SUMMED_UP = True
    _view: ComparisonView | None = None
    _found: Mapping[str, ComparedLine] = {}

    def __init__(self, one: str, other: str) -> None:
        super().__init__()
        self.one, self.other = one, other

    def body(self) -> Iterable[Widget]:
        yield Ruled()
        yield from super().body()

    async def read(self) -> list[Item]:
        self._view = view = await self.work.desk.call(read_comparison, self.one, self.other)
        found: dict[str, ComparedLine] = {}
        items: list[Item] = []
        for group in view.changed:
            items.append(Heading(group.title, group.words, keep=True))
            for line in group.lines:
                key = f"{group.key}/{line.key}"
                found[key] = line
                items.append(_row(key, line))
        self._found = found
        self.call_after_refresh(self._say_which)
        return items

    def _say_which(self) -> None:
        if self._view is not None and self.is_mounted:
            self.query_one(Ruled).show(f"{self._view.one.title} → {self._view.other.title}", "compared")

    def summary(self) -> Sequence[Piece]:
        view = self._view
        if view is None:
            return ()
        return [_side(view.one), _side(view.other), Piece(view.headline, Role.MUTED)]

    def about(self, key: str) -> About | None:
        line, view = self._found.get(key), self._view
        if line is None or view is None:
            return None
        blocks: list[Block] = [
            Pair(view.one.title, line.before or "not there"),
            Pair(view.other.title, line.after or "not there", line.mark),
        ]
        blocks += [Pair("Note", line.note)] if line.note else []
        blocks += [Pair(side.title, side.judged, role=Role.MUTED) for side in (view.one, view.other)]
        return About(line.title, "", blocks)

    def needs_release(self, id: str) -> bool:
        return False

    async def do_compare(self) -> None:
        """Which two."""
        await open_comparison(self, [])

    def do_swap_sides(self) -> None:
        """The other way round."""
        self.one, self.other = self.other, self.one
        self.read_again()

    async def leave(self) -> None:
        """Back to the releases."""
        self.dismiss()


def _side(side: ComparedSide) -> Piece:
    return Piece(f"{side.mark.symbol} {side.title}: {side.state}", role_of(side.mark))


def _row(key: str, line: ComparedLine) -> Row:
    tone = Role.ERROR if line.mark is Mark.BLOCKS else Role.TEXT
    return Row(
        key,
        (Cell(line.title), Cell(line.before or "–", Role.MUTED), Cell(line.after or "–", tone)),
        line.mark,
    )


async def open_comparison(screen: Working, chosen: Sequence[str]) -> None:
    """Compare the two that were chosen; where it is not two, ask which."""
    if len(chosen) == _TWO:
        screen.app.push_screen(ComparisonScreen(*chosen))
        return
    refs = list(dict.fromkeys(await screen.work.desk.call(known_refs)))
    first, second = _first_two(chosen, refs)

    async def submit(values: Values) -> None:
        await screen.work.desk.call(_try, values["one"].strip(), values["other"].strip())

    def go_on(values: Values | None) -> None:
        if values is not None:
            screen.app.push_screen(ComparisonScreen(values["one"].strip(), values["other"].strip()))

    hint = f"a version, or a candidate: {', '.join(refs[:_NAMED])}" if refs else "a version, or a candidate"
    screen.app.push_screen(
        FormScreen(
            "Compare two releases or candidates",
            (
                Field("one", "Before", value=first, required=True, hint=hint),
                Field("other", "After", value=second, required=True),
            ),
            submit=submit,
            save_label="compare",
        ),
        go_on,
    )


def _first_two(chosen: Sequence[str], refs: Sequence[str]) -> tuple[str, str]:
    """What stands in the form at first: what was chosen, then the first names that there are."""
    rest = [ref for ref in refs if ref not in chosen]
    found = [*chosen[:_TWO], *rest][:_TWO]
    after, before = [*found, "", ""][:_TWO]
    return before, after


def _try(context: Context, one: str, other: str) -> None:
    """``UsageError`` where one of them is nothing, or both are the same: the form says so."""
    if one == other:
        raise UsageError("both are the same", hint="name two releases, or two candidates")
    read_comparison(context, one, other)
