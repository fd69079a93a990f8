"""JUnit XML: dialects, hostile files, and what is never a pass."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.model.errors import SourceError
from workbench.sources.fetch import none_tracked
from workbench.sources.junit import JUnitConfig
from workbench.sources.junit.words import seconds_of, whole
from workbench.sources.junit.xml import read
from workbench.sources.reading import ALL_FAILING, Question, SourceSpec
from workbench.sources.secrets import Secrets
from workbench.sources.test_runs import RunMeasure, RunTests

from .support import AT, ask

CASES = {
    "passed": "",
    "failed": "<failure message='no'>text</failure>",
    "errors": "<error/>",
    "skipped": "<skipped/>",
    "flaky": "<flakyFailure/><system-out>x</system-out>",
    "rerun": "<failure/><rerunFailure/>",
}


def suite(*names: str, **attributes: str) -> str:
    more = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    cases = "".join(f"<testcase classname='c' name='t{i}'>{CASES[n]}</testcase>" for i, n in enumerate(names))
    return f"<testsuite name='s'{more}>{cases}</testsuite>"


def reports(tmp_path, *texts: str | bytes, files="*.xml", tracked=none_tracked, **more):
    for number, text in enumerate(texts):
        file = tmp_path / f"r{number}.xml"
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        stamp = (AT - timedelta(hours=1)).timestamp()
        os.utime(file, (stamp, stamp))
    more = {"role": "tests", "ask": RunTests(), "subject": "tests/ci"} | more
    source = SourceSpec("ci", "junit", JUnitConfig(files=files))
    # Files are read without trust: nothing is run and nothing is sent.
    return ask(
        [source],
        [Question(source="ci", at=AT, **more)],
        root=tmp_path,
        secrets=Secrets(allow=False, environ={}),
        tracked=tracked,
    )


def test_each_outcome_is_counted_as_what_it_is(tmp_path):
    reading = reports(tmp_path, suite(*CASES)).one
    counts = {k: reading.facts[k] for k in ("passed", "failed", "errors", "skipped", "flaky", "green")}
    assert counts == {"passed": 2, "failed": 2, "errors": 1, "skipped": 1, "flaky": 1, "green": "no"}
    assert (reading.state, reading.value) == ("ok", Decimal(0))
    assert reading.why == "2 failed, 1 with errors, 2 passed, 1 skipped, 1 flaky: c.t1, c.t2, c.t5"
    assert reading.facts["commit_known"] == "asserted"
    assert reading.facts["failing"] == "c.t1; c.t2; c.t5"
    assert reading.facts[ALL_FAILING] == '["c.t1","c.t2","c.t5"]'


@pytest.mark.parametrize(
    "text",
    [
        suite("passed"),
        suite("failed", "passed", failures="2"),
        suite(*["failed"] * 21),
        "<testsuite name='s'><testcase classname='c' name='t'><failure/></testcase>"
        "<testcase classname='c' name='u' status='frobbed'/></testsuite>",
    ],
    ids=["none fails", "a failure that no test shows", "more than are named", "a result that is not known"],
)
def test_who_failed_is_a_whole_list_or_none(tmp_path, text):
    assert ALL_FAILING not in reports(tmp_path, text).one.facts


def test_green_needs_at_least_one_test_that_ran(tmp_path):
    assert reports(tmp_path, suite("passed", "skipped")).one.value == Decimal(1)
    for text, why in ((suite("skipped"), "every test was skipped"), (suite(), "holds no tests")):
        reading = reports(tmp_path, text).one
        assert (reading.state, reading.why) == ("missing", why if "every" in why else f"the report {why}")


def test_no_file_is_missing(tmp_path):
    reading = reports(tmp_path).one
    assert (reading.state, reading.why) == ("missing", "no file matches *.xml")


def test_several_files_count_together_and_the_oldest_time_stands(tmp_path):
    reading = reports(
        tmp_path,
        suite("passed", timestamp="2026-11-20T09:00:00Z"),
        f"<testsuites>{suite('passed', timestamp='2026-11-20T10:30:00+02:00')}</testsuites>",
    ).one
    assert (reading.facts["passed"], reading.facts["files"]) == (2, 2)
    assert reading.measured_at == datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
    assert len(reading.evidence) == 2


def test_a_local_time_stamp_is_never_later_than_the_file(tmp_path):
    reading = reports(tmp_path, suite("passed", timestamp="2026-11-20T11:30:00")).one
    assert reading.measured_at == AT - timedelta(hours=1)


def test_a_report_from_the_future_is_an_error(tmp_path):
    assert reports(tmp_path, suite("passed", timestamp="2026-11-20T12:03:00Z")).one.state == "error"


def test_nested_suites_and_missing_counts():
    counts = read(
        f"<testsuites><testsuite>{suite('passed')}{suite('failed')}</testsuite></testsuites>".encode()
    )
    assert (counts.passed, counts.failed, counts.listed, counts.flaws("it")) == (1, 1, 2, [])


@pytest.mark.parametrize(
    ("text", "count", "seconds"),
    [
        ("1,204", 1204, 1204.0), ("12.0", 12, 12.0), (" 7 ", 7, 7.0), ("1.2e1", 12, 12.0), ("1.5", None, 1.5),
        ("1_000", None, 0.0), ("\u0661\u0662", None, 0.0), ("\uff11", None, 0.0), ("-3", None, 0.0), ("1e999", None, 0.0),
        ("9" * 61, None, 0.0), ("nan", 0, 0.0), ("inf", None, 0.0), ("0x10", None, 0.0), ("", 0, 0.0),
    ],
)  # fmt: skip
def test_a_reports_numbers_are_read_as_every_number_is(text, count, seconds):
    assert (whole(text), seconds_of(text)) == (count, seconds)


def test_a_suite_with_numbers_only():
    counts = read(b'<testsuite tests="10" failures="2" errors="1" skipped="3" time="1,204.5"/>')
    assert (counts.passed, counts.failed, counts.errors, counts.skipped) == (4, 2, 1, 3)
    assert counts.seconds == 1204.5


def test_a_report_that_was_cut_short_is_partial(tmp_path):
    assert (
        reports(tmp_path, suite("passed", tests="40")).one.partial
        == "the report announces 40 tests and lists 1"
    )


MINE, OTHER = "7c4e19fb02d85a6613e0f7b4c29d8a5e1f603b72", "a1b2c3d94e8f70615243b4251f6a7b8c9d0e1f2a"


def told(commit: str, *names: str, name: str = "commit") -> str:
    property_ = f"<properties><property name={quoteattr(name)} value={quoteattr(commit)}/></properties>"
    return suite(*names).replace("name='s'>", f"name='s'>{property_}", 1)


@pytest.mark.parametrize("name", ["commit", "git.commit", "sha", "git_sha"])
def test_a_report_of_another_commit_is_left_out(tmp_path, name):
    texts = told(OTHER, "failed", name=name), told(MINE, "passed", "passed", name=name)
    reading = reports(tmp_path, *texts, commit=MINE).one
    assert (reading.value, reading.facts["passed"], reading.facts["files"]) == (Decimal(1), 2, 1)
    assert (reading.facts["commit_known"], reading.facts["file"]) == ("asked", "r1.xml")
    assert len(reading.evidence) == 1


@pytest.mark.parametrize("named", [MINE.upper(), MINE[:12].upper(), MINE[:7]])
def test_a_commit_is_the_same_however_a_report_writes_it(tmp_path, named):
    assert reports(tmp_path, told(named, "passed"), commit=MINE).one.value == 1
    assert reports(tmp_path, told(MINE, "passed"), commit=named).one.value == 1


def test_reports_of_other_commits_only_are_missing(tmp_path):
    reading = reports(tmp_path, told(OTHER, "passed"), commit=MINE).one
    assert (reading.state, reading.why) == ("missing", "reports are for commit a1b2c3d")
    assert reading.value is None


def test_a_measure_leaves_out_other_commits_too(tmp_path):
    more = {"role": "value", "subject": "b", "ask": RunMeasure(read="failed"), "commit": MINE}
    assert reports(tmp_path, told(OTHER, "failed"), told(MINE, "passed"), **more).one.value == Decimal(0)


@pytest.mark.parametrize(
    ("commit", "known"),
    [(MINE[:7].upper(), "asked"), (MINE[:6], "asserted"), ("", "asserted"), ("v2.14.0", "asserted")],
)
def test_fewer_than_seven_digits_tell_no_commit(tmp_path, commit, known):
    reading = reports(tmp_path, told(commit, "passed"), commit=MINE).one
    assert (reading.value, reading.facts["commit_known"]) == (Decimal(1), known)


def test_one_report_that_does_not_tell_leaves_the_commit_asserted(tmp_path):
    reading = reports(tmp_path, told(MINE, "passed"), suite("passed"), commit=MINE).one
    assert (reading.facts["files"], reading.facts["commit_known"]) == (2, "asserted")


def test_a_property_of_a_test_case_says_nothing_about_the_report(tmp_path):
    text = f"<testsuite><testcase><properties><property name='commit' value='{OTHER}'/></properties></testcase></testsuite>"
    assert reports(tmp_path, text, commit=MINE).one.state == "ok"


def test_an_error_of_the_suite_itself_is_not_overlooked(tmp_path):
    reading = reports(tmp_path, "<testsuite name='setup'><testcase name='a'/><error/></testsuite>").one
    assert (reading.value, reading.facts["errors"]) == (Decimal(0), 1)


def test_a_case_that_was_not_run_is_skipped():
    assert read(b"<testsuite><testcase name='DISABLED_x' status='notrun'/></testsuite>").skipped == 1


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><testsuite>&b;</testsuite>'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (BOMB, "document type"),
        ('<!DOCTYPE x SYSTEM "file:///etc/passwd"><testsuite/>', "document type"),
        ("<testsuite>&undefined;</testsuite>", "no valid XML: line 1"),
        ("<testsuite><testcase>", "no valid XML"),
        ("", "no valid XML"),
        ("<html/>", "begins with <html>"),
        ("<testsuite>" * 200, "deep"),
        ('<?xml version="1.0" encoding="no-such"?><testsuite/>', "cannot be read"),
        (b"\x00\x01\x02", "no valid XML"),
    ],
)
def test_hostile_and_broken_files_are_errors(tmp_path, text, words):
    reading = reports(tmp_path, text).one
    assert reading.state == "error"
    assert words in reading.why


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_declared_encodings(encoding):
    declared = "utf-8" if encoding == "utf-8-sig" else encoding
    text = f'<?xml version="1.0" encoding="{declared}"?><testsuite><testcase name="größe"><error/></testcase></testsuite>'
    assert read(text.encode(encoding)).failing == ["größe"]


def test_a_wrong_encoding_is_read_and_noted():
    counts = read('<testsuite><testcase name="größe"/></testsuite>'.encode("latin-1"))
    assert counts.passed == 1
    assert "encoding" in counts.note


def test_control_characters_from_a_terminal_are_tolerated():
    assert read(b"<testsuite><testcase/><system-out>\x1b[31m\x00</system-out></testsuite>").passed == 1


@pytest.mark.parametrize("pattern", ["../*.xml", "/etc/*.xml", "a/../../x.xml", ".."])
def test_patterns_stay_inside_the_project(tmp_path, pattern):
    reading = reports(tmp_path, files=pattern).one
    assert reading.state == "error"
    assert "leads out of the project" in reading.why


def test_a_link_out_of_the_project_is_refused(tmp_path):
    outside = tmp_path / "outside.xml"
    outside.write_text(suite("passed"))
    inside = tmp_path / "project"
    inside.mkdir()
    (inside / "link.xml").symlink_to(outside)
    assert "link that leads out" in reports(inside).one.why


@pytest.mark.parametrize(
    ("read", "unit", "value"),
    [
        ("pass_rate", "", Decimal("0.4")),
        ("pass_rate", "%", Decimal(40)),
        ("failed", "", Decimal(3)),
        ("skipped", "", Decimal(1)),
        ("flaky", "", Decimal(1)),
        ("total", "", Decimal(6)),
        ("duration", "ms", Decimal(0)),
    ],
)
def test_measures_in_the_unit_that_is_asked_for(tmp_path, read, unit, value):
    more = {"role": "value", "subject": "b", "ask": RunMeasure(read=read), "unit": unit}
    reading = reports(tmp_path, suite(*CASES), **more).one
    assert (reading.state, reading.value) == ("ok", value)


def test_a_unit_of_another_kind_is_an_error(tmp_path):
    more = {"role": "value", "subject": "b", "ask": RunMeasure(read="pass_rate"), "unit": "ms"}
    assert reports(tmp_path, suite("passed"), **more).one.state == "error"


@given(st.lists(st.sampled_from(sorted(CASES))))
def test_every_case_is_counted_once(names):
    counts = read(suite(*names).encode())
    assert counts.total == len(names)
    assert counts.failed == names.count("failed") + names.count("rerun")
    assert counts.errors == names.count("errors")
    assert counts.skipped == names.count("skipped")
    assert counts.flaky == names.count("flaky")


@given(
    st.one_of(st.binary(), st.text().map(lambda t: f"<testsuite>{t}</testsuite>".encode("utf-8", "replace")))
)
def test_any_bytes_are_counts_or_a_clear_error(data):
    try:
        assert read(data).total >= 0
    except SourceError as error:
        assert error.what
