"""Keys that people choose, and identifiers that machines make."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.model.keys import is_slug, moment_of, nearest, new_id, new_ids, new_key, slug


@given(st.text())
def test_any_title_makes_a_key(title: str) -> None:
    assert is_slug(slug(title))


@given(st.text(), st.integers(min_value=1, max_value=5))
def test_a_taken_key_gets_a_number(title: str, times: int) -> None:
    taken: list[str] = []
    for _ in range(times):
        taken.append(new_key(title, taken))
    assert len(set(taken)) == times and all(map(is_slug, taken))


@pytest.mark.parametrize(
    ("name", "key"), [("Größe", "grosse"), ("Łódź", "lodz"), ("Ørsted, Ａ①", "orsted-a1"), ("!?", "entry")]
)
def test_letters_lose_their_accents(name: str, key: str) -> None:
    assert new_key(name) == slug(name) == key


def test_names_in_any_script_have_keys_of_their_own_that_do_not_depend_on_their_order() -> None:
    names = ("注文", "返金", "Оплата", "الدفع", "注文 A", "返金 A", "æ", "œ")
    assert len({new_key(name) for name in names}) == len(names)
    assert new_key("Оплата  Заказа") == new_key("оплата заказа")


def test_names_that_differ_in_signs_alone_are_numbered() -> None:
    assert new_key("C# build", {new_key("C++ build")}, {"c-build-2"}) == "c-build-3"


@given(
    st.datetimes(min_value=datetime(1970, 1, 1), timezones=st.just(UTC)),
    st.binary(min_size=10, max_size=10),
)
def test_identifiers_are_version_7_and_ordered_by_time(moment: datetime, noise: bytes) -> None:
    made = UUID(new_id(moment, noise))
    assert made.version == 7 and made.variant == "specified in RFC 4122"
    assert made.int >> 80 == int(moment.timestamp() * 1000)


def test_identifiers_of_one_millisecond_are_in_the_order_in_which_they_were_made() -> None:
    moment = datetime(2026, 9, 15, 10, tzinfo=UTC)
    made = []
    for count in range(1000):
        made.append(new_id(moment))
        new_id(moment - timedelta(seconds=count % 3))  # of another one in between
    assert made == sorted(set(made))
    assert {UUID(each).version for each in made} == {7}


def test_what_was_meant() -> None:
    assert nearest("benchmrks", ["benchmarks", "gates"]) == "benchmarks"
    assert nearest("xyz", ["benchmarks", "gates"]) is None
    assert not is_slug("Checkout") and not is_slug("a--b") and not is_slug("x" * 65)


def test_ids_of_one_moment_grow_and_are_of_the_same_kind() -> None:
    moment = datetime(2026, 9, 15, 10, 0, tzinfo=UTC)
    found = list(islice(new_ids(moment), 20_000))
    assert found == sorted(found) and len({ident[-12:] for ident in found}) == len(found)
    for ident in (found[0], found[-1]):
        assert (UUID(ident).version, UUID(ident).variant) == (7, RFC_4122)
        assert ident[:13] == new_id(moment)[:13]


def test_an_id_carries_its_moment() -> None:
    moment = datetime(2026, 9, 15, 10, 0, 0, 123_000, tzinfo=UTC)
    assert moment_of(new_id(moment)) == moment
    assert moment_of("checkout-p95") is None
    assert moment_of("f" * 32) is None
