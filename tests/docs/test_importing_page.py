"""docs/importing.md, typed in a project with the definitions that it shows."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from tests.docs.transcripts import type_page

from workbench.cli import run

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "importing.md"
GENERATED = ROOT / "tests" / "data" / "generated"
SHA = "7c4e19fb02d85a6613e0f7b4c29d8a5e1f603b72"
HEAD = """\
project: shop
environments:
  - {key: production, kind: production}
  - {key: staging, kind: staging}
people:
  - {key: kim, name: Kim, roles: [release-owner]}
"""
REPORT = f"""<testsuite name="unit"><properties><property name="commit" value="{SHA}"/></properties>
<testcase classname="cart" name="adds"/><testcase classname="cart" name="pays"/></testsuite>"""


def test_the_page_is_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "shop"
    downloads = folder / "downloads"
    downloads.mkdir(parents=True)
    shown = re.search(r"^```yaml\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert shown is not None
    (folder / "workbench.yaml").write_text(HEAD + shown[1], encoding="utf-8")
    (downloads / "junit.xml").write_text(REPORT, encoding="utf-8")
    (downloads / "notes.txt").write_text("remember the milk\n", encoding="utf-8")
    shutil.copy(GENERATED / "k6" / "handle-summary.json", downloads / "summary.json")
    shutil.copy(GENERATED / "bandit" / "found.sarif", downloads / "found.sarif")
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    project = ["--project", str(folder), "--as", "kim"]
    assert run(["release", "new", "2.0.0", "--commit", SHA, *project]) == 0
    assert run(["flow", "add", "checkout", "--name", "Checkout", "--tier", "critical", *project]) == 0
    surroundings = {"WORKBENCH_DATA": str(tmp_path / "data"), "WORKBENCH_AS": "kim"}
    assert type_page(PAGE, folder, surroundings) == 7
