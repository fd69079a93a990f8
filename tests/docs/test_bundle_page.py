"""Every command of the page on bundles, on the demonstration; and everything in a bundle is on it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.docs.transcripts import type_page

from workbench.usecases.bundling import shapes
from workbench.usecases.demonstration import prepare

FILE = Path(__file__).parents[2] / "docs" / "bundle.md"
PAGE = FILE.read_text(encoding="utf-8")


def test_the_page_is_typed_command_by_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    platform = prepare("platform", tmp_path / "platform")
    environ = {"WORKBENCH_DATA": str(tmp_path / "data"), "HOME": str(tmp_path)}
    assert type_page(FILE, platform, environ) == 13


@pytest.mark.parametrize(
    "name", [shapes.README, shapes.INDEX, shapes.SIGNATURE, shapes.SUMS, shapes.PACK, shapes.CHECKPOINT]
)
def test_each_file_of_a_bundle_is_described(name: str) -> None:
    assert f"`{name}`" in PAGE
