"""What happened to environments is told as commands, and played back."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.usecases.scripting.playing import told_and_played_back

_DONE = (
    "environment refresh staging --at 2026-09-14T03:00 --from 'the snapshot of the night' --took 2h --rows passed",
    "environment validate staging --distributions passed --plans failed --note 'one plan differs'",
    "environment occupy staging --who payments --why 'load test of the ledger' --from 2026-09-14 --until 2099-10-01",
    "environment occupy staging --who search --why 'reindexing of everything' --from 2098-01-01 --until 2098-02-01",
    "environment occupy staging --who platform --why 'kernel patches' --from 2026-09-14 --maintenance",
    "environment free staging --who payments",
    "environment free staging --who search",
    "environment end staging --on 2099-12-31 --reason 'moved to the new cluster'",
)


@pytest.mark.xdist_group("story")
def test_environments_are_played_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told_and_played_back(_DONE, tmp_path, monkeypatch)
