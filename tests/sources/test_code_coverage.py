"""Coverage of code: what real tools wrote, and several runs counted together."""

from __future__ import annotations

import os
import shutil
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from workbench.model.kinds import Asked, Place
from workbench.sources.code_coverage import CoverageMeasure
from workbench.sources.code_coverage.covered import Code, Covered, matching
from workbench.sources.kinds import KINDS
from workbench.sources.reading import Question, Reading, SourceSpec
from workbench.sources.recognising import Sample, recognised

from .support import AT, ask

GENERATED = Path(__file__).parents[1] / "data" / "generated"
PYTHON = {"coverage_py": "json", "cobertura": "xml", "lcov": "lcov"}


def measured(folder: Path, kind: str, *names: str, **measure: Any) -> Reading:
    """What a source of a kind measures of files that tools wrote."""
    for number, name in enumerate(names):
        copy = Path(shutil.copy(GENERATED / name, folder / f"{number}{Path(name).suffix}"))
        os.utime(copy, ((AT - timedelta(hours=1)).timestamp(),) * 2)
    question = Question(subject="b", source="code", at=AT, ask=CoverageMeasure(**measure))
    return ask([SourceSpec("code", kind, KINDS[kind].config(files="*"))], [question], root=folder).one


@pytest.mark.parametrize("kind", PYTHON)
@pytest.mark.parametrize(
    ("measure", "value"),
    [
        ({"read": "lines"}, Decimal(13) / 17),
        ({"read": "branches"}, Decimal(5) / 6),
        ({"read": "missed_lines"}, Decimal(4)),
        ({"read": "lines", "paths": ["shop/pay.py"]}, Decimal("0.75")),
        ({"read": "lines", "paths": ["**/cart.py", "pay*"]}, Decimal(13) / 15),
    ],
)
def test_what_coverage_py_measured(
    kind: str, measure: dict[str, Any], value: Decimal, tmp_path: Path
) -> None:
    reading = measured(tmp_path, kind, f"coverage_py/branches.{PYTHON[kind]}", **measure)
    assert reading.state == "ok", reading.why
    assert float(reading.value or 0) == pytest.approx(float(value))
    assert reading.evidence


@pytest.mark.parametrize("kind", PYTHON)
def test_two_halves_of_a_run_are_the_whole(kind: str, tmp_path: Path) -> None:
    halves = [f"coverage_py/{half}-half.{PYTHON[kind]}" for half in ("first", "second")]
    reading = measured(tmp_path, kind, *halves, read="lines")
    assert float(reading.value or 0) == pytest.approx(13 / 17)
    assert (reading.facts["files"], reading.facts["least_covered"]) == (2, "shop/unused.py: 0 of 2")


@pytest.mark.parametrize("kind", PYTHON)
def test_branches_that_were_not_measured_are_missing(kind: str, tmp_path: Path) -> None:
    reading = measured(tmp_path, kind, f"coverage_py/lines.{PYTHON[kind]}", read="branches")
    assert (reading.state, reading.why) == (
        "missing",
        "no branches were measured: turn on the measuring of branches",
    )


@pytest.mark.parametrize(
    ("kind", "name", "read", "value"),
    [
        ("lcov", "mocha_reports/node.lcov", "functions", 7 / 9),
        ("lcov", "mocha_reports/c8.lcov", "lines", 8 / 12),
        ("lcov", "mocha_reports/c8.lcov", "functions", 1 / 2),
        ("cobertura", "mocha_reports/c8.xml", "lines", 8 / 12),
        ("cobertura", "mocha_reports/c8.xml", "branches", 1),
    ],
)
def test_what_tools_of_javascript_measured(
    kind: str, name: str, read: str, value: float, tmp_path: Path
) -> None:
    assert float(measured(tmp_path, kind, name, read=read).value or 0) == pytest.approx(value)


@pytest.mark.parametrize("place", ["coverage_py", "mocha_reports"])
def test_a_report_is_recognised_by_what_stands_in_it(place: str) -> None:
    kinds = {".json": "coverage_py", ".xml": "cobertura", ".lcov": "lcov"}
    files = [
        path for path in (GENERATED / place).iterdir() if path.suffix in kinds and "ctrf" not in path.name
    ]
    assert files
    for path in files:
        assert [one.kind for one in recognised(Sample("x", path.read_bytes()), KINDS)] == [kinds[path.suffix]]


def test_what_ran_in_either_run_ran() -> None:
    one, other = Covered(), Covered()
    one.file("./a.py").add_line(1, ran=True)
    other.file("a.py").add_line(1, ran=False)
    other.file("a.py").add_branches(2, 1, 2)
    one.add(other)
    assert one.files == {"a.py": Code({1}, {1}, {(2, 0), (2, 1)}, {(2, 0)})}


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("src/payment/**", ["src/payment/pay.py", "src/payment/cards/visa.py"]),
        ("payment/*", ["src/payment/pay.py"]),
        ("**/visa.py", ["src/payment/cards/visa.py"]),
        ("ment/**", []),
        ("src/[a-z]/*", []),
        ("**", ["src/payment/pay.py", "src/payment/cards/visa.py", "cart.py"]),
    ],
)
def test_files_are_chosen_by_patterns(pattern: str, found: list[str]) -> None:
    names = ["src/payment/pay.py", "src/payment/cards/visa.py", "cart.py"]
    assert list(matching(dict.fromkeys(names, Code()), [pattern])) == found


@pytest.mark.parametrize(("kind", "doubts"), [("cobertura", 1), ("coverage_py", 1), ("lcov", 0)])
def test_a_question_that_a_format_cannot_answer_is_seen_before(kind: str, doubts: int) -> None:
    asked = Asked("", (Place("staging", {}),), KINDS[kind].config(files="*"))
    found = list(KINDS[kind].question_doubts(CoverageMeasure(read="functions"), asked))
    assert [doubt.error for doubt in found] == [True] * doubts
    assert not list(KINDS[kind].question_doubts(CoverageMeasure(read="lines"), asked))
