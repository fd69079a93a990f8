"""docs/hooks.md, typed in a project with the hooks that stand on it; and every field and event is on it."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
from tests.docs.transcripts import type_page

from workbench.definitions.hooks import Hook, HookEvent
from workbench.hooks.kinds import KINDS

PAGE = Path(__file__).parents[2] / "docs" / "hooks.md"
TEXT = PAGE.read_text(encoding="utf-8")
PROJECT = """\
project: shop
people:
  - {key: kim, name: Kim, roles: [release-owner]}
"""
LOG = """\
#!/bin/sh
python3 -c 'import json, sys; print(json.load(sys.stdin)["text"])' >> told.log
"""


def test_the_page_is_typed(tmp_path: Path) -> None:
    (definitions,) = re.findall(r"^```yaml\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    folder = tmp_path / "shop"
    (folder / "scripts").mkdir(parents=True)
    (folder / "workbench.yaml").write_text(PROJECT + definitions, encoding="utf-8")
    for name in ("log.sh", "page.sh"):
        (folder / "scripts" / name).write_text(LOG, encoding="utf-8")
        (folder / "scripts" / name).chmod(0o700)
    surroundings = {"WORKBENCH_DATA": str(tmp_path / "data"), "WORKBENCH_AS": "kim"}
    type_page(PAGE, folder, surroundings)


def test_every_field_and_event_is_described() -> None:
    for shape in (Hook, *(kind.config for kind in KINDS.values())):
        for field in msgspec.structs.fields(shape):
            assert field.name == "config" or f"`{field.encode_name}`" in TEXT
    for event in HookEvent:
        assert f"`{event.value}`" in TEXT
