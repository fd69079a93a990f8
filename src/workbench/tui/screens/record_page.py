"""A page to read one thing of the record on: every field, and what became of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import tzinfo
from typing import Any

import msgspec
from textual import work
from textual.widget import Widget

from workbench.model.errors import WorkbenchError
from workbench.model.noun_fields import Field, others
from workbench.model.times import moment_text
from workbench.tui.screens.base import WorkScreen
from workbench.tui.theme import Role
from workbench.tui.widgets.prose import Block, Gap, Page, Paragraph, Scroller, Title
from workbench.tui.widgets.ruled import Ruled
from workbench.usecases.views.past import Past
from workbench.usecases.views.people import named
from workbench.usecases.views.several import by_row


class Shown(msgspec.Struct, frozen=True):
    """What a page says: its title, what kind of thing it is, and the rest."""

    title: str
    meta: str
    blocks: Sequence[Block]


class RecordPage(WorkScreen):
    """The page of the thing with a key; it is read again when the view has changed."""

    AUTO_FOCUS = "Scroller"
    DEFAULT_CSS = """
    RecordPage Scroller { height: 1fr; scrollbar-size-vertical: 1; background: $background; }
    RecordPage Page { margin: 1 1 0 0; }
    """

    _gone = False

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key

    def body(self) -> Iterable[Widget]:
        yield Ruled()
        yield Scroller(Page(columns=True))

    def contested_row(self) -> str | None:
        """The id of the page's thing, where it has several versions."""
        found = by_row(self.view.several, self.ROWS_OF).get(self.key)
        return found.id if found else None

    async def key_enter(self) -> None:
        """Choose one of several versions of it."""
        if (id := self.contested_row()) is not None:
            await self._choose_version(id)

    async def read(self) -> Shown | None:
        """Read the thing at the desk; ``None`` where it is gone."""
        raise NotImplementedError

    def fill(self) -> None:
        self._read_again()

    @work(group="page", exclusive=True)
    async def _read_again(self) -> None:
        try:
            found = await self.read()
        except WorkbenchError as error:
            self.work.tell(error)
            return
        if not self.is_mounted:
            return
        self._gone = found is None
        if found is None:
            self._leave_if_gone()
            return
        self.query_one(Ruled).show(found.title, found.meta)
        self.query_one(Page).show([*self.versions_of(self.key), *found.blocks])
        self.refresh_hints()

    def on_screen_resume(self) -> None:
        """Back from a form; the thing may have been removed there, or elsewhere meanwhile."""
        super().on_screen_resume()
        self._leave_if_gone()

    def _leave_if_gone(self) -> None:
        """Nothing is left to read.  A form that stands over the page keeps what was typed."""
        if self._gone and self.app.screen is self:
            self.dismiss()

    def who(self, key: str) -> str:
        """A person by name, or "you"."""
        return named(self.view.definitions, key, self.view.person)

    def past_blocks(self, past: Iterable[Past]) -> list[Block]:
        """What became of it, last first."""
        blocks: list[Block] = [Gap(), Title("History")]
        for each in past:
            why = f" · {each.why}" if each.why else ""
            when = moment_text(each.at, self.zone())
            blocks.append(Paragraph(f"{when}  {self.who(each.by)} {each.what}{why}"))
        return blocks

    def needs_release(self, id: str) -> bool:
        """What is kept of it does not depend on any."""
        return False

    def stand_on(self, row: str) -> None:
        """Another one is asked for while this page is open."""
        if row != self.key:
            self.key = row
            self.fill()

    def clear_marks(self) -> None:
        """A page shows one thing: nothing is marked."""

    async def leave(self) -> None:
        """Back to the table; where one came from another screen, back there."""
        came_from = self.came_from
        self.dismiss()
        if came_from:
            await self.work.switch_mode(came_from)


def silent_blocks(
    fields: Iterable[Field], value: Any, zone: tzinfo, told: Collection[str] = ()
) -> list[Block]:
    """The fields that nobody has filled in yet, by name; but for those ``told`` otherwise."""
    fields = [field for field in fields if field.asked and field.name not in told]
    said = {title for title, _ in others(fields, (), value, zone)}
    silent = [field.title.lower() for field in fields if field.title not in said]
    return [Gap(), Title("Not filled in yet"), Paragraph(", ".join(silent), Role.MUTED)] if silent else []
