"""Tables of differences and flows: read in every shape they come in, taken in once, given back unchanged."""

from __future__ import annotations

import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.usecases.projects import NOW, SMALL, opened

from workbench.definitions.shapes import Severity, Tier
from workbench.flows import model as flows
from workbench.flows.model import Flow, Stage
from workbench.model.cells import clean, guarded, read_list, unguarded, write_list
from workbench.model.errors import DefinitionError, StaleChange, UsageError
from workbench.parity import model as parity
from workbench.parity.decisions import Decision
from workbench.parity.model import Category, Difference
from workbench.parity.table import name_of
from workbench.record import Commit
from workbench.usecases import mapping as editing
from workbench.usecases.columns import columns_of, guess, mapping_from, meanings, remember_columns, words_from
from workbench.usecases.comparing import plan
from workbench.usecases.context import Context
from workbench.usecases.exporting import export, form_of
from workbench.usecases.importing import apply
from workbench.usecases.plans import Plan
from workbench.usecases.tables import read_table

NEWCOMER = Path(__file__).parents[1] / "data" / "newcomer" / "differences.csv"
D, F = "differences", "flows"


@pytest.fixture(autouse=True)
def _own_data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))


def planned(context: Context, text: str, kind: str = D, take=None, name: str = "table.csv") -> Plan:
    path = context.root / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    table = read_table(path, name)
    return plan(context, table, kind, columns_of(context, table, kind).mapping, take)


def taken_in(context: Context, text: str, kind: str = D, take=None, name: str = "table.csv") -> Commit | None:
    found = planned(context, text, kind, take, name)
    assert not found.problems
    return apply(context, found)


def differences(context: Context) -> list[Difference]:
    return [value for _, value in parity.all_differences(context.record)]


def the(context: Context, title: str) -> Difference:
    return parity.find(context.record, title)[1]


# --- reading -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "cells"),
    [
        (b"title,staging\na,1\n", ("a", "1")),
        (b"title;staging\r\na,b;1\r\n", ("a,b", "1")),
        (b"title\tstaging\na;b\t1\n", ("a;b", "1")),
        (b"sep=;\ntitle;staging\na;1\n", ("a", "1")),
        (b'title,staging\n"a ""b""\r\nc",1\n', ('a "b"\nc', "1")),
        ("\ufefftitle,staging\nä,1\n".encode(), ("ä", "1")),
        ("title,staging\nä,1\n".encode("utf-16"), ("ä", "1")),
        ("title,staging\nMüller,1\n".encode("cp1252"), ("Müller", "1")),
        (b"\n,\ntitle,staging\n\na\n", ("a", "")),
        (b"title,staging,,\na,1,,\n", ("a", "1")),
        (b"title,staging\n'=SUM(A1),'-5\n", ("=SUM(A1)", "-5")),
    ],
)
def test_a_table_is_read_in_the_shapes_that_spreadsheets_write(tmp_path, data, cells):
    (tmp_path / "t.csv").write_bytes(data)
    table = read_table(tmp_path / "t.csv")
    assert table.columns == ("title", "staging")
    assert [row.cells for row in table.rows] == [cells]


def test_what_was_guessed_is_said(tmp_path):
    (tmp_path / "t.csv").write_bytes("title,staging\nx\nMüller,1\n".encode("cp1252"))
    notes = read_table(tmp_path / "t.csv").notes
    assert any("line 3" in note and "Windows-1252" in note for note in notes)
    assert any("in line 2" in note for note in notes)


