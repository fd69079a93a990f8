"""docs/learning.md says of every figure what it counts, of what, and each reason for which something is left out."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

import workbench.learning
from workbench.learning import delivery, staging
from workbench.learning.figure import Figure
from workbench.learning.past import Past
from workbench.learning.reading import read

PAGE = (Path(__file__).parents[2] / "docs" / "learning.md").read_text(encoding="utf-8")
ROWS = {found[1]: found[0] for found in re.finditer(r"^\| `(\w+)` .*$", PAGE, re.MULTILINE)}
EMPTY = read(Past(now=datetime(2026, 12, 1, tzinfo=UTC), zone=UTC))
FIGURES = (*staging.figures(EMPTY), *delivery.figures(EMPTY))


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.key)
def test_a_figure_has_its_line(figure: Figure) -> None:
    cells = [cell.strip() for cell in ROWS[figure.key].strip("|").split("|")]
    assert cells[1:3] == [figure.counts, figure.among]


def test_no_line_without_a_figure() -> None:
    assert list(ROWS) == [figure.key for figure in FIGURES]


def test_every_reason_to_leave_something_out_is_told() -> None:
    folder = Path(workbench.learning.__file__).parent
    code = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py")))
    reasons = set(re.findall(r'Left\(\s*"([^"]+)"', code))
    reasons |= {"declared by mistake", "merged into another incident", delivery.NO_COMMIT}
    reasons |= {delivery.BACKWARDS, EMPTY.watched.why}
    table = PAGE.partition("| left out | why |")[2].partition("\n\n")[0]
    told = {line.split("|")[1].strip() for line in table.splitlines()[2:]}
    assert told == reasons
