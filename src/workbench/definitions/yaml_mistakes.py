"""Mistakes of YAML syntax in plain words."""

from __future__ import annotations

from typing import Any

from workbench.model.errors import Problem
from workbench.model.text import safe_text

_INDENT = "check the indentation, with blanks only, and that each name is followed by “: ”"

# The parser's words, what to tell, and what to do; the first that fits is taken.
_MEANINGS: list[tuple[str, str, str]] = [
    (
        "mapping values are not allowed",
        "a “:” is not expected here",
        "indent the line like its neighbours, or put text that holds “: ” in quotes",
    ),
    (
        "sequence entries are not allowed",
        "a “-” is not expected here",
        "begin the list on a line of its own, or put the text in quotes",
    ),
    ("did not find expected '-' indicator", "a list goes on here, so a “-” is expected", _INDENT),
    (
        "expected ',' or ']'",
        "this list [ … is not closed: “,” or “]” is expected",
        "close it with ]",
    ),
    (
        "expected ',' or '}'",
        "this block { … is not closed: “,” or “}” is expected",
        "close it with }",
    ),
    (
        "could not find expected ':'",
        "a name without “:” stands here",
        "write “name: value”, or put the text in quotes",
    ),
    ("did not find expected key", "this does not fit the lines above: a name and “:” are expected", _INDENT),
    (
        "did not find expected node content",
        "a value is expected here",
        "close what was opened before, or remove the comma",
    ),
    ("found unexpected end of stream", "this text in quotes is never closed", "add the closing quote"),
    ("found unexpected document indicator", "this text in quotes is never closed", "add the closing quote"),
    (
        "unknown escape character",
        "a backslash in double quotes begins an escape that YAML does not know",
        "use single quotes",
    ),
    (
        "did not find expected hexdecimal number",
        "an escape such as \\x41 is incomplete here",
        "use single quotes",
    ),
    ("invalid Unicode character escape", "this escape is not a character", "write the character itself"),
    ("undefined tag handle", "text that begins with ! must stand in quotes", "put it in quotes"),
    (
        "expected alphabetic or numeric character",
        "text that begins with & or * must stand in quotes",
        "put it in quotes",
    ),
    (
        "did not find expected comment or line break",
        "a “>” or “|” begins a block of text, which starts on the next line",
        "put a rule that begins with > in quotes: '>= 99 %'",
    ),
    # What the parser without libyaml says instead.
    ("expected <block end>", "this does not fit the lines above: a name and “:” are expected", _INDENT),
    (
        "expected chomping or indentation",
        "a “>” or “|” begins a block of text, which starts on the next line",
        "put a rule that begins with > in quotes: '>= 99 %'",
    ),
    ("expected the node content", "a value is expected here", "close what was opened before"),
    (
        "<document start>",
        "this stands further left than the file's first line",
        "begin all names in the same column",
    ),
    ("invalid leading UTF-8 octet", "the file is not UTF-8", "save it as UTF-8"),
]
# For these the place where it was opened says more than the place where it was noticed.
_OPENED = ("is not closed", "is never closed")


def explain(error: Exception, file: str, lines: list[str]) -> Problem:
    """The problem that a PyYAML error means, at its line and column."""
    said = str(getattr(error, "problem", None) or "")
    mark: Any = getattr(error, "problem_mark", None)
    opened: Any = getattr(error, "context_mark", None)
    what, hint = _meaning(said, mark, lines)
    if (opened is not None and any(word in what for word in _OPENED)) or mark is None:
        mark = opened
    if mark is None:
        return Problem(file, 0, 0, what, hint)
    return Problem(file, mark.line + 1, mark.column + 1, what, hint)


def _meaning(said: str, mark: Any, lines: list[str]) -> tuple[str, str | None]:
    line = lines[mark.line] if mark is not None and mark.line < len(lines) else ""
    blank = line[: len(line) - len(line.lstrip(" \t"))]
    if "\t" in blank:
        return "a tab stands here; YAML is indented with blanks only", "replace the tab by blanks"
    if "cannot start any token" in said and mark is not None:
        character = safe_text(line[mark.column : mark.column + 1] or "?", 4)
        return f"text cannot begin with “{character}” here", "put it in quotes"
    if (
        ("expected key" in said or "<block end>" in said)
        and mark is not None
        and line[: mark.column].rstrip().endswith(("'", '"'))
    ):
        return (
            "text goes on after its closing quote",
            "double a quote inside: 'it''s', or quote all of the text",
        )
    for words, what, hint in _MEANINGS:
        if words in said:
            return what, hint
    return f"this is not YAML as expected: {safe_text(said or 'it cannot be parsed', 120)}", _INDENT
