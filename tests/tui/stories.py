"""States of the web shop that a test begins with, made by the use cases themselves."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from tests import building as build
from tests.tui.driving import second_writer
from textual.pilot import Pilot

from workbench.checklists.model import ItemState, ItemView
from workbench.gates.model import Weight
from workbench.parity import model as parity
from workbench.parity.decisions import Decision
from workbench.usecases import answering, approving, mapping
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate


def contest(root: Path, elsewhere: Path, title: str) -> None:
    """Two desks change a difference without knowing of each other; this one has heard of it."""

    def produce(context: Context, number: str) -> None:
        stored, value = parity.find(context.record, title)
        mapping.edit_difference(context, stored, msgspec.structs.replace(value, production=number))

    contest_by(root, elsewhere, lambda here: produce(here, "4"), lambda there: produce(there, "5"))


def contest_by(
    root: Path,
    elsewhere: Path,
    here_does: Callable[[Context], object],
    there_does: Callable[[Context], object],
) -> None:
    """Two desks do something without knowing of each other; this one has heard of it."""
    shutil.copytree(root, elsewhere, ignore=shutil.ignore_patterns("record.db*"))
    with second_writer(root) as here:
        here.record.backup(elsewhere / ".workbench" / "record.db")
        here_does(here)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("WORKBENCH_DATA", str(elsewhere / "data"))
            with second_writer(elsewhere, "kim") as there:
                there_does(there)
                pack = there.record.pack()
        here.record.take_in(pack, author=here.author(), clock=here.clock)


def clear_everything(root: Path) -> None:
    """Nothing is left but to sign: benchmarks overridden, gaps accepted, lists answered."""
    with second_writer(root) as context:
        _override_benchmarks(context)
        _decide_differences(context)
        mapping.mark_reviewed(context, evaluate(context).held)
        for view in open_items(context):
            answer_item(context, view)
        security = build.who(context, "noor")
        for item in evaluate(security).proposals:
            approving.approve(security, evaluate(security), item.ref)


def _override_benchmarks(context: Context) -> None:
    found = evaluate(context)
    until = context.now + timedelta(days=30)
    for _, part in found.open_parts():
        if part.weight is Weight.BLOCKS and part.key.startswith("benchmark/"):
            why = "the vendor's fix comes next week"
            build.override(context, found, part.key, reason=why, approver="sam", until=until)


def _decide_differences(context: Context) -> None:
    until = context.now + timedelta(days=30)
    for stored, value in parity.all_differences(context.record):
        if parity.undecided(value, context.now):
            mapping.decide(
                context, [(stored, value)], Decision.ACCEPT, reason="known, and watched", until=until
            )
    for item in evaluate(context).proposals:
        build.second_person(context, item.ref)


def open_items(context: Context) -> list[ItemView]:
    """The items of the lists that gates ask for, that people have to answer."""
    lists = evaluate(context).checklists
    asked = (*lists["pre-production"], *lists["production-readiness"])
    return [view for view in asked if not view.complete and not view.by_itself]


def answer_item(context: Context, view: ItemView) -> None:
    """Done, with a note as evidence."""
    found = evaluate(context)
    subject = answering.subject_of(found, view)
    evidence = answering.evidence_for(context, subject, note=f"seen: {view.item.title}")
    answering.answer(context, found, view, ItemState.DONE, evidence=evidence)


def said(pilot: Pilot[None]) -> list[str]:
    """The short words at the corner of the screen, the oldest first."""
    return [message.text for message in reversed(pilot.app.messages.newest_first())]
