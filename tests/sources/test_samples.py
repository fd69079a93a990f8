"""Files of samples: what counts, what is refused, and what is never a silent number."""

from __future__ import annotations

import math
import os
from array import array
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.model.errors import SourceError
from workbench.model.kinds import Asked, Place
from workbench.sources import keeping
from workbench.sources.fetch import none_tracked
from workbench.sources.reading import Question, Reading, SourceSpec
from workbench.sources.sample_files import Choice, read_file, read_numbers
from workbench.sources.sample_statistic import read_statistic
from workbench.sources.samples import KIND, SamplesConfig, SamplesMeasure
from workbench.sources.secrets import Secrets

from .support import AT, ask

TABLE = """\
started,route,seconds
2026-11-20T11:30:00Z,/checkout,0.5
2026-11-20T11:45:00Z,/checkout,0.25
2026-11-20T11:45:00Z,/cart,9
2026-11-20T09:00:00Z,/checkout,7
"""


def found(
    folder: Path,
    text: str | bytes | None,
    *,
    role: Any = "value",
    tracked: Any = none_tracked,
    **measure: Any,
) -> Reading:
    more = {name: measure.pop(name) for name in ("window", "commit", "variables") if name in measure}
    unit = measure.pop("unit", "s")
    if text is not None:
        file = folder / "staging.txt"
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        stamp = (AT - timedelta(hours=1)).timestamp()
        os.utime(file, (stamp, stamp))
    asked = Question(
        subject="p95", source="files", at=AT, role=role, environment="staging", unit=unit,
        ask=SamplesMeasure(**{"file": "staging.txt", **measure}), **more,
    )  # fmt: skip
    return ask(
        [SourceSpec("files", "samples", SamplesConfig())],
        [asked],
        root=folder,
        secrets=Secrets(allow=False, environ={}),
        tracked=tracked,
    ).one


def test_one_number_a_line(tmp_path):
    reading = found(tmp_path, "\n".join(str(n) for n in range(11)), statistic="p90", file="$environment.*")
    assert (reading.state, reading.value, reading.samples, reading.unit) == ("ok", 9, 11, "s")
    assert (reading.basis, reading.data) == ("raw", array("d", range(11)).tobytes())
    assert reading.measured_at == AT - timedelta(hours=1)
    assert reading.facts == {
        "statistic": "p90", "file": "staging.txt", "percentile": "p90 of samples, interpolated between ranks",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("statistic", "unit", "value", "kept"),
    [
        ("mean", "s", "2.5", True), ("median", "s", "2.5", True), ("p50", "s", "2.5", True),
        ("min", "s", "1", True), ("max", "s", "4", True), ("sum", "s", "10", True), ("count", "", "4", False),
        ("share above 3", "%", "25", False), ("share below 1", "share", "0", False),
    ],
)  # fmt: skip
def test_statistics(tmp_path, statistic, unit, value, kept):
    reading = found(tmp_path, "1\n2\n3\n4\n", statistic=statistic, unit=unit)
    assert (reading.value, reading.unit) == (Decimal(value), unit)
    assert (reading.basis, reading.data is not None) == ("raw" if kept else "", kept)


@pytest.mark.parametrize("text", ["p", "p100", "p-1", "avg", "share above", "share above 1 s", "P95 "])
def test_what_is_no_statistic(text):
    with pytest.raises(ValueError, match="nothing that can be made of samples"):
        read_statistic(text)


def test_a_column_of_a_table_with_conditions(tmp_path):
    reading = found(tmp_path, TABLE, column="seconds", where={"route": "/checkout"}, statistic="max")
    assert (reading.value, reading.samples) == (7, 3)


def test_a_condition_may_name_the_candidate(tmp_path):
    text = "commit,x\na1,1\nb2,9\n"
    for commit, value in (("a1", 1), ("b2", 9)):
        reading = found(tmp_path, text, column="x", where={"commit": "$commit"}, variables={"commit": commit})
        assert reading.value == value


def test_the_window_takes_the_samples_of_its_time(tmp_path):
    chosen: dict[str, Any] = {"column": "seconds", "where": {"route": "/checkout"}, "statistic": "max"}
    reading = found(tmp_path, TABLE, time="started", window=timedelta(hours=1), **chosen)
    assert (reading.value, reading.samples) == (Decimal("0.5"), 2)
    assert reading.measured_at == datetime(2026, 11, 20, 11, 45, tzinfo=UTC)
    late = found(tmp_path, TABLE, time="started", window=timedelta(minutes=1), **chosen)
    assert (late.state, late.why) == ("missing", "staging.txt holds no samples in the window")


