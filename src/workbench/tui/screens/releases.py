"""Releases: all of them, how each stands, and what can be said of the one under the cursor."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

import msgspec

from workbench.model.errors import WorkbenchError
from workbench.model.times import moment_text, relative_text
from workbench.releases.model import Candidate, Held, Outcome
from workbench.tui.actions import Action
from workbench.tui.registry import FIND
from workbench.tui.screens.table_keys import TABLE
from workbench.tui.screens.table_screen import About, TableScreen
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.prose import Block, Pair
from workbench.tui.widgets.rows import Cell, Row
from workbench.tui.widgets.table import RecordTable
from workbench.usecases.views.kept import show_thing
from workbench.usecases.views.releases import ReleaseLine, changes_words, read_releases

EMPTY = "No release yet. Press a to plan the first one."


class ReleasesScreen(TableScreen):
    """The releases of the record."""

    MODE: ClassVar[str] = "releases"
    OWN = (
        Action("take_in_hand", "enter", "judge this release on every screen", 6, own_label="in hand"),
        Action("new_release", "a", "plan a release", 8),
        Action("candidate", "P", "propose the next build of the release", 7),
        Action("edit_release", "e", "edit what the release is, and how one goes back", 4),
        Action("shipped", "M", "say that the release was shipped, or was not after all", 5),
        Action("show_report", "i", "the report that was kept when the release was shipped", 2),
        Action(
            "rolled_back", "", "say that the release was rolled back or abandoned", 3, own_label="rolled back"
        ),
        FIND,
        *TABLE,
    )
    COLUMNS = (
        Column("version", "Release", least=10, most=24, frozen=True),
        Column("state", "State", most=12),
        Column("open", "Open", flex=2, least=31, most=40),
        Column("planned", "Planned", most=16, drop=1),
        Column("candidate", "Candidate", most=12),
        Column("kind", "Kind", most=9, drop=3),
        Column("owner", "Owner", most=14, drop=2),
    )
    EMPTY = EMPTY
    _lines: Mapping[str, ReleaseLine] = {}

    async def read(self) -> list[Row]:
        self._lines = {line.held.id: line for line in await self.work.desk.call(read_releases)}
        return [self._row(line) for line in self._lines.values()]

    def _row(self, item: ReleaseLine) -> Row:
        held, release = item.held, item.held.release
        in_hand = self.evaluation is not None and self.evaluation.held.id == held.id
        open_ = f"{Mark.BLOCKS.symbol} {item.open_words}" if item.blocks else item.open_words
        return Row(
            held.id,
            (
                Cell(
                    release.version + (" in hand" if in_hand else ""), Role.STRONG if in_hand else Role.TEXT
                ),
                Cell(item.state.words),
                Cell(open_, Role.TEXT if item.blocks else Role.MUTED),
                Cell(self._when(held)),
                Cell(item.candidate_words or "none yet", Role.MUTED),
                Cell(release.kind.value, Role.MUTED),
                Cell(release.owner or "nobody", Role.MUTED),
            ),
            item.mark,
            dim=release.outcome is not Outcome.OPEN,
        )

    def _when(self, held: Held) -> str:
        release = held.release
        now = self._now()
        if release.outcome_at is not None:
            return relative_text(release.outcome_at, now) if now else ""
        return relative_text(release.planned_at, now) if release.planned_at and now else "no date"

    def _now(self) -> datetime | None:
        return self.evaluation.now if self.evaluation else None

    # --- the detail --------------------------------------------------------------------------

    def line(self) -> ReleaseLine | None:
        """The release under the cursor."""
        key = self.table.cursor_key if self.is_mounted else None
        return self._lines.get(key or "")

    def about(self, key: str) -> About | None:
        line = self._lines.get(key)
        if line is None:
            return None
        release = line.held.release
        return About(release.version, release.summary or release.kind.value, self._blocks(line))

    def _blocks(self, item: ReleaseLine) -> list[Block]:
        held, release = item.held, item.held.release
        blocks: list[Block] = []
        if held.stored.contested:
            blocks.append(
                Pair("Versions", "two versions: choose one, with enter on its line in Readiness", Mark.WARNS)
            )
        if release.outcome is not Outcome.OPEN and release.outcome_at is not None:
            said = f"{moment_text(release.outcome_at, self.zone())} by {release.outcome_by or 'nobody known'}"
            blocks.append(Pair(release.outcome.value.replace("_", " ").capitalize(), said))
        elif release.planned_at is not None:
            blocks.append(Pair("Planned", moment_text(release.planned_at, self.zone())))
        changes = changes_words(release)
        blocks += [Pair("Changes", changes)] if changes else []
        for number, (_, candidate) in enumerate(reversed(held.candidates)):
            blocks.append(
                Pair(candidate.name, self._candidate(candidate), role=Role.MUTED if number else Role.TEXT)
            )
        if not held.candidates:
            blocks.append(Pair("Candidate", "none yet: b proposes a build", role=Role.MUTED))
        back = f"to {release.rollback_target}: " if release.rollback_target else ""
        steps = "\n".join(f"{n}. {step}" for n, step in enumerate(release.rollback_plan, 1))
        if back or steps:
            blocks.append(Pair("Going back", back + ("\n" if back and steps else "") + steps))
        for label, lines in (
            ("Go back when", release.rollback_triggers),
            ("Stays", release.cannot_be_undone),
            ("Watched", release.watch),
        ):
            blocks += [Pair(label, "\n".join(lines))] if lines else []
        return blocks

    def _candidate(self, candidate: Candidate) -> str:
        now = self._now()
        built = f", built {relative_text(candidate.built_at, now)}" if candidate.built_at and now else ""
        author = f" by {candidate.author}" if candidate.author else ""
        return f"{candidate.commit[:12]}{author}{built}" + (f": {candidate.why}" if candidate.why else "")

    # --- acting ------------------------------------------------------------------------------

    def obstacle(self, id: str) -> str | None:
        item = self.line()
        if (
            id in ("candidate", "shipped", "show_report", "edit_release", "rolled_back", "take_in_hand")
            and item is None
        ):
            return "choose a release"
        if item is None:
            return None
        if id == "show_report" and item.held.release.outcome in (Outcome.OPEN, Outcome.ABANDONED):
            return f"{item.held.release.version} was not shipped"
        outcome = item.held.release.outcome
        if id == "shipped" and outcome is Outcome.SHIPPED:
            return None  # the same key says that it did not go out after all
        if id in ("candidate", "edit_release", "shipped") and outcome is not Outcome.OPEN:
            return f"{item.held.release.version} is {outcome.value.replace('_', ' ')}"
        if id == "shipped" and item.held.candidate is None:
            return "it has no candidate yet"
        if id == "rolled_back" and outcome in (Outcome.ROLLED_BACK, Outcome.ABANDONED):
            return f"it is {outcome.value.replace('_', ' ')} already"
        return None

    async def on_record_table_activated(self, event: RecordTable.Activated) -> None:
        """``enter``: that release in hand from now on."""
        await self.do_take_in_hand()

    def needs_release(self, id: str) -> bool:
        return id != "new_release"

    async def do_take_in_hand(self) -> None:
        """Judge that release from now on, on every screen."""
        item = self.line()
        if item is None:
            return
        version = item.held.release.version
        try:
            options = msgspec.structs.replace(self.work.desk.options, release=version)
            self.work.show(await self.work.desk.reopen(options))
        except WorkbenchError as error:
            self.work.tell(error)
            return
        self.say(f"{version} is in hand")

    async def do_new_release(self) -> None:
        """Plan a release."""
        from workbench.tui.screens.release_forms import open_new

        await open_new(self)

    def do_edit_release(self) -> None:
        """What the release is, and how one goes back."""
        from workbench.tui.screens.release_forms import open_edit

        item = self.line()
        if item is not None:
            open_edit(self, item.held)

    async def do_candidate(self) -> None:
        """The next build."""
        from workbench.tui.screens.release_forms import open_candidate

        item = self.line()
        if item is not None:
            await open_candidate(self, item.held)

    def do_shipped(self) -> None:
        """It was shipped, or not after all."""
        from workbench.tui.screens.release_forms import open_not_shipped, open_shipped

        item = self.line()
        if item is not None and item.held.release.outcome is Outcome.SHIPPED:
            open_not_shipped(self, item.held)
        elif item is not None:
            open_shipped(self, item.held, through=item.through, open_=item.open_words)

    async def do_show_report(self) -> None:
        """The report that was kept when it was shipped, as it was."""
        from workbench.tui.screens.kept_panel import open_kept

        if (item := self.line()) is not None:
            ident = item.held.id
            await open_kept(self, lambda what: self.work.desk.call(show_thing, "shipment", ident, what))

    def do_rolled_back(self) -> None:
        """It was rolled back, or abandoned before it was shipped."""
        from workbench.tui.screens.release_forms import open_ended

        item = self.line()
        if item is not None:
            open_ended(self, item.held)
