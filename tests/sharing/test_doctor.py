"""``doctor`` of a shared record: how the desk stands with its server, also where that does not answer."""

from __future__ import annotations

import os
from unittest.mock import patch

import pytest
from tests import building as build
from tests.sharing.cable import cable_to
from tests.sharing.team import PASSWORD, Team
from tests.sharing.test_bad_days import digests, two
from tests.sharing.test_round_trips import asked

from workbench.usecases.checks import Check
from workbench.usecases.context import Context
from workbench.usecases.doctoring import examine
from workbench.usecases.project import Options
from workbench.usecases.sharing.doctoring import server_checks
from workbench.usecases.sharing.shared import shared_of
from workbench.usecases.sharing.syncing import sync


def found(desk: Context, waits: float = 60.0) -> dict[str, Check]:
    checks = tuple(server_checks(desk, waits))
    assert all(check.fix for check in checks if check.state != "ok"), checks
    return {check.what: check for check in checks}


def test_a_desk_that_is_in_step_is_told_so_line_by_line(team: Team) -> None:
    _, sam = two(team)
    sync(sam)
    checks = found(sam)
    assert list(checks) == ["server", "server tables", "server TLS", "server role", "server clock", "in step"]
    clock = checks.pop("server clock")  # this desk's is set to a day of the tests
    assert clock.state == "warn" and "this machine's" in clock.why
    assert {check.state for check in checks.values()} == {"ok"}
    assert checks["server"].why.startswith(team.url("sam")) and "PostgreSQL" in checks["server"].why
    assert "signer" in checks["server role"].why and "signs for sam" in checks["server role"].why
    assert "nothing is known to wait" in checks["in step"].why
    assert PASSWORD not in "".join(f"{check.why}{check.fix}" for check in checks.values())


def test_it_is_part_of_doctor_and_changes_nothing(team: Team) -> None:
    _, sam = two(team)
    before, noted = digests(sam), shared_of(sam.record)
    with asked() as statements:
        checks = {one.what: one for one in examine(Options(project=sam.root, as_person="sam"))}
    assert checks["server"].state == "ok" and checks["in step"].state == "ok"
    assert all(one.startswith(("SELECT", "SET ")) for one in statements)
    assert (digests(sam), shared_of(sam.record)) == (before, noted)


def test_what_waits_on_either_side_is_counted(team: Team) -> None:
    kim, sam = two(team)
    build.add_difference(kim, "from kim")
    sync(kim)
    build.add_difference(sam, "from sam")
    check = found(sam)["in step"]
    assert check.state == "warn" and check.fix == "workbench sync"
    assert check.why.endswith("; 1 entry not sent, 1 pack not received")


def test_a_server_that_is_off_is_a_warning_and_what_was_noted_is_told(team: Team) -> None:
    _, sam = two(team)
    sync(sam)
    with cable_to(team.server.port) as cable:
        cable.joins(sam)
        cable.cut()
        build.add_difference(sam, "from sam")
        checks = found(sam)
    assert list(checks) == ["server", "in step"]
    assert checks["server"].state == "warn" and "nothing answers at that address" in checks["server"].why
    assert checks["in step"].why.endswith("1 entry not sent")


def test_a_server_that_hangs_is_left_after_the_limit(team: Team) -> None:
    _, sam = two(team)
    with cable_to(team.server.port) as cable:
        cable.joins(sam)
        cable.hold()
        checks = found(sam, waits=0.01)
    assert checks["server"].state == "warn" and "no answer within 0.01 s" in checks["server"].why


def test_a_wrong_password_is_a_failure_and_never_shown(team: Team, tmp_path: object) -> None:
    _, sam = two(team)
    wrong = team.folder / "wrong"
    wrong.touch(0o600)
    wrong.write_text("*:*:*:*:not-the-password\n")
    with patch.dict(os.environ, {"PGPASSFILE": str(wrong)}):
        checks = found(sam)
    assert checks["server"].state == "fail" and "does not let this role in" in checks["server"].why
    assert "not-the-password" not in checks["server"].why


@pytest.mark.parametrize(
    ("statement", "state", "words"),
    [
        ("DELETE FROM workbench.member WHERE role::text LIKE 'sam%'", "fail", "shows the role"),
        ("UPDATE workbench.record SET moved_to = 'postgresql://ROLE@other/db'", "warn", "was moved to"),
    ],
)
def test_a_role_that_was_taken_off_and_a_record_that_was_moved_are_told(
    team: Team, statement: str, state: str, words: str
) -> None:
    _, sam = two(team)
    team.execute(statement)
    check = found(sam)["in step"]
    assert check.state == state and words in check.why


def test_a_record_that_is_not_shared_has_no_line_about_a_server(tmp_path: object, team: Team) -> None:
    with build.shop(team.folder / "alone") as alone:
        checks = {one.what for one in examine(Options(project=alone.root, as_person="kim"))}
    assert not checks & {"server", "in step", "server role"}
