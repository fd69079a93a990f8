"""One difference on a page of its own: every field, the evidence, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import work
from textual.widget import Widget

from workbench.definitions.shapes import Mark as Place
from workbench.model.errors import WorkbenchError
from workbench.model.noun_fields import others
from workbench.model.times import moment_text, relative_text
from workbench.parity.fields import FIELDS
from workbench.tui.actions import Action
from workbench.tui.screens import parity_deciding, parity_forms
from workbench.tui.screens.base import WorkScreen
from workbench.tui.theme import Role
from workbench.tui.widgets.prose import Block, Page, Pair, Paragraph, Scroller, Title, pairs
from workbench.tui.widgets.ruled import Ruled
from workbench.usecases.views.difference import DifferencePage, read_page
from workbench.usecases.views.parity import about, facts, gate_of_differences, standing
from workbench.usecases.views.people import named


class DifferenceScreen(WorkScreen):
    """A difference to read in full, to edit, and to decide on."""

    MODE: ClassVar[str] = "difference"
    AUTO_FOCUS = "Scroller"
    OWN = (
        Action("edit_difference", "e", "edit all fields in a form", 8),
        Action("decide", "d", "decide on the difference", 9),
        Action("remove_difference", "delete", "remove the difference, because it no longer exists", 4),
    )
    DEFAULT_CSS = """
    DifferenceScreen Scroller { height: 1fr; scrollbar-size-vertical: 1; background: $background; }
    DifferenceScreen Page { margin: 1 1 0 0; }
    """

    def __init__(self, key: str) -> None:
        super().__init__()
        self._key = key
        self._page: DifferencePage | None = None

    def body(self) -> Iterable[Widget]:
        yield Ruled()
        yield Scroller(Page(columns=True))

    def fill(self) -> None:
        self._read()

    @work(group="page", exclusive=True)
    async def _read(self) -> None:
        try:
            self._page = await self.work.desk.call(read_page, self._key)
        except WorkbenchError as error:
            self.work.tell(error)
            return
        if not self.is_mounted:
            return
        if self._page is None:  # it was removed
            self.dismiss()
            return
        detail = self._page.detail
        self.query_one(Ruled).show(detail.difference.title, about(detail, self.who))
        self.query_one(Page).show(self._blocks(self._page))
        self.refresh_hints()

    def _blocks(self, page: DifferencePage) -> list[Block]:
        detail, zone = page.detail, self.zone()
        value = detail.difference
        blocks: list[Block] = pairs(facts(detail, standing(self.evaluation), zone, self.who))
        if value.impact:
            blocks += [Title("What can happen"), Paragraph(value.impact)]
        said = {title for title, _ in others(FIELDS, (), value, zone)}
        silent = [field.title.lower() for field in FIELDS if field.asked and field.title not in said]
        if silent:
            blocks += [Title("Not said yet"), Paragraph(", ".join(silent), Role.MUTED)]
        blocks.append(Title("Evidence"))
        for piece in page.evidence:
            blocks.append(
                Pair(
                    piece.kind, f"{piece.title}, {self.who(piece.by)}, {relative_text(piece.at, detail.now)}"
                )
            )
        if not page.evidence:
            blocks.append(Paragraph("none", Role.MUTED))
        blocks.append(Title("History"))
        for past in page.past:
            why = f" · {past.why}" if past.why else ""
            blocks.append(Pair(moment_text(past.at, zone), f"{self.who(past.by)} {past.what}{why}"))
        return blocks

    def who(self, key: str) -> str:
        """A person by name, or "you"."""
        return named(self.view.definitions, key, self.view.person)

    def place(self) -> Place | None:
        """The gate that asks for decisions."""
        gate = gate_of_differences(self.view.definitions.project)
        return self.view.definitions.mark("gate", gate.key) if gate is not None else None

    # --- acting --------------------------------------------------------------------------

    def needs_release(self, id: str) -> bool:
        """The map can be kept before there is any."""
        return False

    def stand_on(self, row: str) -> None:
        """Another difference is asked for while this one is open."""
        if row != self._key:
            self._key, self._page = row, None
            self.fill()

    def clear_marks(self) -> None:
        """There are none: the page shows one difference."""

    async def do_edit_difference(self) -> None:
        """All its fields."""
        await parity_forms.open_edit(self, self._key)

    async def do_decide(self) -> None:
        """What is done about it."""
        await parity_deciding.open_decide(self, [self._key])

    async def do_remove_difference(self) -> None:
        """It no longer exists."""
        await parity_forms.open_remove(self, [self._key])

    async def key_escape(self) -> None:
        """Back to the map; where one came from another screen, back there."""
        came_from = self.came_from
        self.dismiss()
        if came_from:
            await self.work.switch_mode(came_from)