@pytest.mark.parametrize(
    "moments", [("1763640000", "1763640001"), ("1763640000000", "1763640001000")], ids=["s", "ms"]
)
def test_moments_may_be_seconds_or_milliseconds(tmp_path, moments):
    reading = found(tmp_path, f"t;x\n{moments[0]};1\n{moments[1]};2\n", column="x", time="t")
    assert reading.measured_at == datetime.fromtimestamp(1763640001, UTC)


def test_a_sample_of_the_future_is_an_error(tmp_path):
    text = f"t,x\n{(AT + timedelta(hours=1)).isoformat()},1\n"
    reading = found(tmp_path, text, column="x", time="t", window=timedelta(hours=1))
    assert reading.state == "error" and "check both clocks" in reading.why


def test_rows_that_stand_there_twice_are_told(tmp_path):
    reading = found(tmp_path, "t,x\n10,1\n10,1\n10,2\n", column="x", time="t")
    assert (reading.samples, reading.facts["note"]) == (3, "1 row stand there twice")


def test_cells_without_a_sample_make_it_partial(tmp_path):
    reading = found(tmp_path, "x,y\n1,a\n,b\n3,c\n", column="x", statistic="max")
    assert (reading.value, reading.samples, reading.partial) == (3, 2, "1 row without a sample")


@pytest.mark.parametrize(
    ("text", "measure", "state", "words"),
    [
        (None, {}, "missing", "no file matches staging.txt"),
        ("", {}, "missing", "holds no samples that count"),
        ("\n\n", {}, "missing", "holds no samples that count"),
        ("# nothing but a remark\n", {}, "missing", "no samples"),
        ("1\nNaN\n", {}, "error", "line 2 is “NaN”, which nobody can have measured"),
        ("1\n-inf\n", {}, "error", "line 2"),
        ("1e999\n", {}, "error", "line 1 is “1e999”"),
        ("1_000\n", {}, "error", "no plain number"),
        ("١\n", {}, "error", "no plain number"),
        ("1 2\n", {}, "error", "line 1 is “1 2”, which is no number"),
        ("0,45\n", {}, "error", "write a point, not a comma"),
        ("seconds\n1\n", {}, "error", "name the column"),
        (b"\xff\xfe1\x00", {}, "error", "no text in UTF-8"),
        ("x,y\n1\n", {"column": "x"}, "error", "line 2 has 1 cells where the header has 2"),
        ("x,x\n1,2\n", {"column": "x"}, "error", "several columns called “x”"),
        ("y\n1\n", {"column": "x"}, "error", "no column called “x”. Its columns are y"),
        ("", {"column": "x"}, "error", "no column"),
        ('x\n"1\n', {"column": "x"}, "error", "cannot be read as CSV"),
        ("x,t\n1,soon\n", {"column": "x", "time": "t"}, "error", "“soon” for its time"),
        ("1\n", {"statistic": "p101"}, "error", "nothing that can be made of samples"),
        ("1\n", {"file": "../staging.txt"}, "error", "leads out of the project"),
        ("1\n", {"file": "$nobody.txt"}, "error", "$nobody is filled by nothing"),
        ("1\n", {"unit": "ms", "statistic": "share above 1"}, "error", "share"),
        ("# measured: soon\n1\n", {}, "error", "which is no moment"),
    ],
)  # fmt: skip
def test_what_is_no_number_is_never_one(tmp_path, text, measure, state, words):
    reading = found(tmp_path, text, **measure)
    assert (reading.state, reading.value, reading.data) == (state, None, None)
    assert words in reading.why


def test_a_value_of_a_variable_never_leads_elsewhere(tmp_path):
    reading = found(tmp_path, "1\n", file="$place.txt", variables={"place": "../staging"})
    assert reading.state == "error" and "no part of a path" in reading.why


def test_a_link_that_leads_out_is_refused(tmp_path):
    (tmp_path / "out.txt").write_text("1\n")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "staging.txt").symlink_to(tmp_path / "out.txt")
    reading = found(tmp_path / "in", None)
    assert reading.state == "error" and "leads out of the project" in reading.why


