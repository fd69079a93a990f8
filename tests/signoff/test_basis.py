"""What a basis holds and leaves out, and the words for what changed in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import building as build

from workbench.model.canonical import digest, encode
from workbench.signoff.basis import alterations
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate

AT = datetime(2026, 9, 15, 10, tzinfo=UTC)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        build.clear(context)
        yield context


def test_a_gate_rests_on_its_own_and_the_earlier_gates(shop: Context) -> None:
    build.add_difference(shop, severity="low")
    ident = build.add_difference(shop)
    bases = evaluate(shop).bases
    own = bases.of("benchmarks").document
    assert set(own["benchmarks"]) == {"p95", "errors"} and own["items"] == {} and own["differences"] == {}
    assert own["earlier"] == {}
    ready = bases.of("ready").document
    assert set(ready["items"]) == {"ready/notes", "ready/rehearsed"} and set(ready["differences"]) == {ident}
    assert list(ready["earlier"]) == ["benchmarks"] and "earlier" not in ready["earlier"]["benchmarks"]
    assert list(bases.of("go").document["earlier"]) == ["benchmarks", "ready"]


def test_the_digest_is_of_the_canonical_document(shop: Context) -> None:
    basis = evaluate(shop).bases.of("go")
    assert digest(basis.document) == basis.digest
    assert b"2026-09-15T10:00" not in encode(basis.document)  # the clock is not in it


def base(**parts: Any) -> dict[str, Any]:
    return {
        "project": "shop", "release": "2.0.0", "gate": "go", "policy": {"own": False},
        "candidate": {"name": "rc1", "commit": "a" * 40, "artifacts": {}},
        "requirements": {"r": {"kind": "not_frozen", "asks": "1", "state": "met"}},
        "benchmarks": {"b": {"title": "p95", "verdict": "pass", "means": "1"}},
        "items": {"c/i": {"title": "Notes", "state": "done", "text": "1"}},
        "differences": {"d": {"title": "cache", "severity": "high", "decision": "accept"}},
        "overrides": {"o": {"title": "errors", "until": "2026-09-20T00:00:00.000000Z", "reason": "small"}},
        "earlier": {},
        **parts,
    }  # fmt: skip


def entry(table: str, **changed: Any) -> dict[str, Any]:
    ((key, value),) = base()[table].items()
    return {table: {key: {**value, **changed}}}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (entry("benchmarks", verdict="fail"), "p95: pass → fail"),
        (entry("benchmarks", verdict="missing"), "p95: pass → no data"),
        (entry("benchmarks", verdict="error"), "p95: pass → could not ask"),
        (entry("benchmarks", verdict="no_baseline"), "p95: pass → no baseline"),
        (entry("benchmarks", means="2"), "benchmark “p95” was changed"),
        ({"benchmarks": {}}, "benchmark “p95” was removed"),
        (entry("items", state="not_applicable"), "item “Notes”: done → not applicable"),
        (entry("items", text="2"), "the wording of item “Notes” was edited"),
        ({"items": {}}, "item “Notes” was removed"),
        (entry("differences", decision="close"), "difference “cache”: accepted → closing"),
        (entry("differences", severity="medium"), "difference “cache”: high → medium"),
        (entry("differences", title="caches"), "difference “cache” is called “caches” now"),
        (entry("differences", until="x"), "the decision on “cache” ends at another time"),
        ({"differences": {}}, "difference “cache” was taken off"),
        ({"overrides": {}}, "the override of “errors” was lifted"),
        (entry("overrides", reason="other"), "the override of “errors” was changed"),
        (entry("requirements", asks="2"), "requirement “r” asks for something else"),
        (entry("requirements", state="not_met"), "requirement “r”: met → not met"),
        ({"requirements": {}}, "requirement “r” was removed"),
        ({"policy": {"own": True}}, "the signing policy of this gate was changed"),
        ({"candidate": {"name": "rc1", "commit": "a" * 40, "artifacts": {"x": "1"}}}, "the artifacts of rc1 are others"),
        (
            {"candidate": {"name": "rc2", "commit": "b" * 40, "artifacts": {}}},
            "a new candidate: rc1 aaaaaaa → rc2 bbbbbbb",
        ),
        ({"release": "2.0.1"}, "the release is another: 2.0.0 → 2.0.1"),
        ({"earlier": {"e": base()}}, "the earlier gate “e” was added"),
    ],
)  # fmt: skip
def test_one_change_gives_one_reason(change: dict[str, Any], words: str) -> None:
    found = alterations(base(), base(**change), AT)
    assert [item.words for item in found] == [words] and not found[0].lapse
    earlier = alterations(base(earlier={"x": base()}), base(earlier={"x": base(**change)}), AT)
    if "earlier" not in change:
        assert [item.words for item in earlier] == [words]


@pytest.mark.parametrize(
    "change",
    [
        entry("benchmarks", verdict="stale"),
        entry("differences", ended=True),
        entry("requirements", state="not_met", ended=True),
    ],
)
def test_what_only_time_did_is_a_lapse(change: dict[str, Any]) -> None:
    (found,) = alterations(base(), base(**change), AT)
    assert found.lapse


def test_an_override_that_ended_is_a_lapse_and_a_lifted_one_is_not() -> None:
    for at, lapse in ((AT, False), (AT + timedelta(days=5), True)):
        (found,) = alterations(base(), base(overrides={}), at)
        assert found.lapse is lapse


def test_what_follows_is_not_named_beside_its_cause() -> None:
    requirement = {"r": {"kind": "benchmarks", "asks": "1", "state": "met"}}
    unmet = {"r": {**requirement["r"], "state": "not_met"}}
    item = {"c/i": {"title": "Through", "state": "done", "text": "1", "by_itself": "benchmarks_met"}}
    opened = {"c/i": {**item["c/i"], "state": "open"}}
    then = base(requirements=requirement, items=item)
    flipped = base(requirements=unmet, items=opened, **entry("benchmarks", verdict="stale"))
    assert [(found.words, found.lapse) for found in alterations(then, flipped, AT)] == [
        ("p95: pass → too old", True)
    ]
    # … and stands alone where no cause is to be seen.
    alone = base(requirements=requirement, items=opened)
    assert [found.words for found in alterations(then, alone, AT)] == ["item “Through”: done → open"]


def test_a_title_alone_is_no_alteration() -> None:
    assert alterations(base(), base(**entry("benchmarks", title="P95")), AT) == []


TABLES = st.dictionaries(
    st.sampled_from(
        ["benchmarks", "items", "differences", "overrides", "requirements", "policy", "candidate"]
    ),
    st.just({}),
)


@given(TABLES, TABLES)
def test_any_two_bases_can_be_compared_and_equal_ones_agree(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    then, now = base(**one), base(**other)
    assert alterations(then, then, AT) == []
    assert bool(alterations(then, now, AT)) == (then != now)
