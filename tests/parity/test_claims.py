"""A sentence of the parity statement: which of its figures no longer fit, and how it is found by name."""

from __future__ import annotations

import pytest

from workbench.model.errors import UsageError
from workbench.parity.claims import Claim, Figure, Topic, find_claim, misfits, next_place, put, told


def figure(name: str = "production", value: str = "2", row: str = "difference/1") -> Figure:
    return Figure(row=row, title="load balancer", name=name, value=value)


def claim(key: str = "data-fidelity/1", text: str = "It differs.", *figures: Figure) -> Claim:
    return Claim(
        release="r", key=key, topic=Topic.DATA_FIDELITY, place=1, text=text, drafted=text, figures=figures
    )


def test_a_figure_that_is_another_today_no_longer_fits() -> None:
    said = claim("a/1", "x", figure("staging", "1"), figure("production", "2"))
    (found,) = misfits(said, lambda each: {"staging": "1", "production": "4"}[each.name])
    assert found.words == "production was 2, is now 4"


def test_a_figure_whose_row_is_gone_no_longer_fits() -> None:
    (found,) = misfits(claim("a/1", "x", figure()), lambda each: "")
    assert found.words == "production was 2, is gone"


def test_of_several_rows_the_one_meant_is_named() -> None:
    said = claim("a/1", "x", figure(), figure(row="probe/settings"))
    found = misfits(said, lambda each: "2" if each.row == "difference/1" else "4")
    assert [each.words for each in found] == ["load balancer: production was 2, is now 4"]


def test_a_sentence_without_figures_always_fits() -> None:
    assert misfits(claim(), lambda each: "") == ()


def test_a_sentence_is_found_by_its_key_or_the_end_of_it() -> None:
    every = [claim("data-fidelity"), claim("data-fidelity/orders"), claim("security/masked")]
    assert find_claim(every, "data-fidelity").key == "data-fidelity"
    assert find_claim(every, "Orders").key == "data-fidelity/orders"
    with pytest.raises(UsageError, match="names no sentence"):
        find_claim(every, "data")
    with pytest.raises(UsageError, match="names several"):
        find_claim([*every, claim("security/orders")], "orders")


def test_of_a_long_value_the_beginning_and_a_digest_are_kept() -> None:
    assert told(" 2\n replicas ") == "2 replicas"
    one, other = told("x" * 500), told("x" * 499 + "y")
    assert len(one) < 230 and one != other


def test_a_sentence_is_not_endless() -> None:
    with pytest.raises(UsageError, match="at most 2,000"):
        put(None, claim(text="x" * 2001), "edited")


def test_a_sentence_needs_words() -> None:
    with pytest.raises(UsageError, match="needs words"):
        put(None, claim(text=" "), "edited")


def test_a_further_sentence_stands_behind_all_others_of_its_topic() -> None:
    assert next_place([claim(), claim("data-fidelity/2")], Topic.DATA_FIDELITY) == 2
    assert next_place([claim()], Topic.SECURITY) == 1


def test_a_sentence_that_says_something_else_than_drafted_is_edited() -> None:
    said = claim()
    assert not said.edited
    assert Claim(release="r", key="k", topic=Topic.SECURITY, place=1, text="own").edited
