"""Feature flags: the same flag written in different ways is the same, and what a service notes about it does not count."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.probes.asking import probe, ran, source
from tests.probes.conftest import serve
from tests.probes.kinds.looking import look, put, told
from tests.sources.support import body

__all__ = ["serve"]

UNLEASH = {
    "version": 2,
    "features": [
        {
            "name": "checkout-v2",
            "enabled": True,
            "createdAt": "2026-01-01",
            "strategies": [{"name": "flexibleRollout", "parameters": {"rollout": "50"}}],
        },
        {"name": "old-search", "enabled": False, "strategies": []},
    ],
}


def looked(place: Path, staging: Any, production: Any, **run: Any) -> Any:
    texts = [one if isinstance(one, str) else json.dumps(one) for one in (staging, production)]
    put(place, {"staging.json": texts[0], "production.json": texts[1]})
    return look(place, "flags", staging="staging.json", production="production.json", about_run=run)


def test_a_switch_and_a_rollout_differ(tmp_path: Path) -> None:
    other = json.loads(json.dumps(UNLEASH))
    other["version"] = 3
    other["features"].reverse()
    other["features"][1] |= {"createdAt": "2026-02-02"}
    other["features"][1]["strategies"][0]["parameters"]["rollout"] = "100"
    other["features"][0]["enabled"] = True
    ran = looked(tmp_path, UNLEASH, other)
    assert told(ran.changes) == {
        "checkout-v2/strategies/flexibleRollout/parameters/rollout": ("50", "100"),
        "old-search": ("false", "true"),
    }
    assert ran.changes[1].title == "flag old-search"


@pytest.mark.parametrize(
    "written",
    [
        {"checkout-v2": True, "old-search": False},
        {"flags": {"checkout-v2": {"on": True}, "old-search": {"on": False}}},
        {"featureFlags": {"checkout-v2": "on", "old-search": "off"}},
        {"items": [{"key": "old-search", "on": False}, {"key": "checkout-v2", "on": True}]},
        "checkout-v2: true\nold-search: false\n",
        "checkout-v2=true\nold-search=false\n",
    ],
)
def test_flags_are_the_same_in_whichever_form(tmp_path: Path, written: Any) -> None:
    place = put(tmp_path, {"staging": written if isinstance(written, str) else json.dumps(written)})
    put(
        place,
        {
            "production.json": '{"toggles": {"checkout-v2": {"enabled": true}, "old-search": {"enabled": false}}}'
        },
    )
    ran = look(place, "flags", staging="staging", production="production.json")
    assert (told(ran.changes), ran.run.state, ran.run.compared) == ({}, "pass", 2)


def test_an_environment_without_any_flag_lacks_all_of_them(tmp_path: Path) -> None:
    assert told(looked(tmp_path, {"features": []}, {"features": {"a": True}}).changes) == {
        "a": (None, "true")
    }


def test_a_flag_that_only_one_has_is_told(tmp_path: Path) -> None:
    ran = looked(tmp_path, {"a": True, "b": True}, {"a": True})
    assert told(ran.changes) == {"b": ("true", None)}


def test_a_flag_about_a_password_is_no_secret_and_a_token_in_a_flag_is(tmp_path: Path) -> None:
    token = "ghp_" + "a1B2" * 9
    ran = looked(
        tmp_path,
        {"reset-password": {"share": 10, "x": token}},
        {"reset-password": {"share": 20, "x": token + "1"}},
    )
    assert told(ran.changes) == {
        "reset-password/share": ("10", "20"),
        "reset-password/x": ("secret", "secret"),
    }
    assert token not in repr(ran)


def test_every_planted_difference_is_found(tmp_path: Path) -> None:
    ran = looked(tmp_path, UNLEASH, UNLEASH, proving=True)
    assert ran.proof.planted and [one for one in ran.proof.planted if not one.found] == []
    assert "flipped-switch" in {one.key for one in ran.proof.planted}


def test_a_flag_service_answers_in_json_and_one_that_fails_costs_its_own_probe(serve: Any) -> None:
    def flags(share: int) -> Any:
        return lambda asked: body(
            {"features": [{"name": "a", "enabled": True, "share": share}], "path": asked.path}
        )

    one, other, broken = serve(flags(10)), serve(flags(50)), serve(lambda _: body({}, 503))
    asked = {side: {"source": side[0], "path": "/api/features"} for side in ("staging", "production")}
    sources = [source("s", one.url), source("p", other.url)]
    (found,) = ran([probe("flags", asked)], sources=sources)
    assert told(found.changes) == {"a/share": ("10", "50")}
    (failed,) = ran([probe("flags", asked)], sources=[sources[0], source("p", broken.url)])
    assert failed.run.state == "error" and "status 503" in failed.run.why


@pytest.mark.parametrize("text", ["{}", "[]", '{"version": 1}'])
def test_what_holds_no_flags_is_an_error(tmp_path: Path, text: str) -> None:
    ran = looked(tmp_path, text, UNLEASH)
    assert ran.run.state == "error" and "no flags" in ran.run.why


def launchdarkly(environment: str, **settings: Any) -> dict[str, Any]:
    held = {
        "on": True,
        "salt": environment,
        "_environmentName": environment.title(),
        "version": len(environment),
    }
    flag = {"key": "checkout-v2", "kind": "boolean", "environments": {environment: {**held, **settings}}}
    return {"items": [flag], "totalCount": 1}


def test_what_launchdarkly_tells_of_one_environment_each_is_compared(tmp_path: Path) -> None:
    def split(weight: int) -> dict[str, Any]:
        return {
            "rollout": {"variations": [{"variation": 0, "weight": weight}, {"variation": 1, "weight": 9}]}
        }

    same = looked(
        tmp_path / "a",
        launchdarkly("test", fallthrough=split(5)),
        launchdarkly("production", fallthrough=split(5)),
    )
    assert same.changes == ()
    found = looked(
        tmp_path / "b",
        launchdarkly("test", fallthrough=split(5)),
        launchdarkly("production", fallthrough=split(7)),
    )
    (change,) = found.changes
    assert change.title.startswith("flag checkout-v2: fallthrough")


def test_the_first_of_several_pages_is_not_compared(tmp_path: Path) -> None:
    page = launchdarkly("test") | {"_links": {"next": {"href": "/api/v2/flags/shop?offset=20"}}}
    run = looked(tmp_path, page, launchdarkly("production")).run
    assert run.state == "error" and "one page of several" in run.why
    own = looked(tmp_path, {"next": True}, {"next": False})
    assert [change.title for change in own.changes] == ["flag next"]
