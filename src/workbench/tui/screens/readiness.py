"""Readiness: what blocks, what is to do, what worries, and the next step."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.widget import Widget

from workbench.gates.model import Part, State, Weight
from workbench.model.times import day_text, relative_text
from workbench.releases.model import Outcome
from workbench.signoff.conclude import Concluded
from workbench.tui.screens.base import WorkScreen
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.rows import Cell, Heading, Item, Row
from workbench.tui.widgets.stepper import Step, Stepper
from workbench.tui.widgets.table import RecordTable
from workbench.usecases.evaluate import Evaluation

EMPTY = "No release yet. Press 6 and then a to plan the first one."
MET = "met"


class ReadinessScreen(WorkScreen):
    """Home."""

    MODE: ClassVar[str] = "readiness"
    _unfolded = False

    def body(self) -> Iterable[Widget]:
        yield Stepper()
        yield RecordTable(
            (
                Column("what", "What", flex=2, least=24, most=40),
                Column("why", "Why", flex=5, least=20, most=200),
                Column("who", "Who", most=24, least=6, drop=1, align="right"),
            ),
            empty=EMPTY,
            titles=False,
        )

    def fill(self) -> None:
        found = self.evaluation
        table = self.query_one(RecordTable)
        if found is None:
            table.set_rows(())
            self.query_one(Stepper).show(())
            return
        self.query_one(Stepper).show([_step(item) for item in found.gates])
        table.set_rows(self._items(found))

    def _items(self, found: Evaluation) -> list[Item]:
        parts = found.open_parts()
        items: list[Item] = []
        for title, weight in (
            ("Blocks", Weight.BLOCKS),
            ("To do", Weight.TO_DO),
            ("To sign", Weight.TO_SIGN),
        ):
            chosen = [(gate, part) for gate, part in parts if part.weight is weight]
            if chosen:
                items.append(Heading(title, str(len(chosen))))
                items += [self._open_row(found, gate, part) for gate, part in chosen]
        if not parts:
            items.append(Heading("Nothing open", _all_through(found), Mark.DONE, Role.SUCCESS, keep=True))
        worries = _worries(found)
        if worries:
            items += [Heading("Worries", str(len(worries))), *worries]
        met = _met(found)
        if met:
            fold = "enter folds them away" if self._unfolded else "enter shows them"
            items.append(Heading("Met"))
            items.append(Row(MET, (Cell(f"{len(met)} met"), Cell(fold, Role.MUTED), Cell("")), Mark.DONE))
            items += met if self._unfolded else []
        return items

    def _open_row(self, found: Evaluation, gate: Concluded, part: Part) -> Row:
        blocks = part.weight is Weight.BLOCKS
        return Row(
            part.key,
            (
                Cell(part.title, Role.STRONG if blocks else Role.TEXT),
                Cell(_why(gate, part), Role.TEXT if blocks else Role.MUTED),
                Cell(*self._who(found, part)),
            ),
            Mark.BLOCKS if blocks else Mark.OPEN,
        )

    def _who(self, found: Evaluation, part: Part) -> tuple[str, Role]:
        promise = found.promises.get(part.key)
        if promise is None:
            return "nobody", Role.MUTED
        owner = "you" if promise.owner == self.view.person else promise.owner
        if promise.by is None:
            return owner, Role.TEXT
        local = promise.by.astimezone(self.zone())
        same_day = local.date() == found.now.astimezone(self.zone()).date()
        return f"{owner}, by {local:%H:%M}" if same_day else f"{owner}, by {day_text(promise.by, self.zone())}", Role.TEXT

    # --- actions -------------------------------------------------------------------------

    def unavailable(self, id: str) -> str | None:
        part = self.part()
        if id in ("override", "promise"):
            if part is None or part.state is not State.NOT_MET:
                return "choose a line that blocks or is to do"
            if id == "override" and part.weight is Weight.TO_SIGN:
                return "signatures are given, not overridden"
        if id in ("next_blocker", "previous_blocker", "chase") and not self._open_keys():
            return "nothing is open"
        if id == "sign":
            return self._why_not_sign()
        if id == "fetch" and (self.evaluation is None or self.evaluation.held.candidate is None):
            return "the release has no candidate yet"
        return self._frozen(id)

    def _frozen(self, id: str) -> str | None:
        found = self.evaluation
        if id in ("override", "fetch", "sign") and found and found.held.release.outcome is not Outcome.OPEN:
            return f"{found.held.release.version} is {found.held.release.outcome.value.replace('_', ' ')}"
        return None

    def _why_not_sign(self) -> str | None:
        found = self.evaluation
        if found is None:
            return "there is no release"
        gate = self._gate_to_sign(found)
        if gate is None:
            return "no gate waits for a signature"
        person = self.view.definitions.person(self.view.person)
        if person is None:
            return f"“{self.view.person}” is not among the project's people"
        if not any(role.role in person.roles for role in gate.roles):
            return f"you have none of the roles that {gate.gate.title} asks for"
        return self._frozen("sign")

    def _gate_to_sign(self, found: Evaluation) -> Concluded | None:
        asking = [item for item in found.gates if item.roles]
        return next((item for item in asking if not item.through), asking[-1] if asking else None)

    def part(self) -> Part | None:
        """The part under the cursor."""
        found = self.evaluation
        key = self.query_one(RecordTable).cursor_key
        if found is None or key is None:
            return None
        for gate in found.gates:
            for requirement in gate.requirements:
                for part in requirement.parts:
                    if part.key == key:
                        return part
        return None

    def _open_keys(self) -> list[str]:
        found = self.evaluation
        return [part.key for _, part in found.open_parts()] if found else []

    def do_next_blocker(self) -> None:
        """The next open line, round and round."""
        self._step(1)

    def do_previous_blocker(self) -> None:
        """The open line before."""
        self._step(-1)

    def _step(self, by: int) -> None:
        table = self.query_one(RecordTable)
        open_ = set(self._open_keys())
        keys = [key for key in table.keys if key in open_]
        if not keys:
            return
        here = table.cursor_key
        place = keys.index(here) + by if here in keys else (0 if by > 0 else -1)
        table.move_to(keys[place % len(keys)])

    async def on_record_table_activated(self, event: RecordTable.Activated) -> None:
        """``enter``: go to where the line is cleared."""
        if event.key == MET:
            self._unfolded = not self._unfolded
            self.fill()
            return
        part = self.part()
        if part is None:
            return
        if part.fix.screen == "sign":
            await self.action_do("sign")
        elif part.fix.screen == "readiness":
            await self.action_do("freeze" if part.key == "freeze" else "override")
        else:
            await self.go(part.fix.screen, part.fix.row)

    async def do_sign(self) -> None:
        """Sign the next gate that waits for signatures."""
        from workbench.tui.screens.signing import open_signing

        found = self.require()
        gate = self._gate_to_sign(found)
        if gate is not None:
            await open_signing(self, gate.gate.key)

    async def do_override(self) -> None:
        """Let the release past the line."""
        from workbench.tui.screens.deciding import open_override

        part = self.part()
        if part is not None:
            open_override(self, part)

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
        text = chase_list(self.require())
        self.app.copy_to_clipboard(text)
        self.say("copied: what is open, by person")

    def chosen(self, target: str) -> None:
        """A click on a gate: its first open line."""
        found = self.evaluation
        if found is None:
            return
        gate = next((item for item in found.gates if item.gate.key == target), None)
        for requirement in gate.requirements if gate else ():
            for part in requirement.parts:
                if part.state is State.NOT_MET and self.query_one(RecordTable).move_to(part.key):
                    return


def _why(gate: Concluded, part: Part) -> str:
    return part.why if part.weight is not Weight.TO_DO or part.why != part.title else gate.gate.title


def _all_through(found: Evaluation) -> str:
    if found.held.release.outcome is Outcome.SHIPPED:
        return "shipped"
    return "every gate is through: ready to ship" if found.gates else "no gates are defined"


def _worries(found: Evaluation) -> list[Row]:
    rows: dict[str, Row] = {}
    for gate in found.gates:
        for requirement in gate.requirements:
            for part in requirement.parts:
                if part.state is not State.NOT_MET and part.weight is Weight.WORRIES and part.key not in rows:
                    mark = Mark.EXCEPTED if part.until or part.state is State.OVERRIDDEN else Mark.WARNS
                    rows[part.key] = _quiet(part, mark)
        for view in gate.signoffs:
            if not view.counts:
                key = f"signoff/{view.stored.id}"
                what = f"{view.signoff.person}'s sign-off of {gate.gate.title}"
                rows[key] = Row(key, (Cell(what), Cell(view.why, Role.MUTED), Cell("")), Mark.WARNS)
    for judged in found.facts.judged:
        if not judged.blocking and judged.verdict.value != "pass":
            key = f"benchmark/{judged.key}"
            mark = Mark.WARNS if judged.verdict.value in ("warn", "fail") else Mark.LEARNING
            rows.setdefault(
                key, Row(key, (Cell(judged.title), Cell(judged.outcome.why, Role.MUTED), Cell("")), mark)
            )
    return list(rows.values())


def _met(found: Evaluation) -> list[Row]:
    rows: dict[str, Row] = {}
    for gate in found.gates:
        for requirement in gate.requirements:
            for part in requirement.parts:
                met = part.state in (State.MET, State.NOT_APPLICABLE)
                if met and part.weight is not Weight.WORRIES and part.key not in rows:
                    mark = Mark.DONE if part.state is State.MET else Mark.NOT_APPLICABLE
                    rows[part.key] = _quiet(part, mark)
    return list(rows.values())


def _quiet(part: Part, mark: Mark) -> Row:
    return Row(part.key, (Cell(part.title, Role.MUTED), Cell(part.why, Role.MUTED), Cell("")), mark)


def _step(item: Concluded) -> Step:
    requirements = [r for r in item.requirements if r.kind != "earlier_gates"]
    parts = [part for requirement in requirements for part in requirement.parts]
    unmet = [part for part in parts if part.state is State.NOT_MET]
    key, title = item.gate.key, item.gate.title
    if not item.result.set_up:
        return Step(key, title, Mark.NOT_APPLICABLE)
    if not unmet:
        return Step(key, title, Mark.DONE)
    blocking = [part for part in unmet if part.weight is Weight.BLOCKS]
    if blocking:
        return Step(key, title, Mark.BLOCKS, str(len(blocking)))
    done = len(parts) - len(unmet)
    return Step(key, title, Mark.UNDER_WAY if done else Mark.OPEN, f"{done}/{len(parts)}")


def chase_list(found: Evaluation) -> str:
    """What is open, by person, as plain text to paste into a chat."""
    by: dict[str, list[str]] = {}
    for _, part in found.open_parts():
        promise = found.promises.get(part.key)
        until = f" (promised {relative_text(promise.by, found.now)})" if promise and promise.by else ""
        by.setdefault(promise.owner if promise else "nobody yet", []).append(
            f"- {part.title}: {part.why}{until}"
        )
    head = f"{found.project} {found.held.title}: still open"
    return "\n".join([head, *(f"\n{owner}\n" + "\n".join(lines) for owner, lines in sorted(by.items()))])
