"""Text inside Markdown shows as it was written and does nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from workbench.model.markdown import JOINER, markdown_text
from workbench.model.text import safe_text


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("2.14.0", "2.14.0"),
        ("1. first", "1\\. first"),
        ("- item", "\\- item"),
        ("-5 points", "-5 points"),
        ("---", "\\---"),
        ("<b>", "\\<b\\>"),
        ("&lt;", "&amp;lt;"),
        ("@team", f"@{JOINER}team"),
        ("fixes #12", f"fixes \\#{JOINER}12"),
        ("gh-12", f"gh-{JOINER}12"),
        ("merges !12", f"merges !{JOINER}12"),
        ("/close", f"{JOINER}/close"),
        ("Fixes https://github.com/o/r/issues/5", f"Fixes https://github.com/o/r/issues/{JOINER}5"),
        ("https://github.com/o/r/pull/12", f"https://github.com/o/r/pull/{JOINER}12"),
        ("https://gitlab.com/o/r/-/issues/5", f"https://gitlab.com/o/r/-/issues/{JOINER}5"),
        (
            "https://gitlab.com/o/r/-/merge_requests/5",
            f"https://gitlab.com/o/r/-/merge\\_requests/{JOINER}5",
        ),
        ("https://github.com/o/r/actions/runs/5", "https://github.com/o/r/actions/runs/5"),
        ("##vso[x]", "\\#\\#vso\\[x\\]"),
        ("::error::x", f":{JOINER}:error:{JOINER}:x"),
        ("a | b", "a \\| b"),
    ],
)
def test_what_would_do_something_is_escaped(text: str, markdown: str) -> None:
    assert markdown_text(text) == markdown


@given(st.text(max_size=200))
def test_a_reader_sees_the_text(text: str) -> None:
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    tokens = parser.parse(markdown_text(text))
    assert [token.type for token in tokens] in ([], ["paragraph_open", "inline", "paragraph_close"])
    seen = "".join(child.content for token in tokens for child in token.children or ())
    assert seen.replace(JOINER, "") == safe_text(text).strip()
