"""The body of a release on GitHub and GitLab: it fits, it folds, it mentions nobody."""

from __future__ import annotations

import re

import msgspec
import pytest
from tests.notes.sample import MENTION, rich

from workbench.definitions.notes_template import Audience, NotesSection, NotesTemplate
from workbench.notes import render
from workbench.notes.as_json import for_audience
from workbench.notes.as_release_body import GITHUB, GITLAB, body
from workbench.notes.layout import USUAL, laid_out
from workbench.notes.model import ItemLine, NotesDocument
from workbench.notes.safe import made_safe


def endless(count: int) -> NotesDocument:
    """Notes with very many items that are not applicable."""
    (first, *others) = rich().checklists
    items = tuple(ItemLine(title=f"item {n}", why="for a reason " * 10) for n in range(count))
    return rich(checklists=(msgspec.structs.replace(first, not_applicable=items), *others))


@pytest.mark.parametrize(("form", "most"), [("github", GITHUB), ("gitlab", GITLAB)])
def test_it_fits_and_says_what_was_left_out(form: str, most: int) -> None:
    text = render(endless(8_000), form)
    assert len(text) <= most
    assert "**Checklists**: too long for this page" in text
    assert "## What is still open" in text, "a blocker is never what is left out first"


@pytest.mark.parametrize("most", [300, 1_000, 5_000, 20_000])
def test_any_limit_is_kept_and_the_first_line_stays(most: int) -> None:
    text = body(made_safe(rich()), Audience.TEAM, most)
    assert len(text) <= most
    assert "BLOCKED" in text or most < 1_000


def test_long_sections_are_folded_and_what_counts_is_not() -> None:
    text = render(rich(), "github")
    assert text.count("<details>") == text.count("</details>") > 5
    outside = re.sub(r"<details>.*?</details>", "", text, flags=re.DOTALL)
    assert "## What is still open" in outside
    assert "## Overrides" in outside
    assert "## Signatures" not in outside


def test_a_heading_of_the_template_is_text_in_the_fold() -> None:
    layout = (msgspec.structs.replace(USUAL[4], title=f"<b>{MENTION}</b></summary>"),)
    text = render(rich(layout=layout), "github")
    (summary,) = re.findall(r"<summary>.*", text)
    assert "<b>" not in summary
    assert summary.count("</summary>") == 1
    assert not re.search(r"@\w|#\d|GH-\d", summary)


# --- templates and audiences ---------------------------------------------------------------------


def test_a_template_orders_and_names_the_sections() -> None:
    template = NotesTemplate(
        sections=[
            NotesSection(section="commits", title="What is new"),  # type: ignore[arg-type]
            NotesSection(section="changes"),  # type: ignore[arg-type]
        ]
    )
    text = render(rich(layout=laid_out(msgspec.convert(msgspec.to_builtins(template), NotesTemplate))), "md")
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert headings[:2] == ["What is new", "What changes"]
    assert headings[2:] == ["What is still open", "Overrides"], "what is open or overridden is never left out"


def test_everyone_is_not_told_what_the_team_is_told() -> None:
    for form in ("md", "html", "txt", "github"):
        text = render(rich(), form, Audience.EVERYONE)
        assert "Refund p95" not in text
        assert "BLOCKED" in text, "the first line is the same for everyone"
    found = for_audience(rich(), Audience.EVERYONE)
    assert (found.overrides, found.signatures, found.gates, found.evidence, found.own) == ((), (), (), (), ())
    assert found.told == rich().told
    assert for_audience(rich(), Audience.TEAM) == rich()


def test_a_claim_cites_all_that_it_rests_on_by_one_number() -> None:
    text = render(rich(), "md")
    row = next(line for line in text.splitlines() if line.startswith("| ") and "Checkout p95" in line)
    (number,) = re.findall(r"\\\[(\d+)\\\]", row)
    assert f"\n{number}. measurement 0198/1, 4f4f4f4f4f4f; answer as it was received, 5a5a5a5a5a5a\n" in text
    page = render(rich(), "html")
    cited = re.findall(r'href="#(evidence-\d+)"', page)
    assert set(cited) == set(re.findall(r'id="(evidence-\d+)"', page))
    assert '"digest": "' + "4f" * 32 + '"' in render(rich(), "json")


def test_a_change_that_is_left_out_says_so_and_not_what_it_was() -> None:
    text = render(rich(), "md")
    assert "Left out of these notes" in text
    assert "333333333333**: left out by" in text
