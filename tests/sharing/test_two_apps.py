"""Two apps on two records that share a real server: what one decides turns in the other by itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest
from tests import building as build
from tests.sharing.cable import Cable, cable_to
from tests.sharing.team import Team
from tests.tui.driving import driven, press, settle, shown
from textual.pilot import Pilot

from workbench.mailbox import patience
from workbench.model.times import Clock
from workbench.parity import model as parity
from workbench.tui.app import WorkbenchApp
from workbench.tui.desk import View
from workbench.tui.widgets.table import CellTable
from workbench.usecases import mapping
from workbench.usecases.context import Context
from workbench.usecases.sharing import pacing
from workbench.usecases.sharing.going import Going
from workbench.usecases.sharing.keeping_up import Standing
from workbench.usecases.sharing.live import keeps_up
from workbench.usecases.sharing.pacing import Phase
from workbench.usecases.sharing.sharing import share
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
        before, show = self.app.server_told, self.app.show

        def shows(view: View) -> None:
            show(view)
            heard.set()

        async def server_told(standing: Standing) -> None:
            await before(standing)
            heard.set()

        self.app.server_told, self.app.show = server_told, shows  # type: ignore[method-assign]
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
            self.app.server_told, self.app.show = before, show  # type: ignore[method-assign]

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
def cable(team: Team) -> Iterator[Cable]:
    """A cable to the team's server."""
    with cable_to(team.server.port) as cable:
        yield cable


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


async def test_the_same_cell_edited_in_both_off_line_stands_side_by_side_in_both(
    cable: Cable, kim: Context, sam: Context
) -> None:
    cable.joins(kim, sam)
    async with an_app(kim) as here, an_app(sam) as there:
        for told in (here, there):
            await press(told.pilot, "2")
            await told.sees("cache size")
        cable.cut()
        for told, value in ((here, "64"), (there, "128")):
            await told.sees("off-line")
            await edit_production(told, value)
            await told.sees("off-line · 1")
        cable.mend()
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


async def test_a_server_that_hangs_is_told_and_given_up(
    cable: Cable, kim: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    cable.joins(kim)
    monkeypatch.setattr(pacing, "WONDERING", 0.0)
    async with an_app(kim) as here:
        cable.hold()
        here.app.sharing.asked()
        await here.until(lambda _: here.app.sharing.is_silent, "it is not asked")
        await here.app.poll()
        assert "no answer" in shown(here.pilot)
        monkeypatch.setattr(patience, "PATIENCE", 0.0)
        await here.sees("off-line")
        assert here.app.standing is not None
        assert "has not answered for" in here.app.standing.what
        cable.let_go()


async def test_leaving_is_at_once_while_the_server_hangs(cable: Cable, kim: Context) -> None:
    cable.joins(kim)
    async with an_app(kim) as here:
        cable.hold()
        here.app.sharing.asked()
        running = here.app.sharing._running
        assert running is not None
        await press(here.pilot, "q")
        assert not here.app.sharing.is_on
        assert running.loop.is_leaving
    cable.let_go()
    running.thread.join(WITHIN)
    assert not running.thread.is_alive(), "it ends as soon as the server answers"


async def test_the_screen_says_how_this_desk_stands_and_what_comes_next(
    cable: Cable, kim: Context, sam: Context
) -> None:
    cable.joins(kim)
    async with an_app(kim) as here:
        edit(sam, production="16")
        sync(sam)
        await press(here.pilot, "ctrl+p", *"go to the server", "enter")
        await here.sees("live since")
        await here.sees("Edited difference cache size")
        for words in (
            "Server",
            f"127.0.0.1:{cable.port}",
            "Received last",
            "Desks",
            "This desk: you",
            "Sam",
        ):
            assert words in shown(here.pilot)
        cable.cut()
        await here.sees("off-line since")
        edit(kim, staging="3")
        await here.app.poll()
        await here.sees("1 entry to send")
        await here.sees("it is tried again; Y tries now")
        cable.mend()
        await press(here.pilot, "Y")
        await here.sees("live since")
        assert "to send" not in shown(here.pilot)


async def test_the_screen_says_how_far_a_long_exchange_is_and_no_more_once_it_is_over(kim: Context) -> None:
    async with an_app(kim) as here:
        await press(here.pilot, "ctrl+p", *"go to the server", "enter")
        await here.sees("live since")
        standing = here.app.standing
        assert standing is not None
        going = Going("received", 120, 1364, "packs")
        await here.app.server_told(msgspec.structs.replace(standing, going=going))
        await settle(here.pilot)
        assert "received 120 of 1,364 packs" in shown(here.pilot)
        await here.app.server_told(standing)
        await settle(here.pilot)
        assert "of 1,364" not in shown(here.pilot) and "live since" in shown(here.pilot)


async def test_what_several_desks_changed_is_chosen_on_the_screen_of_sharing(
    kim: Context, sam: Context
) -> None:
    edit(kim, production="4")
    edit(sam, production="8")
    async with an_app(kim) as here:
        sync(sam)
        await here.sees("two versions")
        await press(here.pilot, "ctrl+p", *"go to the server", "enter")
        await here.sees("Needs you")
        await press(here.pilot, "home", "enter")
        assert "at another desk" in shown(here.pilot)
        await press(here.pilot, "right", "enter")
        await here.until(lambda told: "Needs you" not in shown(told.pilot), "it is chosen")


async def test_a_record_that_is_not_shared_starts_nothing(tmp_path: Path) -> None:
    with build.shop(tmp_path / "alone"):
        pass
    async with driven(tmp_path / "alone", (120, 40), person="kim") as pilot:
        app: WorkbenchApp = pilot.app  # type: ignore[assignment]
        assert not app.sharing.is_on and app.standing is None
        await press(pilot, "ctrl+p", *"go to the server", "enter")
        assert "not shared" in shown(pilot)
        await press(pilot, "Y")
        assert "workbench share URL" in shown(pilot)


def edit(desk: Context, **fields: str) -> None:
    """Another value of the difference, from a command at that desk."""
    stored, found = parity.find(desk.record, "cache size")
    mapping.edit_difference(desk, stored, msgspec.structs.replace(found, **fields))


async def test_a_record_that_is_shared_while_the_app_is_open_is_followed_from_then_on(team: Team) -> None:
    with build.shop(team.folder / "kim") as kim:
        async with driven(kim.root, (120, 40), person="kim") as pilot:
            told = Told(pilot)
            assert not told.app.sharing.is_on
            share(kim, team.url("kim"))
            await told.app.poll()
            assert told.app.sharing.is_on
            await told.is_live()


async def test_a_record_that_took_the_place_of_another_is_sent_from_then_on(
    kim: Context, sam: Context
) -> None:
    async with an_app(kim) as here, an_app(sam) as there:
        path = kim.record.path
        copy = kim.record.backup(path.with_name("copy.db"))
        for end in ("-wal", "-shm"):
            path.with_name(path.name + end).unlink()
        copy.replace(path)
        await press(here.pilot, "ctrl+r")
        await press(here.pilot, "2", "a", *"session store", "ctrl+s")
        await press(there.pilot, "2")
        await there.sees("session store")


def test_nothing_is_sent_or_received_while_one_looks_from_another_moment(
    kim: Context, tmp_path: Path
) -> None:
    assert keeps_up(kim)
    assert not keeps_up(msgspec.structs.replace(kim, clock=Clock(fixed=build.NOW)))
    assert not keeps_up(msgspec.structs.replace(kim, demonstration=build.NOW))
    with build.shop(tmp_path / "alone") as alone:
        assert not keeps_up(alone)
