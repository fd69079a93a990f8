"""Whatever people do, and whatever they write into it: the script of it gives the same record on a copy."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests import building as build
from tests.tui.driving import second_writer, web_shop
from tests.usecases.scripting.playing import end_of, plays_back

from workbench.checklists.model import ItemState
from workbench.definitions.shapes import Severity
from workbench.flows.model import Flow
from workbench.model.errors import WorkbenchError
from workbench.parity import model as parity
from workbench.parity.decisions import Decision
from workbench.parity.model import Difference
from workbench.usecases import (
    answering,
    approving,
    columns,
    comparing,
    deciding,
    importing,
    mapping,
    releasing,
    undoing,
)
from workbench.usecases.cell_edits import save
from workbench.usecases.cell_sheet import Edits
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate

PEOPLE = ("robin", "kim", "mika", "sam")
TEXTS = (
    "plain", "two words", "it's", '"quoted"', "$HOME `ls` $(rm)", "a;b|c&d>e", "ROWS", "-x", "--accept", "naïve Ünïcode",
    "two\nlines", "tab\there", "back\\slash", "{braces}", "*", "~", "#hash", "!bang", "\u202eright to left", "100 %", "=1+1",
    "'; exit 1; '", "EOF", "a, b; c", "  blanks  ",
)  # fmt: skip


class People:
    """Somebody does something, one act after the other, from a seed."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root, self.chance = root, random.Random(seed)
        self.acts: list[Callable[[Context], Any]] = [
            self.add, self.add, self.edit, self.edit, self.decide, self.decide, self.remove, self.cells, self.cells,
            self.undo, self.undo, self.redo, self.flow, self.edit_flow, self.promise, self.freeze, self.answer, self.answer,
            self.attach, self.override, self.approve, self.review, self.take_in, self.release,
        ]  # fmt: skip

    def go_on(self, count: int) -> int:
        """Some acts, some of which are refused; how many were done."""
        done = 0
        for _ in range(count):
            with second_writer(self.root, self.chance.choice(PEOPLE)) as context:
                try:
                    self.chance.choice(self.acts)(context)
                    done += 1
                except (WorkbenchError, IndexError):
                    continue
        return done

    def text(self) -> str:
        return self.chance.choice(TEXTS)

    def why(self) -> str:
        return f"because of {self.text()} and what else was seen"

    def some(self, context: Context) -> tuple[Any, Difference]:
        return self.chance.choice(parity.all_differences(context.record))

    def difference(self) -> Difference:
        return Difference(
            title=f"{self.text().strip()} {self.chance.randrange(6)}",
            staging=self.text().strip(),
            production=self.text().strip(),
            region=self.chance.choice(("", "", "eu-west")),
            severity=self.chance.choice(tuple(Severity)),
            flows=tuple(self.chance.sample(("checkout", "refund"), self.chance.randrange(3))),
            impact=self.text().strip(),
        )

    def add(self, context: Context) -> None:
        mapping.add_difference(context, self.difference())

    def edit(self, context: Context) -> None:
        stored, item = self.some(context)
        name = self.chance.choice(("title", "staging", "production", "impact", "mitigation", "closing_cost"))
        value = f"{self.text().strip()} {self.chance.randrange(9)}"
        mapping.edit_difference(context, stored, msgspec.structs.replace(item, **{name: value}), self.why())

    def decide(self, context: Context) -> None:
        chosen = {stored.id: (stored, item) for stored, item in (self.some(context), self.some(context))}
        mapping.decide(
            context,
            list(chosen.values()),
            self.chance.choice(tuple(Decision)),
            reason=self.why(),
            mitigation=self.chance.choice(("", self.text().strip())),
            owner=self.chance.choice(("", "kim", "jo")),
            until=context.now + timedelta(days=self.chance.randrange(1, 60), hours=3),
        )

    def remove(self, context: Context) -> None:
        mapping.remove_difference(context, self.some(context)[0], self.why())

    def cells(self, context: Context) -> None:
        rows = {stored.id: stored for stored, _ in (self.some(context), self.some(context))}
        changed = {ident: {"staging": self.text(), "owner": "kim"} for ident in rows}
        added = {
            "1": {"title": f"row {self.text()} {self.chance.randrange(99)}", "flows": "checkout; refund"}
        }
        save(context, Edits(kind="differences", changed=changed, added=added, seen=rows), self.why())

    def undo(self, context: Context) -> None:
        undoing.undo(context)

    def redo(self, context: Context) -> None:
        undoing.undo(context)
        undoing.redo(context)

    def flow(self, context: Context) -> None:
        steps = tuple(self.text().strip() for _ in range(self.chance.randrange(3)))
        mapping.add_flow(
            context,
            Flow(key=f"flow-{self.chance.randrange(9)}", name=self.text().strip(), core=True, steps=steps),
        )

    def edit_flow(self, context: Context) -> None:
        stored, flow = mapping.find_flow(context, f"flow-{self.chance.randrange(9)}")
        edited = msgspec.structs.replace(flow, core=not flow.core, steps=(), trigger=self.text().strip())
        mapping.edit_flow(context, stored, edited, self.chance.choice(("", self.why())))

    def promise(self, context: Context) -> None:
        found = evaluate(context)
        part = self.chance.choice([part for _, part in found.open_parts() if part.key != "freeze"])
        deciding.promise(
            context, found, part.key, "kim", context.now + timedelta(days=2), self.text().strip()
        )

    def freeze(self, context: Context) -> None:
        self.chance.choice((deciding.freeze, deciding.lift_freeze))(context, self.why())

    def _item(self, context: Context) -> Any:
        found = evaluate(context)
        views = [view for views in found.checklists.values() for view in views if not view.by_itself]
        view = self.chance.choice(views)
        return found, view, answering.subject_of(found, view)

    def answer(self, context: Context) -> None:
        found, view, subject = self._item(context)
        evidence = self.chance.choice(
            (None, answering.evidence_for(context, subject, note=self.text() + "\nmore"))
        )
        state = self.chance.choice(tuple(ItemState))
        answering.answer(
            context, found, view, state, reason=self.why(), comment=self.text().strip(), evidence=evidence
        )

    def attach(self, context: Context) -> None:
        found, view, subject = self._item(context)
        file = self.root.parent / f"log {self.chance.randrange(3)}.txt"
        file.write_bytes(self.text().encode())
        title = self.chance.choice(("", "the log"))
        evidence = answering.evidence_for(context, subject, file=file, title=title)
        answering.attach(context, found, view, evidence)

    def override(self, context: Context) -> None:
        found = evaluate(context)
        part = self.chance.choice([part for _, part in found.open_parts()])
        end = context.now + timedelta(days=3)
        build.propose_override(context, found, part.key, reason=self.why(), until=end)

    def approve(self, context: Context) -> None:
        found = evaluate(context)
        ref = self.chance.choice(found.proposals).ref
        approving.approve(context, found, ref, reject=self.chance.random() < 0.3, words=self.why())

    def review(self, context: Context) -> None:
        mapping.mark_reviewed(context, evaluate(context).held, self.text().strip())

    def take_in(self, context: Context) -> None:
        file = self.root.parent / "team.csv"
        title = f"imported {self.chance.randrange(5)}"
        file.write_text(
            f"title,severity,staging,decision\n{title},{self.chance.choice(('low', 'weird'))},{self.chance.randrange(9)},\n"
        )
        table = columns.read(file, "differences")
        mapping_ = columns.columns_of(context, table, "differences").mapping
        importing.apply(context, comparing.plan(context, table, "differences", mapping_, "file"))

    def release(self, context: Context) -> None:
        held = releasing.find(context)
        edited = msgspec.structs.replace(
            held.release, summary=self.text().strip(), watch=(self.text().strip(),)
        )
        releasing.edit(context, held, edited)


@pytest.mark.parametrize("seed", range(3))
def test_random_acts_are_played_back(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "one").mkdir()
    shop = web_shop(tmp_path / "one", monkeypatch)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    end = end_of(shop)
    assert People(shop, seed).go_on(60) > 20
    plays_back(shop, end, tmp_path, monkeypatch)
