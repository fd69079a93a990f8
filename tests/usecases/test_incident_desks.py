"""One incident at several desks, in a process that is killed, with a clock that jumps, and with thousands of lines."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from tests import building as build
from tests.usecases.test_incidents import HOUR, declare
from tests.usecases.test_settling import give

from workbench.gates.model import freezes
from workbench.incidents import timeline
from workbench.incidents.model import IncidentState
from workbench.incidents.timeline import LineKind, TimelineLine, wrote
from workbench.model.errors import StaleChange
from workbench.model.keys import new_id
from workbench.model.times import Clock
from workbench.usecases import deciding, incidents, soundness
from workbench.usecases.context import Context, commit
from workbench.usecases.evaluate import evaluate
from workbench.usecases.excerpts import excerpt, from_excerpt
from workbench.usecases.project import Options
from workbench.usecases.views.incident_list import SHOWN, page

MINUTE = timedelta(minutes=1)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        yield context


@pytest.fixture
def elsewhere(shop: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Context]:
    """Robin's desk with a copy of the record, in which an incident is open."""
    # Each would be a machine with its own noted ends; here they share a user data folder.
    monkeypatch.setattr(soundness, "check_end", lambda *_, **__: None)
    declare(shop)
    shutil.copytree(shop.root, tmp_path / "robin", ignore=shutil.ignore_patterns(".workbench"))
    (tmp_path / "robin" / ".workbench").mkdir()
    shop.record.backup(tmp_path / "robin" / ".workbench" / "record.db")
    with build.opened(tmp_path / "robin", "robin") as context:
        yield context


def exchange(one: Context, other: Context) -> None:
    """What each desk wrote, for the other one."""
    give(one, other)
    give(other, one)


def words(context: Context) -> list[str]:
    ident = incidents.find_incident(context, "checkout")[0].id
    return [line.words or line.what.value for _, line in timeline.lines_of(context.record, ident)]


def note(context: Context, text: str, minutes: int) -> None:
    stored, value = incidents.find_incident(context, "checkout")
    incidents.note(context, stored, value, text, at=context.now - minutes * MINUTE)


def test_two_desks_write_one_timeline_in_the_order_of_what_happened(
    shop: Context, elsewhere: Context
) -> None:
    note(shop, "third", 10)
    note(elsewhere, "first", 30)
    note(elsewhere, "fourth", 5)
    note(shop, "second", 20)
    exchange(shop, elsewhere)
    assert words(shop) == words(elsewhere) == ["first", "second", "third", "fourth", "frozen"]


def test_what_each_desk_said_of_the_incident_stands(shop: Context, elsewhere: Context) -> None:
    stored, value = incidents.find_incident(elsewhere, "checkout")
    changed = msgspec.structs.replace(value, commander="robin", summary="the gateway times out")
    incidents.edit(elsewhere, stored, value, changed)
    incidents.mitigate(shop, *incidents.find_incident(shop, "checkout"))
    exchange(shop, elsewhere)
    for context in (shop, elsewhere):
        _, value = incidents.find_incident(context, "checkout")
        assert (value.commander, value.state) == ("robin", IncidentState.MITIGATED)


def test_where_one_desk_ended_it_and_another_goes_on_it_is_open(shop: Context, elsewhere: Context) -> None:
    stored, value = incidents.find_incident(elsewhere, "checkout")
    incidents.close(elsewhere, stored, value)
    incidents.reopen(elsewhere, *incidents.find_incident(elsewhere, "checkout"), "it times out again")
    incidents.close(shop, *incidents.find_incident(shop, "checkout"))
    exchange(shop, elsewhere)
    for context in (shop, elsewhere):
        assert incidents.find_incident(context, "checkout")[1].state is IncidentState.OPEN
        assert words(context).count("closed") == 2, "both lines stand"


