"""``ctrl+p``: commands and records by a few letters; ``enter`` goes to exactly that."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.tui.driving import driven, in_panel, press, shown, web_shop
from textual.pilot import Pilot

from workbench.tui.screens.base import WorkScreen
from workbench.tui.screens.find_panel import FindPanel
from workbench.tui.screens.guide import blocks_of
from workbench.tui.screens.reading import ReadingPanel
from workbench.tui.widgets.prose import Gap, Pair, Paragraph, Title, Verbatim
from workbench.tui.widgets.table import RecordTable


def cursor(pilot: Pilot[None]) -> str:
    """The row under the cursor, as one text."""
    table = pilot.app.screen.query_one(RecordTable)
    row = table.row(table.cursor_key or "")
    return " ".join(cell.text for cell in row.cells) if row is not None else ""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return web_shop(tmp_path, monkeypatch)


async def test_commands_stand_there_before_anything_is_typed(root: Path) -> None:
    async with driven(root) as pilot:
        await press(pilot, "ctrl+p")
        assert isinstance(pilot.app.screen, FindPanel)
        assert "Next blocker ]" in in_panel(pilot) and "not now:" in in_panel(pilot)
        await press(pilot, *"undo")
        assert "Undo u Undo: " in in_panel(pilot)  # named before it is done
        await press(pilot, "escape", "ctrl+p", *"go to the parity", "enter")
        assert isinstance(pilot.app.screen, WorkScreen) and pilot.app.screen.MODE == "parity"


@pytest.mark.parametrize(
    ("typed", "mode", "line"),
    [
        ("gateway mocked", "parity", "payment gateway mocked"),
        ("chkp95", "benchmark", "Checkout p95"),
        ("refund", "flows", "Refund"),
        ("security has agreed", "walking", "Security has agreed"),
        ("2.14.0", "releases", "2.14.0"),
        ("planned 2.14.0", "history", "planned release 2.14.0"),
    ],
)
async def test_enter_goes_to_exactly_that_row_and_escape_back(
    root: Path, typed: str, mode: str, line: str
) -> None:
    async with driven(root) as pilot:
        await press(pilot, "ctrl+p", *typed, "enter")
        screen = pilot.app.screen
        assert isinstance(screen, WorkScreen) and mode == screen.MODE
        assert line in (shown(pilot) if mode in ("benchmark", "walking") else cursor(pilot))
        await press(pilot, *(("escape",) * (2 if mode == "history" else 1)))
        assert isinstance(pilot.app.screen, WorkScreen) and pilot.app.screen.MODE == "readiness"


async def test_people_and_pages_of_the_guide_are_read_where_one_is(root: Path) -> None:
    async with driven(root) as pilot:
        await press(pilot, "ctrl+p", *"kim", "enter")
        assert isinstance(pilot.app.screen, ReadingPanel)
        assert "Can sign ○ Sign-off, as staging owner" in in_panel(pilot)
        await press(pilot, "escape", "ctrl+p", *"undo and redo", "enter")
        assert isinstance(pilot.app.screen, ReadingPanel)
        assert "What is undone?" in in_panel(pilot)


async def test_what_fits_nothing_says_so_and_enter_stays(root: Path) -> None:
    async with driven(root) as pilot:
        await press(pilot, "ctrl+p", *"qzqzqz", "enter")
        assert isinstance(pilot.app.screen, FindPanel)
        assert "No name has these letters" in shown(pilot)


def test_markdown_of_the_guide_becomes_prose() -> None:
    text = """\
One **sentence** in
[two lines](x.md), with `code`.

| key | what |
| --- | --- |
| `u` | undo |
| `U` | *redo* |

### Below

- first
  and on
- second

```console
$ workbench undo
```
<!-- keys: all -->
"""
    assert blocks_of(text) == [
        Paragraph("One sentence in two lines, with code."),
        Gap(),
        Pair("u", "undo"),
        Pair("U", "redo"),
        Title("Below"),
        Gap(),
        Paragraph("- first and on"),
        Paragraph("- second"),
        Gap(),
        Verbatim("$ workbench undo", blocks_of("```\nx\n```")[0].role),  # type: ignore[union-attr]
    ]
