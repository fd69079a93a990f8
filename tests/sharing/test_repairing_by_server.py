"""``repair --server``: the server as one more source, and a keeper who gives it back what it lost."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from tests import building as build
from tests.sharing.malice import Malice
from tests.sharing.team import Team, sync_all

from workbench.model.errors import UsageError
from workbench.parity import model as parity
from workbench.record import Blob, evidence
from workbench.usecases import repairing, safekeeping
from workbench.usecases.context import Context, commit
from workbench.usecases.project import Options
from workbench.usecases.repairing import Mended
from workbench.usecases.sharing import reconnecting, trusting
from workbench.usecases.sharing.asking_again import ask_again
from workbench.usecases.sharing.shared import shared_of
from workbench.usecases.sharing.syncing import sync
from workbench.usecases.views.repair import mended_lines
from workbench.usecases.views.sharing.server_again import asked_lines


def edited(context: Context, title: str) -> None:
    build.add_difference(context, title, staging="1", production="2", flows=("checkout",))
    sync_all(context)


@pytest.fixture
def desks(team: Team) -> tuple[Context, Context]:
    kim = team.first_desk()
    sam = team.join("sam")
    for desk, title in ((kim, "cache size"), (sam, "queue depth"), (kim, "threads")):
        edited(desk, title)
    sync_all(sam, kim)
    return kim, sam


def change(context: Context, sql: str, *values: object) -> None:
    connection = sqlite3.connect(context.record.path)
    connection.execute(sql, values)
    connection.commit()
    connection.close()


def mend(root: Path, person: str, *, ask_server: bool) -> Mended:
    shown: list[Mended] = []

    def confirm(found: Mended) -> bool:
        shown.append(found)
        return True

    done = repairing.mend(Options(project=root, as_person=person), (), confirm, ask_server=ask_server)
    assert done is not None
    return done


def titles(context: Context) -> set[str]:
    return {row.decode(parity.Difference).title for row in context.record.all("difference")}


def test_a_damaged_record_is_made_whole_with_what_the_server_holds(desks: tuple[Context, Context]) -> None:
    kim, sam = desks
    held, root = titles(kim), sam.root
    assert titles(sam) == held
    sam.record.close()
    change(sam, "UPDATE ledger SET body = zeroblob(40), digest = zeroblob(32) WHERE seq > 4")
    done = mend(root, "sam", ask_server=True)
    (used,) = [one for one in done.used if one.file == Path("the server")]
    assert used.entries > 0 and done.evidence_lost == 0
    assert any("from the server" in line for line in mended_lines(done))
    with build.opened(root, "sam") as sam:
        assert titles(sam) == held and safekeeping.verify(sam).ok
        shared = shared_of(sam.record)
        assert shared is not None and shared.number == 0  # it asks for everything again
        assert sync(sam).unsent is None
        edited(sam, "written afterwards")
    sync_all(kim)
    assert "written afterwards" in titles(kim)
    found = trusting.judge(kim, ask=True)
    assert found is not None and found.ok


def test_without_the_server_a_damaged_record_loses_nothing_of_where_it_is_shared(
    desks: tuple[Context, Context],
) -> None:
    _, sam = desks
    root, before = sam.root, shared_of(sam.record)
    sam.record.close()
    change(sam, "UPDATE e_difference SET value = replace(value, 'cache', 'cash')")
    assert mend(root, "sam", ask_server=False).same_desk
    with build.opened(root, "sam") as sam:
        assert shared_of(sam.record) == before
        assert sync(sam).unsent is None


def test_a_file_that_does_not_say_where_it_is_shared_cannot_ask(desks: tuple[Context, Context]) -> None:
    _, sam = desks
    root = sam.root
    sam.record.close()
    change(sam, "UPDATE meta SET value = 'changed' WHERE key = 'note/shared'")
    with pytest.raises(UsageError, match="says where the record is shared") as caught:
        mend(root, "sam", ask_server=True)
    assert caught.value.hint is not None and "join URL --again" in caught.value.hint


def test_evidence_that_is_absent_here_comes_when_the_server_is_asked_again(
    desks: tuple[Context, Context],
) -> None:
    kim, sam = desks
    blob = Blob.of(b"what a server answered " * 40, "text/plain")
    commit(kim, [], blobs=[blob])
    sync_all(kim, sam)
    root = sam.root
    assert not sam.record.absent()
    sam.record.close()
    change(sam, "DELETE FROM blobs WHERE digest = ?", blob.digest)
    change(
        sam,
        f"INSERT INTO blobs ({evidence.COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)",
        *evidence.absent(blob.digest),
    )
    with build.opened(root, "sam") as sam:
        assert sam.record.absent() == {blob.digest}
        done = ask_again(sam)
        assert sam.record.absent() == frozenset() and done.entries == 0
        assert done.packs > 0 and not done.keeper
        kept = sam.record.blob(blob.digest)
        assert kept is not None and kept.data == blob.data
        assert any(line.startswith("read again: all") for line in asked_lines(done))


def test_a_keeper_gives_a_restored_server_back_what_it_lost_of_anybody(
    team: Team, desks: tuple[Context, Context]
) -> None:
    kim, sam = desks
    server = Malice(team)
    before = server.rows()
    theirs = sam.record.info.desk
    server.change(lambda rows: rows[:3])
    assert all(row.writer != theirs or row.first == 1 for row in server.rows())
    done = ask_again(kim)
    assert done.keeper and done.carried > 0 and done.synced.sent > 0
    assert any(line.startswith("carried:") for line in asked_lines(done))
    reached = {row.writer: row.last for row in server.rows()}
    assert reached == {row.writer: row.last for row in before}
    lost = trusting.judge(kim)
    assert lost is not None and "restored to an earlier state" in lost.problem
    reconnecting.reconnect(kim, "restored from the backup of the night")
    sync_all(kim, sam, kim)
    for desk in (kim, sam):  # what kim accepted holds at every desk that had seen the same
        found = trusting.judge(desk, ask=True)
        assert found is not None and found.ok, found.faults
        assert any("kim accepted that" in note for note in found.notes)
        assert found.asked is not None and not found.asked.lacks


def test_who_is_no_keeper_carries_nothing_for_others(team: Team, desks: tuple[Context, Context]) -> None:
    kim, sam = desks
    Malice(team).change(lambda rows: rows[:3])
    done = ask_again(sam)
    assert not done.keeper and done.carried == 0
    assert kim.record.info.desk != sam.record.info.desk
