"""PP-13: two environments or two moments compared, and builds that nobody put on record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests import building as build
from tests.probes.on_record import PROBES, know_kinds, ran, shop_text

from workbench.model.errors import UsageError
from workbench.usecases import diary, shipping
from workbench.usecases.context import Context
from workbench.usecases.diary import Diff
from workbench.usecases.views.diary import alone_words, builds_words, moved_words
from workbench.usecases.views.drift import unrecorded_words

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ALIKE = {"POOL": "50", "REGION": "eu"}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Context]:
    know_kinds(monkeypatch)
    second = "  - {key: keys, kind: lines, staging: k.env, production: kp.env, ignore: ['BUILD*']}\n"
    with build.shop(tmp_path / "shop", shop_text(PROBES + second)) as context:
        yield context


def diff(context: Context, one: str, other: str, probe: str = "") -> Diff:
    return diary.diff(context, diary.read_point(context, one), diary.read_point(context, other), probe)


def told(found: Diff) -> list[tuple[str, str | None, str | None]]:
    return [(moved.path, moved.before, moved.after) for moved in found.moved]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("staging", build.NOW),
        ("staging@now", build.NOW),
        ("staging@2 weeks ago", build.NOW - 14 * DAY),
        ("staging@2weeks-ago", build.NOW - 14 * DAY),
        ("staging@2-weeks-ago", build.NOW - 14 * DAY),
        ("staging@2w", build.NOW - 14 * DAY),
        ("staging@1h30min", build.NOW - 90 * HOUR / 60),
        ("staging@1month_ago", build.NOW - 30 * DAY),
        ("staging @ 36h ago", build.NOW - 36 * HOUR),
        ("staging@1 month ago", build.NOW - 30 * DAY),
        ("staging@3 Months ago", build.NOW - 90 * DAY),
        ("staging@1 year ago", build.NOW - 365 * DAY),
        ("staging@2026-09-15T09:00 UTC", build.NOW - HOUR),
        ("staging@2026-09-14", datetime(2026, 9, 14, 21, 59, 59, 999999, tzinfo=UTC)),  # as that day ended
        ("staging@2026-09-15", build.NOW),  # which has not ended
        ("staging@2027-01-01", build.NOW),
    ],
)
def test_a_point_is_an_environment_at_a_moment(shop: Context, text: str, at: datetime) -> None:
    point = diary.read_point(shop, text)
    assert (point.environment, point.at) == ("staging", at)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("stagin", "there is no environment “stagin”"),
        ("@2 weeks ago", "there is no environment “”"),
        ("staging@some time ago", "is no time ago"),
        ("staging@9999999 weeks ago", "is no time ago"),
        ("staging@36000 years ago", "is no time ago"),
        ("staging@many months ago", "is no time ago"),
        ("staging@soon", "is not a date"),
    ],
)
def test_what_is_no_point_is_told(shop: Context, text: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        diary.read_point(shop, text)


def test_two_moments_of_one_environment(shop: Context) -> None:
    ran(shop, {**ALIKE, "POOL": "5"}, ALIKE, ago=20 * DAY, build="aaaa1111")
    ran(shop, {**ALIKE, "POOL": "10", "CACHE": "on"}, ALIKE, ago=HOUR, build="bbbb2222")
    found = diff(shop, "staging@2 weeks ago", "staging")
    assert told(found) == [("CACHE", None, "on"), ("POOL", "5", "10")]
    assert list(builds_words(found)) == ["build aaaa1111 → bbbb2222"]
    assert told(diff(shop, "production@2 weeks ago", "production")) == []


def test_two_environments_as_their_probe_compares_them(shop: Context) -> None:
    ran(shop, {**ALIKE, "POOL": "5"}, ALIKE, ago=DAY)
    ran(shop, {**ALIKE, "POOL": "7"}, ALIKE, noise=("REGION",))
    found = diff(shop, "staging", "production")
    assert told(found) == [("POOL", "7", "50")] and found.parameters == 2
    assert told(diff(shop, "production", "staging")) == [("POOL", "50", "7")]
    assert told(diff(shop, "staging@20h ago", "production")) == [("POOL", "5", "50")]
    assert told(diff(shop, "production", "staging@20h ago")) == [("POOL", "50", "5")]
    assert "left out: 1 parameter noise" in list(alone_words(found, str))


def test_what_a_probe_ignores_is_left_out_and_counted(shop: Context) -> None:
    ran(shop, {"A": "1", "BUILD_ID": "7"}, {}, probe="keys", ago=DAY)
    ran(shop, {"A": "2", "BUILD_ID": "8"}, {}, probe="keys")
    found = diff(shop, "staging@20h ago", "staging")
    assert told(found) == [("A", "1", "2")] and found.ignored == 1


def test_a_probe_that_has_not_looked_at_one_of_them_is_named(shop: Context) -> None:
    ran(shop, ALIKE, ALIKE, ago=DAY)
    ran(shop, {"A": "1"}, {"A": "1"}, probe="keys", ago=HOUR)
    found = diff(shop, "staging@20h ago", "staging")
    assert found.alone == {"keys": diary.read_point(shop, "staging@20h ago").words}
    assert any(words.startswith("the probe keys has not looked at") for words in alone_words(found, str))
    assert diff(shop, "staging@20h ago", "staging", "settings").alone == {}


def test_a_secret_is_never_told_and_one_under_another_key_cannot_be_compared(shop: Context) -> None:
    ran(shop, {"TOKEN": "secret-1"}, {}, secrets=("TOKEN",), ago=2 * DAY, hidden_by="one")
    ran(shop, {"TOKEN": "secret-2"}, {}, secrets=("TOKEN",), ago=DAY, hidden_by="one")
    (moved,) = diff(shop, "staging@36h ago", "staging").moved
    assert moved_words(moved) == ("secret", "secret, differs")
    ran(shop, {"TOKEN": "secret-3"}, {}, secrets=("TOKEN",), hidden_by="two")
    found = diff(shop, "staging@20h ago", "staging")
    assert not found.moved and found.compared[0].hidden == 1


def test_what_was_never_looked_at_is_not_the_same(shop: Context) -> None:
    ran(shop, ALIKE, ALIKE, ago=DAY)
    with pytest.raises(
        UsageError, match=r"no probe has looked at staging on .* nothing can be compared"
    ) as told:
        diff(shop, "staging@2 weeks ago", "staging")
    assert told.value.hint == "the first look was on Mon 14 Sep 2026 12:00 CEST"


def test_nothing_seen_is_no_difference_and_says_so(shop: Context) -> None:
    with pytest.raises(UsageError, match="no probe has looked at staging"):
        diff(shop, "staging@2 weeks ago", "staging")


def test_a_replayed_run_is_no_page_of_the_diary(shop: Context) -> None:
    ran(shop, ALIKE, ALIKE, mark="replayed")
    with pytest.raises(UsageError, match="no probe has looked"):
        diff(shop, "staging", "production")
    assert diff(build.msgspec.structs.replace(shop, demonstration=shop.now), "staging", "production")


# --- what nobody deployed on record -----------------------------------------------------------


def unrecorded(context: Context) -> list[tuple[str, str, str]]:
    return [(one.environment, one.build, one.named) for one in diary.unrecorded(context)]


def test_a_build_that_no_candidate_names_stands_out(shop: Context) -> None:
    ran(shop, ALIKE, ALIKE, build=build.SHA, ago=2 * DAY)
    assert unrecorded(shop) == []
    ran(shop, ALIKE, ALIKE, build="feedc0de1234", ago=DAY)
    ran(shop, ALIKE, ALIKE, build="feedc0de1234")
    (one,) = diary.unrecorded(shop)
    assert (one.first, one.last, one.there) == (shop.now - DAY, shop.now, True)
    words = unrecorded_words(one, shop.now, shop.zone)
    assert words == "feedc0de1234 runs in staging, and no candidate is this build: first seen yesterday 12:00"
    ran(build.later(shop, hours=1), ALIKE, ALIKE, build=build.SHA)
    (one,) = diary.unrecorded(build.later(shop, hours=1))
    assert not one.there and "ran in staging" in unrecorded_words(one, shop.now, shop.zone)


def test_in_production_a_candidate_has_to_have_shipped(shop: Context) -> None:
    ran(shop, ALIKE, ALIKE, production_build=build.SHA[:10])
    assert unrecorded(shop) == [("production", build.SHA[:10], "2.0.0 rc1")]
    (one,) = diary.unrecorded(shop)
    assert "no shipment of it is recorded" in unrecorded_words(one, shop.now, shop.zone)
    shipping.ship(shop, reason="it had to go out today")
    assert unrecorded(shop) == []
