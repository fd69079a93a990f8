"""Investigations are told as commands, and played back."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.usecases.scripting.playing import told_and_played_back

_DONE = (
    "investigation open 'cart is slower' --environment staging --region eu-west",
    'investigation open "it\'s -x; $(rm)" --owner kim',
    "investigation edit 'cart is slower' --owner robin --finding 'looking at orders'",
    "investigation end \"it's -x; $(rm)\" --limit '2 s, it was 1 s' --finding 'no index in staging'",
    "investigation edit 'cart is slower' --title 'cart and search are slower'",
    "investigation end 'cart and search' --difference 'load balancer' --finding 'all through one machine'",
    "investigation open 'cart is slower'",
    "investigation end 'cart is slower' --refresh 'the one of 14 September' --finding 'orders were missing'",
    "undo",
)


@pytest.mark.xdist_group("story")
def test_investigations_are_played_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told_and_played_back(_DONE, tmp_path, monkeypatch)
