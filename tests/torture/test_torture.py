"""A part of ``make torture`` in every test run."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from tests.torture.flipping import flip
from tests.torture.keys import press_at_random
from tests.torture.killing import interrupt_first_commands, kill_writers

POSIX = pytest.mark.skipif(os.name == "nt", reason="signals of another kind")


@POSIX
def test_killed_writers_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    found = kill_writers(tmp_path, 50, random.Random(50))
    assert (found.done, found.wrong) == (50, []) and found.acknowledged > 50


@POSIX
def test_an_interrupted_first_command_leaves_a_whole_record_or_none(tmp_path: Path) -> None:
    found = interrupt_first_commands(tmp_path, 20, random.Random(20))
    assert (found.done, found.wrong) == (20, [])


def test_every_byte_that_alters_what_sqlite_reads_is_found(tmp_path: Path) -> None:
    found = flip(tmp_path, 400, random.Random(400))
    assert found.missed == [] and found.altering.total() > 100


@pytest.mark.parametrize("seed", range(4))
def test_random_keys_and_sizes_neither_end_the_app_nor_make_it_apologise(tmp_path: Path, seed: int) -> None:
    found = press_at_random(tmp_path, 250, random.Random(seed))
    assert found.wrong == [] and found.done["key"] == 250
