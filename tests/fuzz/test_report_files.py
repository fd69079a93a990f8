"""Reports of tests and coverage that were cut, glued and changed: each is read, or refused in words."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.generators.tool import GENERATED

from workbench.model.errors import SourceError
from workbench.sources.handed import Handed
from workbench.sources.report_files import File

READERS = {
    "allure": ("Allure", "pytest_reports/allure-mixed/1-result.json"),
    "cobertura": ("Cobertura", "coverage_py/branches.xml"),
    "coverage_py": ("CoveragePy", "coverage_py/first-half.json"),
    "ctrf": ("Ctrf", "pytest_reports/mixed.ctrf.json"),
    "cucumber": ("Cucumber", "cucumber/green.ndjson"),
    "lcov": ("Lcov", "coverage_py/branches.lcov"),
    "robot": ("Robot", "robot_framework/mixed.xml"),
    "tap": ("Tap", "perl_tap/mixed.tap"),
}
ODD = [
    b"-1",
    b"1e999",
    b"NaN",
    b'"x"',
    b"null",
    b"[]",
    b"{}",
    b"true",
    b"9" * 40,
    b"\x00",
    b"\xff",
    b"<a>",
    b"\n",
    b"",
]


def read(kind: str, data: bytes) -> Any:
    """What the reader of a kind makes of a file."""
    name, _ = READERS[kind]
    reader = getattr(import_module(f"workbench.sources.{kind}.read"), name)
    handed = Handed(id="x", name="report", data=data, sources=(), written=datetime(2026, 3, 2, tzinfo=UTC))
    file = File(name="report", written=handed.written, size=len(data), handed=handed)
    return reader.read(reader.__new__(reader), file)


@pytest.mark.parametrize("kind", READERS)
@given(data=st.data())
def test_a_changed_report_is_read_or_refused_in_words(kind: str, data: st.DataObject) -> None:
    whole = (GENERATED / READERS[kind][1]).read_bytes()
    for _ in range(data.draw(st.integers(1, 4))):
        begin = data.draw(st.integers(0, len(whole)))
        end = begin + data.draw(st.integers(0, 12))
        whole = whole[:begin] + data.draw(st.sampled_from(ODD)) + whole[end:]
    try:
        assert read(kind, whole) is not None
    except SourceError as error:
        assert "report" in error.what


@pytest.mark.parametrize("kind", READERS)
@given(data=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_in_words(kind: str, data: bytes) -> None:
    try:
        read(kind, data)
    except SourceError as error:
        assert "report" in error.what
