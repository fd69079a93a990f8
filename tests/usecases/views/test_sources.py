"""What a project's sources are, and what came of each the last time."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests import building as build

from workbench.usecases.views.marks import Mark
from workbench.usecases.views.sources import read_sources


def test_each_source_says_what_came_of_it(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop") as context:
        metrics, reports, hand = read_sources(context).lines
        assert (metrics.came, metrics.mark, metrics.at) == ("never asked", Mark.OPEN, None)
        assert (hand.came, hand.asks, hand.mark) == ("typed by people", False, Mark.NOT_APPLICABLE)
        build.measured(context, "p95", "0.46", ago=timedelta(hours=2))
        build.measured(context, "errors", "0", state="missing", why="no series")
        build.measured(context, "tests/reports", "1", role="tests", why="12 passed")
        metrics, reports, hand = read_sources(context).lines
        assert metrics.came == "1 answered, 1 without data, 1 never asked" and metrics.mark is Mark.WARNS
        assert [(one.subject, one.words) for one in metrics.asked] == [
            ("p95", "0.46 s"),
            ("p95", "never asked"),
            ("errors", "no series"),
        ]
        assert (reports.kind_title, reports.came, reports.mark) == ("JUnit XML", "1 answered", Mark.DONE)
        build.measured(context, "errors", "0", state="error", why="no answer")
        (metrics, *_) = read_sources(context).lines
        assert metrics.mark is Mark.BLOCKS and "1 failed" in metrics.came


def test_a_source_that_nothing_asks_says_so(tmp_path: Path) -> None:
    text = build.SHOP.replace("      - tests_green: reports\n", "")
    with build.shop(tmp_path / "shop", text) as context:
        reports = read_sources(context).lines[1]
        assert (reports.came, reports.mark, reports.age) == ("nothing asks it", Mark.NOT_APPLICABLE, "")


def test_the_page_about_a_source_is_that_of_the_recipe_it_names(tmp_path: Path) -> None:
    sonar = "  - {key: quality, kind: http, recipe: sonarqube, url: 'https://sonar.example.com'}\n"
    text = build.SHOP.replace("sources:\n", "sources:\n" + sonar, 1)
    with build.shop(tmp_path / "shop", text) as context:
        quality, metrics, *_ = read_sources(context).lines
        assert (quality.kind, quality.page, quality.kind_title) == ("http", "sonarqube", "SonarQube")
        assert metrics.page == metrics.kind
