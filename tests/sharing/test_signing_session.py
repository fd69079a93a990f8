"""Three people sign one gate at three desks, one of them by a request file, all of it by commands against a real server."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from tests import building as build
from tests.cli.conftest import Said, Type, type_in  # noqa: F401  (a fixture)
from tests.sharing.team import Team

from workbench.record import Record
from workbench.usecases.nouns import NOUNS

PROJECT = (
    build.HEAD
    + build.PEOPLE
    + """\
gates:
  - key: go
    title: Go
    requires: [not_frozen: {}]
    sign: {roles: [{role: release-owner}, {role: staging-owner}, {role: product-owner}]}
"""
)
Desk = Callable[..., Said]


@pytest.fixture
def at_desk(team: Team, type_in: Type, tmp_path: Path) -> Desk:  # noqa: F811
    """``at_desk("sam", "gate")`` types a command at sam's desk: a folder and user data of its own."""

    def at_desk(person: str, *words: object, **more: Any) -> Said:
        root = tmp_path / person
        if not root.exists():
            build.write(root, PROJECT)
        with patch.dict(os.environ, {"WORKBENCH_DATA": str(tmp_path / f"data-of-{person}")}):
            return type_in("--as", person, *words, "--project", root, **more)

    return at_desk


def digests(root: Path) -> set[bytes]:
    """The entries that a desk holds."""
    with Record.open(root / ".workbench" / "record.db", NOUNS, readonly=True) as record:
        return set(record.leaves())


def shared_by_kim(team: Team, at_desk: Desk) -> None:
    """A release that Kim shares; Robin and Sam may join, and sign for themselves."""
    at_desk("kim", "release", "new", "2.0.0", "--commit", build.SHA, "--author", "jo")
    at_desk("kim", "share", team.url("kim"))
    for person in ("robin", "sam"):
        team.add_role(person)
        at_desk("kim", "member", "add", team.role(person), "--right", "signer", "--person", person)


def test_a_signing_session_ends_with_one_verified_record_everywhere(
    team: Team,
    at_desk: Desk,
    type_in: Type,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shared_by_kim(team, at_desk)
    at_desk("robin", "join", team.url("robin"))

    # Robin signs at his own desk; kim's desk has it with the next sync.
    assert "robin as staging-owner: approves" in at_desk("robin", "sign", "go", "--confirm", "2.0.0").out
    at_desk("robin", "sync")
    at_desk("kim", "sync")
    at_desk("kim", "sign", "go", "--confirm", "2.0.0")

    # Sam cannot reach the server, and has no record: a request file goes there by mail, a reply comes back.
    asked = at_desk("kim", "ask", "sam", "go", "--to", tmp_path, "--json").json
    (request,) = [name for name in asked["files"] if name.endswith(".json")]
    with monkeypatch.context() as away:
        (tmp_path / "away").mkdir()
        away.chdir(tmp_path / "away")
        answered = type_in("--as", "sam", "sign", request, "--confirm", "2.0.0", "--json").json
        reply = Path(answered["files"][0]).resolve()
    at_desk("kim", "import", reply)
    at_desk("kim", "sync")

    # Back in the office he joins, and signs nothing more: what he said is there.
    at_desk("sam", "join", team.url("sam"))
    for person in ("sam", "robin", "kim", "robin", "sam"):
        at_desk(person, "sync")

    held = digests(tmp_path / "kim")
    for person in ("kim", "robin", "sam"):
        gate = at_desk(person, "gate", "--json").json
        assert (gate["gate"], gate["state"]) == ("go", "signed")
        assert {one["person"] for one in gate["signoffs"]} == {"kim", "robin", "sam"}
        assert digests(tmp_path / person) == held
        found = at_desk(person, "verify", "--server", "--json").json
        assert found["problem"] is None and not found["server"]["faults"]
    # The server has read the same packs at each desk.
    shown = [at_desk(person, "share", "--json").json for person in ("kim", "robin", "sam")]
    assert len({one["number"] for one in shown}) == 1


def test_people_who_sign_at_the_same_time_at_their_desks_have_nothing_to_choose(
    team: Team, at_desk: Desk
) -> None:
    shared_by_kim(team, at_desk)
    for person in ("robin", "sam"):
        at_desk(person, "join", team.url(person))
    people = ("kim", "robin", "sam")
    for person in people:  # each opens sign-off, and knows of nobody else's
        at_desk(person, "sign", "go", "--confirm", "2.0.0")
    for person in people * 2:
        at_desk(person, "sync")

    for person in people:
        assert at_desk(person, "contested", "--json").json["contested"] == []
        gate = at_desk(person, "gate", "--json").json
        assert (gate["gate"], gate["state"]) == ("go", "signed")
        assert {one["person"] for one in gate["signoffs"]} == set(people)
    at_desk("sam", "release", "shipped")
    at_desk("sam", "sync")
    at_desk("kim", "sync")
    assert "shipped" in at_desk("kim", "status").out
