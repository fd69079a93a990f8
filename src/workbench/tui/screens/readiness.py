"""Readiness: what blocks, what is to do and to sign, the risks, and the next step."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual.events import Resize
from textual.geometry import Size
from textual.widget import Widget

from workbench.definitions.shapes import Mark as Place
from workbench.gates.approvals import Proposal
from workbench.gates.model import Part, State, Weight
from workbench.model.text import safe_text
from workbench.model.times import zone_of
from workbench.model.width import cells
from workbench.releases.model import Outcome
from workbench.tui.actions import Action
from workbench.tui.registry import FETCH, FIND, Destination, destination
from workbench.tui.screens.base import WorkScreen
from workbench.tui.screens.detail import BESIDE, Detail, Split
from workbench.tui.screens.folding import FOLD, Group, items, plan
from workbench.tui.screens.readiness_detail import about_line
from workbench.tui.screens.readiness_rows import SINCE, groups
from workbench.tui.screens.table_screen import About
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.footer import Hint
from workbench.tui.widgets.rows import LIMIT, Heading, Item, Row
from workbench.tui.widgets.stepper import Stepper, step_lines
from workbench.tui.widgets.table import RecordTable
from workbench.usecases.context import Context
from workbench.usecases.kept_documents import What
from workbench.usecases.reporting.judgement import GateReport, Judgement
from workbench.usecases.views.kept import Shown, read_shown, show_thing, signature_of
from workbench.usecases.views.readiness import Reader, chase_list, place_of, requirement_of, step

CONTESTED = "contested"
EMPTY = "No release yet. Press 6 and then a to plan the first one."
# Header, modes with their rule, the empty line below the steps, the status line and the footer.
FRAME = 6
ROOM_BELOW = 34  # windows of so many lines show the detail below the lines
DETAIL = 12
LEAST_WHAT = 20
ROOM_FOR_REASON = 43  # why, who, and the margins


def _columns(what: int) -> tuple[Column, ...]:
    return (
        Column("what", "What", width=what),
        Column("why", "Why", flex=5, least=16, most=200),
        Column("who", "Who", most=20, least=6, align="right"),
    )


class Lines(RecordTable):
    """The lines of Readiness; a filter looks through what is folded away, too."""

    def action_filter(self) -> None:
        """Unfold everything, then take a filter."""
        screen = self.screen
        if isinstance(screen, ReadinessScreen):
            screen.unfold_all()
        super().action_filter()


class ReadinessScreen(WorkScreen):
    """Home."""

    MODE: ClassVar[str] = "readiness"
    OWN = (
        Action("clear_line", "enter", "go to where the line is cleared", 10, own_label="fix"),
        Action("next_blocker", "right_square_bracket", "go to the next line that blocks", 9),
        Action("previous_blocker", "left_square_bracket", "go to the line before that blocks"),
        Action("override", "o", "let the release past the line, with a reason and an end", 5),
        Action("approve", "d", "approve or reject a proposal", 7),
        Action("sign", "s", "sign the next gate that waits for your role", 8),
        Action("promise", "A", "say who takes care of the line, and by when", 3),
        Action("chase", "ctrl+c", "copy what is open, by person", 4),
        Action("show_line", "i", "the line in full"),
        Action("show_signed", "", "what was on screen when signed", own_label="as it was"),
        Action("freeze", "Z", "freeze promotion, or lift the freeze"),
        FIND,
        FETCH,
    )
    DEFAULT_CSS = f"""
    ReadinessScreen Split.-below Detail {{ height: {DETAIL}; max-height: {DETAIL}; }}
    """

    def __init__(self) -> None:
        super().__init__()
        self._groups: list[Group] = []
        self._unfolded: set[str] = set()
        self._detailed: str | None = None
        self._room_for = Size(0, 0)  # the window that the lines were laid out for

    def body(self) -> Iterable[Widget]:
        yield Stepper()
        table = Lines(_columns(LEAST_WHAT), empty=EMPTY, titles=False)
        yield Split(table)

    def fill(self) -> None:
        found = self.judgement
        table = self.query_one(RecordTable)
        self._room_for = self.size
        if found is None:
            self._groups = []
            table.set_rows(())
            self.query_one(Stepper).show(())
            self.query_one(Detail).clear()
            return
        self.query_one(Stepper).show([step(item) for item in found.gates])
        self._groups = groups(found, self._reader(found))
        rows = self._items(found)
        table.columns = _columns(self._what_width(rows))
        table.set_rows(rows)
        self._tell(table.cursor_key)

    def _reader(self, found: Judgement) -> Reader:
        return Reader(self.view.person, zone_of(found.timezone), self.size.width >= 150)

    def _what_width(self, rows: list[Item]) -> int:
        """Cells for the titles: all of the longest one, if the reasons keep enough room."""
        width = self.size.width if self.size.width < BESIDE else self.size.width * 2 // 3
        own = [row for row in rows if isinstance(row, Row) and not row.key.startswith((FOLD, SINCE))]
        titles = [row.cells[0].text for row in own]
        longest = max((cells(safe_text(title, LIMIT)) for title in titles), default=0)
        return max(LEAST_WHAT, min(longest, width - ROOM_FOR_REASON))

    def _items(self, found: Judgement) -> list[Item]:
        heads = heads_of(found)
        shown = plan(self._groups, self._room(found, heads), self._unfolded)
        return [*heads, *items(self._groups, shown, self._unfolded)]

    def _room(self, found: Judgement, heads: list[Heading]) -> int:
        """Lines there are for the list."""
        width, height = self.size
        steps = len(step_lines([step(item) for item in found.gates], None, width))
        below = DETAIL if width < BESIDE and height >= ROOM_BELOW else 0
        broken = 1 if self.work.broken else 0
        return height - FRAME - broken - steps - below - 2 * len(heads)

    def on_resize(self, event: Resize) -> None:
        """Another window, other folds."""
        self.query_one(Split).set_class(event.size.width < BESIDE, "-below")
        if self.is_mounted and event.size != self._room_for:
            self.fill()

    # --- the line under the cursor ---------------------------------------------------------

    def row_changed(self, key: str | None) -> None:
        self._tell(key)

    def _tell(self, key: str | None) -> None:
        detail = self.query_one(Detail)
        roomy = self.size.width >= BESIDE or self.size.height >= ROOM_BELOW
        about = self._about(key) if roomy else None
        if about is None:
            detail.clear()
        else:
            detail.show(about.title, about.meta, about.blocks, same=key == self._detailed)
        self._detailed = key

    def _about(self, key: str | None) -> About | None:
        found = self.judgement
        if found is None or key is None:
            return None
        return about_line(found, key, self._reader(found), self.view.definitions, self._groups)

    def do_show_line(self) -> None:
        """The line in full, where the window has no room for it beside the list."""
        from workbench.tui.screens.reading import ReadingPanel

        about = self._about(self.query_one(RecordTable).cursor_key)
        if about is not None:
            self.app.push_screen(ReadingPanel(about.title, about.blocks))

    def place(self) -> Place | None:
        found, key = self.judgement, self.query_one(RecordTable).cursor_key
        return place_of(self.view.definitions, found, key) if found and key else None

    # --- folds -----------------------------------------------------------------------------

    def unfold_all(self) -> None:
        """Show every line."""
        self._unfolded = {group.key for group in self._groups}
        self.fill()

    def _turn_fold(self, key: str) -> None:
        """Open a section, with the cursor on the first line that comes; or fold it again."""
        table = self.query_one(RecordTable)
        before = set(table.keys)
        self._unfolded ^= {key}
        self.fill()
        group = next(group for group in self._groups if group.key == key)
        fresh = [row.key for row in group.rows if row.key not in before]
        table.move_to(fresh[0] if key in self._unfolded and fresh else FOLD + key)

    async def key_escape(self) -> None:
        """Fold again what was unfolded."""
        if self._unfolded:
            self._unfolded.clear()
            self.fill()

    # --- actions -------------------------------------------------------------------------

    def obstacle(self, id: str) -> str | None:
        part = self.part()
        key = self.query_one(RecordTable).cursor_key
        if id in ("clear_line", "show_line") and key is None:
            return "there is no line"
        if id == "show_signed" and self._kept() is None:
            return "nobody signed here"
        if id in ("override", "promise"):
            if part is None or part.state is not State.NOT_MET:
                return "choose a line that blocks or is to do"
            if id == "override" and part.weight is Weight.TO_SIGN:
                return "signatures are given, not overridden"
        if id == "approve":
            return self._why_not_approve()
        if id in ("next_blocker", "previous_blocker", "chase") and not self._open_keys():
            return "nothing is open"
        if id == "sign":
            return self._why_not_sign()
        if id == "fetch" and (self.judgement is None or self.judgement.candidate is None):
            return "the release has no candidate yet"
        return self._frozen(id)

    def hints(self) -> list[Hint]:
        """Those of every line; approving only where the line waits for the person who sits here."""
        return [hint for hint in super().hints() if hint.id != "approve" or hint.reason is None]

    def _frozen(self, id: str) -> str | None:
        found = self.judgement
        if id in ("override", "fetch", "sign") and found and found.ending:
            return f"{found.version} is {found.ending.outcome.value.replace('_', ' ')}"
        return None

    def proposal(self) -> Proposal | None:
        """What waits for a second person on the line under the cursor, or was rejected by one."""
        part, found = self.part(), self.evaluation
        if part is None or found is None or not part.proposal:
            return None
        return next((item for item in found.proposals if item.ref == part.proposal), None)

    def _why_not_approve(self) -> str | None:
        proposal = self.proposal()
        if proposal is None:
            return "nothing waits here"
        return proposal.why_not(self.view.person) or None

    def _why_not_sign(self) -> str | None:
        found = self.judgement
        if found is None:
            return "there is no release"
        gate = self._gate_to_sign(found)
        if gate is None:
            return "no gate waits for a signature"
        person = self.view.definitions.person(self.view.person)
        if person is None:
            return f"“{self.view.person}” is not among the project's people"
        if not any(role.role in person.roles for role in gate.roles):
            return f"you have none of the roles that {gate.title} asks for"
        return self._frozen("sign")

    def _gate_to_sign(self, found: Judgement) -> GateReport | None:
        asking = [item for item in found.gates if item.roles]
        return next((item for item in asking if not item.through), asking[-1] if asking else None)

    def part(self) -> Part | None:
        """The part under the cursor."""
        found, key = self.judgement, self.query_one(RecordTable).cursor_key
        hit = requirement_of(found, key) if found and key else None
        return hit[2] if hit else None

    def _kept(self) -> Callable[[Context, What], Shown] | None:
        """What shows the documents that were kept with the line under the cursor."""
        found, key, part = self.judgement, self.query_one(RecordTable).cursor_key, self.part()
        if found is None or key is None:
            return None
        if (ident := signature_of(found, key)) is not None:
            return lambda context, what: show_thing(context, "signoff", ident, what)
        if part is not None and part.state is State.OVERRIDDEN:
            return lambda context, what: read_shown(context, key, what, found.version)
        return None

    async def do_show_signed(self) -> None:
        """What was on screen when it was signed or let past, as it was."""
        from workbench.tui.screens.kept_panel import open_kept

        if (show := self._kept()) is not None:
            await open_kept(self, lambda what: self.work.desk.call(show, what))

    def _open_keys(self) -> list[str]:
        """What ``]`` walks over: the lines that block, or if nothing does, all that are open."""
        found = self.judgement
        parts = [part for _, part in found.open_parts()] if found else []
        blocking = [part.key for part in parts if part.weight is Weight.BLOCKS]
        return blocking or [part.key for part in parts]

    def do_next_blocker(self) -> None:
        """The next line that blocks, round and round."""
        self._step(1)

    def do_previous_blocker(self) -> None:
        """The line before that blocks."""
        self._step(-1)

    def _step(self, by: int) -> None:
        table = self.query_one(RecordTable)
        aims = set(self._open_keys())
        order = [row.key for group in self._groups for row in group.rows]
        keys = [key for key in order if key in aims]
        here = table.cursor_key
        if not keys:
            return
        if here in keys:
            place = keys.index(here) + by
        else:  # from another line to the nearest one in that direction
            at = order.index(here) if here in order else len(order)
            before = sum(order.index(key) < at for key in keys)
            place = before if by > 0 else before - 1
        self._reach(keys[place % len(keys)])

    def _reach(self, key: str) -> None:
        """Put the cursor on a line, unfolding its section if need be."""
        table = self.query_one(RecordTable)
        if table.move_to(key):
            return
        owner = next((group.key for group in self._groups if any(row.key == key for row in group.rows)), None)
        if owner is not None:
            self._unfolded.add(owner)
            self.fill()
            table.move_to(key)

    def stand_on(self, row: str) -> None:
        """Put the cursor on a line."""
        self._reach(row)

    def do_clear_line(self) -> None:
        """As ``enter`` in the list."""
        self.query_one(RecordTable).action_activate()

    async def on_record_table_activated(self, event: RecordTable.Activated) -> None:
        """``enter``: go to where the line is cleared."""
        if event.key.startswith(FOLD):
            self._turn_fold(event.key.removeprefix(FOLD))
            return
        part = self.part()
        if part is None:
            self.do_show_line()
        else:
            await self._clear(destination(part))

    async def _clear(self, place: Destination) -> None:
        if place.noun == CONTESTED and place.row:
            from workbench.tui.screens.choosing import open_choice

            await open_choice(self, place.row.partition("/")[2])
        elif place.mode:
            await self.go(place.mode, place.row)
        elif place.noun == "rejection" and place.row:
            await self._answer_no(*place.row.split("/", 1))
        else:
            await self.action_do({"signoff": "sign", "freeze": "freeze"}.get(place.noun, "override"))

    async def _answer_no(self, gate: str, person: str) -> None:
        """A no: who said it answers anew, somebody else dismisses it with a reason."""
        from workbench.tui.screens.deciding import open_dismissal
        from workbench.tui.screens.signing import open_signing

        part = self.part()
        if (frozen := self._frozen("sign")) is not None:
            self.say(f"{frozen}: what was said of it stays as it was")
        elif person == self.view.person:
            await open_signing(self, gate)
        elif part is not None:
            open_dismissal(self, part, gate, person)

    async def do_sign(self) -> None:
        """Sign the next gate that waits for signatures."""
        from workbench.tui.screens.signing import open_signing

        found, part = self.judgement, self.part()
        place = destination(part) if part is not None else None
        named = place is not None and place.noun in ("signoff", "rejection")
        chosen = (place.row or "").partition("/")[0] if place is not None and named else None
        if found is None:
            return
        gate = found.gate(chosen) if chosen else self._gate_to_sign(found)
        if gate is not None:
            await open_signing(self, gate.key)

    async def do_override(self) -> None:
        """Let the release past the line."""
        from workbench.tui.screens.deciding import open_override

        part = self.part()
        if part is not None:
            open_override(self, part)

    def do_approve(self) -> None:
        """Approve or reject what somebody proposed for the line."""
        from workbench.tui.screens.deciding import open_approve

        proposal = self.proposal()
        if proposal is not None:
            open_approve(self, proposal)

    def do_promise(self) -> None:
        """Who takes care of the line."""
        from workbench.tui.screens.deciding import open_promise

        part = self.part()
        if part is not None:
            open_promise(self, part)

    async def do_freeze(self) -> None:
        """Freeze promotion, or lift the freeze."""
        from workbench.tui.screens.deciding import open_freeze

        open_freeze(self)

    def do_chase(self) -> None:
        """Copy what is open, by person."""
        if self.judgement is not None:
            self.app.copy_to_clipboard(chase_list(self.judgement))
            self.say("copied: what is open, by person")

    def chosen(self, target: str) -> None:
        """A click on a gate: its first open line."""
        found = self.judgement
        gate = next((item for item in found.gates if item.key == target), None) if found else None
        parts = [part for item in (gate.requirements if gate else ()) for part in item.parts]
        aim = next((part for part in parts if part.state is State.NOT_MET), None)
        if aim is not None:
            self._reach(aim.key)


def heads_of(found: Judgement) -> list[Heading]:
    """What stands above all lines: that nothing is open, and that all this was kept."""
    heads = []
    if not found.open_parts():
        heads.append(Heading("Nothing open", _all_through(found), Mark.DONE, Role.SUCCESS, keep=True))
    if found.kept:
        heads.append(Heading("Kept", found.kept, keep=True))
    return heads


def _all_through(found: Judgement) -> str:
    if found.ending and found.ending.outcome is Outcome.SHIPPED:
        return "shipped"
    if not found.gates:
        return "no gates are defined: E opens the file for them"
    if not any(gate.set_up for gate in found.gates):
        return "no gate asks for anything, so nothing says that it is ready: E opens the file for them"
    return "every gate is through: ready to ship; 6 and s say that it was"
