"""Every command of the page on several projects, on three samples; every group, option and field is on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.docs.transcripts import type_page
from tests.usecases.fleet.made import NOW, delivered, due, project, release, waiting, went

from workbench.usecases.demonstration import prepare
from workbench.usecases.fleet.shapes import Hold, IncidentSeen, Kind, SharedRecord
from workbench.usecases.fleet.together import assemble
from workbench.usecases.views.fleet.document import document
from workbench.usecases.views.fleet.rows import GROUPS

FILE = Path(__file__).parents[2] / "docs" / "fleet.md"
PAGE = FILE.read_text(encoding="utf-8")


def test_the_page_is_typed_command_by_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    for name in ("web-shop", "platform", "payments"):
        prepare(name, tmp_path / name)
    assert type_page(FILE, tmp_path, {"WORKBENCH_DATA": str(tmp_path / "data")}) == 5


@pytest.mark.parametrize("title", GROUPS.values())
def test_every_group_is_described(title: str) -> None:
    assert f"| {title} |" in PAGE


@pytest.mark.parametrize("kind", Kind.__args__)  # type: ignore[attr-defined]
def test_every_kind_of_trouble_is_named(kind: str) -> None:
    assert f"`{kind}`" in PAGE


def names(found: Any) -> set[str]:
    if isinstance(found, dict):
        return set(found) | {name for value in found.values() for name in names(value)}
    return {name for value in found for name in names(value)} if isinstance(found, list) else set()


def test_every_field_is_named() -> None:
    shop = project(
        "shop",
        release(first=waiting()),
        holds=(Hold(what="freeze", reason="x", since=NOW),),
        incidents=(
            IncidentSeen(id="i", title="x", severity="low", environment="p", state="open", began=NOW),
        ),
        shared=SharedRecord(server="db"),
    )
    made = document(assemble([shop, project("bad", trouble="files")]), NOW)
    own = {name for one in made["projects"] for each in ("incidents", "freezes") for name in names(one[each])}
    missing = {name for name in names(made) - own if f"`{name}`" not in PAGE}
    assert missing <= {"schema", "at", "words", "all_ready", "quarter", "name", "commit"}, missing
    assert document(assemble([project("a", due=(due("x", 1),), delivered=delivered(went("1.0")))]), NOW)[
        "calendar"
    ]
