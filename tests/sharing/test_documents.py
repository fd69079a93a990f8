"""What commands about a shared record print as JSON has the fields that the guide names, whatever happened."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests import building as build
from tests.golden.test_schemas import ROWS, TEAM
from tests.sharing.team import Team
from tests.sharing.test_evidence import attach, data_of
from tests.usecases.two_desks import copy_project

from workbench.cli.running import run
from workbench.record.large import LARGE

Printed = dict[str, list[tuple[str, ...]]]


class Typing:
    """Types commands with ``--json`` and keeps the fields that each document had."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.printed: Printed = {}

    def __call__(self, root: Path, *words: str) -> dict[str, Any]:
        self._capsys.readouterr()
        run([*words, "--json", "--project", str(root)])
        document: dict[str, Any] = json.loads(self._capsys.readouterr().out)
        fields = tuple(key for key in document if key not in ("schema", "done"))
        self.printed.setdefault(document["schema"], []).append(fields)
        return document


def another_server(team: Team) -> str:
    """A second database of the same server, to move to."""
    name = f"{team.database}_two"
    team.server.execute("postgres", f"CREATE DATABASE {name} OWNER {team.role('kim')}")
    return team.url("kim").replace(team.database, name)


@contextmanager
def put_back_afterwards(team: Team) -> Iterator[None]:
    """At the end the database is as it was at the beginning."""
    team.server.execute("postgres", f"CREATE DATABASE {team.database}_copy TEMPLATE {team.database}")
    yield
    team.server.execute(
        "postgres",
        f"DROP DATABASE {team.database} WITH (FORCE)",
    )
    team.server.execute("postgres", f"ALTER DATABASE {team.database}_copy RENAME TO {team.database}")


def test_every_document_has_the_fields_that_the_guide_names(
    team: Team, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = Typing(capsys)
    with build.shop(tmp_path / "kim") as context:
        build.add_difference(context, "cache size", staging="1", production="2", flows=("checkout",))
        secret = attach(context, tmp_path, data_of(LARGE + 1))
    kim, sam = tmp_path / "kim", tmp_path / "sam"
    typed(kim, "share", team.url("kim"))
    typed(kim, "share", team.url("kim"))
    typed(kim, "share")
    typed(kim, "sync")
    typed(kim, "share", "--check")
    typed(kim, "share", "--sql")
    typed(kim, "share", "--upgrade")
    with put_back_afterwards(team):
        with build.opened(kim) as context:
            build.add_difference(context, "another")
        typed(kim, "sync")
    typed(kim, "sync")
    typed(kim, "share", "--reconnect", "--reason", "the server was put back from its backup")
    team.add_role("sam", group="signer")
    typed(kim, "member", "add", team.role("sam"), "--person", "sam", "--right", "signer")
    typed(kim, "member", "list")
    copy_project(kim, sam)
    typed(sam, "join", team.url("sam"))
    typed(sam, "sync")
    typed(sam, "share")
    typed(sam, "share", "--check")
    typed(sam, "evidence")
    typed(sam, "evidence", secret)
    typed(sam, "evidence", "--fetch")
    typed(kim, "purge", "--server")
    typed(kim, "member", "remove", team.role("sam"))
    typed(sam, "sync")
    typed(kim, "share", "--move", another_server(team))
    typed(kim, "share", "--leave")
    told = {name: set(fields) for name, fields in typed.printed.items() if name != "workbench.error.1"}
    assert set(told) == set(TEAM)
    for name, shapes in told.items():
        assert len(shapes) == 1, (name, shapes)
        (fields,) = shapes
        assert ROWS[name] in ([], list(fields)), name