def test_a_freeze_that_one_desk_lifted_while_another_went_on_is_lifted_once_for_all(
    shop: Context, elsewhere: Context
) -> None:
    deciding.lift_freeze(elsewhere, "checkout answers again")
    note(shop, "still slow", 0)
    exchange(shop, elsewhere)
    for context in (shop, elsewhere):
        assert not freezes(context.record)
        assert "checkout answers again" in words(context)


def test_two_windows_on_one_record_do_not_overwrite_each_other(shop: Context) -> None:
    declare(shop)
    stored, value = incidents.find_incident(shop, "checkout")
    other = build.who(shop, "robin")
    incidents.edit(other, stored, value, msgspec.structs.replace(value, commander="robin"))
    incidents.mitigate(shop, stored, value)
    _, merged = incidents.find_incident(shop, "checkout")
    assert (merged.commander, merged.state) == ("robin", IncidentState.MITIGATED)
    with pytest.raises(StaleChange):
        incidents.edit(other, stored, value, msgspec.structs.replace(value, commander="sam"))


def test_a_clock_that_is_set_back_moves_no_line_before_those_that_it_follows(shop: Context) -> None:
    ident = declare(shop)
    note(shop, "before", 0)
    back = Clock(real=lambda: shop.now - HOUR, floor=shop.record.newest)
    behind = msgspec.structs.replace(shop, clock=back)
    incidents.note(behind, *incidents.find_incident(behind, ident), "after")
    assert words(shop)[-2:] == ["before", "after"]


def test_five_thousand_lines_are_read_in_order_and_the_newest_are_printed(shop: Context) -> None:
    ident = declare(shop)
    start = shop.now - 100 * HOUR
    lines = [
        TimelineLine(incident=ident, at=start + n * MINUTE, said_at=shop.now, by="kim", words=f"line {n}")
        for n in range(5000)
    ]
    commit(shop, [wrote(line, new_id(shop.now)) for line in reversed(lines)])
    assert words(shop)[:5000] == [f"line {n}" for n in range(5000)]
    stored, value = incidents.find_incident(shop, ident)
    shown = page(shop, stored, value)
    assert (len(shown.lines), shown.left_out) == (SHOWN, 5001 - SHOWN)
    assert evaluate(shop).freezes


def test_ci_sees_the_freeze_of_an_incident_and_its_list(shop: Context, tmp_path: Path) -> None:
    ident = declare(shop)
    incidents.note(
        shop, *incidents.find_incident(shop, ident), "everybody, in the channel", what=LineKind.TOLD
    )
    file = tmp_path / "shop.excerpt.jsonl"
    file.write_bytes(excerpt(shop))
    context = from_excerpt(Options(project=shop.root), file)
    try:
        assert [one.incident for one in evaluate(context).freezes] == [ident]
        assert "everybody, in the channel" in words(context)
    finally:
        context.record.close()


_WRITER = """
import sys
from pathlib import Path
from workbench.usecases import incidents
from workbench.usecases.opening import open_context
from workbench.usecases.project import Options
context = open_context(Options(project=Path(sys.argv[1]), as_person="kim"))
stored, value = incidents.find_incident(context, "checkout")
for number in range(100_000):
    print(incidents.note(context, stored, value, f"line {number}"), flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="signals of another kind")
def test_a_process_that_is_killed_in_the_middle_of_an_incident_loses_no_line(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop") as shop:
        ident = declare(shop)
        root = shop.root
    said: list[str] = []
    for wanted in (1, 7, 15):
        with subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(root)], stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            said += [process.stdout.readline().strip() for _ in range(wanted)]
            process.kill()
            rest = process.stdout.read().splitlines(keepends=True)
            said += [line.strip() for line in rest if line.endswith("\n")]
    with build.opened(root) as context:
        report = context.record.verify()
        assert report.ok, report.problem
        lines = timeline.lines_of(context.record, ident)
        assert set(said) <= {row.id for row, _ in lines}
        moments = [(line.at, row.id) for row, line in lines]
        assert moments == sorted(moments), "in the order of what happened"
        assert [value.incident for _, value in freezes(context.record)] == [ident]
