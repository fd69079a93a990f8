"""JUnit XML whose totals and tests do not say the same: real tools' ways of counting, and contradictions."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.sources.junit.xml import read
from workbench.sources.test_runs import RunMeasure
from workbench.sources.test_runs.counts import Counts

from .support import AT
from .test_junit import CASES, MINE, OTHER, reports, suite, told

REAL = Path(__file__).parent / "reports"


def counted(text: str | bytes) -> tuple[int, int, int, int, int, list[str]]:
    counts = read(text.encode() if isinstance(text, str) else text)
    return (
        counts.passed,
        counts.failed,
        counts.errors,
        counts.skipped,
        counts.flaky,
        counts.flaws("it"),
    )


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("surefire-3.5.4-cart", (2, 0, 0, 0, 1)),
        ("surefire-3.5.4-red", (0, 1, 1, 1, 0)),
        ("surefire-3.5.4-boot", (0, 0, 1, 0, 0)),
        ("pytest-9.2.0-subtests-green", (2, 0, 0, 0, 0)),
        ("pytest-9.2.0-subtest-red", (1, 1, 0, 0, 0)),
        ("pytest-rerunfailures-16.7", (3, 0, 0, 0, 0)),
        ("unittest-xml-reporting-4.0.0", (1, 1, 1, 2, 0)),
        ("gotestsum-1.8.2-rerun", (5, 0, 0, 0, 3)),
        ("mocha-junit-reporter-2.2.1", (2, 1, 0, 2, 0)),
        ("jest-junit-17.0.0-suite-error", (3, 1, 1, 1, 0)),
    ],
)
def test_what_real_tools_write_is_counted_and_contradicts_nothing(name, found):
    assert counted((REAL / f"{name}.xml").read_bytes()) == (*found, [])


def test_a_report_that_a_tool_wrote_of_a_green_run_is_green(tmp_path):
    for name in ("surefire-3.5.4-cart", "pytest-9.2.0-subtests-green", "gotestsum-1.8.2-rerun"):
        reading = reports(tmp_path, (REAL / f"{name}.xml").read_bytes()).one
        assert (reading.value, reading.partial) == (Decimal(1), None), name


# --- attempts ----------------------------------------------------------------------------


def case(*marks: str, name: str = "adds", **attributes: str) -> str:
    more = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return (
        f'<testcase classname="cart" name="{name}"{more}>{"".join(f"<{mark}/>" for mark in marks)}</testcase>'
    )


def of(*cases: str, **attributes: str) -> str:
    more = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f'<testsuite name="cart"{more}>{"".join(cases)}</testsuite>'


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # totals that count every attempt
        (of(case("flakyFailure", "flakyFailure"), tests="3", failures="2"), (1, 0, 0, 0, 1, [])),
        (of(case("flakyError"), tests="2", errors="1"), (1, 0, 0, 0, 1, [])),
        (of(case("failure", "rerunFailure"), tests="2", failures="2"), (0, 1, 0, 0, 0, [])),
        (of(case("error", "rerunError", "rerunError"), tests="3", errors="3"), (0, 0, 1, 0, 0, [])),
        (of(case("failure", "rerunFailure"), tests="4", failures="2"), (0, 1, 0, 0, 0, ["it announces 4 tests and lists 2"])),
        # and totals that count each test once
        (of(case("flakyFailure", "flakyFailure"), tests="1"), (1, 0, 0, 0, 1, [])),
        (of(case("failure", "rerunFailure"), tests="1", failures="1"), (0, 1, 0, 0, 0, [])),
        # more failures than attempts
        (of(case("flakyFailure"), tests="2", failures="2"), (1, 0, 0, 0, 1, ["it counts 2 failures and marks 1"])),
    ],
)  # fmt: skip
def test_totals_may_count_each_attempt_or_each_test(text, found):
    assert counted(text) == found


@pytest.mark.parametrize(
    ("cases", "found"),
    [
        ([case("failure"), case()], (1, 0, 0, 0, 1)),
        ([case("failure"), case("error"), case()], (1, 0, 0, 0, 1)),
        ([case("failure"), case(name="pays"), case()], (2, 0, 0, 0, 1)),
        ([case("failure"), case("failure")], (0, 2, 0, 0, 0)),
        ([case(), case("failure")], (1, 1, 0, 0, 0)),
        ([case("failure"), case(), case("failure")], (1, 2, 0, 0, 0)),
        ([case("failure"), case(), case()], (2, 1, 0, 0, 0)),
        ([case("failure"), case("skipped")], (0, 1, 0, 1, 0)),
        ([case(status="undefined"), case()], (1, 0, 0, 0, 0)),
        # this suite repeats names that passed, too: they do not tell its tests apart
        ([case("failure"), case(), case(name="pays"), case(name="pays")], (3, 1, 0, 0, 0)),
        ([case("failure", name=""), case(name="")], (1, 1, 0, 0, 0)),
    ],
)
def test_a_test_that_is_listed_again_and_passes_last_is_flaky(cases, found):
    assert counted(of(*cases))[:5] == found


def test_a_test_of_another_suite_is_another_test():
    assert counted(f"<testsuites>{of(case('failure'))}{of(case())}</testsuites>")[:2] == (1, 1)


def test_the_name_of_a_flaky_test_is_not_among_those_that_failed():
    assert read(of(case("failure"), case(), case("failure", name="pays")).encode()).failing == ["cart.pays"]
    assert read(of(case("failure"), case(), case()).encode()).failing == ["cart.adds"]


# --- contradictions ----------------------------------------------------------------------

ONE = of(case(), tests="1")
RED = {
    "suite, none marked": of(case(), case(name="pays"), tests="2", failures="1"),
    "suite, one of two marked": of(case("failure"), case(name="pays"), tests="2", failures="1", errors="1"),
    "root": f'<testsuites tests="1" failures="1">{ONE}</testsuites>',
    "root without suites": '<testsuites tests="0" errors="1"/>',
    "empty suite beside a green one": f'<testsuites>{ONE}<testsuite name="hooks" tests="0" errors="1"/></testsuites>',
    "empty suite alone": '<testsuite name="hooks" tests="0" failures="1"/>',
    "nested suite": f'<testsuites><testsuite>{ONE}<testsuite name="in" errors="1" tests="0"/></testsuite></testsuites>',
    "suite around a suite": f'<testsuite failures="1">{ONE}</testsuite>',
    "suite that broke": f"<testsuite>{case()}<error/></testsuite>",
    "root that broke": f"<testsuites>{ONE}<failure/></testsuites>",
    "suite with the word failed": of(case(), status="failed"),
    "root with the word": f'<testsuites result="failure">{ONE}</testsuites>',
    "suite without success": of(case(), success="false"),
    "case with a mark in other letters": "<testsuite><testcase name='a'><Failure/></testcase></testsuite>",
    "case with the mark failed": "<testsuite><testcase name='a'><failed/></testcase></testsuite>",
    "case inside of a case": f"<testsuite><testcase name='a'>{case()}<failure/></testcase></testsuite>",
}


@pytest.mark.parametrize("name", RED)
def test_a_report_that_says_anywhere_that_something_failed_is_red(tmp_path, name):
    reading = reports(tmp_path, RED[name]).one
    assert (reading.state, reading.value, reading.facts["green"]) == ("ok", Decimal(0), "no")


@pytest.mark.parametrize("name", RED)
@pytest.mark.parametrize("read", ["failed", "pass_rate"])
def test_no_number_of_such_a_report_says_that_all_passed(tmp_path, name, read):
    reading = reports(tmp_path, RED[name], role="value", subject="b", ask=RunMeasure(read=read)).one
    good = Decimal(1) if read == "pass_rate" else Decimal(0)
    assert reading.state == "missing" or reading.value != good


def test_what_contradicts_itself_is_said_in_words(tmp_path):
    reading = reports(tmp_path, RED["suite, none marked"]).one
    assert (reading.why, reading.partial) == ("2 passed", "the report counts 1 failure and marks none")
    several = reports(tmp_path, ONE, RED["root"]).one
    assert several.partial == "r1.xml counts 1 failure and marks none"


@pytest.mark.parametrize(
    "word",
    [
        "failed",
        "fail",
        "Failure",
        "ERROR",
        "errored",
        "broken",
        "timed_out",
        "undefined",
        "untested",
        "?",
        "passed?",
    ],
)
@pytest.mark.parametrize("attribute", ["status", "result", "outcome"])
def test_a_word_for_failed_or_one_that_is_not_known_is_not_passed(tmp_path, word, attribute):
    text = of(case(), case(name="pays", **{attribute: word}))
    reading = reports(tmp_path, text).one
    assert reading.value == 0
    assert "cart.pays" in reading.why
    more = {"role": "value", "subject": "b", "ask": RunMeasure(read="failed")}
    assert reports(tmp_path, text, **more).one.value == 1


@pytest.mark.parametrize("word", ["", "passed", "PASS", "ok", "run", "completed", "Success", "flaky"])
def test_a_word_for_passed_is_passed(word):
    assert counted(of(case(status=word)))[0] == 1


@pytest.mark.parametrize("word", ["notrun", "Not Run", "skipped", "disabled", "pending", "ignored"])
def test_a_word_for_skipped_is_skipped(word):
    assert counted(of(case(status=word)))[3] == 1


def test_googletest_says_run_and_skipped_of_one_test():
    assert counted(of(case(status="run", result="skipped")))[3] == 1


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        (f'<testsuites tests="8" failures="0">{ONE}</testsuites>', "announces 8 tests and lists 1"),
        (of(case(), tests="10"), "announces 10 tests and lists 1"),
        (f'<testsuites>{ONE}<testsuite tests="3">{case()}</testsuite></testsuites>', "announces 4 tests and lists 2"),
        (of(case(), case(name="b"), case(name="c"), tests="3", skipped="3"), "counts 3 skipped and marks none"),
        (of(case(), tests="1", failures="many"), "has a total that is no number: failures=“many”"),
        (of(case(), tests="1", errors="-1"), "has a total that is no number: errors=“-1”"),
        (of(case(), tests="1", errors="9" * 5000), "has a total that is no number"),
    ],
)  # fmt: skip
def test_a_report_that_lists_less_than_it_counts_is_incomplete(tmp_path, text, flaw):
    reading = reports(tmp_path, text).one
    assert flaw in reading.partial
    for read_what in ("failed", "skipped", "pass_rate", "duration"):
        more = {"role": "value", "subject": "b", "ask": RunMeasure(read=read_what)}
        measured = reports(tmp_path, text, **more).one
        assert measured.state == "missing"
        assert flaw in measured.why


def test_skipped_tests_may_be_counted_and_not_listed():
    text = f'<testsuites tests="3" skipped="2"><testsuite tests="3">{case()}</testsuite></testsuites>'
    assert counted(text) == (1, 0, 0, 2, 0, [])


@pytest.mark.parametrize("nothing", ["", "undefined", "null", "NaN", "0", "0.0"])
def test_a_total_that_scripts_leave_out_is_none(nothing):
    assert counted(of(case(), tests="1", failures=nothing)) == (1, 0, 0, 0, 0, [])


def test_numbers_only_are_believed_where_they_are_red():
    assert counted('<testsuite tests="3" failures="1" errors="1"/>') == (1, 1, 1, 0, 0, [])


# --- time --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        f'<testsuites timestamp="2025-01-01T10:00:00Z">{ONE}</testsuites>',
        of(case(), timestamp="2025-01-01T10:00:00Z"),
        of(case(timestamp="2025-01-01T10:00:00Z")),
        f'<testsuites timestamp="2025-01-01T10:00:00Z">{of(case(), timestamp="2026-11-20T09:00:00Z")}</testsuites>',
        of(case(timestamp="2025-01-01T10:00:00Z"), timestamp="2026-11-20T09:00:00Z"),
        of(case(), timestamp="Wed, 01 Jan 2025 10:00:00 GMT"),
    ],
)
def test_the_oldest_time_stamp_counts_wherever_it_stands(tmp_path, text):
    assert reports(tmp_path, text).one.measured_at == datetime(2025, 1, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "stamp",
    ["1711121510123", "1711121510", "1711121510.5", "20251101", "1970-01-01T00:00:00", "0001-01-01T00:00:00Z", "today"],
)  # fmt: skip
def test_what_is_no_time_stamp_leaves_the_time_of_the_file(tmp_path, stamp):
    reading = reports(tmp_path, of(case(), timestamp=stamp)).one
    assert (reading.state, reading.measured_at) == ("ok", AT.replace(hour=11))


# --- several files -----------------------------------------------------------------------


@pytest.mark.parametrize("bad", ["<testsuite><testcase>", "<test-run/>", "", "<!DOCTYPE x><testsuite/>"])
def test_a_file_that_cannot_be_read_does_not_hide_a_red_one(tmp_path, bad):
    reading = reports(tmp_path, suite("passed"), bad, suite("failed", "passed")).one
    assert (reading.state, reading.value) == ("ok", Decimal(0))
    assert reading.why == "1 failed, 2 passed: c.t0"
    assert "r1.xml" in reading.partial


def test_a_file_that_cannot_be_read_is_an_error_beside_green_ones(tmp_path):
    reading = reports(tmp_path, suite("passed"), "<testsuite><testcase>", "<html/>").one
    assert reading.state == "error"
    assert "r1.xml is no valid XML" in reading.why
    assert "1 more" in reading.why


def test_a_link_out_of_the_project_does_not_hide_a_red_one(tmp_path):
    inside = tmp_path / "project"
    inside.mkdir()
    (tmp_path / "outside.xml").write_text(suite("passed"))
    (inside / "link.xml").symlink_to(tmp_path / "outside.xml")
    assert reports(inside, suite("failed")).one.value == 0


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("<testsuite><testcase>", "was the run cut short"),
        ("<testsuite/><testsuite/>", "were two reports written into one file"),
        ("<testsuite><system-out>&#27;[0m</system-out></testsuite>", "XML cannot hold that character"),
    ],
)
def test_a_hint_fits_what_is_wrong_with_a_file(tmp_path, text, hint):
    assert hint in reports(tmp_path, text).one.why.replace("Was", "was").replace("Were", "were")


def test_blank_lines_before_the_declaration_are_passed_over():
    assert counted('\n \r\n<?xml version="1.0"?>' + ONE)[0] == 1


def test_each_pattern_of_a_list_has_to_find_a_report_of_this_commit(tmp_path):
    files = ["r0.xml", "e2e/*.xml"]
    green = reports(tmp_path, suite("passed"), files=files).one
    assert (green.value, green.partial) == (Decimal(1), "no file matches e2e/*.xml")
    red = reports(tmp_path, suite("failed"), files=files).one
    assert red.value == 0

    def old(folder, names):
        return frozenset({"r1.xml"}) & set(names)

    tracked = reports(tmp_path, suite("passed"), suite("failed"), files=["r0.xml", "r1.xml"], tracked=old).one
    assert tracked.partial == "r1.xml matches only what is in version control, which is no test run"
    texts = suite("passed"), told(OTHER, "passed")
    another = reports(tmp_path, *texts, files=["r0.xml", "r1.xml"], commit=MINE).one
    assert another.partial == "reports that match r1.xml are for commit a1b2c3d"
    more = {"role": "value", "subject": "b", "ask": RunMeasure(read="failed")}
    assert reports(tmp_path, suite("passed"), files=files, **more).one.state == "missing"
    assert reports(tmp_path, suite("passed"), files=["r0.xml", "*.xml"]).one.partial is None


# --- what is in version control ----------------------------------------------------------


def test_a_report_in_version_control_came_with_the_checkout_and_is_no_test_run(tmp_path):
    def tracked(folder, names):
        assert folder == tmp_path
        return frozenset(name for name in names if name == "r0.xml")

    alone = reports(tmp_path, suite("passed"), tracked=tracked).one
    assert (alone.state, alone.value) == ("missing", None)
    assert alone.facts["edit"] == "files"
    assert alone.why == (
        "r0.xml is in version control, so it came with the checkout and no test run wrote it; name another "
        "file under “files”, or take it out: git rm --cached r0.xml"
    )
    beside = reports(tmp_path, "<test-run/>", suite("passed"), tracked=tracked).one
    assert (beside.value, beside.facts["files"], beside.facts["left_out"]) == (Decimal(1), 1, 1)


# --- whatever is written -----------------------------------------------------------------


@given(
    st.lists(st.sampled_from(sorted(CASES)), min_size=1),
    st.integers(0, 4),
    st.integers(0, 4),
    st.sampled_from(["suite", "root"]),
)
def test_totals_never_make_a_report_greener(names, failures, errors, place):
    totals = f'failures="{failures}" errors="{errors}"'
    text = (
        suite(*names).replace("<testsuite ", f"<testsuite {totals} ") if place == "suite" else suite(*names)
    )
    text = f"<testsuites {totals if place == 'root' else ''}>{text}</testsuites>"
    counts = read(text.encode())
    # A failed attempt of a flaky test is one that totals may count.
    assert counts.red or failures + errors <= names.count("flaky")
    assert counts.red >= read(suite(*names).encode()).red


# --- other dialects ------------------------------------------------------------------------


def _read_one(case: str = "", suite: str = "", root: str = "", inside: str = "") -> Counts:
    text = (
        f'<testsuites {root}><testsuite name="s" {suite}><testcase classname="C" name="a"/>'
        f'<testcase classname="C" name="b" {case}>{inside}</testcase></testsuite></testsuites>'
    )
    return read(text.encode())


@pytest.mark.parametrize(
    "said",
    [
        'verdict="FAIL"',
        'conclusion="failure"',
        'Status="Failed"',
        'x:status="failed" xmlns:x="u"',
        'test-result="failed"',
        'failed="true"',
        'error="java.lang.Error"',
        'ok="false"',
        'successful="False"',
        'failed="1"',
        'errored="1"',
        'Failures="1"',
        'unsuccessful="1"',
        'timeouts="1"',
        'crashed="1"',
    ],
)
def test_other_words_for_failed_are_red_on_case_suite_and_root(said: str) -> None:
    assert _read_one(case=said).red
    assert _read_one(suite=said).red
    assert _read_one(root=said).red


@pytest.mark.parametrize(
    "mark",
    ["<crash/>", "<exception/>", "<assertionFailure/>", "<cancelled/>", "<failures><failure/></failures>"],
)
def test_an_element_that_tells_bad_news_is_red(mark: str) -> None:
    assert _read_one(inside=mark).red


@pytest.mark.parametrize("mark", ["<system-err>x</system-err>", "<system-error/>", "<errors/>", "<warning/>"])
def test_output_warnings_and_empty_lists_are_no_failure(mark: str) -> None:
    assert not _read_one(inside=mark).red


@pytest.mark.parametrize("said", ['timeout="30"', 'failed="0"', 'failed="false"', 'errors=""', 'passed="0"'])
def test_a_suite_that_says_no_or_sets_a_limit_is_not_red(said: str) -> None:
    assert not _read_one(suite=said).red


@pytest.mark.parametrize("what", ["file", "line", "id", "className", "group"])
def test_tests_that_differ_in_more_than_the_name_are_no_attempts_at_one(what: str) -> None:
    text = (
        f'<testsuite name="s"><testcase name="works" {what}="1"><failure/></testcase>'
        f'<testcase name="works" {what}="2"/></testsuite>'
    )
    counts = read(text.encode())
    assert (counts.failed, counts.passed, counts.flaky) == (1, 1, 0)


def test_a_suite_that_says_it_failed_is_red_although_its_tests_passed_when_repeated() -> None:
    text = '<testsuite name="s" status="failed"><testcase name="w"><failure/></testcase><testcase name="w"/></testsuite>'
    assert read(text.encode()).red


@pytest.mark.parametrize(
    "said",
    [
        'timestamp="28/11/2024 10:00:00"',
        'timestamp="11/28/2024 10:00:00 AM"',
        'timestamp="28.11.2024 10:00"',
        'timestamp="2024/11/28 10:00:00"',
        'timestamp="28-Nov-2024 10:00:00"',
        'timestamp="28 November 2024"',
        'timestamp="2024-11-28T10:00:00Z[UTC]"',
        'timestamp="2024-11-28 10:00:00 -0700 PDT"',
        'timestamp="2024-11-28T10:0:0"',
        'timestamp="2024-11-28_10-00-00"',
        'timeStamp="2024-11-28T10:00:00Z"',
        'start-time="2024-11-28T10:00:00Z"',
        'started_at="2024-11-28T10:00:00Z"',
        'run-date="2024-11-28" start-time="10:00:00"',
        'date="2024-11-28" time="10:00:00"',
    ],
)
def test_a_time_is_found_however_it_is_written(said: str) -> None:
    for counts in (_read_one(suite=said), _read_one(root=said)):
        assert counts.timestamp is not None
        assert counts.timestamp.date().isoformat() == "2024-11-28"


def test_of_a_day_with_two_readings_the_later_one_is_taken() -> None:
    counts = _read_one(suite='timestamp="11/12/2024"')
    assert counts.timestamp is not None
    assert counts.timestamp.date().isoformat() == "2024-12-11"
    assert not counts.zoned


def test_the_day_on_which_a_test_was_written_is_not_when_it_ran() -> None:
    assert _read_one(case='date="2019-01-01" created="2019-01-01"').timestamp is None
