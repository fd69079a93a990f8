"""Pinned and invalid baselines and new phases are told as commands, and played back."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.golden.playing import typed
from tests.tui.driving import web_shop
from tests.usecases.scripting.playing import end_of, plays_back

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
    (tmp_path / "one").mkdir()
    shop = web_shop(tmp_path / "one", monkeypatch)
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    end = end_of(shop)
    monkeypatch.chdir(shop)
    for line in _DONE:
        printed, said, code = typed(line)
        assert code == 0, f"$ {line}\n{printed}{said}"
    plays_back(shop, end, tmp_path, monkeypatch)