def test_a_pipe_is_never_waited_for(tmp_path):
    os.mkfifo(tmp_path / "staging.txt")
    assert found(tmp_path, None).state == "missing"
    with pytest.raises(SourceError, match="cannot be read"):
        read_numbers(tmp_path / "staging.txt")


def test_what_the_checkout_brought_was_not_measured(tmp_path):
    tracked = {"tracked": lambda folder, names: frozenset(names)}
    reading = found(tmp_path, "1\n", **tracked)
    assert reading.state == "missing" and "in version control" in reading.why
    assert reading.facts["edit"] == "file"
    assert found(tmp_path, "1\n", role="baseline", **tracked).state == "ok"


def test_a_file_says_what_it_is_of(tmp_path):
    text = "# selection: 10 % of requests\n# commit: a1b2c3d4\n# measured: 2026-11-19T12:00:00Z\n1\n"
    reading = found(tmp_path, text, commit="a1b2c3d")
    assert reading.facts["selection"] == "10 % of requests"
    assert reading.measured_at == datetime(2026, 11, 19, 12, tzinfo=UTC)
    other = found(tmp_path, text, commit="ffffffff")
    assert (other.state, other.why) == ("missing", "the samples are of commit a1b2c3d")
    assert found(tmp_path, text, selection="$sampling of all", variables={"sampling": "1/10"}).facts[
        "selection"
    ] == "1/10 of all"  # fmt: skip


def test_several_files_count_together(tmp_path):
    (tmp_path / "staging-2.txt").write_text("3\n")
    reading = found(tmp_path, "1\n", file="staging*.txt", statistic="sum")
    assert (reading.value, reading.samples) == (4, 2)
    (tmp_path / "staging-2.txt").write_text("# selection: half\n3\n")
    reading = found(tmp_path, "1\n", file="staging*.txt")
    assert reading.state == "error" and "different things of their selection" in reading.why


def test_the_baseline_has_a_file_of_its_own(tmp_path):
    live = tmp_path / "live.txt"
    live.write_text("9\n")
    os.utime(live, (AT.timestamp(), AT.timestamp()))
    assert found(tmp_path, "1\n", role="baseline", baseline_file="live.txt").value == 9


def test_too_many_samples_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("workbench.sources.sample_files.MOST_SAMPLES", 2)
    assert "more than 2 samples" in found(tmp_path, "1\n2\n3\n").why
    assert keeping.MOST_SAMPLES * 8 == keeping.LARGEST_BODY


def test_a_line_without_an_end_is_refused(tmp_path):
    (tmp_path / "x").write_text("1" * 200_000)
    with pytest.raises(SourceError, match="longer than 100,000"):
        read_file(tmp_path / "x", Choice())


def doubts(unit: str = "s", **measure: Any) -> list[str]:
    places = (
        Place("staging", {"environment": "staging"}),
        Place("production", {"environment": "production"}),
    )
    asked = Asked(unit, places)
    return [doubt.what for doubt in KIND.question_doubts(SamplesMeasure(**measure), asked)]


def test_what_check_proves():
    assert doubts(file="$environment.txt") == []
    assert doubts(file="a.txt", baseline_file="b.txt") == []
    assert "compared with itself" in doubts(file="a.txt")[0]
    assert "filled by nothing" in doubts(file="$nobody.txt")[0]
    assert "nothing that can be made" in doubts(file="$environment", statistic="p101")[0]
    assert "is a share, and the unit is s" in doubts(file="$environment", statistic="share above 1")[0]
    assert "needs “column”" in doubts(file="$environment", time="t")[0]


LINES = st.lists(
    st.sampled_from(
        [
            "1",
            "2.5",
            "-0",
            "1e3",
            "",
            "nan",
            "x",
            "0,5",
            "# measured: x",
            "a,b",
            "1,2",
            "1,",
            '"',
            "\x00",
            "\ufeff1",
            "9" * 400,
        ]
    )
)


@given(st.one_of(st.binary(max_size=200), LINES.map(lambda lines: "\n".join(lines).encode())), st.booleans())
def test_whatever_stands_in_a_file_it_is_read_or_refused_in_words(tmp_path_factory, data, table):
    path = tmp_path_factory.getbasetemp() / "odd.txt"
    path.write_bytes(data)
    try:
        read = read_file(path, Choice(column="a", time="b") if table else Choice())
    except SourceError as error:
        assert error.what.isprintable()
    else:
        assert all(map(math.isfinite, read.numbers))
        assert len(read.times) == (len(read.numbers) if table else 0)
