"""What a run of a probe does to the rows that are linked to it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.parity.seeing import NOW, change, row, run

from workbench.parity.decisions import Decision
from workbench.parity.model import Difference, decided_now, overtaken
from workbench.parity.seen import seen, texts_of, title_of
from workbench.probes.runs import ProbeRun, Seen


def value_of(rows: Any, ran: ProbeRun) -> Difference | None:
    found = seen(rows, ran, ran.changes)
    if not found:
        return None
    (one,) = found
    assert (one.entity, one.verb, one.id, one.base) == ("difference", "widened", "id-1", "base-1")
    assert isinstance(one.value, Difference)
    return one.value


def test_a_linked_row_tells_what_was_seen() -> None:
    value = value_of([row("POOL", staging="5", production="40")], run(change("POOL")))
    assert value is not None and (value.staging, value.production) == ("5", "50")


@pytest.mark.parametrize(
    ("fields", "ran"),
    [
        ({"staging": "5", "production": "50"}, run(change("POOL"))),
        ({"probe": "other"}, run(change("POOL"))),
        ({"path": "OTHER"}, run(change("POOL"))),
        ({"path": ""}, run(change(""))),
        ({"region": "us"}, run(change("POOL"), region="eu")),
        ({"contested": True}, run(change("POOL"))),
        ({}, run(change("POOL"), state="error")),
        ({}, run()),
    ],
)
def test_a_row_that_says_it_or_is_another_ones_stays(fields: dict[str, Any], ran: ProbeRun) -> None:
    assert value_of([row("POOL", **fields)], ran) is None


def test_a_row_that_holds_everywhere_is_kept_by_the_probe_of_a_region() -> None:
    assert value_of([row("POOL")], run(change("POOL"), region="eu")) is not None
    assert value_of([row("POOL", region="EU")], run(change("POOL"), region="eu")) is not None


@pytest.mark.parametrize(
    ("before", "now", "news"),
    [("10", "10.9", False), ("10", "11.1", True), ("10", "3", False), (None, "3", True)],
)
def test_only_a_wider_gap_is_news(before: str | None, now: str, news: bool) -> None:
    held = Decimal(before) if before else None
    ran = run(change("p95", "0.52 s", "0.4 s", gap=Decimal(now)))
    value = value_of([row("p95", staging="0.5 s", production="0.4 s", gap=held)], ran)
    assert (value is not None) is news
    assert value is None or value.gap == Decimal(now)


def decided(**fields: Any) -> Difference:
    accepted = {"decision": Decision.ACCEPT, "reason": "small enough", "until": NOW.replace(year=2027)}
    return decided_now(Difference(title="POOL", **{**accepted, **fields}))


def row_of(value: Difference) -> Any:
    return row("POOL", **{name: getattr(value, name) for name in value.__struct_fields__ if name not in ("title", "probe", "path")})  # fmt: skip


def test_other_values_overtake_a_decision_and_a_bound_covers_them() -> None:
    plain = value_of([row_of(decided(staging="5", production="40"))], run(change("POOL")))
    assert plain is not None and overtaken(plain)
    within = value_of([row_of(decided(staging="5", production="40", up_to="45"))], run(change("POOL")))
    assert within is not None and not overtaken(within)
    beyond = value_of([row_of(decided(staging="5", production="40", up_to="44"))], run(change("POOL")))
    assert beyond is not None and overtaken(beyond)


@pytest.mark.parametrize(
    ("found", "texts"),
    [
        (change("a", None, "x"), ("not there", "x")),
        (change("a", "secret-0123456789abcdef", "secret-0123456789abcdee", secret=True), ("a secret", "another secret")),
        (change("a", None, "secret-0123456789abcdef", secret=True), ("not there", "a secret")),
        (change("a", "secret-0123456789abcdef", None, secret=True), ("a secret", "not there")),
        (change("a", " e\u0301\r\n", "x" * 2000), ("é", "x" * 1000)),
    ],
)  # fmt: skip
def test_values_as_the_map_says_them(found: Seen, texts: tuple[str, str]) -> None:
    assert texts_of(found) == texts


def test_a_secret_that_is_renewed_changes_nothing() -> None:
    first = change("KEY", "secret-0123456789abcdef", "secret-0123456789abcdee", secret=True)
    staging, production = texts_of(first)
    again = change("KEY", "secret-0123456789abcd00", "secret-0123456789abcd11", secret=True)
    assert value_of([row("KEY", staging=staging, production=production)], run(again)) is None


def test_what_differs_is_called_by_its_path_unless_the_probe_says_how() -> None:
    assert title_of(change("app.env/DB_POOL")) == "app.env: DB_POOL"
    assert title_of(change("DB_POOL")) == "DB_POOL"
    assert title_of(change("a~1b/c/d")) == "a/b/c: d"
    assert title_of(change("x", title="index dropped")) == "index dropped"
