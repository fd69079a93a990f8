"""What one signs says which probes are proven."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import pytest
from tests.probes.lines import know_lines

from workbench.notes.blocks import Tone
from workbench.releases.model import Release
from workbench.usecases import releasing
from workbench.usecases.evaluate import evaluate
from workbench.usecases.opening import open_context
from workbench.usecases.probing import Wanted, probe
from workbench.usecases.project import Options
from workbench.usecases.reporting.signed import shown_document
from workbench.usecases.shown_document import shown_sections
from workbench.usecases.views.signing_session import lines_of, session_of

PROJECT = """\
project: shop
environments:
  - {key: production, kind: production}
  - {key: staging, kind: staging}
probes:
  - {key: settings, kind: lines, title: Settings are alike, staging: a.env, production: a.env}
  - {key: limits, kind: lines, title: Limits are alike, staging: a.env, production: a.env}
gates:
  - key: go
    title: Go
    requires: [differences_decided: {at_least: high}]
    sign: {roles: [{role: release-owner}]}
people:
  - {key: kim, name: Kim, roles: [release-owner]}
"""


def test_the_sheet_and_the_document_name_what_is_unproven(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    know_lines(monkeypatch)
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    root = tmp_path / "shop"
    root.mkdir()
    (root / "workbench.yaml").write_text(PROJECT)
    (root / "a.env").write_text("LIMIT=5\n")
    context = open_context(Options(project=root), create=True)
    releasing.plan(context, Release(version="1.0"))
    probe(context, Wanted(probes=("settings",)), prove=True)

    found = evaluate(context)
    lines = lines_of(session_of(found, found.gates[0], "kim", UTC))
    assert "2 probes: 1 unproven, never seen to fail: Limits are alike" in [line.text for line in lines]
    document = shown_document(found, found.gates[0])
    assert [(item["key"], item["proven"]) for item in document["probes"]] == [
        ("settings", True),
        ("limits", False),
    ]
    (section,) = [each for each in shown_sections(document) if each.key == "probes"]
    entries = section.blocks[0].entries  # type: ignore[union-attr]
    assert [(entry.tone, entry.title) for entry in entries] == [
        (Tone.GOOD, "Settings are alike"),
        (Tone.WARN, "Limits are alike"),
    ]
    context.record.close()
