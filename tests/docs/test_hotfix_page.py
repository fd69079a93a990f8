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
sources:
  - {key: hand, kind: manual}
benchmarks:
  - key: errors-in-production
    environment: production
    title: Checkout errors in production stay low
    measure: {source: hand, unit: "%", environment: production}
    pass: <= 1 %
rollback_when: [errors-in-production]
gates:
  - key: parity
    title: Differences decided
    requires: [differences_decided: high]
  - key: go
    title: Go
    escalate: {after: 24h, to: release-owner}
    requires: [not_frozen]
    sign: {roles: [{role: release-owner, count: 2}], own: false}
"""


def test_the_page_is_typed(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "workbench.yaml").write_text(PROJECT, encoding="utf-8")
    surroundings = {"WORKBENCH_DATA": str(tmp_path / "data"), "WORKBENCH_AS": "kim"}
    type_page(PAGE, folder, surroundings)
