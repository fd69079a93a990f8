"""What every kind that reads files does alike: which files count, and what is said of the others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from workbench.model.errors import SourceError
from workbench.model.kinds import Asked, Place
from workbench.sources.fetch import Fetch
from workbench.sources.files_config import FilesConfig
from workbench.sources.handed import Handed
from workbench.sources.reading import Batch, Question, Reading, SourceSpec
from workbench.sources.recognising import Sample, recognised
from workbench.sources.report_files import File, same_files
from workbench.sources.secrets import Secrets

from .support import AT
from .totals import KIND, Totals, TotalsReader

COMMIT = "7c4e19fb02d85a6613e0f7b4c29d8a5e1f603b72"


def asked(
    folder: Path,
    files: str | list[str] = "*.json",
    *,
    role: Any = "value",
    environment: str | None = None,
    tracked: Sequence[str] = (),
    handed: Sequence[Handed] = (),
    baseline_files: str | None = None,
    load: type[TotalsReader] = TotalsReader,
) -> Reading:
    from workbench.sources.asking import fetch

    batches: list[Batch] = []
    fetch(
        Fetch(
            sources=(SourceSpec("load", "totals", FilesConfig(files=files, baseline_files=baseline_files)),),
            questions=(
                Question(
                    subject="x", source="load", at=AT, role=role, commit=COMMIT, environment=environment
                ),
            ),
            root=folder,
            clock=_clock(),
            secrets=Secrets(allow=False),
            tracked=lambda _, names: frozenset(tracked) & frozenset(names),
            handed=tuple(handed),
            kinds={"totals": msgspec.structs.replace(KIND, load=lambda: load)},
            on_batch=batches.append,
        )
    )
    return batches[0].readings[0]


def _clock() -> Any:
    from workbench.model.times import Clock

    return Clock(AT)


def handed(name: str = "totals.json", value: int = 9, commit: str = "", given: str = "") -> Handed:
    data = msgspec.json.encode(Totals(value, commit, AT - timedelta(hours=1)))
    return Handed(
        id=name, name=name, data=data, sources=("load",), written=AT, commit=given, said_by="Ana: from run 7"
    )


def write(folder: Path, name: str, value: int, commit: str = "", hours: int = 1) -> None:
    place = folder / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(msgspec.json.encode(Totals(value, commit, AT - timedelta(hours=hours))))


def test_the_newest_counts_and_the_others_are_named(tmp_path: Path) -> None:
    write(tmp_path, "a.json", 1, hours=3)
    write(tmp_path, "b.json", 2, hours=2)
    reading = asked(tmp_path)
    assert (reading.value, reading.measured_at) == (Decimal(2), AT - timedelta(hours=2))
    assert reading.facts["note"] == "b.json is the newest; not counted: a.json"
    assert reading.facts["tool"] == "totals 1.0"
    assert len(reading.evidence) == 2


def test_a_file_of_another_commit_is_left_out_and_named(tmp_path: Path) -> None:
    write(tmp_path, "a.json", 1, "f" * 40)
    reading = asked(tmp_path)
    assert (reading.state, reading.why) == ("missing", "a.json is of commit fffffff")
    write(tmp_path, "b.json", 2, COMMIT)
    reading = asked(tmp_path)
    assert (reading.value, reading.facts["left_out_files"]) == (Decimal(2), "a.json is of commit fffffff")


def test_what_came_with_the_checkout_was_not_measured(tmp_path: Path) -> None:
    write(tmp_path, "a.json", 1)
    reading = asked(tmp_path, tracked=["a.json"])
    assert (reading.state, reading.facts["edit"]) == ("missing", "files")
    assert "in version control" in reading.why
    assert asked(tmp_path, tracked=["a.json"], role="baseline").value == 1


def test_files_of_two_environments_are_told_apart(tmp_path: Path) -> None:
    write(tmp_path, "results/staging/load.json", 1)
    write(tmp_path, "results/production/load.json", 2)
    pattern = "results/$environment/load.json"
    assert asked(tmp_path, pattern, environment="staging").value == 1
    assert asked(tmp_path, pattern, environment="production", role="baseline").value == 2
    reading = asked(
        tmp_path, "results/staging/*.json", baseline_files="results/production/*.json", role="baseline"
    )
    assert reading.value == 2


@pytest.mark.parametrize("text", [b"", b"{", b'{"value": "x"}', b"[]", b"[" * 900, b" " * 2000])
def test_a_file_that_cannot_be_read_is_an_error_that_names_it(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "a.json").write_bytes(text)
    reading = asked(tmp_path)
    assert reading.state == "error"
    assert "a.json" in reading.why


def test_what_was_handed_in_counts_where_its_commit_is_known(tmp_path: Path) -> None:
    assert asked(tmp_path, handed=[handed()]).mark == "asserted"
    told = asked(tmp_path, handed=[handed(commit=COMMIT)])
    assert (told.value, told.mark, "commit_said_by" in told.facts) == (Decimal(9), "", False)
    given = asked(tmp_path, handed=[handed(given=COMMIT)])
    assert (given.mark, given.facts["commit_said_by"]) == ("", "Ana: from run 7")
    assert asked(tmp_path, handed=[handed(commit=COMMIT[:5])]).mark == "asserted"
    assert asked(tmp_path, handed=[handed(commit="f" * 40)]).state == "missing"


def test_what_was_handed_in_belongs_to_the_environment_of_its_path(tmp_path: Path) -> None:
    pattern = "results/$environment/load.json"
    files = [
        handed("ci/results/staging/load.json", 1, COMMIT),
        handed("ci/results/production/load.json", 2, COMMIT),
    ]
    assert asked(tmp_path, pattern, environment="staging", handed=files).value == 1
    assert asked(tmp_path, pattern, environment="production", role="baseline", handed=files).value == 2


def test_a_pattern_or_a_link_that_leads_out_is_refused(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    write(tmp_path, "outside.json", 1)
    (project / "a.json").symlink_to(tmp_path / "outside.json")
    assert "leads out" in asked(project).why
    assert "leads out" in asked(project, "../*.json").why


def test_a_value_compared_with_itself_is_seen_before_anything_is_read() -> None:
    places = (Place("staging", {}), Place("production", {}))
    doubts = list(same_files(FilesConfig(files="load.json"), Asked("s", places)))
    assert [doubt.error for doubt in doubts] == [True]
    assert not list(same_files(FilesConfig(files="$environment.json"), Asked("s", places)))
    assert not list(same_files(FilesConfig(files="a.json", baseline_files="b.json"), Asked("s", places)))
    assert list(same_files(FilesConfig(files="$enviroment.json"), Asked("s", places)))


def test_a_file_is_recognised_by_what_stands_in_it() -> None:
    kinds = {"totals": KIND}
    assert recognised(Sample("x", b'{"value": 1}'), kinds)[0].words == "totals"
    for other in (b"", b"value", b'{"value": ', b"[1]", b'<value a="1"/>', b"\xff\xfe"):
        assert recognised(Sample("totals.json", other), kinds) == []


def test_a_sample_tells_what_a_reader_looks_for() -> None:
    assert (
        Sample("x", b'\xef\xbb\xbf<?xml version="1.0"?><!-- a --><!DOCTYPE b><ns:suites a="1">').xml_root
        == "suites"
    )
    assert Sample("x", b'{"a": 1}\n{"b": 2}\n').first_json == {"a": 1}
    assert Sample("x", b'{"a": 1}\n{"b": 2}\n').keys == frozenset()
    assert Sample("x", b'"timeStamp","elapsed"\n1,2\n').csv_header == ("timeStamp", "elapsed")
    assert Sample("x", b'[{"a": 1}, 2]').items == [{"a": 1}, 2]
    assert Sample("x", b"\xff" * 10).items == []
    assert Sample("x", b'{"a": [1, 2]}').value("a") == [1, 2]


def test_a_moment_in_the_future_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, "a.json", 1, hours=-2)
    assert asked(tmp_path).state == "error"


def test_a_moment_in_the_future_does_not_hide_behind_an_older_file(tmp_path: Path) -> None:
    write(tmp_path, "a.json", 1)
    (tmp_path / "b.json").write_text('{"value": 2, "at": "2026-11-21T12:00:00Z"}')
    reading = asked(tmp_path, role="baseline")
    assert (reading.state, reading.value) == ("error", None)
    assert "b.json is dated 1d after the moment asked for: check both clocks" in reading.why


def test_the_error_names_the_line() -> None:
    error = File(name="a.json", written=datetime(2026, 1, 1, tzinfo=UTC), size=1).wrong("is odd", line=3)
    assert isinstance(error, SourceError)
    assert error.where == "a.json:3"


class Nameless(TotalsReader):
    """A reader whose errors do not name the file."""

    def read(self, file: File) -> Totals:
        raise SourceError("it is cut off in the middle")


def test_an_error_names_the_file_whatever_its_reader_says(tmp_path: Path) -> None:
    write(tmp_path, "a.json", 1)
    reading = asked(tmp_path, load=Nameless)
    assert (reading.state, reading.why) == ("error", "a.json cannot be read: it is cut off in the middle")
