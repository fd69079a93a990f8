"""Actions are told as commands, and played back."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.usecases.scripting.playing import told_and_played_back

_DONE = (
    "action add 'add a probe of timeouts' --owner kim --due 2026-12-01",
    'action add "it\'s -x; $(rm)"',
    'action edit "it\'s -x; $(rm)" --owner robin --due 2026-12-02 --link https://tickets/7',
    "action edit 'add a probe of timeouts' --title 'add a probe'",
    "action done 'add a probe' --note 'it runs nightly' --link https://ci/7",
    "action reopen 'add a probe' --reason 'it was switched off again'",
    "action drop 'add a probe' --reason 'the gateway is replaced in May'",
    "action add -- --dashes",
    "undo",
)


@pytest.mark.xdist_group("story")
def test_actions_are_played_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told_and_played_back(_DONE, tmp_path, monkeypatch)
