"""Every command of the page on the calendar, on the demonstration; and every kind of event is on it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.docs.transcripts import type_page

from workbench.usecases.demonstration import prepare
from workbench.usecases.views.calendar import What

FILE = Path(__file__).parents[2] / "docs" / "calendar.md"
PAGE = FILE.read_text(encoding="utf-8")


def test_the_page_is_typed_command_by_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    shop = prepare("web-shop", tmp_path / "shop")
    assert type_page(FILE, shop, {"WORKBENCH_DATA": str(tmp_path / "data")}) == 4
    assert (shop / "release.ics").read_text(encoding="utf-8").count("BEGIN:VEVENT") > 10


@pytest.mark.parametrize("what", What)
def test_every_kind_of_event_is_described(what: What) -> None:
    assert f"`{what.value}`" in PAGE
