"""The guide about staging: every page is there, teaches what it has to, and ends with what the record shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.building import HEAD, PEOPLE, add_difference, figures, opened, shop, write

from workbench.model.errors import UsageError
from workbench.usecases import guide
from workbench.usecases.guide_text import Sort, body, parts
from workbench.usecases.views.guide_record import RECORD, told
from workbench.usecases.views.marks import Mark

TEXTS = {page.name: page.text for page in guide.pages()}


def test_every_page_comes_along_and_has_a_function_of_the_record() -> None:
    assert tuple(TEXTS) == guide.ABOUT
    assert set(RECORD) == set(guide.ABOUT)
    assert all(page.title and not page.title.startswith("#") for page in guide.pages())


@pytest.mark.parametrize(
    ("page", "figures"),
    [
        ("starting", ("95 %", "80 %", "three to five", "drift audit", "freshness")),
        ("fidelity", ("95 %", "90 %", "80 %", "70 %", "1 %", "six hours")),
        ("dimensions", ("95 %", "20 %", "90 %", "5 of 6", "99 %", "300 ms", "450 ms")),
        ("experiments", ("48", "1 %")),
        ("alerting", ("twenty to fifty", "99 %", "15 minutes", "90 of 100")),
        ("parity", ("50 ms", "500 ms", "15 %", "quarterly")),
        ("runbooks", ("quarter", "nine of ten")),
        ("kinds", ("same engine version", "scaled-down", "ephemeral", "shadow", "beginner")),
        (
            "approaches",
            ("synthetic", "flow-based", "canary", "three standard deviations", "500 ms", "600 ms"),
        ),
        ("when", ("schema", "prototype", "optional", "cold starts")),
        ("tools", ("prometheus", "opentelemetry", "k6", "opa", "toxiproxy")),
        ("failures", ("drift", "leakage", "crosses over", "cost", "scale")),
    ],
)
def test_a_page_says_what_it_has_to(page: str, figures: tuple[str, ...]) -> None:
    text = " ".join(TEXTS[page].casefold().split())
    assert [word for word in figures if word not in text] == []


@pytest.mark.parametrize(
    ("page", "least"), [("glossary", 40), ("questions", 30), ("mistakes", 25), ("layers", 8)]
)
def test_a_page_is_complete(page: str, least: int) -> None:
    told = re.findall(r"(?m)^(?:- )?\*\*|\*\*Playbook\.\*\*", TEXTS[page])
    assert len(told) >= least


@pytest.mark.parametrize("page", guide.ABOUT)
def test_every_page_tells_of_a_project_with_little_and_with_much(page: str, tmp_path: Path) -> None:
    write(tmp_path / "bare", HEAD + PEOPLE)
    with opened(tmp_path / "bare") as context:
        assert all(fact.label and fact.text for fact in told(context, page) if fact.mark)
        assert told(context, page) or page in ("tools", "runbooks", "approaches")
    with shop(tmp_path / "full", stated=False) as context:
        figures(context)
        add_difference(context, "load balancer", flows=("checkout",))
        assert told(context, page)


def test_what_the_record_shows_is_of_this_project(tmp_path: Path) -> None:
    with shop(tmp_path, stated=False) as context:
        figures(context)
        add_difference(context, "null notes", category="data")
        parity = {fact.label: fact for fact in told(context, "parity")}
        assert parity["Data fidelity"].text == "low"
        assert parity["Reviewed"].mark is Mark.OPEN
        layers = {fact.label: fact for fact in told(context, "layers")}
        assert layers["Data"].text == "nothing looks at it; 1 known difference"
        assert layers["Pipeline"].mark is Mark.DONE
        week = {fact.label: fact.text for fact in told(context, "first-week")}
        assert week["Monday"].startswith("1 of 5 gaps is on the map: workbench parity discover")


def test_a_page_is_found_by_the_beginning_of_its_name_or_title() -> None:
    assert guide.find_page("glossary").name == "glossary"
    assert guide.find_page("First week").name == "first-week"
    assert guide.find_page("how a staging").name == "failures"
    with pytest.raises(UsageError, match="no page"):
        guide.find_page("nothing of the kind")
    with pytest.raises(UsageError, match="several"):
        guide.find_page("s")


def test_sections_of_the_pages_are_found_and_lead_to_their_page() -> None:
    keys = [section.key for section in guide.sections()]
    assert "guide/approaches#compared" in keys
    page = guide.page_of("guide/approaches#compared")
    assert page is not None and page.name == "approaches"
    assert guide.page_of("gates#signing") is None


def test_markdown_comes_apart_into_plain_text() -> None:
    found = list(
        parts(
            "## A *head*\n\nOne **line**\nof two.\n\n- a [link](x.md)\n  on\n- b\n\n| a | b |\n| --- | --- |\n| c | `d` |\n"
        )
    )
    assert [part.sort for part in found] == [Sort.HEADING, Sort.PROSE, Sort.PROSE, Sort.TABLE]
    assert found[1].texts == ("One line of two.",)
    assert found[2].texts == ("- a link on", "- b")
    assert body(found[3]) == (("c", "d"),)
