"""Walking the checklists: one item at a time, answered with one key, on into the next list."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

import msgspec
from textual import work
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from workbench.checklists.model import ItemView
from workbench.definitions.shapes import Mark as Place
from workbench.model.errors import WorkbenchError
from workbench.tui.actions import Action
from workbench.tui.binding import bind
from workbench.tui.screens.answering import ANSWERS, ITEM_ACTIONS, Answering, place_words
from workbench.tui.screens.item_pages import asked, beside, state_line
from workbench.tui.widgets.footer import FooterLine
from workbench.tui.widgets.prose import Block, Gap, Prose
from workbench.tui.widgets.walk_parts import AnswerLine, ItemTitle, Stage, Stop, WalkList, WalkStrip
from workbench.usecases import commenting
from workbench.usecases.commenting import Past
from workbench.usecases.views.checklists import (
    ListLine,
    item_key,
    lists,
    mark_of,
    open_counts,
    source_of,
    waits_for_people,
    waits_for_record,
)

WIDE = 130  # columns from which the lists and the evidence stand beside the item


class WalkingScreen(Answering):
    """One item after the other."""

    MODE: ClassVar[str] = "walking"
    OWN = (
        *ITEM_ACTIONS,
        Action("next_open", "tab", "go to the next open item, also in the next list", 9),
        Action("previous_open", "shift+tab", "go to the previous item; ↑ and ← do the same"),
        Action("source", "enter", "go to where an automatic item is answered", 8, own_label="go to source"),
        Action("leave_walk", "escape", "go back to the list, or to where you came from", 3, own_label="list"),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("up", "turn(-1)", "to the previous item"),
        bind("left", "turn(-1)", "to the previous item"),
        bind("down", "turn(1)", "to the next item"),
        bind("right", "turn(1)", "to the next item"),
        bind("ctrl+u", "read(-1)", "read back, a window up"),
        bind("ctrl+d", "read(1)", "read on, a window down"),
        bind("g", "end(0)", "to the first item"),
        bind("G", "end(-1)", "to the last item"),
    ]
    AUTO_FOCUS = ""
    DEFAULT_CSS = """
    WalkingScreen WalkList, WalkingScreen #beside { margin-top: 1; }
    WalkingScreen WalkList { width: 28%; border-right: solid $foreground-muted 40%; }
    WalkingScreen #reading { width: 3fr; max-width: 84; padding: 0 1 0 0; }
    WalkingScreen #beside { width: 2fr; border-left: solid $foreground-muted 40%; }
    WalkingScreen.-narrow WalkList, WalkingScreen.-narrow #beside { display: none; }
    """

    def __init__(self, key: str) -> None:
        super().__init__()
        self._key = key
        self._past: Past | None = None

    def body(self) -> Iterable[Widget]:
        yield WalkStrip()
        with Horizontal():
            yield WalkList()
            with Vertical(id="reading"):
                yield ItemTitle()
                yield _still(Prose(id="walk"))
            yield _still(Prose(id="beside"))
        yield AnswerLine()

    # --- what is shown -------------------------------------------------------------------

    def fill(self) -> None:
        view = self.item()
        if view is None:  # the list was edited meanwhile, or the release is another one
            self.call_later(self.do_leave_walk)
            return
        lines = self._lists()
        here = next(line for line in lines if line.key == view.checklist)
        count, in_lists = open_counts(lines)
        left = f"{count} open in {in_lists} {'list' if in_lists == 1 else 'lists'}" if count else ""
        self.query_one(WalkStrip).show(_stage(here), self._key, left)
        self.query_one(WalkList).show([_stage(line) for line in lines], self._key)
        self.query_one(ItemTitle).show(view.item.title, *state_line(view))
        self._show_texts(view)
        self.read_past()

    def _show_texts(self, view: ItemView) -> None:
        now = self.now()
        side = beside(view, self._past, now, build=self.incident is None)
        text: list[Block] = asked(view, now)
        if self.has_class("-narrow") and side:
            text += [Gap(), *side]
        self.query_one("#walk", Prose).show(text, keep_place=True)
        self.query_one("#beside", Prose).show(side, keep_place=True)

    @work(group="past", exclusive=True)
    async def read_past(self) -> None:
        """Comments and history of the item in hand."""
        view, found, key = self.item(), self.walked(), self._key
        if view is None or found is None:
            return
        try:
            past = await self.work.desk.call(commenting.past, found, view)
        except WorkbenchError as error:
            self.work.tell(error)
            return
        # Somebody may have gone on, or have left, while it was read.
        if key == self._key and self.query(WalkStrip) and (now := self.item()) is not None:
            self._past = past
            self._show_texts(now)

    def on_resize(self) -> None:
        """A wide window shows lists and evidence beside the item."""
        self.set_class(self.size.width < WIDE, "-narrow")
        if self.is_mounted and self.query(WalkStrip):
            self.fill()

    def item(self) -> ItemView | None:
        """The item that is walked on."""
        return self.item_by_key(self._key)

    def _lists(self) -> list[ListLine]:
        """The list in hand, and those that gates ask for, in their order."""
        checklist = self._key.partition("/")[0]
        found = self.walked()
        listed = lists(found, self.view.definitions) if found is not None else []
        return [line for line in listed if line.asked or line.key == checklist]

    def now(self) -> datetime:
        """The moment at which the lists were read."""
        return self.require().now

    def place(self) -> Place | None:
        view = self.item()
        return (
            self.view.definitions.mark("checklist", view.checklist, f"items.{view.item.key}")
            if view
            else None
        )

    def refresh_hints(self) -> None:
        """The answers have a line of their own; the footer keeps to the ways to go.

        One of them all is filled: to say done, to go where the item is answered, or to go on.
        """
        hints = self.hints()
        view = self.item()
        first = "tick" if self.obstacle("tick") is None else "next_open"
        if view is not None and waits_for_record(view):
            first = "source"
        hints = [msgspec.structs.replace(hint, filled=hint.id == first) for hint in hints]
        answers = {hint.id: hint for hint in hints}
        offered = [id for id in ANSWERS if id != "reopen_item" or answers[id].reason is None]
        self.query_one(AnswerLine).show([answers[id] for id in offered])
        ways = [
            hint for hint in hints if hint.id not in ANSWERS and (hint.id != "source" or hint.reason is None)
        ]
        self.query_one(FooterLine).show(ways)

    # --- where one goes ------------------------------------------------------------------

    def obstacle(self, id: str) -> str | None:
        if id == "next_open" and self._next_open() is None:
            return "no item is left for people to answer" + self._automatic_left()
        if id == "source" and not ((view := self.item()) and source_of(view)):
            return "a person answers this item, with y, F or x"
        return super().obstacle(id)

    def _automatic_left(self) -> str:
        left = [view for line in self._lists() for view in line.views if waits_for_record(view)]
        if not left:
            return ""
        places = dict.fromkeys(place_words(view) for view in left)
        return f"; {len(left)} {'waits' if len(left) == 1 else 'wait'} for {', '.join(places)}"

    def _order(self) -> list[ItemView]:
        """Every item, from the one after this on through the lists, and round to the ones before."""
        views = [view for line in self._lists() for view in line.views]
        here = next((n for n, view in enumerate(views) if item_key(view) == self._key), 0)
        return [*views[here + 1 :], *views[:here]]

    def is_open(self, view: ItemView) -> bool:
        """Whether one comes to an item by going on to the next open one."""
        return waits_for_people(view)

    def _next_open(self) -> ItemView | None:
        return next(filter(self.is_open, self._order()), None)

    def do_next_open(self) -> None:
        """On to the next open item; into another list it says so."""
        following = self._next_open()
        if following is None:
            return
        if following.checklist != self._key.partition("/")[0]:
            self.say(f"on to {self._title(following.checklist)}")
        self.turn_to(item_key(following))

    def _title(self, checklist: str) -> str:
        found = self.walked()
        return found.checklist_title(checklist) if found is not None else checklist

    def do_previous_open(self) -> None:
        """Back to the item before, open or not."""
        self.action_turn(-1)

    def action_turn(self, by: int) -> None:
        """To an item before or after, open or not, also of another list."""
        keys = self._keys()
        if self._key in keys:
            self.turn_to(keys[(keys.index(self._key) + by) % len(keys)])

    def action_end(self, place: int) -> None:
        """To the first item, or the last."""
        self.turn_to(self._keys()[place])

    def _keys(self) -> list[str]:
        return [item_key(view) for line in self._lists() for view in line.views]

    def chosen(self, target: str) -> None:
        """A click on an item."""
        if self.item_by_key(target) is not None:
            self.turn_to(target)

    def turn_to(self, key: str) -> None:
        """Have this item in hand."""
        self._key, self._past = key, None
        self.query_one("#walk", Prose).scroll_home(animate=False)
        self.query_one("#beside", Prose).scroll_home(animate=False)
        self.fill()
        self.refresh_hints()

    def stand_on(self, row: str) -> None:
        """Somebody comes for an item while the walk is open: that one, and no other."""
        if self.item_by_key(row) is not None:
            self.turn_to(row)

    def answered(self, view: ItemView) -> None:
        """On by itself; at the end, back to the list."""
        if self._next_open() is not None:
            self.do_next_open()
            return
        self.say("every item for people is answered" + self._automatic_left())
        self.call_later(self.do_leave_walk)

    async def do_source(self) -> None:
        """To where an automatic item is answered."""
        view = self.item()
        if view is not None:
            await self.go_to_source(view)

    def action_read(self, by: int) -> None:
        """Half a page further, or back."""
        prose = self.query_one("#walk", Prose)
        prose.scroll_relative(y=by * max(1, prose.size.height // 2), animate=False)

    async def do_leave_walk(self) -> None:
        """Back to where one came for an item from, or to the list, to the item that was in hand."""
        if self.came_from:
            await super().key_escape()
        elif self.is_current:
            self.dismiss()
            if isinstance(self.app.screen, Answering):
                self.app.screen.stand_on(self._key)

    async def key_escape(self) -> None:
        """The screen's own action has the key."""


def _still(prose: Prose) -> Prose:
    """A text that leaves the keys to the screen, whose arrows go from item to item."""
    prose.can_focus = False
    return prose


def _stage(line: ListLine) -> Stage:
    return Stage(
        line.title,
        line.how_far,
        tuple(
            Stop(
                item_key(view),
                view.item.title,
                mark_of(view.state),
                place_words(view).partition(" ")[0] if view.by_itself or waits_for_record(view) else "",
            )
            for view in line.views
        ),
    )
