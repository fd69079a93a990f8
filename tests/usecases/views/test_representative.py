"""How representative is staging: a page that says what is proven, what is not, and loads nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import building as build

from workbench.notes.as_html import POLICY
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.views import representative

PROBES = """\
probes:
  - {key: settings, kind: configuration, title: Settings alike, staging: staging.env, production: production.env}
"""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop", build.SHOP + PROBES, stated=False) as context:
        build.clear(context)
        yield context


def page(context: Context, form: str = "txt") -> str:
    return representative.written(context, form)


def sections(context: Context) -> list[str]:
    return [one.key for one in representative.read_outline(context, evaluate(context)).sections]


def test_a_probe_that_was_never_seen_to_fail_is_unproven(shop: Context) -> None:
    said = page(shop)
    assert "0 of 1 probe proven" in said
    assert "▲ Settings alike: unproven: it was never seen to fail" in said


def test_each_difference_stands_under_what_was_decided(shop: Context) -> None:
    undecided = build.add_difference(shop, "smaller database", severity="high")
    assert "undecided" in sections(shop) and "mitigated" not in sections(shop)
    build.decide(shop, undecided, "mitigate", mitigation="a copy of production each night")
    other = build.add_difference(shop, "no balancer", severity="low")
    build.decide(shop, other, "accept", reason="it is rolled out to one region first")
    assert [key for key in sections(shop) if key in ("undecided", "mitigated", "accepted", "closing")] == [
        "mitigated",
        "accepted",
    ]
    assert "Mitigation: a copy of production each night" in page(shop)


def test_flows_without_a_test_are_not_covered(shop: Context) -> None:
    assert "FLOWS" not in page(shop).split("WHAT IS UNPROVEN")[0]
    assert "no test in staging: Checkout" in page(shop)


def test_the_page_is_one_file_that_loads_nothing(shop: Context) -> None:
    build.add_difference(shop, "<script src=//evil.example></script>", severity="high", staging="<img src=x>")
    html = page(shop, "html")
    assert POLICY in html
    assert "<script" not in html and "<img" not in html
    assert not re.search(r"""<[^>]*(?:src|href)\s*=|url\(|@import""", html)
    assert page(shop, "html") == html


def test_text_from_outside_is_no_markup_in_markdown(shop: Context) -> None:
    build.add_difference(shop, "[click](javascript:alert(1)) **bold** @everyone", severity="high")
    said = page(shop, "md")
    assert "[click](" not in said and "**bold**" not in said
