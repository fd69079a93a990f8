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
from workbench.tui.screens.table_keys import MARKING, TABLE
from workbench.tui.screens.table_screen import About, TableScreen
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.prose import Block, Pair, pairs
from workbench.tui.widgets.rows import Cell, Row
from workbench.tui.widgets.table import RecordTable
from workbench.usecases.views.after_shipping import read_after
from workbench.usecases.views.changes import change_facts
from workbench.usecases.views.kept import show_thing
from workbench.usecases.views.marks import Fact
from workbench.usecases.views.releases import ReleaseLine, changes_words, read_releases

EMPTY = "No release yet. Press a to plan the first one."


class ReleasesScreen(TableScreen):
    """The releases of the record."""

    MODE: ClassVar[str] = "releases"
    ROWS_OF = ("release",)
    OWN = (
        Action(
            "switch_release",
            "enter",
            "make this the current release, on every screen",
            6,
            own_label="switch to",
        ),
        Action("new_release", "a", "plan a release", 8),
        Action("candidate", "P", "propose the next build of the release", 7),
        Action("edit_release", "e", "edit the release and its rollback plan", 4),
        Action(
            "outcome",
            "M",
            "mark it as shipped, shipped by break-glass, withdrawn, abandoned, rolled back, or not shipped after all",
            5,
        ),
        Action(
            "predict",
            "",
            "predict what production will be, which is scored while it is watched",
            own_label="predict",
        ),
        Action("compare", "D", "compare two releases or candidates: mark two with space, or name them", 3),
        Action("show_report", "i", "show the report kept when the release was shipped", 2),
        FIND,
        *MARKING,
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

    _after: Mapping[str, tuple[Fact, ...]] = {}

    async def read(self) -> list[Row]:
        self._after = await self.work.desk.call(read_after)
        self._lines = {line.held.id: line for line in await self.work.desk.call(read_releases)}
        return [self._row(line) for line in self._lines.values()]

    def _row(self, item: ReleaseLine) -> Row:
        held, release = item.held, item.held.release
        current = self.evaluation is not None and self.evaluation.held.id == held.id
        open_ = f"{Mark.BLOCKS.symbol} {item.open_words}" if item.blocks else item.open_words
        return Row(
            held.id,
            (
                Cell(
                    release.version + (" current" if current else ""), Role.STRONG if current else Role.TEXT
                ),
                Cell(item.state.words),
                Cell(open_, Role.TEXT if item.blocks else Role.MUTED),
                Cell(self._when(held)),
                Cell(item.candidate_words or "none yet", Role.MUTED),
                Cell(release.kind.value, Role.MUTED),
                Cell(release.owner or "unassigned", Role.MUTED),
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
        if release.outcome is not Outcome.OPEN and release.outcome_at is not None:
            said = f"{moment_text(release.outcome_at, self.zone())} by {release.outcome_by or 'unknown'}"
            blocks.append(Pair(release.outcome.value.replace("_", " ").capitalize(), said))
        elif release.planned_at is not None:
            blocks.append(Pair("Planned", moment_text(release.planned_at, self.zone())))
        blocks += pairs(self._after.get(held.id, ()))
        blocks += self._changes(held)
        for number, (_, candidate) in enumerate(reversed(held.candidates)):
            blocks.append(
                Pair(candidate.name, self._candidate(candidate), role=Role.MUTED if number else Role.TEXT)
            )
        if not held.candidates:
            blocks.append(Pair("Candidate", "none yet · P to propose a build", role=Role.MUTED))
        back = f"to {release.rollback_target}: " if release.rollback_target else ""
        steps = "\n".join(f"{n}. {step}" for n, step in enumerate(release.rollback_plan, 1))
        if back or steps:
            blocks.append(Pair("Rollback", back + ("\n" if back and steps else "") + steps))
        for label, lines in (
            ("Roll back when", release.rollback_triggers),
            ("Cannot be undone", release.cannot_be_undone),
            ("Watch", release.watch),
        ):
            blocks += [Pair(label, "\n".join(lines))] if lines else []
        return blocks

    def _changes(self, held: Held) -> list[Block]:
        """Its kinds of change; of the release that is judged also what of them was measured."""
        if self.evaluation is not None and self.evaluation.held.id == held.id:
            return pairs(change_facts(self.evaluation))
        words = changes_words(held.release)
        return [Pair("Changes", words)] if words else []

    def _candidate(self, candidate: Candidate) -> str:
        now = self._now()
        built = f", built {relative_text(candidate.built_at, now)}" if candidate.built_at and now else ""
        author = f" by {candidate.author}" if candidate.author else ""
        withdrawn = (
            f"; withdrawn by {candidate.withdrawn_by}: {candidate.withdrawn_why}"
            if candidate.withdrawn_at
            else ""
        )
        why = f": {candidate.why}" if candidate.why else ""
        return f"{candidate.commit[:12]}{author}{built}{why}{withdrawn}"

    # --- acting ------------------------------------------------------------------------------

    def obstacle(self, id: str) -> str | None:
        item = self.line()
        if id not in ("candidate", "outcome", "show_report", "edit_release", "switch_release", "predict"):
            return super().obstacle(id)
        if item is None:
            return "choose a release"
        version, outcome = item.held.release.version, item.held.release.outcome
        became = f"{version} is {outcome.value.replace('_', ' ')}"
        if id == "show_report" and outcome in (Outcome.OPEN, Outcome.ABANDONED):
            return f"{version} was not shipped"
        if id in ("candidate", "edit_release", "predict") and outcome is not Outcome.OPEN:
            return became
        if id == "outcome" and outcome in (Outcome.ROLLED_BACK, Outcome.ABANDONED):
            return became
        return None

    async def on_record_table_activated(self, event: RecordTable.Activated) -> None:
        """``enter``: that release is the current one from now on."""
        await self.do_switch_release()

    def needs_release(self, id: str) -> bool:
        return id != "new_release"

    async def do_switch_release(self) -> None:
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
        self.say(f"{version} is the current release")

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

    def do_outcome(self) -> None:
        """What became of it."""
        from workbench.tui.screens.release_outcome import open_outcome

        if (item := self.line()) is not None:
            open_outcome(self, item.held, passed=item.through, open_=item.open_words)

    def do_predict(self) -> None:
        """What production will be."""
        from workbench.tui.screens.predicting import open_predict

        if (item := self.line()) is not None:
            open_predict(self, item.held)

    async def do_compare(self) -> None:
        """The two that are marked, or the one under the cursor with the current one; else a form asks."""
        from workbench.tui.screens.comparing import open_comparison

        marked = [line for key in self.table.marked if (line := self._lines.get(key)) is not None]
        await open_comparison(self, [line.held.release.version for line in reversed(marked)])

    async def do_show_report(self) -> None:
        """The report that was kept when it was shipped, as it was."""
        from workbench.tui.screens.kept_panel import open_kept

        if (item := self.line()) is not None:
            ident = item.held.id
            await open_kept(self, lambda what: self.work.desk.call(show_thing, "shipment", ident, what))
