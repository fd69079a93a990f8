"""``workbench sync`` as it is typed: what it prints, its exit codes, its JSON."""

from __future__ import annotations

import os
import re
from pathlib import Path
from unittest.mock import patch

import pytest
from tests import building as build
from tests.cli.conftest import Type, type_in  # noqa: F401  (a fixture)
from tests.sharing.servers import BadDays
from tests.sharing.team import PASSWORD, Team
from tests.sharing.test_bad_days import server_of, two

PAGE = (Path(__file__).parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")


def test_what_it_prints_and_its_exit_code(team: Team, type_in: Type) -> None:  # noqa: F811
    kim, sam = two(team)
    build.add_difference(sam, "from sam")
    said = type_in("sync", "--project", sam.root, "--as", "sam")
    assert said.out == "sent 1 entry, received 0\n" and not said.err
    said = type_in("sync", "--project", kim.root, "--as", "kim")
    assert said.out == "sent 0 entries, received 1\n"
    again = type_in("sync", "--project", kim.root, "--as", "kim")
    assert again.out == "all is sent and received\n" and not again.err


def test_its_json_has_the_documented_fields_whatever_happened(team: Team, type_in: Type) -> None:  # noqa: F811
    kim, _ = two(team)
    (row,) = re.findall(r"^\| `workbench\.sync\.1` \|[^|]*\| (.*) \|$", PAGE, re.MULTILINE)
    documented = set(re.findall(r"`([^`]+)`", row))
    found = type_in("sync", "--project", kim.root, "--as", "kim", "--json").json
    assert found["schema"] == "workbench.sync.1"
    assert set(found) - {"schema", "done"} == documented
    assert (found["sent"], found["received"], found["unsent"], found["faults"]) == (0, 0, None, [])


def test_a_server_that_is_off_is_exit_code_3_and_nothing_is_lost(shaky: Team, type_in: Type) -> None:  # noqa: F811
    kim, _ = two(shaky)
    server: BadDays = server_of(shaky)
    build.add_difference(kim, "waits")
    server.halt("fast")
    try:
        said = type_in("sync", "--project", kim.root, "--as", "kim", code=3)
    finally:
        server.go_on()
    first, where, hint = said.err.splitlines()[:3]
    assert "nothing answers at that address" in first and "postgresql://" in where
    assert "nothing here is lost" in hint
    assert type_in("sync", "--project", kim.root, "--as", "kim").out == "sent 1 entry, received 0\n"


def test_a_wrong_password_is_told_and_never_shown(team: Team, type_in: Type, tmp_path: Path) -> None:  # noqa: F811
    kim, _ = two(team)
    wrong = tmp_path / "wrong"
    wrong.touch(0o600)
    wrong.write_text(f"*:*:*:*:not-{PASSWORD}\n")
    with patch.dict(os.environ, {"PGPASSFILE": str(wrong)}):
        said = type_in("sync", "--project", kim.root, "--as", "kim", code=2)
    assert "does not let this role in" in said.err
    assert PASSWORD not in said.err + said.out


def test_a_record_that_is_not_shared_is_told_how_to_share_it(tmp_path: Path, type_in: Type) -> None:  # noqa: F811
    with build.shop(tmp_path / "alone"):
        pass
    said = type_in("sync", "--project", tmp_path / "alone", "--as", "kim", code=2)
    assert "this record is not shared" in said.err and "workbench share URL" in said.err


def test_it_works_while_the_projects_files_have_mistakes(team: Team, type_in: Type) -> None:  # noqa: F811
    kim, _ = two(team)
    build.add_difference(kim, "from kim")
    (kim.root / "workbench.yaml").write_text("project: [", encoding="utf-8")
    said = type_in("sync", "--project", kim.root, "--as", "kim", code=None)
    assert said.code == 0, said.err
    assert "sent 1 entry" in said.out


def test_nothing_is_synced_while_one_looks_from_another_moment(team: Team, type_in: Type) -> None:  # noqa: F811
    kim, _ = two(team)
    said = type_in("--now", "2026-01-01", "sync", "--project", kim.root, "--as", "kim", code=2)
    assert "--now" in said.err


@pytest.mark.parametrize("words", [("--json",), ()])
def test_without_a_project_it_says_so(tmp_path: Path, type_in: Type, words: tuple[str, ...]) -> None:  # noqa: F811
    said = type_in("sync", "--project", tmp_path, *words, code=2)
    assert "Traceback" not in said.err
