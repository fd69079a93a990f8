"""Askings brought home: what CI was told comes into the record once, and what does not fit it is marked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests import building as build
from tests.usecases.reporting.formats import said

from workbench.gates.askings import askings
from workbench.model.errors import UsageError
from workbench.usecases.askings import (
    LARGEST,
    Brought,
    bring,
    doubts,
    is_note,
    judged_here,
    note_of,
    read_askings,
)
from workbench.usecases.ci_job import address, job_of
from workbench.usecases.context import Context
from workbench.usecases.scripting.acts import tell
from workbench.usecases.views.after_shipping import read_after
from workbench.usecases.views.askings import job_words, said_words, summary_words

GITHUB = {
    "GITHUB_ACTIONS": "true", "GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "acme/shop",
    "GITHUB_RUN_ID": "7", "GITHUB_ACTOR": "kim", "GITHUB_WORKFLOW": "Gate", "GITHUB_JOB": "gate",
    "GITHUB_TOKEN": "ghs_abcdefghijklmnopqrstuvwxyz0123456789", "ACTIONS_RUNTIME_TOKEN": "secret",
}  # fmt: skip


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        yield context


def note(context: Context, gate: str = "benchmarks", *, advisory: bool = False, **environ: str) -> bytes:
    return note_of(
        context, said(context, gate, advisory=advisory), judged_here(context), {**GITHUB, **environ}
    )


def edited(data: bytes, **fields: Any) -> bytes:
    told = json.loads(data)
    for name, value in fields.items():
        where = told
        *above, last = name.split("__")
        for each in above:
            where = where[each]
        where[last] = value
    return json.dumps(told).encode()


def brought(context: Context, data: bytes) -> Brought:
    return bring(context, data, "note.json")


def test_what_was_asked_said_and_who_went_on_anyway(shop: Context) -> None:
    found = brought(shop, note(shop, advisory=True))
    value = found.asking
    assert not found.known and not found.doubts
    assert (value.gate, value.release, value.candidate) == ("benchmarks", "2.0.0", build.SHA)
    assert value.went_on and value.exit_code == 1 and value.brought_by == "kim"
    assert said_words(value).endswith("went on anyway")
    assert job_words(value) == "GitHub Actions: Gate / gate, started by kim"
    assert value.ask.url == "https://github.com/acme/shop/actions/runs/7"
    assert askings(shop.record, "2.0.0") == [value]
    assert summary_words([value]) == "asked once in CI; went on anyway once"


def test_a_bundle_that_is_ready_and_not_signed_did_not_pass_and_contradicts_nothing(shop: Context) -> None:
    told = {"state": "ready", "exit_code": 1}
    found = brought(shop, edited(note(shop), judged_from__sort="bundle", **told))
    assert not found.asking.passed
    assert not any("contradict" in each for each in found.doubts)
    found = brought(shop, edited(note(shop), **told))  # the gate of a record that is ready exits with 0
    assert any("contradict" in each for each in found.doubts)


def test_no_secret_of_a_job_is_in_its_note(shop: Context) -> None:
    data = note(shop, GITHUB_ACTOR="ghp_" + "a" * 36)
    assert b"ghs_" not in data and b"secret" not in data
    found = brought(shop, data)
    assert "ghp_" not in found.asking.ask.who
    assert address("https://user:token@ci.example:8080/run/7?token=1#x") == "https://ci.example:8080/run/7"
    assert address("javascript:alert(1)") == address("https://[::1") == ""


def test_a_duplicate_is_told_and_changes_nothing(shop: Context) -> None:
    data = note(shop)
    brought(shop, data)
    size = shop.record.head.seq
    assert brought(shop, data).known
    assert shop.record.head.seq == size


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"judged_from__digest": "0" * 64}, "head that it was judged from is unknown"),
        ({"judged_from__digest": "x"}, "head that it was judged from is unknown"),
        ({"judged_from__record": "another"}, "another record"),
        ({"candidate": "deadbeef" * 5}, "never a candidate"),
        ({"release": "9.9.9"}, "no release 9.9.9"),
        ({"gate": "other"}, "no gate other"),
        ({"exit_code": 0}, "contradict"),
        ({"state": "signed"}, "contradict"),
        ({"asked_at": "2020-01-01T00:00:00Z"}, "asked before what it was judged from"),
        ({"asked_at": "2030-01-01T00:00:00Z"}, "asked later than it was brought home"),
        ({"ask__commit": "deadbeef" * 5}, "the job had deadbee checked out"),
    ],
)
def test_what_does_not_fit_the_record_is_marked(shop: Context, fields: dict[str, Any], why: str) -> None:
    found = brought(shop, edited(note(shop), **fields))
    assert any(why in each for each in found.doubts), found.doubts
    assert [one.doubts for one in read_askings(shop)] == [found.doubts]


def test_an_asking_of_an_older_state_is_stale(shop: Context) -> None:
    data = note(shop)
    build.figures(shop)
    later = (shop.now + timedelta(minutes=1)).isoformat()
    found = brought(shop, edited(data, asked_at=later))
    assert any(each.startswith("stale: ") for each in found.doubts), found.doubts
    assert not doubts(shop, brought(shop, note(shop)).asking)


@pytest.mark.parametrize(
    "data",
    [
        b'{"schema":"workbench.asking.1"}',
        b'{"schema":"workbench.asking.1","x":' + b"[" * 50_000,
        b'{"schema":"workbench.asking.1"' + b" " * LARGEST + b"}",
    ],
)
def test_what_is_no_note_is_refused(shop: Context, data: bytes) -> None:
    size = shop.record.head.seq
    with pytest.raises(UsageError):
        brought(shop, data)
    assert shop.record.head.seq == size


@pytest.mark.parametrize(
    "fields",
    [
        {"project": "other"},
        {"schema": "workbench.asking.2"},
        {"exit_code": -1},
        {"exit_code": 99},
        {"state": "fine"},
        {"asked_at": "2026-01-01T00:00:00"},
        {"asked_at": "yesterday"},
        {"judged_from": None},
    ],
)
def test_a_note_that_says_what_no_gate_says_is_refused(shop: Context, fields: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        brought(shop, edited(note(shop), **fields))


def test_it_is_told_in_history_and_as_a_command(shop: Context) -> None:
    brought(shop, note(shop))
    (last,) = [act for act in tell(shop) if "asking" in str(act)][-1:]
    assert "import" in str(last.lines)


def test_outside_of_ci_nobody_is_named(shop: Context) -> None:
    assert job_of({}) is None
    assert job_of({"CI": "true"}) is not None
    value = brought(shop, note_of(shop, said(shop), judged_here(shop), {})).asking
    assert job_words(value) == "by hand"


def test_each_system_is_known_by_its_variables() -> None:
    gitlab = {
        "GITLAB_CI": "true",
        "CI_JOB_URL": "https://oauth2:tok@git.example/j/1",
        "GITLAB_USER_LOGIN": "jo",
    }
    for environ, system in (
        (GITHUB, "GitHub Actions"),
        (gitlab, "GitLab"),
        ({"JENKINS_URL": "https://ci"}, "Jenkins"),
        ({"TF_BUILD": "True"}, "Azure Pipelines"),
        ({"BUILDKITE": "true"}, "Buildkite"),
    ):
        job = job_of(environ)
        assert job is not None and job.system == system
        assert "tok" not in job.url


def test_only_a_note_is_one() -> None:
    assert is_note(b'{"schema":"workbench.asking.1"}')
    assert not is_note(b'["workbench.asking.1"]') and not is_note(b"")


def test_it_is_on_the_page_of_the_release(shop: Context) -> None:
    assert not any(fact.label == "Asked" for facts in read_after(shop).values() for fact in facts)
    brought(shop, note(shop, advisory=True))
    ((fact,),) = [[one for one in facts if one.label == "Asked"] for facts in read_after(shop).values()]
    assert fact.text == "asked once in CI; went on anyway once"
