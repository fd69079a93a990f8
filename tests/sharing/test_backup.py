"""A backup of the server with pg_dump: put back, the desks go on, and nothing that anybody wrote is lost."""

from __future__ import annotations

import os
import subprocess
from functools import partial
from pathlib import Path
from unittest.mock import patch

import psycopg
import pytest
from tests import building as build
from tests.real.postgresql import OWNER, OWNER_PASSWORD, program
from tests.sharing.team import Team, sync_all
from tests.sharing.test_checking import at_real_time, line
from tests.sharing.test_evidence import attach, data_of

from workbench.model.errors import UsageError
from workbench.model.times import Clock
from workbench.parity import model as parity
from workbench.record.large import LARGE
from workbench.usecases.context import Context
from workbench.usecases.project import Options
from workbench.usecases.sharing import evidence, joining
from workbench.usecases.sharing.checking import check
from workbench.usecases.sharing.leaving import leave
from workbench.usecases.sharing.reconnecting import reconnect
from workbench.usecases.sharing.sharing import share
from workbench.usecases.sharing.syncing import sync


def titles(context: Context) -> set[str]:
    return {row.decode(parity.Difference).title for row in context.record.all("difference")}


def add(context: Context, title: str) -> None:
    build.add_difference(context, title, staging="1", production="2", flows=("checkout",))


