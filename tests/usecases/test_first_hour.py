"""docs/first-hour.md, typed line by line in a folder like the one it describes."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from tests.docs.transcripts import type_page

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "first-hour.md"
NEWCOMER = ROOT / "tests" / "data" / "newcomer"


@pytest.fixture
def folder(tmp_path) -> Path:
    """The newcomer's folder, its report as fresh as if the tests had just run."""
    folder = tmp_path / "invoices"
    shutil.copytree(NEWCOMER, folder, copy_function=shutil.copyfile)
    report = folder / "reports" / "junit.xml"
    report.write_text(re.sub(r' timestamp="[^"]*"', "", report.read_text(encoding="utf-8")), encoding="utf-8")
    return folder


@pytest.fixture
def surroundings(tmp_path) -> dict[str, str]:
    """A shell of Petra's, and of nobody else."""
    (tmp_path / "gitconfig").write_text("[user]\n\tname = Petra\n\temail = petra@ample.example\n")
    return {
        "WORKBENCH_DATA": str(tmp_path / "data"),
        "GIT_CONFIG_GLOBAL": str(tmp_path / "gitconfig"),
        "GIT_CONFIG_NOSYSTEM": "1",
    }


def test_every_line_of_the_first_hour_does_what_the_page_says(folder, surroundings):
    assert type_page(PAGE, folder, surroundings) > 10


def test_the_table_on_the_page_is_the_one_that_is_imported():
    (table,) = re.findall(r"^```csv\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert table == (NEWCOMER / "differences.csv").read_text(encoding="utf-8")
