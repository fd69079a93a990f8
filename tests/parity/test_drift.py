"""BM-3: what drifted, when it appeared, for how long nobody noticed, and what is intended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests import building as build
from tests.probes.on_record import PROBES, failed, know_kinds, ran, shop_text

from workbench.usecases.context import Context
from workbench.usecases.views.drift import DriftView, head_words, line_of, read_drift, unnoticed_words

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ALIKE = {"POOL": "50", "REGION": "eu", "RETRIES": "3"}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Context]:
    know_kinds(monkeypatch)
    with build.shop(tmp_path / "shop", shop_text()) as context:
        yield context


def intended(context: Context, path: str = "POOL", **fields: object) -> str:
    ident = build.add_difference(
        context, f"{path} differs", severity="low", probe="settings", path=path, staging="5", production="50"
    )
    build.decide(context, ident, "accept", owner="kim", reason="staging is a tenth of production", **fields)
    return ident


def paths(view: DriftView) -> list[str]:
    return [drift.what.change.path for drift in view.drifts]


def test_nothing_was_compared_before_the_first_run(shop: Context) -> None:
    view = read_drift(shop)
    assert head_words(view) == "nothing was compared yet"
    assert [(one.probe, one.why) for one in view.blind] == [("settings", "never run")]


def test_the_index_counts_what_differs_and_lists_what_is_intended_apart(shop: Context) -> None:
    intended(shop)
    ran(shop, {**ALIKE, "POOL": "5", "RETRIES": "0"}, ALIKE)
    view = read_drift(shop)
    assert (view.index.compared, view.index.differing, view.index.intended) == (3, 1, 1)
    assert view.index.by_category == {"configuration": 1}
    assert head_words(view) == "1 of 3 parameters drifted, 1 more intended"
    assert paths(view) == ["RETRIES"]
    (meant,) = view.intended
    assert line_of(meant, shop.now, shop.zone).meant.startswith("intended until 15 Sep: staging is a tenth")


def test_what_was_intended_counts_again_after_its_end_and_on_other_values(shop: Context) -> None:
    ident = intended(shop, until=shop.now + DAY)
    ran(shop, {**ALIKE, "POOL": "5"}, ALIKE)
    assert not read_drift(shop).drifts
    assert paths(read_drift(build.later(shop, days=2))) == ["POOL"]
    stored, value = build.parity.find(shop.record, ident)
    build.commit(shop, [build.parity.edited(stored, build.msgspec.structs.replace(value, staging="1"))])
    assert paths(read_drift(shop)) == ["POOL"]


def test_a_high_difference_that_one_person_accepted_is_not_intended_yet(shop: Context) -> None:
    values = {"staging": "5", "production": "50"}
    ident = build.add_difference(shop, "pool", severity="high", probe="settings", path="POOL", **values)
    build.decide(shop, ident, "accept", alone=True, reason="staging is a tenth of production")
    ran(shop, {**ALIKE, "POOL": "5"}, ALIKE)
    assert paths(read_drift(shop)) == ["POOL"]
    build.second_person(shop, ident)
    assert not read_drift(shop).drifts


def test_a_drift_appeared_between_the_run_that_did_not_find_it_and_the_one_that_did(shop: Context) -> None:
    ran(shop, ALIKE, ALIKE, ago=3 * DAY)
    ran(shop, {**ALIKE, "POOL": "5"}, ALIKE, ago=DAY)
    ran(shop, {**ALIKE, "POOL": "5"}, ALIKE, ago=HOUR)
    (drift,) = read_drift(shop).drifts
    assert (drift.appeared.after, drift.appeared.seen) == (shop.now - 3 * DAY, shop.now - DAY)
    assert drift.appeared.moved == "staging"
    assert drift.unnoticed == 2 * DAY and unnoticed_words(drift) == "up to 2 days"
    line = line_of(drift, shop.now, shop.zone)
    assert line.since == "between 12 Sep 12:00 and yesterday 12:00, staging changed"


def test_production_may_be_the_side_that_changed(shop: Context) -> None:
    ran(shop, ALIKE, ALIKE, ago=DAY)
    ran(shop, ALIKE, {**ALIKE, "POOL": "80"})
    (drift,) = read_drift(shop).drifts
    assert drift.appeared.moved == "production"


def test_a_person_who_wrote_it_down_noticed_it_before_a_run_did(shop: Context) -> None:
    ran(shop, ALIKE, ALIKE, ago=4 * DAY)
    yesterday = build.at(shop, shop.now - 3 * DAY)
    build.add_difference(yesterday, "pool", severity="low", probe="settings", path="POOL")
    ran(shop, {**ALIKE, "POOL": "5"}, ALIKE)
    (drift,) = read_drift(shop).drifts
    assert drift.noticed == shop.now - 3 * DAY and drift.unnoticed == DAY


def test_what_was_there_at_the_first_look_may_have_been_there_for_ever(shop: Context) -> None:
    ran(shop, {**ALIKE, "POOL": "5"}, ALIKE, ago=DAY)
    ran(shop, {**ALIKE, "POOL": "5"}, ALIKE)
    (drift,) = read_drift(shop).drifts
    assert drift.appeared.after is None and drift.unnoticed is None and unnoticed_words(drift) == ""
    assert "there when it was first looked at, yesterday" in line_of(drift, shop.now, shop.zone).since


def test_what_went_and_came_back_appeared_when_it_came_back(shop: Context) -> None:
    ran(shop, {**ALIKE, "POOL": "5"}, ALIKE, ago=3 * DAY)
    ran(shop, ALIKE, ALIKE, ago=2 * DAY)
    ran(shop, {**ALIKE, "POOL": "5"}, ALIKE, ago=DAY)
    (drift,) = read_drift(shop).drifts
    assert (drift.appeared.after, drift.appeared.seen) == (shop.now - 2 * DAY, shop.now - DAY)


def test_a_run_that_could_not_look_or_saw_noise_there_says_nothing_about_it(shop: Context) -> None:
    ran(shop, ALIKE, ALIKE, ago=4 * DAY)
    ran(shop, {**ALIKE, "POOL": "5"}, ALIKE, ago=3 * DAY)
    failed(shop, "refused", ago=2 * DAY)
    ran(shop, {**ALIKE, "POOL": "5"}, ALIKE, ago=DAY, noise=("POOL",))
    ran(shop, {**ALIKE, "POOL": "5"}, ALIKE)
    (drift,) = read_drift(shop).drifts
    assert (drift.appeared.after, drift.appeared.seen) == (shop.now - 4 * DAY, shop.now - 3 * DAY)


def test_a_probe_that_was_defined_otherwise_may_not_have_looked_there(shop: Context) -> None:
    ran(shop, ALIKE, ALIKE, ago=DAY, definition="another")
    ran(shop, {**ALIKE, "POOL": "5"}, ALIKE)
    (drift,) = read_drift(shop).drifts
    assert drift.appeared.after is None


def test_a_probe_that_cannot_look_any_more_keeps_its_last_word_and_says_so(shop: Context) -> None:
    ran(shop, {**ALIKE, "POOL": "5"}, ALIKE, ago=DAY)
    failed(shop, "refused")
    view = read_drift(shop)
    assert paths(view) == ["POOL"] and [one.why for one in view.blind] == ["could not look: refused"]


def test_as_of_another_moment_nothing_of_later_is_known(shop: Context) -> None:
    ran(shop, {**ALIKE, "POOL": "5"}, ALIKE, ago=DAY)
    failed(shop, "refused")
    earlier = build.at(shop, shop.now - HOUR)
    view = read_drift(earlier)
    assert paths(view) == ["POOL"] and not view.blind and len(view.course) == 1


def test_a_replayed_run_counts_in_a_demonstration_only(shop: Context) -> None:
    ran(shop, {**ALIKE, "POOL": "5"}, ALIKE, mark="replayed")
    view = read_drift(shop)
    assert not view.drifts and [one.why for one in view.blind] == ["only replayed from a recording"]
    demonstration = build.msgspec.structs.replace(shop, demonstration=shop.now)
    assert paths(read_drift(demonstration)) == ["POOL"]


def test_more_than_the_entry_holds_is_found_beside_it(shop: Context) -> None:
    many = {f"KEY_{number}": "1" for number in range(250)}
    ran(shop, many, {})
    assert read_drift(shop).index.differing == 250


def test_each_region_has_its_own_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    know_kinds(monkeypatch)
    second = (
        "  - {key: us, kind: lines, region: us, staging: us.env, production: p.env, category: security}\n"
    )
    with build.shop(tmp_path / "shop", shop_text(PROBES + second)) as context:
        ran(context, {**ALIKE, "POOL": "5"}, ALIKE)
        ran(context, {"A": "1", "B": "1"}, {"A": "2", "B": "2"}, probe="us")
        view = read_drift(context)
        assert [(place.region, place.index.differing, place.index.compared) for place in view.places] == [
            ("", 1, 3),
            ("us", 2, 2),
        ]
        assert view.index.by_category == {"security": 2, "configuration": 1}
        assert read_drift(context, region="us").index.differing == 2
        assert not read_drift(context, environment="elsewhere").drifts


def test_the_course_tells_how_many_differed_after_each_day(shop: Context) -> None:
    ran(shop, ALIKE, ALIKE, ago=2 * DAY)
    ran(shop, {**ALIKE, "POOL": "5"}, ALIKE, ago=DAY)
    ran(shop, {**ALIKE, "POOL": "5", "RETRIES": "1"}, ALIKE)
    assert [point.differing for point in read_drift(shop).course] == [0, 1, 2]
