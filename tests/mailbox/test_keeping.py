"""What is kept of the faults of a server: what a desk found itself, however much others claim."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from workbench.mailbox import keeping
from workbench.mailbox.heard import Fault, Heard, How, Kept, Past, Trouble, fault_heard, fault_in
from workbench.usecases.sharing.fault_words import fault_words

AT = datetime(2026, 9, 15, 10, tzinfo=UTC)
EMPTY = Kept(record="record", mailbox="box")


def said(number: int, desk: str = "desk-x", size: int = 10**6) -> Heard:
    return Heard(number=size, chain=f"{number:016x}" + "0" * 48, desk=desk, how=How.PACK, pack=number)


def claim(number: int, desk: str = "desk-x") -> Fault:
    return fault_heard("box", Trouble.HISTORY, said(number, desk), AT, 9)


def own(number: int) -> Fault:
    return fault_in("box", Trouble.CONTENT, number, "it was rewritten", AT, 9)


def ids(kept: Kept) -> set[str]:
    return {one.id for one in kept.faults}


def test_thousands_of_claims_hide_neither_what_this_desk_finds_nor_what_another_desk_says() -> None:
    kept = keeping.with_faults(EMPTY, map(claim, range(1, 3_001)))
    later = [own(7), claim(1, "desk-y")]
    now = keeping.with_faults(kept, later)
    assert {one.id for one in later} <= ids(now)
    assert not keeping.missing(now, [*later, *map(claim, range(1, 3_001))])


def test_claims_beyond_those_kept_are_counted_and_told() -> None:
    kept = keeping.with_faults(EMPTY, map(claim, range(1, keeping.OF_ONE + 101)))
    assert len(kept.faults) == keeping.OF_ONE + 1
    assert fault_words(kept.faults[-1], {}).endswith(", and 99 more like it")
    assert keeping.with_faults(kept, map(claim, range(1, keeping.OF_ONE + 101))) == kept


def test_one_more_claim_than_was_accepted_is_another_fault() -> None:
    accepted = ids(keeping.with_faults(EMPTY, map(claim, range(1, 101))))
    again = keeping.with_faults(keeping.with_faults(EMPTY, map(claim, range(1, 101))), [claim(101)])
    assert len(ids(again) - accepted) == 1


def test_claims_of_very_many_desks_are_counted_together() -> None:
    many = [claim(number, f"desk-{number}") for number in range(1, keeping.MOST + 11)]
    kept = keeping.with_faults(EMPTY, many)
    assert len(kept.faults) == keeping.MOST + 1 and len(kept.faults[-1].like) == 10
    one_more = keeping.with_faults(kept, [own(3), claim(1, "one more desk")])
    assert len(one_more.faults[-1].like) == 11 and own(3).id in ids(one_more)


def test_where_there_is_no_room_for_what_this_desk_found_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(keeping, "MOST_OWN", 3)
    monkeypatch.setattr(keeping, "MOST_LIKE", 5)
    kept = keeping.with_faults(EMPTY, map(own, range(1, 5)))
    assert keeping.is_full(kept) and keeping.missing(kept, map(own, range(1, 5))) == [own(4)]
    claims = [claim(number) for number in range(1, keeping.OF_ONE + 7)]
    counted = keeping.with_faults(EMPTY, claims)
    assert keeping.is_full(counted) and keeping.missing(counted, claims) == claims[-1:]
    assert not keeping.is_full(keeping.with_faults(EMPTY, [own(1), *claims[:-2]]))


def test_what_one_desk_says_pushes_away_nothing_that_another_one_said() -> None:
    past = Past([bytes(32)] * 9)
    flood = [said(number, size=2) for number in range(1, 3_000)]
    unread, fits = said(1, "desk-y"), Heard(number=3, chain="aa", desk="desk-z", how=How.PACK, fits=True)
    kept = keeping.bounded([*flood, unread, fits], past)
    assert unread in kept and fits in kept and len(kept) == keeping.OF_ONE + 2
