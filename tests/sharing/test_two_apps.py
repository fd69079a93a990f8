"""Two apps on two records that share a real server: what one decides turns in the other by itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

import pytest
from tests import building as build
from tests.sharing.team import Team
from tests.tui.driving import driven, press, settle, shown
from textual.pilot import Pilot

from workbench.tui.app import WorkbenchApp
from workbench.tui.widgets.table import CellTable
from workbench.usecases.context import Context
from workbench.usecases.sharing.keeping_up import Standing
from workbench.usecases.sharing.pacing import Phase
from workbench.usecases.sharing.syncing import sync

WITHIN = 60.0  # seconds, after which a test stops waiting for what does not come


class Told:
    """An app that is driven, and what its other thread has told it."""

    def __init__(self, pilot: Pilot[None]) -> None:
        self.pilot = pilot
        self.app: WorkbenchApp = pilot.app  # type: ignore[assignment]

    async def until(self, holds: Callable[[Told], bool], what: str) -> None:
        """Let the app take what it is told, until this holds."""
        heard = asyncio.Event()
        before = self.app.server_told

        async def server_told(standing: Standing) -> None:
            await before(standing)
            heard.set()

        self.app.server_told = server_told  # type: ignore[method-assign]
        try:
            async with asyncio.timeout(WITHIN):
                while True:
                    heard.clear()
                    await settle(self.pilot)
                    if holds(self):
                        return
                    await heard.wait()
        except TimeoutError:
            pytest.fail(f"{what}\n{shown(self.pilot)}\n{self.app.standing}")
        finally:
            self.app.server_told = before  # type: ignore[method-assign]

    async def sees(self, words: str) -> None:
        """Until these words are on the screen."""
        await self.until(lambda told: words in shown(told.pilot), f"“{words}” never came")

    async def is_live(self) -> None:
        """Until all that was there is exchanged."""

        def live(told: Told) -> bool:
            standing = told.app.standing
            return standing is not None and standing.phase is Phase.LIVE and standing.at is not None

        await self.until(live, "it never became live")


@asynccontextmanager
async def an_app(desk: Context, size: tuple[int, int] = (120, 40)) -> AsyncIterator[Told]:
    """The app on the record of a desk of the team."""
    async with driven(desk.root, size, person=desk.author().actor) as pilot:
        told = Told(pilot)
        await told.is_live()
        yield told


@pytest.fixture
def kim(team: Team) -> Context:
    """Kim's desk, whose record is shared, with an undecided difference."""
    kim = team.first_desk()
    build.add_difference(kim, "cache size", staging="1", production="2", flows=("checkout",))
    return kim


@pytest.fixture
def sam(team: Team, kim: Context) -> Context:
    """Sam's desk, which has joined."""
    sync(kim)
    return team.join("sam")


async def edit_production(told: Told, value: str) -> None:
    """Type another value into the cell of production, and save it."""
    table = told.app.screen.query_one(CellTable)
    table.move_to_cell(table.keys[0], "production")
    await press(told.pilot, "e")
    await press(told.pilot, *["backspace"] * 3, *value, "enter", "ctrl+s")
    await press(told.pilot, "ctrl+s")


async def test_what_one_desk_changes_turns_in_the_other_by_itself(kim: Context, sam: Context) -> None:
    async with an_app(kim) as here, an_app(sam) as there:
        await press(here.pilot, "2")
        await press(there.pilot, "2")
        await there.sees("cache size")
        await edit_production(here, "64")
        assert "64" in shown(here.pilot)
        await there.sees("64")
        assert "Kim" in shown(there.pilot)


async def test_a_difference_decided_in_one_turns_in_the_other_with_the_cursor_in_its_place(
    kim: Context, sam: Context
) -> None:
    build.add_difference(kim, "session store", staging="1", production="2", flows=("checkout",))
    sync(kim)
    async with an_app(kim) as here, an_app(sam) as there:
        await press(here.pilot, "2", "slash", *"cache size", "enter")
        await press(there.pilot, "2")
        await there.sees("session store")
        table = there.app.screen.query_one(CellTable)
        table.move_to(table.keys[-1])
        stands_on = table.cursor_key
        await press(here.pilot, "d", "c", "tab", "tab", "tab", *"kim", "tab", *"30d", "ctrl+s")
        assert "closing" in shown(here.pilot)
        await there.sees("closing")
        assert "Kim decided difference cache size" in shown(there.pilot)
        assert table.cursor_key == stands_on


@contextmanager
def nobody_connects(team: Team) -> Iterator[None]:
    """The server is there, and lets nobody in: for its desks it is gone."""
    team.server.execute("postgres", f"ALTER DATABASE {team.database} ALLOW_CONNECTIONS false")
    team.server.execute(
        "postgres", f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{team.database}'"
    )
    try:
        yield
    finally:
        team.server.execute("postgres", f"ALTER DATABASE {team.database} ALLOW_CONNECTIONS true")


def is_off_line(told: Told) -> bool:
    return told.app.standing is not None and told.app.standing.phase is Phase.OFF_LINE


async def test_the_same_cell_edited_in_both_off_line_stands_side_by_side_in_both(
    team: Team, kim: Context, sam: Context
) -> None:
    async with an_app(kim) as here, an_app(sam) as there:
        for told in (here, there):
            await press(told.pilot, "2")
            await told.sees("cache size")
        with nobody_connects(team):
            for told, value in ((here, "64"), (there, "128")):
                await told.sees("off-line")
                await edit_production(told, value)
                await told.sees("1 to send")
        for told in (here, there):
            told.app.sharing.asked()
        for told in (here, there):
            await told.sees("two versions")
            assert "off-line" not in shown(told.pilot) and "to send" not in shown(told.pilot)
            await press(told.pilot, "enter")
            for words in ("64", "128", "at this desk", "at another desk"):
                assert words in shown(told.pilot)
        await press(here.pilot, "left", "enter")
        await press(there.pilot, "escape")
        await there.until(lambda told: "two versions" not in shown(told.pilot), "nobody chose")
        assert production(here) == production(there)


def production(told: Told) -> str:
    """What the row says of production."""
    return next(word for word in shown(told.pilot).split() if word in ("64", "128"))
