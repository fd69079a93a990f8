"""Drills and gamedays are told as commands, with their moments, and played back."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.usecases.scripting.playing import told_and_played_back

_RUNBOOKS = """
runbooks:
  - key: fallback
    title: Take payments without the gateway
    detect_within: 5min
    steps: [{do: Switch the flag}, {do: Tell support}]
  - {key: rollback, title: Roll back, for: rollback, link: "https://wiki.example.com/rollback"}
"""
_DONE = (
    "gameday new 'The gateway goes away' --at 2026-09-15T09:00 --with kim --note 'two runbooks, one fault'",
    "gameday edit gateway --note 'one step was wrong'",
    "drill start fallback --fault downstream_503 --gameday gateway --with kim --with 'the vendor' --at 2026-09-15T09:01:07",
    "drill noticed --at 2026-09-15T09:03:20",
    "drill step --done --at 2026-09-15T09:04:02",
    "drill step 2 --failed --note 'nobody answered' --at 2026-09-15T09:06",
    "drill step 2 --done --note 'they did, later' --at 2026-09-15T09:08:30",
    "drill mitigated --at 2026-09-15T09:09",
    "drill end --note 'the list of numbers is old' --at 2026-09-15T09:10",
    "drill start rollback --environment production --at 2026-09-15T10:00",
    "drill end --failed --note 'the page is gone' --drill rollback --at 2026-09-15T10:02",
    "drill start rollback --at 2026-09-15T10:10",
    "drill end --stopped --note 'somebody needed staging' --at 2026-09-15T10:11",
    "incident new 'Payments fail' --environment staging --severity high --runbook fallback --started 09:40",
    "drill start rollback --incident 'Payments fail' --at 2026-09-15T10:20",
    "drill end --worked --at 2026-09-15T10:30",
    "drill start rollback --incident 'Payments fail' --at 2026-09-15T10:40",
    "drill end --stopped --note 'it was mended meanwhile' --at 2026-09-15T10:41",
    "drill start fallback --at 2026-09-15T11:00",
    "drill step --skipped --note 'the flag stays on today'",
)


@pytest.mark.xdist_group("story")
def test_drills_are_played_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told_and_played_back(_DONE, tmp_path, monkeypatch, _RUNBOOKS)