def run(team: Team, *command: str) -> None:
    """A program of PostgreSQL's, as the administrator."""
    name, *rest = command
    own = {
        "PGHOST": "127.0.0.1",
        "PGPORT": str(team.server.port),
        "PGUSER": OWNER,
        "PGPASSWORD": OWNER_PASSWORD,
    }
    done = subprocess.run(
        [program(name), *rest], env=os.environ | own, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def back_up(team: Team, folder: Path) -> Path:
    """As docs/team.md does it."""
    file = folder / "workbench.dump"
    run(team, "pg_dump", "--format=custom", f"--file={file}", team.database)
    return file


def restore(team: Team, file: Path, database: str = "") -> str:
    """In the place of the database, or into another one, as docs/team.md does it."""
    name = database or team.database
    run(team, "dropdb", "--if-exists", "--force", name)
    run(team, "createdb", "--template=template0", name)
    run(team, "pg_restore", "--exit-on-error", "--single-transaction", f"--dbname={name}", str(file))
    return name


@pytest.fixture
def desks(team: Team) -> tuple[Context, Context]:
    kim = team.first_desk()
    add(kim, "cache size")
    sync(kim)
    return kim, team.join("sam")


def test_after_a_backup_was_put_back_the_desks_bring_what_it_lacks(
    team: Team, desks: tuple[Context, Context], tmp_path: Path
) -> None:
    kim, sam = desks
    file = back_up(team, tmp_path)
    add(kim, "queue depth")
    sync_all(kim, sam)
    add(sam, "off-line")
    restore(team, file)
    told = sync(kim)
    assert told.faults and told.sent > 0
    sync_all(sam, kim)
    assert titles(kim) == titles(sam) == {"cache size", "queue depth", "off-line"}
    with team.connect("kim") as server:
        reach = server.reach(kim.record.info.record_id)
    assert {desk.record.info.desk: desk.record.frontier() for desk in (kim, sam)}
    for desk in (kim, sam):
        (own,) = [one for one in desk.record.frontier() if one.desk == desk.record.info.desk]
        assert reach[own.desk].last == own.desk_seq
        assert desk.record.verify().problem is None


def test_a_person_accepts_it_with_a_reason_and_it_is_told_no_more(
    team: Team, desks: tuple[Context, Context], tmp_path: Path
) -> None:
    kim, sam = desks
    file = back_up(team, tmp_path)
    add(kim, "queue depth")
    sync_all(kim, sam)
    restore(team, file)
    assert sync(kim).faults
    reconnect(kim, "the disk of the server broke; yesterday's backup was put back")
    assert not sync(kim).faults


def test_rights_rules_and_triggers_are_those_of_before(
    team: Team, desks: tuple[Context, Context], tmp_path: Path
) -> None:
    _, sam = desks
    before = rights(team, team.database)
    restore(team, back_up(team, tmp_path))
    for now, was in zip(rights(team, team.database), before, strict=True):
        assert now == was
    found = check(at_real_time(sam))
    assert (line(found, "append only").state, line(found, "role").state) == ("ok", "ok")


def rights(team: Team, database: str) -> list[object]:
    """All that says who may what."""
    sql = (
        "SELECT c.relname::text, c.relrowsecurity, coalesce(c.relacl, acldefault('r', c.relowner))::text, pg_get_userbyid(c.relowner)::text FROM pg_class c "
        "WHERE relnamespace = 'workbench'::regnamespace AND relkind IN ('r', 'v') ORDER BY 1",
        "SELECT tablename::text, policyname::text, permissive, cmd, qual, with_check FROM pg_policies ORDER BY 1, 2",
        "SELECT tgrelid::regclass::text, tgname::text, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2",
    )
    with psycopg.connect(team.server.url(database, user=OWNER)) as connection:
        return [connection.execute(one.encode()).fetchall() for one in sql]


def test_large_evidence_is_in_the_backup(team: Team, desks: tuple[Context, Context], tmp_path: Path) -> None:
    kim, sam = desks
    data = data_of(LARGE + 1)
    digest = attach(kim, tmp_path, data)
    sync_all(kim, sam)
    restore(team, back_up(team, tmp_path))
    looked = evidence.look(sam, digest)
    assert looked.blob is not None and looked.blob.data == data


def test_large_evidence_that_the_backup_lacks_is_sent_again(
    team: Team, desks: tuple[Context, Context], tmp_path: Path
) -> None:
    kim, sam = desks
    data = data_of(LARGE + 1)
    digest = attach(kim, tmp_path, data)
    sync_all(kim, sam)
    team.execute("ALTER TABLE workbench.evidence DISABLE TRIGGER USER; DELETE FROM workbench.evidence")
    restore(team, back_up(team, tmp_path))
    assert evidence.look(sam, digest).why == evidence.NOT_SENT
    sync(kim)
    looked = evidence.look(sam, digest)
    assert looked.blob is not None and looked.blob.data == data


def test_into_another_database_when_the_first_one_is_gone(
    team: Team, desks: tuple[Context, Context], tmp_path: Path
) -> None:
    kim, sam = desks
    file = back_up(team, tmp_path)
    add(kim, "queue depth")
    sync_all(kim, sam)
    add(sam, "off-line")
    other = restore(team, file, f"{team.database}_other")
    run(team, "dropdb", "--force", team.database)
    for person, desk in (("kim", kim), ("sam", sam)):
        assert leave(desk).problem  # the database is gone
        with build.made_at(build.NOW), patch.object(joining, "Clock", partial(Clock, real=lambda: build.NOW)):
            url = team.url(person).replace(team.database, other)
            joining.join(Options(project=desk.root, as_person=person), url)
    sync_all(kim, sam)
    assert titles(kim) == titles(sam) == {"cache size", "queue depth", "off-line"}
    assert all(desk.record.verify().problem is None for desk in (kim, sam))
    run(team, "dropdb", "--force", other)


def test_without_any_backup_one_desk_shares_anew_and_the_others_go_on(
    team: Team, desks: tuple[Context, Context], tmp_path: Path
) -> None:
    kim, sam = desks
    data = data_of(LARGE + 1)
    digest = attach(sam, tmp_path, data)
    sync_all(sam, kim)
    add(sam, "off-line")
    run(team, "dropdb", "--force", team.database)
    run(team, "createdb", f"--owner={team.role('kim')}", team.database)
    leave(kim)
    share(kim, team.url("kim"))
    with team.connect("kim") as server:
        for record in server.records():
            server.add_member(record.record, team.role("sam"), "sam", "signer")
    with pytest.raises(UsageError, match="the record was shared there anew"):
        sync(sam)
    reconnect(sam, "the server was lost, and there was no backup")
    sync_all(sam, kim)
    assert titles(kim) == titles(sam) == {"cache size", "off-line"}
    looked = evidence.look(kim, digest)
    assert looked.blob is not None and looked.blob.data == data