@pytest.mark.parametrize(
    ("name", "data", "what", "line"),
    [
        ("t.csv", b"", "empty", None),
        ("t.csv", b"\n\n,,\n", "empty", None),
        ("t.csv", b"title,staging\na,1\nb,2,3\n", "3 cells", 3),
        ("t.csv", b'title,staging\n"a\nb",1\n"c,2\nd,3\n', "never closes it", 4),
        ("t.csv", b'title,staging\n"a"b,1\n', "after a closing", 2),
        ("t.csv", b"title,Title\na,b\n", "two columns", 1),
        ("t.csv", b"PK\x03\x04rest", "spreadsheet", None),
        ("t.csv", b"ti\0tle\n", "not a text file", None),
        ("t.csv", b"title\n\x81\x8d\n", "neither UTF-8", 2),
        ("t.yaml", b"title: a\n", "a list of rows", 1),
        ("t.yaml", b"- title: a\n- b\n", "names and values", 2),
        ("t.yaml", b"- title: a\n  title: b\n", "appears twice", 2),
        ("t.yaml", b"- title: {a: b}\n", "text, or a list", 1),
        ("t.yaml", b"- title: [a\n", "not valid YAML", None),
        ("t.yaml", b"", "empty", None),
        ("t.yaml", b"[]", "empty", None),
        ("t.yaml", b"- title: a\n---\n- title: b\n", "second document", 3),
        ("t.yaml", b"- title: &a x\n  flows: [*a, *a]\n", "a text is expected", 2),
        ("t.yaml", b"- title: &a x\n- title: *a\n", "text, or a list", 2),
        ("t.yaml", b"- title: a\n  flows: " + b"[" * 1_000_000, "a text is expected", 2),
        ("t.yaml", b"[" * 1_000_000, "names and values", 1),
        ("t.yaml", b"- title: a\x01\n", "not valid YAML", None),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_no_table_is_refused_with_its_line(tmp_path, name, data, what, line):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(UsageError) as caught:
        read_table(tmp_path / name, name)
    assert what in caught.value.what
    assert caught.value.hint
    if line is not None:
        assert f"{name}:{line}" in (caught.value.where or "")


def test_missing_files_and_folders_are_told_apart(tmp_path):
    with pytest.raises(UsageError, match="no file"):
        read_table(tmp_path / "t.csv")
    with pytest.raises(UsageError, match="folder"):
        read_table(tmp_path)


# --- columns -----------------------------------------------------------------------------


def test_the_newcomers_columns_are_recognised():
    found = guess(read_table(NEWCOMER).columns, D)
    assert found.mapping == {
        "title": "What is different", "staging": "on staging", "production": "on prod",
        "severity": "How bad", "owner": "Owner",
    }  # fmt: skip
    assert not found.unclear and not found.missing


@pytest.mark.parametrize(
    ("columns", "field", "column"),
    [
        (("Difference", "Staging value", "Production"), "title", "Difference"),
        (("Difference", "Staging value", "Production"), "staging", "Staging value"),
        (("WHAT_DIFFERS", "Sev"), "severity", "Sev"),
        (("Name", "Value in production (eu)"), "production", "Value in production (eu)"),
        (("What", "Decision", "Accepted until"), "until", "Accepted until"),
        (("Name of the thing", "What differs?"), "title", "What differs?"),
    ],
)
def test_other_names_are_recognised(columns, field, column):
    assert guess(columns, D).mapping[field] == column


def test_a_column_that_fits_nothing_is_unclear_and_the_needed_one_is_missed():
    found = guess(("Ding", "staging"), D)
    assert found.unclear == ("Ding",) and found.missing


def test_what_was_answered_is_asked_once(tmp_path):
    with opened(tmp_path) as context:
        (tmp_path / "t.csv").write_text("Ding,Wo\na,b\n")
        table = read_table(tmp_path / "t.csv")
        said = mapping_from(["title=ding", "Staging = Wo"], table, D, columns_of(context, table, D).mapping)
        assert said == {"title": "Ding", "staging": "Wo"}
        remember_columns(context, table, D, said)
        again = columns_of(context, table, D)
        assert again.mapping == said and again.remembered
        assert columns_of(context, table, F).missing  # the answer was about differences


@pytest.mark.parametrize("text", ["titel=Ding", "title=Dong", "title"])
def test_a_wrong_answer_says_what_was_meant(tmp_path, text):
    (tmp_path / "t.csv").write_text("Ding,Wo\na,b\n")
    with pytest.raises(UsageError) as caught:
        mapping_from([text], read_table(tmp_path / "t.csv"), D, {})
    assert caught.value.hint


def test_without_the_needed_column_nothing_is_planned(tmp_path):
    with opened(tmp_path) as context, pytest.raises(UsageError) as caught:
        planned(context, "staging,production\n1,2\n")
    assert "--map title=" in (caught.value.hint or "")


# --- taking in ---------------------------------------------------------------------------


def test_ten_differences_go_in_once(tmp_path):
    with opened(tmp_path) as context:
        text = NEWCOMER.read_text(encoding="utf-8")
        first = planned(context, text)
        assert (len(first.new), first.same, first.problems, first.conflicts) == (10, 0, (), ())
        assert apply(context, first) is not None
        assert the(context, "Payment provider").severity is Severity.HIGH
        assert the(context, "PHP version").severity is Severity.MEDIUM
        assert the(context, "Cron jobs, nightly").production == "on, 02:00"
        head = context.record.head
        second = planned(context, text)
        assert (second.new, second.changed, second.same, second.changes) == ((), (), 10, ())
        assert apply(context, second) is None
        assert context.record.head == head


def test_one_act_that_can_be_undone(tmp_path):
    from workbench.usecases.undoing import undo

    with opened(tmp_path) as context:
        taken_in(context, "title\na\nb\n")
        undo(context)
        assert not differences(context)
        assert len(planned(context, "title\na\nb\n").new) == 2


@pytest.mark.parametrize(
    ("said", "severity"),
    [
        ("High", "high"), ("sev1", "high"), ("SEV-1", "high"), ("critical", "high"), ("Medium", "medium"), ("Highest", "high"),
        ("Prio 1", "high"), ("Prio 2", "medium"), ("hoch", "high"), ("élevée", "high"), ("medium-high", "high"), ("Lowest", "low"), ("low", "low"), ("trivial", "low"), ("", "medium"),
    ],
)  # fmt: skip
def test_severities_have_many_names(tmp_path, said, severity):
    with opened(tmp_path) as context:
        taken_in(context, f"title,how bad\na,{said}\n")
        assert the(context, "a").severity.value == severity


NUMBERS = "What differs,Staging,Production,Priority\nLogin,no,yes,1\nColour,red,blue,3\nX,a,b,high\n"


def reading(context: Context, text: str, *values: str, kind: str = D):
    (context.root / "n.csv").write_text(text)
    table = read_table(context.root / "n.csv", "n.csv")
    found = columns_of(context, table, kind)
    return table, found.mapping, words_from(values, kind, found.mapping, found.words)


def test_numbers_mean_nothing_until_somebody_says_what_and_then_for_good(tmp_path):
    with opened(tmp_path) as context:
        table, mapping, words = reading(context, NUMBERS)
        with pytest.raises(UsageError, match="column “Priority” says 1, 3: which severity is each") as caught:
            plan(context, table, D, mapping, None, words)
        assert "--map-value severity:1=VALUE --map-value severity:3=VALUE" in (caught.value.hint or "")
        assert not differences(context)
        table, mapping, words = reading(context, NUMBERS, "severity:1=high", "Priority:3=Low")
        assert meanings(table, D, mapping, words) == [("Severity", "“1” = high, “3” = low")]
        remember_columns(context, table, D, mapping, words)
        table, mapping, words = reading(context, NUMBERS)
        apply(context, plan(context, table, D, mapping, None, words))
        assert {value.title: value.severity.value for value in differences(context)} == {
            "Login": "high", "Colour": "low", "X": "high",
        }  # fmt: skip
        assert context.record.verify().ok


def test_a_word_means_what_somebody_says_it_means(tmp_path):
    with opened(tmp_path) as context:
        text = "name,tier,core\nPay,A+,Jein\nRefund,1,ja\n"
        table, mapping, words = reading(
            context, text, "tier:a+=critical", "tier:1=best effort", "core:jein=no", kind=F
        )
        found = plan(context, table, F, mapping, None, words)
        assert not found.remarks and not found.problems
        apply(context, found)
        assert [(f.name, f.tier, f.core) for _, f in flows.all_flows(context.record)] == [
            ("Pay", Tier.CRITICAL, False),
            ("Refund", Tier.BEST_EFFORT, True),
        ]


@pytest.mark.parametrize(
    "text",
    ["severity", "severity:1", "severity:=high", "severity:1=", "sev:1=high", "severity:1=hi", "title:a=b"],
)
def test_what_does_not_say_what_a_word_means_is_refused(text):
    with pytest.raises(UsageError) as caught:
        words_from([text], D, {}, {})
    assert caught.value.hint


def test_a_word_that_nobody_knows_says_how_to_explain_it(tmp_path):
    with opened(tmp_path) as context:
        found = planned(context, "title,severity\na,it's bad\n")
        assert "--map-value 'severity:it'\"'\"'s bad=VALUE'" in (found.remarks[0].hint or "")


def test_numbers_in_files_that_a_record_starts_from_are_named(tmp_path):
    (tmp_path / "flows.csv").write_text("key,tier\ncheckout,1\n")
    (tmp_path / "parity.yaml").write_text("- title: load balancer\n")
    with pytest.raises(DefinitionError, match="says 1: which tier"), opened(tmp_path, STARTING):
        pass


def test_a_row_with_a_problem_is_named_and_the_others_go_in(tmp_path):
    with opened(tmp_path) as context:
        found = planned(
            context,
            "title,how bad,decision,until\n"
            "a,catastrophic!,,\nb,high,accept,\nc,,,31.9.2026\n,high,,\nA,low,,\nd,low,close,30.9.2026\n",
        )
        assert [(p.line, p.file) for p in found.remarks] == [(n, "table.csv") for n in (2, 3, 4, 5, 6)]
        assert "“how bad”" in found.remarks[0].what and "low, medium, high" in (found.remarks[0].hint or "")
        assert "reason" in found.remarks[1].what
        assert "“until”" in found.remarks[2].what
        assert not found.problems, "a high difference never vanishes, with or without a title"
        assert found.remarks[3].what.startswith("this row has no “what differs”; imported as")
        apply(context, found)
        assert {value.title for value in differences(context)} == {
            "a",
            "b",
            "c",
            "A (2)",
            "d",
            "without a title: severity high",
        }
        assert the(context, "d").until == datetime(2026, 9, 30, 21, 59, 59, 999_999, tzinfo=UTC), (
            "a day counts whole"
        )


def decided(context: Context, title: str) -> tuple[str, str]:
    value = the(context, title)
    return value.severity.value, value.decision.value


@pytest.mark.parametrize(
    ("cells", "severity", "decision"),
    [
        ("very odd,close,,", "high", "undecided"),
        ("?,,,", "high", "undecided"),
        ("low,perhaps,,", "low", "undecided"),
        ("low,n/a,,", "low", "undecided"),
        ("high,accepted,,", "high", "undecided"),
        ("low,accept,can live with it,", "low", "undecided"),
        ("low,accept,can live with it,next year some time", "low", "undecided"),
        ("low,close,,soon", "low", "undecided"),
        ("low,mitigate,,", "low", "undecided"),
    ],
)
def test_a_row_with_a_cell_that_cannot_be_read_comes_in_as_undecided(tmp_path, cells, severity, decision):
    text = f"title,severity,decision,reason,until\na,{cells}\n"
    with opened(tmp_path) as context:
        found = planned(context, text)
        assert not found.problems
        apply(context, found)
        assert decided(context, "a") == (severity, decision)
        again = planned(context, text)
        assert (again.same, again.changes) == (1, ()), "taken in once"
        assert again.remarks == found.remarks, "and said each time"


def test_a_mended_cell_goes_in_and_words_nobody_mended_change_nothing(tmp_path):
    with opened(tmp_path) as context:
        apply(context, planned(context, "title,severity,decision\na,showstopping,perhaps\n"))
        assert the(context, "a").severity_written == "showstopping"
        text = export(context, D)
        assert "showstopping" in text, "an export says what the table said"
        assert not planned(context, text).changed
        taken_in(context, "title,severity,decision\na,medium,close\n")
        assert decided(context, "a") == ("medium", "close") and not the(context, "a").severity_written
        apply(context, planned(context, "title,severity\na,dreadful\n"))
        assert decided(context, "a") == ("high", "close") and the(context, "a").severity_written == "dreadful"
        assert not planned(context, "title,severity\na,dreadful\n").changes


def test_what_a_person_decided_stays_where_the_tables_cell_says_nothing_new(tmp_path):
    text = "title,severity,decision\na,low,accepted\n"
    with opened(tmp_path) as context:
        apply(context, planned(context, text))
        stored, value = parity.find(context.record, "a")
        editing.decide(context, [(stored, value)], Decision.CLOSE)
        again = planned(context, text)
        assert not again.changes and not again.conflicts and len(again.remarks) == 1


def test_a_row_without_a_title_goes_by_its_values(tmp_path):
    with opened(tmp_path) as context:
        found = planned(context, "title,region,staging,production\nReplicas,eu,1,2\n,us,1,5\n")
        apply(context, found)
        assert {v.title for v in differences(context)} == {"Replicas", "1 in staging, 5 in production"}
        assert [p.line for p in found.remarks] == [3]


def test_a_title_that_stands_twice_is_two_differences_where_the_rows_say_different_things(tmp_path):
    text = "title,staging\nload  balancer,1\nLoad Balancer,2\nLOAD BALANCER,3\nload  balancer,1\n"
    with opened(tmp_path) as context:
        found = planned(context, text)
        assert [p.line for p in found.remarks] == [3, 4]
        assert [p.line for p in found.problems] == [5], "the same row again is no other difference"
        apply(context, found)
        assert {v.title: v.staging for v in differences(context)} == {
            "load  balancer": "1", "Load Balancer (2)": "2", "LOAD BALANCER (3)": "3",
        }  # fmt: skip
        assert not planned(context, text).changes


# --- what is the same thing ----------------------------------------------------------------


def test_a_title_in_two_regions_is_two_differences(tmp_path):
    eu, us = "title,region,production\nReplicas,eu,1\n", "title,region,production\nReplicas,us,5\n"
    with opened(tmp_path) as context:
        taken_in(context, eu)
        taken_in(context, us)
        assert {(v.title, v.region, v.production) for v in differences(context)} == {
            ("Replicas", "eu", "1"),
            ("Replicas", "us", "5"),
        }
        assert planned(context, f"{us}Replicas,EU,1\n").same == 2
        text = export(context, D)
        assert planned(context, text).same == 2
        found = planned(context, "title,production\nReplicas,9\n")
        assert "2 regions: “eu”, “us”" in found.problems[0].what


def test_a_table_without_regions_finds_the_one_that_has_a_region(tmp_path):
    with opened(tmp_path) as context:
        editing.add_difference(context, Difference(title="Replicas", region="eu"))
        taken_in(context, "title,owner\nreplicas,kim\n")
        assert [(v.region, v.owner) for v in differences(context)] == [("eu", "kim")]


def test_a_second_difference_of_the_same_title_and_region_is_refused(tmp_path):
    with opened(tmp_path) as context:
        editing.add_difference(context, Difference(title="Cache  size", region="EU"))
        with pytest.raises(UsageError, match="on the map already"):
            editing.add_difference(context, Difference(title="cache size", region="eu"))
        editing.add_difference(context, Difference(title="cache size", region="us"))
        stored, value = parity.find(context.record, "cache size")
        with pytest.raises(UsageError, match="on the map already"):
            editing.edit_difference(context, stored, msgspec.structs.replace(value, region="eu"))
        editing.edit_difference(context, stored, msgspec.structs.replace(value, staging="1"))


def test_what_is_the_same_on_both_sides_is_counted_and_no_difference(tmp_path):
    matrix = "parameter,staging,production,owner\ntimeout,5 s,5 s,kim\nworkers,2,8,kim\nmode,,,kim\n"
    with opened(tmp_path) as context:
        found = planned(context, matrix)
        assert (found.no_difference, len(found.new)) == (1, 2)
        apply(context, found)
        taken_in(context, "parameter,staging,production\nworkers,8,8\n")
        assert the(context, "workers").staging == "8", "what is on the map is never left out"
        apply(context, planned(context, "title,staging,production,severity\nreplicas,1,1,low\n"))
        assert the(context, "replicas").staging == "1", "somebody has judged it"


def test_only_the_columns_of_the_file_are_touched(tmp_path):
    with opened(tmp_path) as context:
        editing.add_difference(context, Difference(title="A", impact="kept", severity=Severity.LOW))
        taken_in(context, "title,staging\na,1\n")
        (value,) = differences(context)
        assert (value.title, value.staging, value.impact, value.severity) == ("A", "1", "kept", Severity.LOW)


def test_a_change_in_the_file_goes_in_and_one_in_the_record_stays(tmp_path):
    with opened(tmp_path) as context:
        taken_in(context, "title,staging,owner\na,1,kim\n")
        stored, value = parity.find(context.record, "a")
        editing.edit_difference(context, stored, msgspec.structs.replace(value, owner="jo"))
        found = planned(context, "title,staging,owner\na,2,kim\n")
        assert [step.fields for step in found.changed] == [(("Staging", "1", "2"),)]
        apply(context, found)
        assert (the(context, "a").staging, the(context, "a").owner) == ("2", "jo")
        assert not planned(context, "title,staging,owner\na,2,kim\n").changes


def test_an_emptied_cell_empties_and_a_missing_one_does_not(tmp_path):
    with opened(tmp_path) as context:
        taken_in(context, "title,staging,how bad\na,1,low\n")
        taken_in(context, "title,staging\na,1\n")
        assert the(context, "a").severity is Severity.LOW
        taken_in(context, "title,staging,how bad\na,,\n")
        assert (the(context, "a").staging, the(context, "a").severity) == ("", Severity.MEDIUM)


@pytest.mark.parametrize(("take", "staging"), [(None, "mine"), ("file", "theirs"), ("record", "mine")])
def test_what_both_changed_waits_for_a_side(tmp_path, take, staging):
    with opened(tmp_path) as context:
        taken_in(context, "title,staging,production\na,1,x\n")
        stored, value = parity.find(context.record, "a")
        editing.edit_difference(context, stored, msgspec.structs.replace(value, staging="mine"))
        text = "title,staging,production\na,theirs,y\n"
        found = planned(context, text, take=take)
        apply(context, found)
        assert the(context, "a").staging == staging
        if take is None:
            assert found.conflicts[0].fields == (("Staging", "1", "theirs", "mine"),)
            assert the(context, "a").production == "x"  # nothing of the row goes in
        else:
            assert the(context, "a").production == "y"
            again = planned(context, text)
            assert not again.conflicts and not again.changes


def test_a_difference_that_was_added_by_hand_is_not_overwritten(tmp_path):
    with opened(tmp_path) as context:
        editing.add_difference(context, Difference(title="a", staging="by hand"))
        found = planned(context, "title,staging\na,from the file\n")
        assert found.conflicts[0].fields == (("Staging", None, "from the file", "by hand"),)
        assert not found.changes


def test_an_imported_decision_forgets_who_took_the_old_one(tmp_path):
    with opened(tmp_path) as context:
        taken_in(context, "title,decision\na,\n")
        stored, value = parity.find(context.record, "a")
        editing.decide(context, [(stored, value)], Decision.IRRELEVANT, reason="wanted")
        taken_in(context, "title,decision\na,close\n", take="file")
        assert (the(context, "a").decision, the(context, "a").decided_by) == (Decision.CLOSE, None)


# --- flows -------------------------------------------------------------------------------


def test_flows_get_a_key_where_the_file_has_none(tmp_path):
    with opened(tmp_path) as context:
        text = "Flow,Importance,Services\nOrder status,high,cart; mail\nPay out,,\n"
        taken_in(context, text, F)
        flow = flows.find(context.record, "order-status")[1]
        assert (flow.name, flow.tier, flow.services) == ("Order status", Tier.CRITICAL, ("cart", "mail"))
        assert not planned(context, text, F).changes


def test_flows_are_found_by_key_or_name(tmp_path):
    with opened(tmp_path) as context:
        editing.add_flow(context, Flow(key="os", name="Order status"))
        taken_in(context, "name,owner\norder STATUS,jo\n", F, take="record")
        taken_in(context, "key,name,stage\nos,Status of an order,advisory\n", F, take="file")
        ((_, flow),) = flows.all_flows(context.record)
        assert (flow.key, flow.name, flow.owner, flow.stage) == (
            "os",
            "Status of an order",
            "jo",
            Stage.ADVISORY,
        )


@pytest.mark.parametrize(
    "names", [("注文", "返金"), ("C++ build", "C# build"), ("Оплата", "Оплата!"), ("a" * 60, "a" * 61)]
)
def test_two_flows_stay_two_however_they_are_called(tmp_path, names):
    first, second = (f"Flow,Owner\n{name},{owner}\n" for name, owner in zip(names, "xy", strict=True))
    together = first + second.partition("\n")[2]
    with opened(tmp_path / "one") as context:
        taken_in(context, first, F)
        taken_in(context, second, F)
        assert {flow.name: flow.owner for _, flow in flows.all_flows(context.record)} == dict(
            zip(names, "xy", strict=True)
        )
        assert not planned(context, together, F).changes
    with opened(tmp_path / "two") as context:
        taken_in(context, together, F)
        assert len(flows.all_flows(context.record)) == 2
        assert not planned(context, together, F).changes


def test_a_key_that_a_row_chooses_is_given_to_no_other_row(tmp_path):
    with opened(tmp_path) as context:
        taken_in(context, "key,name\n,Pay out\npay-out,Wages\n", F)
        assert {flow.key: flow.name for _, flow in flows.all_flows(context.record)} == {
            "pay-out": "Wages",
            "pay-out-2": "Pay out",
        }


def test_a_name_that_two_flows_have_is_asked_for_its_key(tmp_path):
    with opened(tmp_path) as context:
        taken_in(context, "key,name\na,Pay\nb,Pay\n", F)
        found = planned(context, "name,owner\npay,kim\n", F)
        assert "2 flows are called “pay”: a, b" in found.problems[0].what


def test_a_key_where_names_are_expected_is_the_flows_key(tmp_path):
    with opened(tmp_path) as context:
        editing.add_flow(context, Flow(key="checkout", name="Order and pay"))
        taken_in(context, "flow,owner\ncheckout,kim\n", F, take="record")
        assert len(flows.all_flows(context.record)) == 1


def test_a_tier_that_cannot_be_read_is_the_highest(tmp_path):
    with opened(tmp_path) as context:
        found = planned(context, "name,tier,core\nPay,hmm,perhaps\n", F)
        assert [p.line for p in found.remarks] == [2, 2] and not found.problems
        apply(context, found)
        assert flows.find(context.record, "pay")[1].tier is Tier.CRITICAL


def test_a_key_that_is_none_is_named(tmp_path):
    with opened(tmp_path) as context:
        found = planned(context, "key,name\nOrder Status,x\n", F)
        assert "order-status" in (found.problems[0].hint or "")


# --- a new record ------------------------------------------------------------------------

STARTING = SMALL + "start_from: {flows: flows.csv, parity: parity.yaml}\n"


def test_a_new_record_starts_from_the_projects_files(tmp_path):
    (tmp_path / "flows.csv").write_text("key,name\ncheckout,Checkout\n")
    (tmp_path / "parity.yaml").write_text("- title: load balancer\n  flows: [checkout]\n  severity: high\n")
    with opened(tmp_path, STARTING) as context:
        assert the(context, "load balancer").flows == ("checkout",)
        assert flows.find(context.record, "checkout")
        assert not planned(context, "key,name\ncheckout,Checkout\n", F).changes


def test_a_bad_file_is_named_and_no_half_record_stays(tmp_path):
    (tmp_path / "flows.csv").write_text("key,tier\ncheckout,purple\n")
    (tmp_path / "parity.yaml").write_text("- title: load balancer\n  severity: green-ish\n")
    with pytest.raises(DefinitionError) as caught, opened(tmp_path, STARTING):
        pass
    assert [problem.where for problem in caught.value.problems] == ["flows.csv:2:1", "parity.yaml:1:1"]
    assert not (tmp_path / ".workbench" / "record.db").exists()


# --- there and back ----------------------------------------------------------------------

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30).map(clean)
NASTY = st.sampled_from(
    [
        "=1+1",
        "'=1",
        "''@x",
        "-5 °C",
        '"',
        '""',
        "a;b",
        "a, b",
        "a,b;",
        "null",
        "~",
        "yes",
        "[x]",
        "# no",
        "a\nb",
        "e\u0301",
    ]
).map(clean)
WORDS = TEXT | NASTY
NAMES = WORDS.map(lambda text: text or "x")
INSTANTS = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DAYS = st.dates(date(1990, 1, 1), date(2100, 1, 1)).map(
    lambda day: datetime(day.year, day.month, day.day, tzinfo=AMSTERDAM).astimezone(UTC)
)
MOMENTS = INSTANTS | DAYS
LISTS = st.lists(NAMES, max_size=3).map(tuple)
DIFFERENCES = st.builds(
    Difference,
    title=NAMES, staging=WORDS, production=WORDS, category=st.sampled_from(Category),
    severity=st.sampled_from(Severity), region=WORDS, impact=WORDS, flows=LISTS,
    decision=st.sampled_from([d for d in Decision if d not in (Decision.ACCEPT, Decision.MITIGATE)]),
    reason=WORDS, mitigation=WORDS, owner=st.none() | NAMES, until=st.none() | MOMENTS, review_by=st.none() | MOMENTS, closing_cost=WORDS,
    found_at=MOMENTS, decided_at=st.none() | MOMENTS, decided_by=st.none() | NAMES,
).filter(lambda value: value.severity is not Severity.HIGH or value.decision is Decision.UNDECIDED)  # fmt: skip


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(st.lists(DIFFERENCES, max_size=3, unique_by=lambda d: name_of(d.title, d.region)))
@example([Difference(title="=a", staging="'=b", flows=("a, b",), production='x "y"; z\n', found_at=NOW)])
def test_what_is_exported_is_imported_unchanged(values):
    """Into an empty record, from CSV and from YAML, and the same text comes out again."""
    with tempfile.TemporaryDirectory() as folder:
        with opened(Path(folder) / "one") as context:
            from workbench.usecases.context import commit

            cleaned = [msgspec.structs.replace(v, production=clean(v.production)) for v in values]
            commit(context, [parity.new_difference(value, NOW) for value in cleaned])
            csv_text, yaml_text = export(context, D), export(context, D, "yaml")
            wanted = sorted(differences(context), key=lambda d: d.title)
            for name, text in (("t.csv", csv_text), ("t.yaml", yaml_text)):
                if values:
                    found = planned(context, text, name=name)
                    assert not found.problems and not found.new and not found.changed and not found.conflicts
        for number, (name, text) in enumerate((("t.csv", csv_text), ("t.yaml", yaml_text))):
            with opened(Path(folder) / f"two{number}") as context:
                if values:
                    taken_in(context, text, name=name)
                assert sorted(differences(context), key=lambda d: d.title) == wanted
                assert (export(context, D), export(context, D, "yaml")) == (csv_text, yaml_text)


@given(LISTS)
def test_lists_come_back(items):
    assert read_list(clean(unguarded(guarded(write_list(items))))) == items


@given(WORDS)
def test_no_cell_begins_a_formula(text):
    cell = guarded(text)
    assert not cell.lstrip(" \t\n\r'").startswith(("=", "+", "-", "@")) or cell.startswith("'")
    assert unguarded(cell) == text


@pytest.mark.parametrize(
    "hidden",
    [
        "\u200b", "\ufeff", "\u200e\u2060", " \u200b ", "\xad", "\u061c", "\u034f", "\u180e", "\u202e", "\u2800", "\u3164",
        "\ufe0f", "\ufff9", "\U000e0001", "\U000e0041", "\U0001d173", "\x01", "\x7f", "\x9b",
    ],
)  # fmt: skip
def test_what_nobody_sees_before_a_formula_hides_none(hidden):
    assert guarded(f"{hidden}=1+1") == f"'{hidden}=1+1"
    assert unguarded(guarded(f"{hidden}=1+1")) == f"{hidden}=1+1"


def test_flows_come_back(tmp_path):
    flow = Flow(
        key="checkout", name="Checkout", tier=Tier.CRITICAL, core=True, stage=Stage.ENFORCED, owner="jo",
        services=("cart", "pay, later"), steps=("a; b",), mocked_steps=("pay, later",), trigger="=1", failure_cost="5 €",
    )  # fmt: skip
    for number, form in enumerate(("csv", "yaml")):
        with opened(tmp_path / "one") as context:
            if not number:
                editing.add_flow(context, flow)
            text = export(context, F, form)
        with opened(tmp_path / f"two{number}") as context:
            taken_in(context, text, F, name=f"t.{form}")
            assert flows.find(context.record, "checkout")[1] == flow


def test_the_form_is_told_by_the_files_name():
    assert (form_of(Path("a.csv")), form_of(Path("a.YML"))) == ("csv", "yaml")
    with pytest.raises(UsageError):
        form_of(Path("a.xlsx"))


def test_times_before_midnight_are_not_taken_for_days(tmp_path):
    with opened(tmp_path) as context:
        editing.add_difference(context, Difference(title="a", until=NOW + timedelta(days=3)))
        assert "2026-09-18T12:00:00+02:00" in export(context, D)


# --- large tables --------------------------------------------------------------------------


def test_a_large_table_goes_in_as_one_act_and_again_changes_nothing(tmp_path):
    rows = [f"setting {number},{number % 7},kim" for number in range(1500)]
    with opened(tmp_path) as context:
        done = taken_in(context, "\n".join(["title,staging,owner", *rows]))
        assert done is not None
        assert context.record.history(limit=1)[0].parts == 3000
        again = planned(context, "\n".join(["title,staging,owner", *rows]))
        assert (again.same, len(again.changes)) == (1500, 0)
        moved = planned(context, "\n".join(["title,staging,owner", *(f"{row}x" for row in rows)]))
        assert len(moved.changed) == 1500 and len(moved.changes) == len(list(moved.changes)) == 3000
        apply(context, moved)
        assert {value.owner for value in differences(context)} == {"kimx"}
        assert context.record.verify().ok
        context.record.undo(None, context.author(), context.clock)
        assert {value.owner for value in differences(context)} == {"kim"}


def test_a_large_table_that_was_overtaken_is_not_written(tmp_path):
    rows = [f"setting {number},{number % 7}" for number in range(1500)]
    with opened(tmp_path) as context:
        found = planned(context, "\n".join(["title,staging", *rows]))
        editing.add_difference(context, Difference(title="Setting 9", staging="2"))
        with pytest.raises(StaleChange, match="changed meanwhile"):
            apply(context, found)
        assert len(differences(context)) == 1
