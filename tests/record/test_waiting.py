"""Entries that wait for another one: what a pack costs does not grow with them, and the order of arrival makes no difference."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from random import Random
from unittest.mock import patch

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.record.exchanging import begin, projection, say
from tests.record.support import ADA, Ticking

from workbench.model.times import Clock
from workbench.record import Record, aside, taking
from workbench.record.packs import Pack

Row = tuple[str, str]


def part(pack: Pack, lines: Sequence[bytes]) -> Pack:
    """A pack of these lines alone."""
    return msgspec.structs.replace(pack, entries=tuple(lines), frontier=())


def lines_of(record: Record) -> list[bytes]:
    """What this desk wrote itself."""
    return [one.line for desk in record.own_desks() for one in record.entries_of(desk, 0)]


def kept(record: Record) -> list[Row]:
    return sorted((one.digest, one.why) for one in record.aside())


def work_of_a_pack(folder: Path, waiting: int) -> tuple[int, int, int]:
    """How many rows and entries are read, and rows written, to take in one entry beside so many that wait."""
    clock = Clock(real=Ticking())
    one, two, three = begin(folder, 3)
    with one, two, three:
        for number in range(waiting + 1):
            say(two, clock, "thing", f"of two {number}", title=str(number))
        say(one, clock, "thing", "first", title="1")
        say(one, clock, "thing", "second", title="2")
        own = lines_of(two)
        three.take_in(part(two.pack(), (own[-waiting:])), author=ADA, clock=clock)
        assert three.count_aside("waiting") == waiting
        whole = lines_of(one)
        three.take_in(part(one.pack(), whole[:-1]), author=ADA, clock=clock)
        finds, reads, changes = [], [], three._connection.total_changes
        find, read = aside.find, taking.read_line
        with (
            patch.object(aside, "find", lambda *said: (finds.append(said), find(*said))[1]),
            patch.object(taking, "read_line", lambda line: (reads.append(line), read(line))[1]),
        ):
            taken = three.take_in(part(one.pack(), whole[-1:]), author=ADA, clock=clock, brief=True)
        assert len(taken.taken) == 1 and three.count_aside("waiting") == waiting
        changes = three._connection.total_changes - changes
        rest = three.take_in(part(two.pack(), own[:-waiting]), author=ADA, clock=clock)
        assert three.count_aside("waiting") == 0 and len(rest.taken) >= waiting
        assert three.verify().ok
        return len(finds), len(reads), changes


def test_what_a_pack_costs_does_not_grow_with_what_waits(tmp_path: Path) -> None:
    for name in ("few", "many"):
        (tmp_path / name).mkdir()
    few, many = work_of_a_pack(tmp_path / "few", 10), work_of_a_pack(tmp_path / "many", 500)
    assert few == many
    assert few[0] == 0 and few[1] <= 2


@settings(max_examples=12, deadline=None)
@given(chance=st.randoms(use_true_random=False))
def test_whatever_order_entries_come_in_they_wait_for_the_same_and_are_taken_in_the_end(
    chance: Random,
) -> None:
    clock = Clock(real=Ticking())
    with tempfile.TemporaryDirectory() as name:
        one, two, three, once = begin(Path(name), 4)
        with one, two, three, once:
            for number in range(4):
                say(one, clock, "thing", "t", title=f"one {number}")
                say(two, clock, "thing", "u", title=f"two {number}")
                if number == 1:
                    two.take_in(one.pack(), author=ADA, clock=clock)
                    say(two, clock, "thing", "t", title="of both")
            lines = [*lines_of(one), *lines_of(two)]
            chance.shuffle(lines)
            came: list[bytes] = []
            while lines:
                count = chance.randint(1, 4)
                portion, lines = lines[:count], lines[count:]
                came += portion
                three.take_in(part(one.pack(), portion), author=ADA, clock=clock)
                copy = Path(name) / f"fresh-{len(came)}.db"
                once.backup(copy)
                with Record.open(copy, once.kinds) as fresh:
                    fresh.take_in(part(one.pack(), came), author=ADA, clock=clock)
                    assert kept(fresh) == kept(three)
            assert three.aside() == () and three.verify().ok
            once.take_in(one.pack(), author=ADA, clock=clock)
            once.take_in(two.pack(), author=ADA, clock=clock)
            assert projection(once) == projection(three)
