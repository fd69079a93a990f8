"""``workbench environment``, as it is typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Type

from workbench.model.times import parse_duration

TEXT = """\
project: shop
people: [{key: kim, name: Kim, roles: [release-owner]}]
environments:
  - {key: production, kind: production}
  - {key: staging, kind: staging, staging_kind: scaled-down, title: Staging, owner: kim, fresh_within: 7d}
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, type_in: Type) -> Path:
    (tmp_path / "workbench.yaml").write_text(TEXT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WORKBENCH_AS", "kim")
    type_in("release", "new", "1.0", "--commit", "abcdef1")
    return tmp_path


def test_a_refresh_from_recording_to_being_held_back(shop: Path, type_in: Type) -> None:
    said = type_in(
        "environment", "refresh", "--from", "last night", "--took", "90 min", "--rows", "passed", "--json"
    )
    found = said.json
    assert found["data_state"] == "not validated"
    assert parse_duration(found["data_age"]).total_seconds() < 60
    (refresh,) = found["refreshes"]
    assert (refresh["took"], refresh["source"], refresh["state"]) == (
        "1h30min",
        "last night",
        "not validated",
    )
    assert "validated the refresh of staging" in type_in(
        "environment", "validate", "staging", "--distributions", "passed", "--plans", "failed"
    ).out  # fmt: skip
    shown = type_in("environment", "show", "staging")
    assert "not known; the last refresh was held back: query plans failed" in shown.out


def test_occupancy_from_now_until_it_is_free(shop: Path, type_in: Type) -> None:
    type_in("environment", "occupy", "--who", "payments", "--why", "load test of the ledger", "--until", "2h")
    listed = type_in("environment", "list", "--json").json["environments"]
    (occupied,) = listed[0]["occupied"]
    assert (occupied["who"], occupied["maintenance"], occupied["regular"]) == ("payments", False, False)
    assert "payments until" in type_in("environment", "list").out
    type_in("environment", "free")
    assert not type_in("environment", "show", "--json").json["occupied"]


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("refresh", "stage"), "there is no environment “stage”"),
        (("refresh", "--took", "long"), "“long” is not a duration"),
        (("refresh", "--at", "2999-01-01"), "has not happened yet"),
        (("validate", "--rows", "passed"), "no refresh of staging is recorded"),
        (("occupy", "--why", "a load test"), "--who is missing"),
        (("occupy", "--who", "payments"), "--why is missing"),
        (("occupy", "--who", "payments", "--why", "tbd"), "an occupancy needs a reason"),
        (("free",), "no occupancy of staging is open"),
        (("end", "--reason", "moved away"), "--on is missing"),
    ],
)
def test_what_is_refused_says_what_and_why(
    shop: Path, type_in: Type, words: tuple[str, ...], what: str
) -> None:
    assert what in type_in("environment", *words, code=2).err


def test_an_environment_past_its_end_says_so(shop: Path, type_in: Type) -> None:
    type_in("environment", "end", "--on", "2026-01-01", "--reason", "moved to the new cluster")
    assert "over since Thu 1 Jan 2026" in type_in("environment", "show").out
    assert type_in("environment", "show", "--json").json["life_over"] is True


def test_control_codes_in_what_was_typed_steer_no_terminal(shop: Path, type_in: Type) -> None:
    type_in("environment", "occupy", "--who", "pay\x1b[31m", "--why", "load \u202etest of it")
    type_in("environment", "list")
    type_in("environment", "show")
