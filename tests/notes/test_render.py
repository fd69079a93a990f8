"""The formats: byte for byte, the same each time, and deaf to what a text wants them to do."""

from __future__ import annotations

import json
import re
import unicodedata
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from tests.notes.sample import bare, everywhere, open_lines, rich, shipped

from workbench.model.errors import UsageError
from workbench.notes import FORMATS, NotesDocument, render
from workbench.releases.model import ReleaseState

GOLDEN = Path(__file__).parent / "golden"

# Pieces that mean something to one of the formats, to a terminal or to a CI log.
VISIBLE = [
    "<",
    ">",
    "&",
    '"',
    "'",
    "</script>",
    "<!--",
    "]]>",
    "`",
    "**",
    "|",
    "\\",
    "[a](b)",
    "![",
    "@x",
    "#1",
    "::",
    "::error::",
    "##[error]",
    "$",
    "===",
    "---",
    "&lt;",
    "~~",
    "💶",
    "漢字",
    "##vso[",
    "##teamcity[",
    " /close ",
]
UNSEEN = [
    "\x1b[31m",
    "\x9b",
    "\u202e",
    "\u2028",
    "\n",
    "\r",
    "\t",
    "\0",
    "- ",
    "1. ",
    "    ",
    "e\u0301",
    "\ud800",
]
hostile = st.text(max_size=120) | st.lists(st.sampled_from([*VISIBLE, *UNSEEN]), max_size=30).map("".join)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", ["rich", "bare"])
def test_the_text_is_the_golden_one(name: str, format: str, request: pytest.FixtureRequest) -> None:
    text = render(rich() if name == "rich" else bare(), format)
    path = GOLDEN / f"{name}.{format}"
    if request.config.getoption("--update-golden"):
        path.write_bytes(text.encode())
    assert text == path.read_bytes().decode(), "if that is meant: --update-golden"


@pytest.mark.parametrize("format", FORMATS)
def test_an_equal_document_gives_the_same_bytes(format: str) -> None:
    assert render(rich(), format) == render(rich(), format)


def test_an_unknown_format_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError) as caught:
        render(bare(), "pdf")
    assert "pdf" in caught.value.what
    assert "md, html, json, txt" in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("document", "headline"),
    [
        (rich(), "BLOCKED: 1 blocker, 1 to do, 1 to sign"),
        (bare(), "PLANNED: this project has no gates, so nothing shows that it is ready"),
        (rich(state=ReleaseState.PLANNED), "PLANNED: there is no candidate yet"),
        (rich(through=True, freeze=None, open=(), state=ReleaseState.READY), "READY: every gate passed"),
        (
            rich(through=True, freeze=None, open=(), state=ReleaseState.SIGNED),
            "SIGNED: every gate passed",
        ),
        (rich(open=open_lines()[-1:], state=ReleaseState.READY), "READY: 1 to sign"),
        (
            rich(through=True, open=(), state=ReleaseState.READY),
            "READY: every gate passed, but the project is frozen",
        ),
        (shipped(True), "SHIPPED on Thu 17 Sep 2026 09:00 CEST by Robin"),
        (
            shipped(False),
            "SHIPPED on Thu 17 Sep 2026 09:00 CEST by Robin although not every gate had passed",
        ),
    ],
)
def test_the_first_lines_say_whether_it_is_ready(document: NotesDocument, headline: str) -> None:
    lines = render(document, "txt").splitlines()
    said = " ".join(line.strip() for line in lines[3:5])
    assert said[2:].startswith(headline)
    assert headline in render(document, "html")
    assert headline in render(document, "md")


def test_what_db5_asks_for_is_said_in_words() -> None:
    text = " ".join(render(rich(), "txt").split())
    for part in (
        "Demonstration: the clock is set to Tue 15 Sep 2026 12:00 CEST",
        "Not set up: Inventory.",
        "– Inventory: not set up",
        "With: Kim <kim@team> (kim), promised by Wed 16 Sep 2026 17:00 CEST",
        "28 % over its limit; 0.69 s, limit 0.54 s, baseline 0.45 s",
        "Overridden: until 30 Sep 2026",
        "load balancer: high, infrastructure; undecided again: “accepted” ended on 10 Sep 2026",
        "236 more are on the map but not listed here",
        "⊘ Refund p95: overridden until 30 Sep 2026",
        "– Login: ended on 12 Sep 2026, blocking again",
        "Approved by: Kim <kim@team> (kim)",
        "Pre-production: 3 of 6 done, 1 of them answered automatically, 1 not applicable, 1 failed, 1 open",
        "✓ Robin, release owner: approves with conditions Sign-off",
        "Identity: asserted identity (asserted by --as)",
        "Conditions: gateway watched, due 20 Sep 2026",
        "Holds: out of date: Checkout p95: pass → fail (and 1 more)",
        "Entered by: Robin",
        "✗ sam, product owner: rejects Sign-off",
        "✗ Frozen: payment incident",
        "Cannot be undone • Cards tokenised by v3",
        "55 entries, head " + "3dcb" * 16,
        "workbench verify",
    ):
        assert part in text, part


