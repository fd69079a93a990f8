"""Guides are read, and what one lacks is said."""

from __future__ import annotations

import pytest

from workbench.sources.guides import guide_of, read_guide, recipe

WHOLE = """# Some tool

What it is about,
in one paragraph.

## Example

```yaml
sources:
  - {key: tool, kind: manual}
```

## How it is read

It is read.

## Pitfalls

- One trap: it is said.
- Another.

## Tried against

Fixtures: the examples in its documentation.
"""


def test_a_whole_guide_is_read() -> None:
    guide = read_guide("tool", WHOLE)
    assert (guide.title, guide.about) == ("Some tool", "What it is about, in one paragraph.")
    assert guide.example == "sources:\n  - {key: tool, kind: manual}\n"
    assert guide.how == "It is read."
    assert guide.pitfalls.splitlines() == ["- One trap: it is said.", "- Another."]
    assert guide.proof == "fixtures"


@pytest.mark.parametrize(
    ("taken", "put", "said"),
    [
        ("# Some tool", "Some tool", "first line"),
        ("## Pitfalls", "## Traps", "no section “Pitfalls”"),
        ("## How it is read", "## How it works", "its sections are"),
        ("```yaml", "```json", "0 blocks of YAML"),
        ("- One trap", "One trap", None),
        ("Fixtures:", "Tried with fixtures:", "does not begin with Real:"),
    ],
)
def test_what_a_guide_lacks_is_said(taken: str, put: str, said: str | None) -> None:
    text = WHOLE.replace(taken, put)
    if said is None:
        read_guide("tool", text)
        return
    with pytest.raises(ValueError, match=said):
        read_guide("tool", text)


def test_a_guide_without_any_pitfall_is_refused() -> None:
    with pytest.raises(ValueError, match="lists none"):
        read_guide("tool", WHOLE.replace("- ", ""))


def test_a_guide_that_is_not_there_is_none() -> None:
    assert recipe("no-such-recipe") is None
    junit = guide_of("junit")
    assert junit is not None and junit.title == "JUnit XML"
