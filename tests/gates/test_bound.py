"""Up to where an exception holds: never broader than what was seen, and anything worse is named with both values."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.gates.bound import (
    HIGHER,
    LOWER,
    NOT_MEASURED,
    RUNNING,
    Bound,
    beyond,
    covers,
    narrowed,
    of_things,
    of_value,
)
from workbench.model.errors import UsageError
from workbench.model.quantity import COUNT, find_unit

SECONDS = find_unit("s")
NUMBERS = st.decimals(min_value=-(10**9), max_value=10**9, allow_nan=False, allow_infinity=False, places=6)
NAMES = st.sets(
    st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=8), max_size=8
)


def seconds(text: str, worse: str = HIGHER, stands: str = "") -> Bound:
    return of_value(Decimal(text), SECONDS, worse, stands)


@pytest.mark.parametrize(
    ("bound", "present", "words"),
    [
        (seconds("0.86"), seconds("0.86"), ""),
        (seconds("0.86"), seconds("0.8"), ""),
        (seconds("0.86"), seconds("0.87"), "it holds up to 0.86 s, and now it is 0.87 s"),
        (seconds("0.86"), seconds("0.8600001"), "it holds up to 0.86 s, and now it is 0.8600001 s"),
        (seconds("0.86"), of_value(Decimal(900), find_unit("ms"), HIGHER, ""), "it holds up to 0.86 s, and now it is 900 ms"),
        (seconds("0.86"), of_value(Decimal(860), find_unit("ms"), HIGHER, ""), ""),
        (seconds("12", LOWER), seconds("11", LOWER), "it holds down to 12 s, and now it is 11 s"),
        (seconds("12", LOWER), seconds("13", LOWER), ""),
        (seconds("0.86"), seconds("0.1", LOWER), "it holds up to 0.86 s, and now it is 0.1 s"),
        (seconds("2", ""), seconds("1", ""), "it holds for exactly 2 s, and now it is 1 s"),
        (seconds("0.86"), Bound(stands=NOT_MEASURED), "it was given for a measured value, and now it is “not measured”"),
        (Bound(stands=NOT_MEASURED), seconds("0.86"), "it was given for “not measured”, and now there is a measured value: 0.86 s"),
        (Bound(stands=RUNNING), Bound(stands=RUNNING), ""),
        (Bound(stands="open"), Bound(stands="failed"), "it was given for “open”, and now it is “failed”"),
        (seconds("1"), of_value(Decimal(1), COUNT, HIGHER, ""), "it holds up to 1 s, and now it is 1"),
        (seconds("1"), None, "it holds up to 1 s, and what there is now cannot be compared with that"),
        (of_things("ab", "finding"), of_things("a", "finding"), ""),
        (of_things("ab", "finding"), of_things("abc", "finding"), "it holds up to 2 findings, and now there are 3 findings: c"),
        (of_things("ab", "finding"), of_things("ac", "finding"), "it holds up to 2 findings, and this is another: c"),
    ],
)  # fmt: skip
def test_what_is_worse_is_named_with_both_values(bound: Bound, present: Bound | None, words: str) -> None:
    assert beyond(bound, present) == words
    assert covers(bound, present) is not words


@given(NUMBERS, NUMBERS)
def test_an_override_covers_what_is_no_worse_and_nothing_else(seen: Decimal, now: Decimal) -> None:
    for worse, inside in ((HIGHER, now <= seen), (LOWER, now >= seen), ("", now == seen)):
        assert covers(of_value(seen, SECONDS, worse, ""), of_value(now, SECONDS, worse, "")) is inside


@given(NAMES, NAMES)
def test_of_things_only_those_that_were_seen_are_covered(seen: set[str], now: set[str]) -> None:
    bound, present = of_things(seen, "finding"), of_things(now, "finding")
    assert covers(bound, present) is (now <= seen)


@given(st.integers(0, 40), st.integers(195, 260))
def test_of_very_many_things_only_the_very_same_or_fewer_are_covered(start: int, many: int) -> None:
    seen = [f"path {number}" for number in range(many)]
    bound = of_things(seen, "difference")
    assert len(bound.ids) <= 200
    assert covers(bound, of_things(seen, "difference"))
    other = of_things([*seen[:-1], f"another {start}"], "difference")
    assert not covers(bound, other)
    assert not covers(bound, of_things([*seen, "one more"], "difference"))


@given(NUMBERS, NUMBERS)
def test_no_bound_is_broader_than_what_was_seen(seen: Decimal, up_to: Decimal) -> None:
    for worse, broader in ((HIGHER, up_to > seen), (LOWER, up_to < seen)):
        was = of_value(seen, SECONDS, worse, "")
        if broader:
            with pytest.raises(UsageError, match="no more than what was seen"):
                narrowed(was, f"{up_to:f}")
        else:
            found = narrowed(was, f"{up_to:f} s")
            assert covers(found, of_value(up_to, SECONDS, worse, ""))
            assert covers(found, was) is (up_to == seen)


def test_a_bound_is_typed_as_people_write_it() -> None:
    was = seconds("0.86")
    for text in ("0.8", "0.8 s", "0.8s", "800 ms", "800ms", " 0.8   s "):
        assert covers(narrowed(was, text), seconds("0.8"))
    for text in ("0.8 %", "fast", "", "NaN s", "1e999", "٠.٨ s", "0,8 s"):
        with pytest.raises(UsageError, match="no value in s"):
            narrowed(was, text)
    five = of_things("abcde", "finding")
    assert narrowed(five, "3").count == narrowed(five, "3 findings").count == 3
    for text in ("6", "-1", "3.5", "three", "99999999999"):
        with pytest.raises(UsageError):
            narrowed(five, text)
    with pytest.raises(UsageError, match="nothing was measured or counted"):
        narrowed(Bound(stands="open"), "1")


def test_long_names_that_begin_alike_are_not_the_same_thing() -> None:
    begins = "a finding in " + "very/" * 60
    assert not covers(of_things([f"{begins}one"], "finding"), of_things([f"{begins}other"], "finding"))
    assert covers(of_things([f"{begins}one"], "finding"), of_things([f"{begins}one"], "finding"))
