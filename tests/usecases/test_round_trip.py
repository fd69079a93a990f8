"""Export, edit in a spreadsheet, import: only the edits arrive, whatever the program makes of the file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.usecases.projects import opened

from workbench.definitions.shapes import Severity
from workbench.flows import model as flows
from workbench.flows.model import Flow
from workbench.parity import model as parity
from workbench.parity.decisions import Decision
from workbench.parity.model import Difference
from workbench.usecases import mapping as editing
from workbench.usecases.columns import columns_of
from workbench.usecases.comparing import plan
from workbench.usecases.context import Context
from workbench.usecases.exporting import export
from workbench.usecases.importing import apply
from workbench.usecases.plans import Plan
from workbench.usecases.row_marks import COLUMN
from workbench.usecases.spreadsheets import may_be_day, rewritten
from workbench.usecases.tables import read_table

D, F = "differences", "flows"
Rows = list[list[str]]
Edit = Callable[[Rows], None]
SAVED = datetime(2026, 12, 1, 22, 59, 59, 999999, tzinfo=UTC)  # the end of 1 December in Amsterdam


@pytest.fixture(autouse=True)
def _own_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))


@pytest.fixture
def full(tmp_path: Path) -> Any:
    """A map that was typed by hand, nothing of which was ever imported."""
    with opened(tmp_path) as context:
        for value in (
            Difference(title="PostgreSQL version", staging="15.10", production="15.4", severity=Severity.LOW, flows=("a, b", "c")),
            Difference(title="=cmd|x", staging="-5", production="007", impact="one\ntwo", region="eu"),
            Difference(title="load balancer", staging="none", production="40,000", closing_cost="3.1 %", severity=Severity.HIGH),
        ):  # fmt: skip
            editing.add_difference(context, value)
        chosen = [parity.find(context.record, "load balancer")]
        editing.decide(context, chosen, Decision.CLOSE, owner="kim", until=SAVED, reason="bought in November")
        yield context


def rows_of(text: str) -> Rows:
    return [list(row) for row in csv.reader(io.StringIO(text))]


def text_of(rows: Rows, delimiter: str = ",", end: str = "\n") -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter, lineterminator=end).writerows(rows)
    return file.getvalue()


def at(rows: Rows, title: str, field: str) -> tuple[int, int]:
    """Where a cell stands."""
    head = rows[0]
    names = head.index("title" if "title" in head else "name")
    line = next(n for n, row in enumerate(rows) if row[names].lstrip("'") == title)
    return line, head.index(field)


def put(rows: Rows, title: str, field: str, cell: str) -> None:
    line, place = at(rows, title, field)
    rows[line][place] = cell


def planned(
    context: Context, data: str | bytes, kind: str = D, name: str = "table.csv", take: Any = None
) -> Plan:
    path = context.root / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    table = read_table(path, name)
    return plan(context, table, kind, columns_of(context, table, kind).mapping, take)


def edits(found: Plan) -> list[tuple[str, tuple[tuple[str, str, str], ...]]]:
    assert not found.conflicts and not found.problems and not found.remarks, found
    return [(step.title, step.fields) for step in found.changed]


def the(context: Context, title: str) -> Difference:
    return parity.find(context.record, title)[1]


def test_an_export_that_nobody_edited_changes_nothing_and_writes_nothing(full: Context) -> None:
    for form, name in (("csv", "t.csv"), ("yaml", "t.yaml")):
        found = planned(full, export(full, D, form), name=name)  # type: ignore[arg-type]
        assert (found.new, found.changed, found.same, found.changes) == ((), (), 3, ())


@pytest.mark.parametrize("form", ["csv", "yaml"])
def test_an_edit_arrives_and_again_changes_nothing(full: Context, form: Any) -> None:
    text = export(full, D, form).replace("15.4", "16.0")
    found = planned(full, text, name=f"t.{form}")
    assert edits(found) == [("PostgreSQL version", (("Production", "15.4", "16.0"),))]
    apply(full, found)
    assert the(full, "PostgreSQL version").production == "16.0"
    again = planned(full, text, name=f"t.{form}")
    assert not again.changes and again.same == 3


SEMICOLONS = [(";", "\r\n", b"\xef\xbb\xbf"), ("\t", "\r\n", b""), (",", "\r\n", b"\xef\xbb\xbf")]


@pytest.mark.parametrize(("delimiter", "end", "mark"), SEMICOLONS)
def test_the_way_in_which_a_program_saves_is_no_edit(
    full: Context, delimiter: str, end: str, mark: bytes
) -> None:
    rows = rows_of(export(full, D))
    put(rows, "load balancer", "impact", "draining is never exercised")
    found = planned(full, mark + text_of(rows, delimiter, end).encode())
    assert edits(found) == [("load balancer", (("Impact", "", "draining is never exercised"),))]


def unguard(rows: Rows) -> None:
    for row in rows[1:]:
        row[:] = [cell.removeprefix("'") for cell in row]


def as_numbers(rows: Rows) -> None:
    put(rows, "PostgreSQL version", "staging", "15.1")
    put(rows, "=cmd|x", "production", "7")
    put(rows, "load balancer", "production", "40000")
    put(rows, "load balancer", "closing_cost", "3.10%")


def as_american_days(rows: Rows) -> None:
    put(rows, "load balancer", "until", "12/1/2026")


def as_serial_days(rows: Rows) -> None:
    put(rows, "load balancer", "until", "46357")


def as_german_days(rows: Rows) -> None:
    put(rows, "load balancer", "until", "01.12.2026")


def shuffled(rows: Rows) -> None:
    for row in rows:
        row.reverse()
    rows[1:] = rows[:0:-1]


def with_more_columns(rows: Rows) -> None:
    rows[0][3:3] = ["Notes of the team", ""]
    for row in rows[1:]:
        row[3:3] = ["see below", ""]


def with_fewer_columns(rows: Rows) -> None:
    keep = [rows[0].index(name) for name in ("row", "title", "staging")]
    rows[:] = [[row[place] for place in keep] for row in rows]


def with_blank_lines(rows: Rows) -> None:
    rows.insert(2, [""] * len(rows[0]))
    rows.append([""] * len(rows[0]))


@pytest.mark.parametrize(
    "habit",
    [
        unguard, as_numbers, as_american_days, as_serial_days, as_german_days, shuffled, with_more_columns,
        with_fewer_columns, with_blank_lines,
    ],
)  # fmt: skip
def test_what_a_spreadsheet_does_by_itself_is_no_edit(full: Context, habit: Edit) -> None:
    rows = rows_of(export(full, D))
    habit(rows)
    found = planned(full, text_of(rows))
    assert edits(found) == [] and not found.new and found.same == 3
    assert not found.changes


@pytest.mark.parametrize("habit", [unguard, as_numbers, as_american_days, shuffled])
def test_beside_its_habits_an_edit_arrives_alone(full: Context, habit: Edit) -> None:
    rows = rows_of(export(full, D))
    put(rows, "load balancer", "staging", "one")
    habit(rows)
    found = planned(full, text_of(rows))
    assert edits(found) == [("load balancer", (("Staging", "none", "one"),))]
    apply(full, found)
    value = the(full, "load balancer")
    assert (value.staging, value.production, value.closing_cost, value.until) == (
        "one",
        "40,000",
        "3.1 %",
        SAVED,
    )
    assert the(full, "PostgreSQL version").staging == "15.10"
    assert not planned(full, text_of(rows)).changes


def test_rows_that_were_deleted_stay_in_the_record_and_a_new_one_comes_in(full: Context) -> None:
    rows = rows_of(export(full, D))
    del rows[at(rows, "load balancer", "title")[0]]
    rows.append(["cache"] + [""] * (len(rows[0]) - 1))
    found = planned(full, text_of(rows))
    assert [step.title for step in found.new] == ["cache"] and edits(found) == []
    assert found.notes[-1].what == "1 difference of the record is not in this file; it stays"
    apply(full, found)
    assert len(parity.all_differences(full.record)) == 4


def test_a_new_title_is_an_edit_and_a_copied_row_is_a_new_one(full: Context) -> None:
    rows = rows_of(export(full, D))
    line, _ = at(rows, "load balancer", "title")
    put(rows, "load balancer", "title", "edge load balancer")
    found = planned(full, text_of(rows))
    assert edits(found) == [
        ("edge load balancer", (("What differs", "load balancer", "edge load balancer"),))
    ]
    apply(full, found)
    assert {value.title for _, value in parity.all_differences(full.record)} >= {"edge load balancer"}
    assert len(parity.all_differences(full.record)) == 3
    rows = rows_of(export(full, D))
    line, place = at(rows, "edge load balancer", "title")
    copied = list(rows[line])
    copied[place] = "inner load balancer"
    rows.append(copied)
    found = planned(full, text_of(rows))
    assert [step.title for step in found.new] == ["inner load balancer"] and edits(found) == []


def test_a_title_that_another_one_has_is_refused(full: Context) -> None:
    rows = rows_of(export(full, D))
    put(rows, "load balancer", "title", "PostgreSQL version")
    (problem,) = planned(full, text_of(rows)).problems
    assert "another difference is called" in problem.what


def test_what_changed_in_the_record_meanwhile_stays_and_a_conflict_loses_neither_side(full: Context) -> None:
    rows = rows_of(export(full, D))
    stored, value = parity.find(full.record, "PostgreSQL version")
    editing.edit_difference(full, stored, msgspec.structs.replace(value, production="15.5", owner="jo"))
    put(rows, "PostgreSQL version", "impact", "plans differ")
    found = planned(full, text_of(rows))
    assert edits(found) == [("PostgreSQL version", (("Impact", "", "plans differ"),))]
    put(rows, "PostgreSQL version", "production", "16.0")
    found = planned(full, text_of(rows))
    (conflict,) = found.conflicts
    assert conflict.fields == (("Production", "15.4", "16.0", "15.5"),)
    assert not found.changes
    apply(full, planned(full, text_of(rows), take="file"))
    value = the(full, "PostgreSQL version")
    assert (value.production, value.impact, value.owner) == ("16.0", "plans differ", "jo")
    assert not planned(full, text_of(rows)).changes and not planned(full, text_of(rows)).conflicts


def test_the_record_can_be_kept_in_a_conflict_and_is_asked_about_once(full: Context) -> None:
    rows = rows_of(export(full, D))
    stored, value = parity.find(full.record, "PostgreSQL version")
    editing.edit_difference(full, stored, msgspec.structs.replace(value, production="15.5"))
    put(rows, "PostgreSQL version", "production", "16.0")
    apply(full, planned(full, text_of(rows), take="record"))
    assert the(full, "PostgreSQL version").production == "15.5"
    assert not planned(full, text_of(rows)).conflicts


def test_an_edit_back_to_what_was_imported_before_arrives(full: Context) -> None:
    rows = rows_of(export(full, D))
    put(rows, "PostgreSQL version", "production", "16.0")
    apply(full, planned(full, text_of(rows)))
    rows = rows_of(export(full, D))
    put(rows, "PostgreSQL version", "production", "17.0")
    apply(full, planned(full, text_of(rows)))
    rows = rows_of(export(full, D))
    put(rows, "PostgreSQL version", "production", "16.0")
    assert edits(planned(full, text_of(rows))) == [("PostgreSQL version", (("Production", "17.0", "16.0"),))]


def test_what_was_removed_meanwhile_stays_removed_unless_its_row_was_edited(full: Context) -> None:
    rows = rows_of(export(full, D))
    editing.remove_difference(full, parity.find(full.record, "PostgreSQL version")[0], "the same now")
    found = planned(full, text_of(rows))
    assert not found.new and "stays removed" in found.remarks[0].what
    put(rows, "PostgreSQL version", "staging", "14")
    assert [step.title for step in planned(full, text_of(rows)).new] == ["PostgreSQL version"]


def test_without_its_mark_a_row_is_asked_about_as_before(full: Context) -> None:
    rows = rows_of(export(full, D))
    for row in rows:
        del row[-1]
    put(rows, "PostgreSQL version", "production", "16.0")
    assert planned(full, text_of(rows)).conflicts


@pytest.mark.parametrize("mark", ["w12", "1.23E+15", "w" + "0" * 15, "", "'=1"])
def test_a_mark_that_is_none_says_nothing(full: Context, mark: str) -> None:
    rows = rows_of(export(full, D))
    put(rows, "PostgreSQL version", COLUMN, mark)
    found = planned(full, text_of(rows))
    assert not found.new and not found.changed and not found.conflicts


def test_flows_make_the_same_round(tmp_path: Path) -> None:
    with opened(tmp_path) as context:
        editing.add_flow(
            context, Flow(key="checkout", name="Checkout", steps=("cart", "pay"), failure_cost="1.50")
        )
        rows = rows_of(export(context, F))
        put(rows, "Checkout", "failure_cost", "1.5")
        put(rows, "Checkout", "outcome", "an order")
        put(rows, "Checkout", "name", "Check out")
        found = planned(context, text_of(rows, ";", "\r\n"), F)
        assert edits(found) == [
            ("checkout", (("Name", "Checkout", "Check out"), ("Outcome", "", "an order")))
        ]
        apply(context, found)
        flow = flows.find(context.record, "checkout")[1]
        assert (flow.name, flow.outcome, flow.failure_cost) == ("Check out", "an order", "1.50")
        assert not planned(context, text_of(rows, ";", "\r\n"), F).changes


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("15.10", "15.1"), ("007", "7"), ("+5", "5"), ("1e3", "1000"), ("40,000", "40000"), ("true", "TRUE"),
        ("3.1 %", "3.10%"), ("0 %", "0%"), ("1/6", "6-Jan"), ("1/6", "Jan 6"), ("2.0", "2"), ("1-2", "2-Jan"), ("15.10", "15. Okt"), ("1.3", "1. Mrz"),
        ("1234567890123456789", "1.23456789012346E+18"), ("same", "same"), ("0.50", "0.5"),
    ],
)  # fmt: skip
def test_what_a_program_makes_of_a_text(text: str, cell: str) -> None:
    assert rewritten(text, cell)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("15.1", "15.10"), ("7", "007"), ("5", "5.1"), ("1000", "1e3"), ("TRUE", "true"), ("3.1 %", "3.2%"),
        ("1/6", "7-Jan"), ("none", "one"), ("", "0"), ("5", ""), ("5 s", "5"), ("1/6", "0.1667"), ("x" * 70, "1"),
    ],
)  # fmt: skip
def test_what_only_a_person_makes_of_it(text: str, cell: str) -> None:
    assert not rewritten(text, cell)


@pytest.mark.parametrize(
    ("cell", "same"),
    [
        ("12/1/2026", True), ("1/12/2026", True), ("01-12-26", True), ("46357", True), ("46358", False),
        ("12/2/2026", False), ("12/1/2026 0:00", True), ("12/1/2026 10:30", False), ("soon", False),
    ],
)  # fmt: skip
def test_the_day_that_a_cell_may_be(cell: str, same: bool) -> None:
    from workbench.model.times import zone_of

    assert may_be_day(cell, SAVED, zone_of("Europe/Amsterdam")) is same


def test_a_day_that_somebody_changed_is_still_asked_for(full: Context) -> None:
    rows = rows_of(export(full, D))
    put(rows, "load balancer", "until", "12/2/2026")
    (remark,) = planned(full, text_of(rows)).remarks
    assert "2026-02-12" in remark.what and "2026-12-02" in remark.what
