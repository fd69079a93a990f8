"""Scores over time, and the investigations that one opens which does not keep its limit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests import building as build
from tests.probes.lines import Blind, kind_of
from tests.probes.on_record import failed, know_kinds, ran, shop_text

from workbench.investigations import model as investigations
from workbench.investigations.model import Ending, Investigation
from workbench.probes.runs import KeptScore
from workbench.usecases import investigating, probing
from workbench.usecases.context import Context
from workbench.usecases.views.scores import bars, line_of, read_scores

DAY = timedelta(days=1)
ALIKE = {"POOL": "50"}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Context]:
    know_kinds(monkeypatch)
    root = tmp_path / "shop"
    root.mkdir()
    write(root, "POOL=50\nTTL=60\n")
    (root / "production.env").write_text("POOL=50\nTTL=60\n", encoding="utf-8")
    with build.shop(root, shop_text()) as context:
        yield context


def write(root: Path, staging: str) -> None:
    (root / "staging.env").write_text(staging, encoding="utf-8")


def score(value: str, **fields: Any) -> KeptScore:
    return KeptScore(**{"key": "data_consistency", "value": Decimal(value), "of": 40, **fields})


def open_ones(context: Context) -> list[Investigation]:
    return [value for _, value in investigations.all_investigations(context.record, only_open=True)]


# --- over time --------------------------------------------------------------------------------


def test_a_course_is_told_with_its_limit_what_it_was_before_and_what_lowers_it(shop: Context) -> None:
    limit = Decimal("0.95")
    for ago, value in ((3, "0.99"), (2, "0.95"), (1, "0.875")):
        ran(shop, ALIKE, ALIKE, ago=ago * DAY, scores=(score(value, limit=limit, words="orders before May"),))
    (course,) = read_scores(shop)
    line = line_of(course, shop.now)
    assert (line.title, line.place, line.value, line.limit) == (
        "Data consistency", "staging", "87.5 %", "at least 95 %",
    )  # fmt: skip
    assert (line.bars, line.moved, line.when) == ("█▅▁", "was 95 %", "24 h ago")
    assert not course.latest.met and line.words == "orders before May"


def test_a_move_that_no_digit_shows_is_not_told_with_the_same_number_twice(shop: Context) -> None:
    for ago, value in ((2, "0.86912"), (1, "0.86911")):
        ran(shop, ALIKE, ALIKE, ago=ago * DAY, scores=(score(value),))
    (course,) = read_scores(shop)
    assert line_of(course, shop.now).moved == "hardly down"


def test_a_run_that_could_not_look_or_was_replayed_is_no_point(shop: Context) -> None:
    ran(shop, ALIKE, ALIKE, ago=2 * DAY, scores=(score("0.9"),))
    failed(shop, "refused", ago=DAY)
    ran(shop, ALIKE, ALIKE, scores=(score("0.1"),), mark="replayed")
    (course,) = read_scores(shop)
    assert [point.value for point in course.points] == [Decimal("0.9")] and course.before is None
    assert len(read_scores(msgspec.structs.replace(shop, demonstration=shop.now))[0].points) == 2


def test_scores_are_chosen_by_name_probe_and_environment_those_under_their_limits_first(
    shop: Context,
) -> None:
    low = score("0.5", key="simulation_accuracy", limit=Decimal("0.9"))
    high = score("5", key="data_age", unit="h", limit=Decimal("24"), better="lower")
    ran(shop, ALIKE, ALIKE, scores=(high, low))
    assert [course.latest.key for course in read_scores(shop)] == ["simulation_accuracy", "data_age"]
    assert [line_of(course, shop.now).limit for course in read_scores(shop, name="data_age")] == [
        "at most 24 h"
    ]
    assert len(read_scores(shop, name="settings")) == 2
    assert read_scores(shop, environment="production") == [] == read_scores(shop, name="other")


@pytest.mark.parametrize(("values", "shown"), [((), ""), ((1,), ""), ((1, 1), "▄▄"), ((0, 7, 3), "▁█▄")])
def test_bars(values: tuple[int, ...], shown: str) -> None:
    assert bars(list(map(Decimal, values))) == shown


# --- investigations -----------------------------------------------------------------------------


def test_a_score_that_falls_under_its_limit_opens_one_investigation_in_the_act_of_the_run(
    shop: Context,
) -> None:
    probing.probe(shop)
    assert open_ones(shop) == []
    write(shop.root, "POOL=5\nTTL=1\n")
    probing.probe(shop)
    (opened,) = open_ones(shop)
    assert opened.title == "Alike of staging fell under its limit (settings)"
    assert (opened.value, opened.limit, opened.score) == (Decimal(0), Decimal("0.9"), "alike")
    entry, *_ = shop.record.history("investigation")
    assert {each.entity for each in shop.record.history(limit=2)} == {"investigation", "probe_run"}
    assert opened.run and entry.verb == "opened"
    probing.probe(shop)
    assert len(open_ones(shop)) == 1, "it is being investigated"
    assert read_scores(shop)[0].investigation


def test_one_that_has_ended_is_followed_by_another_where_the_score_is_still_low(shop: Context) -> None:
    write(shop.root, "POOL=5\nTTL=1\n")
    probing.probe(shop)
    stored, value = investigating.find_investigation(shop, "alike")
    investigating.end_investigation(shop, stored, value, Ending.REFRESH, "last night", "the snapshot was old")
    probing.probe(shop)
    assert len(open_ones(shop)) == 1


def test_what_rises_over_its_limit_says_so(shop: Context) -> None:
    ran(shop, ALIKE, ALIKE)
    stored, run = next(iter(build_runs(shop)))
    late = msgspec.structs.replace(
        run, scores=(score("30", key="data_age", unit="h", limit=Decimal("24"), better="lower"),)
    )
    (change,) = investigating.opened_by(shop, late, stored)
    assert isinstance(change.value, Investigation)
    assert change.value.title == "Data age of staging rose over its limit (settings)"
    replayed = msgspec.structs.replace(late, mark="replayed")
    assert investigating.opened_by(shop, replayed, stored) == []
    assert investigating.opened_by(msgspec.structs.replace(shop, demonstration=shop.now), replayed, stored)


def build_runs(context: Context) -> Iterator[tuple[str, Any]]:
    from workbench.probes.runs import latest_runs

    return iter((stored.id, run) for stored, run in latest_runs(context.record).values())


def test_a_probe_that_finds_too_little_of_what_was_planted_is_investigated(
    shop: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    know_kinds(monkeypatch, lines=kind_of(Blind))
    probing.probe(shop, prove=True)
    (opened,) = open_ones(shop)
    assert opened.title == "Error detection of staging fell under its limit (settings)"
    assert (opened.value, opened.limit) == (Decimal(0), Decimal("0.8"))
