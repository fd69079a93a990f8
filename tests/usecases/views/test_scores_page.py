"""Scores of flows, environments and probes in one list."""

from __future__ import annotations

from pathlib import Path

from tests import building as build

from workbench.usecases.views.marks import Mark
from workbench.usecases.views.scores_page import BUILDS, read_score_rows, summary


def test_a_flow_has_a_score_for_each_build_and_says_what_failed(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop") as shop:
        build.measured(shop, "errors", "9")
        (row,) = [row for row in read_score_rows(shop) if row.section == BUILDS]
        assert row.opens == ("errors",) and row.mark is Mark.WARNS and row.now.endswith("of 100")
        assert row.facts[0].mark is Mark.WARNS and "errors failed" in row.facts[0].text
        assert len(row.course.points) == 1 and row.moved == ""
        assert [phrase.text for phrase in summary([row])] == ["1 score", "1 not met or below 100"]
