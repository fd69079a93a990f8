"""docs/hotfix.md, typed in a small project."""

from __future__ import annotations

from pathlib import Path

from tests.docs.transcripts import type_page

PAGE = Path(__file__).parents[2] / "docs" / "hotfix.md"
PROJECT = """\
project: shop
environments:
  - {key: production, kind: production}
  - {key: staging, kind: staging}
people:
  - {key: kim, name: Kim, roles: [release-owner]}
  - {key: robin, name: Robin, roles: [release-owner]}
  - {key: jo, name: Jo, roles: [developer, release-owner]}
gates:
  - key: parity
    title: Differences decided
    requires: [differences_decided: high]
  - key: go
    title: Go
    requires: [not_frozen]
    sign: {roles: [{role: release-owner, count: 2}], own: false}
"""


def test_the_page_is_typed(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "workbench.yaml").write_text(PROJECT, encoding="utf-8")
    surroundings = {"WORKBENCH_DATA": str(tmp_path / "data"), "WORKBENCH_AS": "kim"}
    type_page(PAGE, folder, surroundings)
