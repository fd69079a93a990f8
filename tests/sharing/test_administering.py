"""``share --sql``, ``share --upgrade`` and ``member`` as they are typed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.sharing.team import Team

from workbench.cli.running import run
from workbench.mailbox import versions
from workbench.mailbox.versions import Step
from workbench.usecases.context import Context
from workbench.usecases.sharing import administering

WIDER = Step(2, 1, "ALTER TABLE workbench.desk ADD COLUMN place text NOT NULL DEFAULT ''")
Said = pytest.CaptureFixture[str]


@pytest.fixture
def kim(team: Team) -> Context:
    return team.first_desk()


def typed(context: Context, *words: str) -> int:
    return run([*words, "--project", str(context.root)])


def said(capsys: Said) -> Any:
    return json.loads(capsys.readouterr().out)


def test_what_an_administrator_runs_is_printed_without_asking_a_server(capsys: Said) -> None:
    assert run(["share", "--sql", "postgresql://kim@db.example.org/releases"]) == 0
    text = capsys.readouterr().out
    assert text == administering.statements(role="kim")
    assert 'GRANT workbench_keeper TO "kim" WITH ADMIN OPTION;' in text
    assert run(["share", "--sql"]) == 0
    plain = capsys.readouterr().out
    assert "-- GRANT workbench_keeper TO ROLE" in plain
    assert run(["share", "--sql", "--json"]) == 0
    assert said(capsys) == {"schema": "workbench.share-sql.1", "sql": plain}
    assert run(["share", "--sql", "postgresql://kim:secret@db.example.org/releases"]) == 2
    assert "secret" not in capsys.readouterr().err


def test_tables_of_this_version_need_nothing(kim: Context, capsys: Said) -> None:
    assert typed(kim, "share", "--upgrade") == 0
    assert "have version 1 already" in capsys.readouterr().out
    assert typed(kim, "share", "--upgrade", "--sql") == 0
    printed = capsys.readouterr()
    assert (printed.out, "there is nothing to run" in printed.err) == ("", True)


def test_tables_are_brought_up_to_date_and_desks_of_before_are_told(
    team: Team, kim: Context, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    sam = team.join("sam")
    monkeypatch.setattr(versions, "STEPS", (WIDER,))
    assert typed(kim, "share", "--upgrade", "--sql") == 0
    assert "UPDATE workbench.about SET version = 2, works_with = 1" in capsys.readouterr().out
    assert typed(sam, "share", "--upgrade") == 2
    assert team.role("kim") in capsys.readouterr().err
    assert typed(kim, "share", "--upgrade", "--json") == 0
    assert said(capsys) == {
        "schema": "workbench.share-upgrade.1", "before": 1, "after": 2, "works_with": 1, "steps": [2],
        "done": "the tables on the server have version 2 now; they had 1. Workbenches for version 1 or newer work with them",
    }  # fmt: skip
    assert typed(sam, "sync") == 0
    assert "newer (2) than this workbench (1)" in capsys.readouterr().out


def test_one_thing_at_a_time(kim: Context, capsys: Said) -> None:
    for words in (
        ("--upgrade", "--check"),
        ("--sql", "--leave"),
        ("postgresql://kim@localhost/team", "--upgrade"),
    ):
        assert typed(kim, "share", *words) == 2
        said = capsys.readouterr().err
        assert "are asked for at once" in said
        assert all(word in said for word in words if word.startswith("--"))
    assert typed(kim, "share", "--beside") == 2
    assert "--beside goes with the address of a database" in capsys.readouterr().err


def test_members_as_typed(team: Team, kim: Context, capsys: Said) -> None:
    role = team.add_role("sam")
    assert typed(kim, "member", "add", role, "--right", "signer", "--person", "sam") == 0
    assert capsys.readouterr().out == f"the role {role} may sign for sam now\n"
    assert typed(kim, "member", "list") == 0
    listed = capsys.readouterr().out
    assert "keeps the record" in listed and "signs for sam" in listed
    assert typed(kim, "member", "list", "--json") == 0
    rows = {row["role"]: row for row in said(capsys)["members"]}
    assert rows[role] == {"role": role, "may": ["signer"], "persons": ["sam"], "desks": 0, "lacks": []}
    assert typed(kim, "member", "add", "nobody", "--right", "reader", "--json") == 0
    assert said(capsys)["lacks"] == ['CREATE ROLE "nobody" LOGIN;', 'GRANT workbench_reader TO "nobody";']
    assert typed(kim, "member", "list") == 0
    assert "the server's administrator runs: CREATE ROLE" in capsys.readouterr().err
    assert typed(kim, "member", "remove", role, "--json") == 0
    assert said(capsys)["schema"] == "workbench.member-removed.1"
    assert typed(kim, "member", "remove", team.role("kim")) == 2
    assert "nobody else keeps this record" in capsys.readouterr().err
