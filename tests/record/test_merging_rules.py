"""A record in which two desks changed one thing, opened by a workbench that merges such things by another rule."""

from __future__ import annotations

from pathlib import Path

import msgspec
from tests.record.exchanging import FREEZE, NOUNS, SIGNATURE, THING, begin, give, say
from tests.record.support import Ticking

from workbench.model.times import Clock
from workbench.record import Record, strictest

_LARGER = strictest(lambda value: int(value["size"]) if value else 0)
RULED = msgspec.structs.replace(THING, stricter=_LARGER, merging=2)


def test_what_was_contested_is_merged_by_the_new_rule_and_the_record_is_intact(tmp_path: Path) -> None:
    one, two = begin(tmp_path, 2)
    clock = Clock(real=Ticking())
    for record, size in ((one, 1), (two, 2)):
        say(record, clock, "thing", "t", size=size)
    give(two, one, clock)
    assert [each.id for each in one.contested()] == ["t"]
    entries = one.leaves()
    one.close()
    two.close()
    with Record.open(tmp_path / "0.db", (RULED, SIGNATURE, FREEZE)) as record:
        assert not record.contested()
        (row,) = record.all("thing")
        assert msgspec.json.decode(row.value)["size"] == 2
        assert record.verify().problem is None
        assert record.leaves() == entries
    with Record.open(tmp_path / "0.db", NOUNS) as record:
        assert [each.id for each in record.contested()] == ["t"]
        assert record.verify().problem is None
