"""What a kind of requirement promises: its needs, its rests, and the words for them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests import building as build

from workbench.definitions.shapes import AutomaticFact
from workbench.gates import evaluate as gate_room
from workbench.gates import incident_lists, rehearsed
from workbench.gates.automatic import OF_RELEASE
from workbench.gates.facts import Facts, Need
from workbench.gates.kind import Kind
from workbench.gates.kinds import KINDS
from workbench.model.canonical import encode, plain
from workbench.usecases.context import Context
from workbench.usecases.evaluate import SHOWN, evaluate
from workbench.usecases.nouns import NOUNS


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        build.clear(context)
        build.add_difference(context)
        yield context


def needs_of(kind: Kind[Any], asks: Any) -> list[Need[Any]]:
    return list(kind.needs(asks))


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_is_called_what_its_place_is_called(name: str) -> None:
    assert KINDS[name].name == name


def test_every_automatic_fact_is_answered_once() -> None:
    of_kinds = [kind.fact for kind in KINDS.values() if kind.fact]
    answered = [*of_kinds, *OF_RELEASE, *rehearsed.ABOUT, *incident_lists.ANSWERS]
    assert sorted(answered) == sorted(fact.value for fact in AutomaticFact)


def test_whatever_is_judged_from_is_compared_with_the_ledger_first(shop: Context) -> None:
    judged = {noun.name for noun in NOUNS if noun.judged} | {
        "batch",
        "probe_run",
        "probe_proof",
    }  # too many rows
    for need in (*gate_room.needs(shop.definitions.project.gates), *SHOWN):
        assert set(need.entities) <= judged


def test_a_need_that_was_not_declared_is_refused(shop: Context) -> None:
    facts = evaluate(shop).facts
    one, other = Need(("flow",), lambda facts: 1), Need(("flow",), lambda facts: 2)
    fresh = Facts(shop.record, shop.definitions, facts.held, now=facts.now)
    declared = fresh.only([one])
    assert declared(one) == 1
    with pytest.raises(LookupError, match="not declared: it reads flow"):
        declared(other)


def test_a_need_is_read_once_and_nothing_is_read_after_judging(shop: Context) -> None:
    read: list[int] = []
    need = Need(("flow",), lambda facts: read.append(1))
    judged = evaluate(shop).facts
    facts = Facts(shop.record, shop.definitions, judged.held, now=judged.now)
    facts(need)
    facts.only([need])(need)
    assert read == [1]
    with pytest.raises(LookupError, match="not read when the release was judged"):
        judged(need)


def test_what_rests_is_plain_and_each_thing_once(shop: Context) -> None:
    for result in (item.result for item in evaluate(shop).gates):
        for requirement in result.gate.requires:
            kind, asks = gate_room.kind_of(requirement)
            rests = list(kind.rests(asks, evaluate(shop).facts))
            assert len({rest.key for rest in rests}) == len(rests)
            assert all(plain(rest.stands) == rest.stands and encode(rest.stands) for rest in rests)
            assert not rests or kind.follows
