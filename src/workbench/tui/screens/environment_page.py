"""One environment on a page of its own: what it is, how it stands, and what its word is worth."""

from __future__ import annotations

from typing import ClassVar

from workbench.definitions.shapes import Mark as Place
from workbench.tui.actions import Action
from workbench.tui.screens import environment_forms
from workbench.tui.screens.record_page import RecordPage, Shown
from workbench.tui.widgets.prose import Block, Gap, Pair, Title, pairs
from workbench.usecases.views import environments as views
from workbench.usecases.views.environment_judging import (
    Page,
    Section,
    read_page,
    sections,
    urgent_sections,
)

_REFRESHES = 6


class EnvironmentScreen(RecordPage):
    """An environment to read in full."""

    MODE: ClassVar[str] = "environment"
    ROWS_OF = ("refresh", "occupancy", "end_of_life")
    OWN = (
        Action("add_happening", "a", "record who uses it, or a refresh of its data", 8),
        Action("mark_environment", "M", "mark it as validated, free, or at its end", 6),
        Action("staging_needed", "t", "answer questions that say whether this change needs staging", 5),
    )
    _page: Page | None = None

    async def read(self) -> Shown | None:
        self._page = page = await self.work.desk.call(read_page, self.key, self.evaluation)
        if page is None:
            return None
        state = page.line.state
        judged = page.line.found
        urgent = len(urgent_sections(judged)) if judged is not None else 0
        found = [_blocks(section) for section in (sections(judged) if judged is not None else ())]
        blocks: list[Block] = pairs(views.standing_facts(state, self.zone()))
        blocks += self._refreshes(page)
        blocks += [block for each in found[:urgent] for block in each]
        blocks += [Gap(), Title("What it is"), *pairs(views.stated_facts(state.environment, self.who))]
        blocks += [block for each in found[urgent:] for block in each]
        past = self.past_blocks(page.past) if page.past else []
        return Shown(state.title, views.kind_words(state.environment), blocks + past)

    def _refreshes(self, page: Page) -> list[Block]:
        state = page.line.state
        if not state.refreshes:
            return []
        told = [
            views.refresh_words(value, self.zone(), state.now, self.who)
            for _, value in state.refreshes[:_REFRESHES]
        ]
        return [Gap(), Title("Refreshes"), *(Pair("", words, mark) for mark, words in told)]

    def place(self) -> Place | None:
        """Where it is defined."""
        return self.view.definitions.mark("environment", self.key)

    def do_add_happening(self) -> None:
        """Who uses it, or a refresh."""
        if self._page is not None:
            environment_forms.open_add(self, self._page.line.state)

    def do_mark_environment(self) -> None:
        """Validated, free, or at its end."""
        if self._page is not None:
            environment_forms.open_mark(self, self._page.line.state)

    async def do_staging_needed(self) -> None:
        """Questions about the change, and the reasoning."""
        from workbench.tui.screens.environment_needed import open_needed

        await open_needed(self)


def _blocks(section: Section) -> list[Block]:
    """A section with its title, and what is said in a line beside it."""
    colon = "" if section.title.endswith("?") or not section.said else ":"
    return [Gap(), Title(f"{section.title}{colon} {section.said}".strip()), *pairs(section.facts)]