def test_a_replayed_measurement_is_marked_where_the_head_does_not_say_so() -> None:
    assert "Remarks: replayed" not in render(rich(), "txt")
    assert "Remarks: replayed" in render(rich(demonstration=None), "txt")


def test_the_json_says_what_it_is_and_has_numbers() -> None:
    document = json.loads(render(rich(), "json"))
    assert document["schema"] == "workbench.notes.1"
    first = document["benchmarks"][0]
    assert (first["value"], first["limit"], first["margin"], first["unit"]) == (0.69, 0.54, -0.15, "s")
    assert document["judged_at"] == "2026-09-15T10:00:00Z"
    assert (
        msgspec.json.decode(render(rich(), "json"), type=NotesDocument)
        .benchmarks[0]
        .title.startswith("Checkout")
    )


def test_the_page_forbids_scripts_and_loads_nothing() -> None:
    page = render(rich(), "html")
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in page
    tags = {tag for tag, _ in _tags(page)}
    assert not tags & {"script", "link", "img", "iframe", "object", "form", "base"}
    names = {name for _, attributes in _tags(page) for name in attributes}
    assert not [name for name in names if name.startswith("on") or name in ("src", "style")]
    links = re.findall(r'href="([^"]*)"', page)
    assert links
    assert all(re.fullmatch(r"#evidence-\d+", link) for link in links), "it leads to itself only"
    assert "url(" not in page
    assert "@import" not in page


def test_bars_are_drawn_for_what_has_a_number() -> None:
    page = render(rich(), "html")
    assert page.count('<svg class="bar"') == 3
    assert 'aria-label="value 0.69 s, limit 0.54 s, baseline 0.45 s"' in page


@settings(max_examples=60, deadline=None)
@given(hostile)
def test_no_text_reaches_the_page_as_markup(text: str) -> None:
    assert _shape(render(everywhere(rich(), "x" + text), "html")) == _shape(
        render(everywhere(rich(), "x"), "html")
    )


@settings(max_examples=60, deadline=None)
@given(hostile)
def test_no_text_reaches_markdown_as_markup(text: str) -> None:
    page = render(everywhere(rich(), "x" + text), "md")
    plain = render(everywhere(rich(), "x"), "md")
    assert _tokens(page) == _tokens(plain)
    assert not re.search(r"@\w|(#|GH-)\d", page)


@settings(max_examples=60, deadline=None)
@given(hostile)
def test_no_control_character_and_no_command_reaches_any_format(text: str) -> None:
    document = everywhere(rich(), text)
    for format in FORMATS:
        written = render(document, format)
        written.encode("utf-8")
        bad = [c for c in written if unicodedata.category(c) in ("Cc", "Cs") and c != "\n"]
        assert not bad, (format, bad)
        assert not set(written) & set(
            "\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
        )
        starts = [line for line in written.splitlines() if line.lstrip().startswith(("::", "##["))]
        assert not starts, format
        assert not re.search(r"##\w*\[", written), format
        if format in ("md", "txt"):
            assert not re.search(r"^\s*/close", written, re.MULTILINE), format


@pytest.mark.parametrize("format", FORMATS)
def test_an_endless_text_is_cut(format: str) -> None:
    assert len(render(rich(), format)) < 60_000
    assert "…" in render(rich(), format)


def _tags(page: str) -> list[tuple[str, tuple[str, ...]]]:
    found: list[tuple[str, tuple[str, ...]]] = []

    class Parser(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.append((tag, tuple(name for name, _ in attrs)))

        def handle_comment(self, data: str) -> None:
            found.append(("comment", ()))

        def handle_endtag(self, tag: str) -> None:
            found.append((f"/{tag}", ()))

    parser = Parser()
    parser.feed(page)
    parser.close()
    return found


_shape = _tags


def _tokens(page: str) -> list[str]:
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    found: list[str] = []
    for token in parser.parse(page):
        found.append(token.type)
        found += [child.type for child in token.children or () if not child.type.startswith("text")]
    return found
