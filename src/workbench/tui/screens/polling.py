"""A go/no-go poll on one page: who is asked, one key for what they say, and a timer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.events import Resize
from textual.timer import Timer
from textual.widget import Widget

from workbench.model.errors import WorkbenchError
from workbench.signoff.polls import Vote
from workbench.tui.actions import Action
from workbench.tui.screens import poll_forms
from workbench.tui.screens.table_keys import TABLE
from workbench.tui.screens.table_screen import About, TableScreen
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.prose import Page, pairs
from workbench.tui.widgets.rows import Cell, Row
from workbench.tui.widgets.ruled import Ruled
from workbench.usecases import polling
from workbench.usecases.context import Context
from workbench.usecases.polling import Ballot
from workbench.usecases.views.poll_minutes import minutes
from workbench.usecases.views.polls import (
    NO_SIGNATURE,
    SAYS,
    PollPage,
    Seat,
    counted,
    facts,
    headline,
    read_latest,
    seat_facts,
)

_SECOND = 1.0
_VOTES = {
    "vote_go": Vote.GO,
    "vote_no_go": Vote.NO_GO,
    "vote_send_back": Vote.SEND_BACK,
    "vote_absent": Vote.ABSENT,
}


class PollScreen(TableScreen):
    """The seats of the latest poll; the timer is made of what the record holds, whoever began it."""

    MODE: ClassVar[str] = "poll"
    OWN = (
        Action("start_poll", "S", "begin a poll", 10),
        Action("vote_go", "plus", "they say go", 9),
        Action("vote_no_go", "minus", "they say no-go, in their words", 9),
        Action("vote_send_back", "R", "they send it back", 8),
        Action("vote_absent", "z", "they are absent, or have come", 7),
        Action("end_poll", "M", "end the poll", 6),
        Action("sign", "s", "sign the gate yourself", 4),
        Action("copy_minutes", "", "copy the minutes as Markdown", own_label="copy minutes"),
        Action("write_minutes", "w", "write the minutes to a file", 3),
        *TABLE,
    )
    COLUMNS = (
        Column("role", "Role", least=12, most=24, frozen=True),
        Column("person", "Person", least=8, most=24),
        Column("says", "Says", least=10, most=24),
        Column("words", "In their words", flex=3, least=16, most=120),
        Column("by", "Entered", least=8, most=24, drop=1),
    )
    NOTHING = (
        "No poll yet",
        "A poll asks role by role: go, no-go or send back. Its minutes stay in the record; a vote is no signature.",
    )
    FILLING = ("start_poll",)
    BESIDE = True
    DEFAULT_CSS = """
    PollScreen > Page { height: auto; max-height: 45%; margin-bottom: 1; }
    """
    _page: PollPage | None = None
    _ticking: Timer | None = None

    def body(self) -> Iterable[Widget]:
        yield Ruled()
        yield Page(columns=True)
        yield from super().body()

    # --- showing -------------------------------------------------------------------------

    async def read(self) -> list[Row]:
        first = self._page is None
        self._page = await self.work.desk.call(read_latest)
        self.call_after_refresh(self._show_clock)
        if self._page is None:
            return []
        if first and self._page.next_seat:
            self.wait_for(self._page.next_seat)
        return [_row(seat) for seat in self._page.seats]

    def has_nothing(self) -> bool:
        return self._page is None

    def on_mount(self) -> None:
        """The timer moves each second; nothing is read for it."""
        self._ticking = self.set_interval(_SECOND, self._tick)

    def on_resize(self, event: Resize) -> None:
        """The facts in as many columns as there is room for."""
        self._show_clock()

    def _tick(self) -> None:
        if self._page is not None and self._page.value.running and self.is_current:
            self._show_clock()

    def _show_clock(self) -> None:
        page = self._page
        if not self.is_mounted:
            return
        if page is None:
            self.query_one(Ruled).show("Poll")
            self.query(Page).first().show(())
            return
        now = page.now()
        self.query_one(Ruled).show(page.title, headline(page, now))
        self.query(Page).first().show(pairs(facts(page, now)))

    def seat(self, key: str | None = None) -> Seat | None:
        """The seat under the cursor, or that of a key."""
        wanted = key or (self.table.cursor_key if self.is_mounted else None)
        return next((seat for seat in self._page.seats if seat.key == wanted), None) if self._page else None

    def about(self, key: str) -> About | None:
        seat = self.seat(key)
        if seat is None or self._page is None:
            return None
        return About(f"{seat.name}, {seat.role_words}", "", pairs(seat_facts(self._page, seat)))

    # --- acting --------------------------------------------------------------------------

    def obstacle(self, id: str) -> str | None:
        page = self._page
        running = page is not None and page.value.running
        if id == "start_poll":
            return "a poll is running: M ends it" if running else None
        if id in ("write_minutes", "copy_minutes") and page is None:
            return "there is no poll yet: S begins one"
        if id in (*_VOTES, "end_poll") and not running:
            return "no poll is running: S begins one"
        if id in _VOTES and self.seat() is None:
            return "choose a person"
        if id == "sign" and page is None:
            return "there is no poll yet: S begins one"
        return super().obstacle(id)

    async def do_start_poll(self) -> None:
        """Begin."""
        if await self.act(f"the poll has begun; {NO_SIGNATURE}", _begin):
            await self.up_to_date()
            self.to_next()

    async def do_vote_go(self) -> None:
        """Go, at once."""
        await self._enter(Vote.GO)

    async def do_vote_absent(self) -> None:
        """Not there; somebody who was marked so has come."""
        seat = self.seat()
        gone = seat is not None and seat.vote is not None and seat.vote.vote is Vote.ABSENT
        await self._enter(Vote.PRESENT if gone else Vote.ABSENT)

    def do_vote_no_go(self) -> None:
        """What is the concern?"""
        self._ask_words(Vote.NO_GO)

    def do_vote_send_back(self) -> None:
        """What is needed?"""
        self._ask_words(Vote.SEND_BACK)

    async def _enter(self, vote: Vote) -> None:
        seat, page = self.seat(), self._page
        if seat is None or page is None:
            return
        ballot = Ballot(person=seat.person, vote=vote, role=seat.role)
        done = f"{seat.name}: {SAYS[vote].partition(',')[0]} · u undo"
        if await self.act(done, polling.enter, page.stored.id, ballot):
            await self.up_to_date()
            self.to_next()

    def _ask_words(self, vote: Vote) -> None:
        seat, page = self.seat(), self._page
        if seat is not None and page is not None:
            poll_forms.open_words(self, page, seat, vote, self.to_next)

    def do_end_poll(self) -> None:
        """End it: what it came to is said before."""
        if self._page is not None:
            poll_forms.open_end(self, self._page)

    async def do_sign(self) -> None:
        """The sheet of the gate that was polled."""
        from workbench.tui.screens.signing import open_signing

        if self._page is not None:
            await open_signing(self, self._page.value.gate)

    async def do_copy_minutes(self) -> None:
        """As Markdown."""
        text = await self._minutes("md")
        if text is not None:
            self.app.copy_to_clipboard(text)
            self.say("copied: the minutes as Markdown")

    async def _minutes(self, form: str) -> str | None:
        page = self._page
        if page is None:
            return None
        try:
            return await self.work.desk.call(minutes, page, form)
        except WorkbenchError as error:
            self.work.tell(error)
            return None

    def do_write_minutes(self) -> None:
        """To a file."""
        if self._page is not None:
            poll_forms.open_minutes(self, self._page)

    async def leave(self) -> None:
        """Back; the poll goes on."""
        page, app = self._page, self.app
        self.dismiss()
        if page is not None and page.value.running:
            app.call_later(app.notify, f"the poll goes on ({counted(page)}); 0 poll comes back to it")

    def to_next(self) -> None:
        """The cursor stands on the seat to ask next."""
        if self._page is not None and self._page.next_seat:
            self.stand_on(self._page.next_seat)


def _begin(context: Context) -> str:
    return polling.begin(context)


def _row(seat: Seat) -> Row:
    words = seat.vote.words if seat.vote is not None else seat.remark
    waits = seat.mark is Mark.OPEN
    tone = Role.ERROR if seat.mark is Mark.BLOCKS else Role.TEXT if seat.vote is not None else Role.MUTED
    return Row(
        seat.key,
        (
            Cell(seat.role_words, Role.TEXT if waits else Role.MUTED),
            Cell(seat.name, Role.STRONG if waits else Role.TEXT),
            Cell(seat.says, tone),
            Cell(words),
            Cell(seat.entered.removeprefix("entered "), Role.MUTED),
        ),
        seat.mark,
        dim=not seat.needed and seat.vote is None,
    )
