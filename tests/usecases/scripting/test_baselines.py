"""Pinned and invalid baselines and new phases are told as commands, and played back."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.usecases.scripting.playing import told_and_played_back

_DONE = (
    "baseline pin checkout-p95 --name sale --reason 'measured under the load of the sale'",
    'baseline pin search-p95 --measurement search-p95 --name calm --reason "it\'s -x; $(rm)"',
    "baseline invalidate checkout-p95 --name sale --reason 'the cache was warm'",
    "benchmark phase search-results --from 2026-09-01 --reason 'the new index ranks otherwise'",
    "benchmark phase checkout-p95 --from '2026-09-02 08:30' --reason 'the new gateway encrypts twice'",
    "approve phase/checkout-p95 --as kim --reason 'seen it, too'",
    "undo",
)


@pytest.mark.xdist_group("story")
def test_baselines_and_phases_are_played_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told_and_played_back(_DONE, tmp_path, monkeypatch)
