"""Walking a checklist: one item at a time, full screen, answered with one key."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from workbench.checklists.model import ItemState, ItemView
from workbench.definitions.shapes import Mark as Place
from workbench.tui.actions import Action
from workbench.tui.screens.answering import ITEM_ACTIONS, Answering
from workbench.tui.theme import Role
from workbench.tui.widgets.footer import FooterLine, Hint
from workbench.tui.widgets.line import Line, Piece, PieceLines, crop_line, spread, width_of
from workbench.tui.widgets.prose import Prose
from workbench.usecases.views.checklists import item_key, mark_of, state_words

ANSWERS = ("tick", "failed", "not_applicable", "attach", "comment_item", "reopen_item")


class WalkTitle(PieceLines):
    """Which list, and how far it is."""

    DEFAULT_CSS = """
    WalkTitle { height: 2; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._left, self._right = "", ""

    def show(self, left: str, right: str) -> None:
        """Say this from now on."""
        self._left, self._right = left, right
        self.changed()

    def lay_out(self, width: int) -> list[Line]:
        left = [Piece(" "), Piece(self._left, Role.ACCENT, bold=True)]
        return [tuple(spread(left, [Piece(self._right + " ", Role.MUTED)], width)), (Piece(""),)]


class AnswerLine(PieceLines):
    """The answers there are, each with its key; what cannot be said now is greyed."""

    DEFAULT_CSS = """
    AnswerLine { padding: 1 0 0 0; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._hints: tuple[Hint, ...] = ()

    def show(self, hints: Sequence[Hint]) -> None:
        """Offer these answers from now on."""
        if self._hints != tuple(hints):
            self._hints = tuple(hints)
            self.changed()

    def lay_out(self, width: int) -> list[Line]:
        lines: list[list[Piece]] = [[Piece(" "), Piece("Answer   ", Role.MUTED)]]
        for hint in self._hints:
            off = hint.reason is not None
            group = [
                Piece(hint.key, Role.MUTED if off else Role.ACCENT, hint.id, bold=not off),
                Piece(f" {hint.label}", Role.MUTED if off else Role.TEXT, hint.id),
                Piece("   "),
            ]
            if width_of([*lines[-1], *group[:2]]) > width:
                lines.append([Piece(" " * 10)])
            lines[-1] += group
        return [crop_line(line, width) for line in lines]


class WalkingScreen(Answering):
    """One item after the other."""

    MODE: ClassVar[str] = "walking"
    OWN = (
        *ITEM_ACTIONS,
        Action("failed", "F", "the item failed: say what was found", 7),
        Action("comment_item", "c", "answer with a comment", 4),
        Action("next_open", "tab", "go to the next open item", 9),
        Action("previous_open", "shift+tab", "go to the item before; ← does, too", 8),
        Action("next_item", "", "go to the item after, open or not; → does, too", own_label="item after"),
        Action("leave_walk", "escape", "go back to the list", 7, own_label="list"),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "do('previous_open')", "Back", show=False),
        Binding("right", "do('next_item')", "After", show=False),
    ]
    AUTO_FOCUS = "Prose"

    def __init__(self, key: str) -> None:
        super().__init__()
        self._key = key

    def body(self) -> Iterable[Widget]:
        yield WalkTitle()
        yield Prose(id="walk")
        yield AnswerLine()

    def fill(self) -> None:
        view = self.item()
        if view is None:  # the list was edited meanwhile, or the release is another one
            self.call_later(self.do_leave_walk)
            return
        views = self._views()
        done = sum(item.complete for item in views)
        title = self.require().checklist_title(view.checklist)
        place = next(n for n, item in enumerate(views, 1) if item.item.key == view.item.key)
        state = f"{mark_of(view.state).symbol} {state_words(view)}"
        self.query_one(WalkTitle).show(
            f"{title}   {place} of {len(views)}   {state}", f"{done} of {len(views)} answered"
        )
        self.query_one("#walk", Prose).show(
            self.item_blocks(view, tall=self.size.height >= 34), keep_place=True
        )

    def on_resize(self) -> None:
        """A high window lists the evidence."""
        if self.is_mounted:
            self.fill()

    def item(self) -> ItemView | None:
        """The item that is walked on."""
        return self.item_by_key(self._key)

    def _views(self) -> tuple[ItemView, ...]:
        checklist = self._key.partition("/")[0]
        return self.require().checklists.get(checklist, ())

    def obstacle(self, id: str) -> str | None:
        if id == "next_open" and not self._open_after():
            return "no other item is open"
        return super().obstacle(id)

    def refresh_hints(self) -> None:
        """The answers have a line of their own; the footer keeps to the ways to go."""
        hints = self.hints()
        answers = self.ACTIONS.hints_of(ANSWERS, self.why_not, self.keyboard)
        taken_back = [hint for hint in answers if hint.id != "reopen_item" or hint.reason is None]
        self.query_one(AnswerLine).show(taken_back)
        self.query_one(FooterLine).show([hint for hint in hints if hint.id not in ANSWERS])

    def place(self) -> Place | None:
        view = self.item()
        return (
            self.view.definitions.mark("checklist", view.checklist, f"items.{view.item.key}")
            if view
            else None
        )

    def _open_after(self) -> list[ItemView]:
        """The open items, from the one after this on, round to the ones before."""
        views = list(self._views())
        here = next((n for n, view in enumerate(views) if item_key(view) == self._key), 0)
        order = [*views[here + 1 :], *views[:here]]
        return [view for view in order if view.state in (ItemState.OPEN, ItemState.FAILED)]

    def do_next_open(self) -> None:
        """On to the next open item."""
        after = self._open_after()
        if after:
            self._turn_to(item_key(after[0]))

    def do_previous_open(self) -> None:
        """Back to the item before, open or not."""
        self._turn(-1)

    def do_next_item(self) -> None:
        """The item after, open or not."""
        self._turn(1)

    def _turn(self, by: int) -> None:
        keys = [item_key(view) for view in self._views()]
        if self._key in keys:
            self._turn_to(keys[(keys.index(self._key) + by) % len(keys)])

    def _turn_to(self, key: str) -> None:
        self._key = key
        self.query_one("#walk", Prose).scroll_home(animate=False)
        self.fill()
        self.refresh_hints()

    def answered(self, view: ItemView) -> None:
        """On by itself; at the end, back to the list."""
        after = self._open_after()
        if after:
            self._turn_to(item_key(after[0]))
            return
        self.say("this list has no open item left")
        self.do_leave_walk()

    def do_leave_walk(self) -> None:
        """Back to the list, to the item that was in hand."""
        if self.is_current:
            self.dismiss()
            if isinstance(self.app.screen, Answering):
                self.app.screen.stand_on(self._key)

    async def key_escape(self) -> None:
        """Back to the list."""
        self.do_leave_walk()
