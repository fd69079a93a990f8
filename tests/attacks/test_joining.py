"""Attacks on who joins a shared record, and on where it is moved to."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests import building as build
from tests.sharing.conftest import (
    postgresql,  # noqa: F401  (a fixture)
    team,  # noqa: F401  (a fixture)
)
from tests.sharing.team import Team
from tests.usecases.two_desks import copy_project

from workbench.model.errors import NotAllowed, UsageError
from workbench.usecases.project import Options
from workbench.usecases.sharing.joining import join
from workbench.usecases.sharing.shared import require_shared
from workbench.usecases.sharing.sharing import share
from workbench.usecases.sharing.synced import Obstacle
from workbench.usecases.sharing.syncing import sync
from workbench.usecases.views.sharing import sync as views


def clone(team: Team, person: str) -> Options:  # noqa: F811
    root = team.folder / person
    copy_project(team.folder / "kim", root)
    return Options(project=root, as_person=person)


def test_a_server_names_another_address_for_the_record(team: Team) -> None:  # noqa: F811
    """A server says that the record was moved, and names an address of its own choosing.

    Nothing is sent to an address that nobody typed: it is shown as text, and a person follows once the keeper confirms it.
    """
    team.first_desk()
    sam = team.join("sam")
    build.add_difference(sam, "not for strangers", staging="1", production="9")
    team.execute(
        "ALTER TABLE workbench.record DISABLE TRIGGER ALL; "
        "UPDATE workbench.record SET moved_to = E'postgresql://x@evil.example/\\x1b[2Jtaken'"
    )
    done = sync(sam)
    assert (done.sent, done.unsent and done.unsent.why) == (0, Obstacle.MOVED)
    assert require_shared(sam).url == team.url("sam")
    assert not any("\x1b" in line for line in views.synced_lines(done))


def test_a_pack_is_changed_on_the_server_before_somebody_joins(team: Team) -> None:  # noqa: F811
    """The owner of the server changes the bytes of a pack, and waits for a desk that has never seen it.

    A pack that does not have its digest is refused by number; what follows it waits, and the one who joins is told.
    """
    kim = team.first_desk()
    build.add_difference(kim, "cache size", staging="1", production="2", flows=("checkout",))
    sync(kim)
    team.admit("robin")
    team.execute(
        "ALTER TABLE workbench.pack DISABLE TRIGGER ALL; UPDATE workbench.pack "
        "SET content = set_byte(content, octet_length(content) - 1, 7) WHERE number = 2"
    )
    done = join(clone(team, "robin"), team.url("robin"))
    assert [one.number for one in done.synced.refused] == [2]
    with build.opened(team.folder / "robin", "robin") as robin:
        assert robin.record.verify().ok
        assert robin.record.all("difference") == []


def test_a_record_is_put_in_the_place_of_another_one(team: Team) -> None:  # noqa: F811
    """Somebody shares a record of the same project's name, for others to lose theirs to it.

    Another record is never joined with the one that is here, nor put in its place, whatever it is called.
    """
    team.first_desk()
    team.admit("sam")
    with build.shop(team.folder / "sam") as sam:
        before = sam.record.head
    for again in (False, True):
        with pytest.raises(NotAllowed, match="begun apart"):
            join(Options(project=team.folder / "sam", as_person="sam"), team.url("sam"), again=again)
    with build.opened(team.folder / "sam", "sam") as sam:
        assert sam.record.head == before


def test_a_second_record_is_slipped_in_beside_the_first(team: Team, tmp_path: Path) -> None:  # noqa: F811
    """Somebody who may share puts a second record of the project on the server, for the next desk to join.

    Where a project has several records, a person says which: none is chosen by its name or its date.
    """
    kim = team.first_desk()
    with build.shop(tmp_path / "second") as second:
        share(second, team.url("kim"), beside=True)
    team.admit("robin")
    options = clone(team, "robin")
    with pytest.raises(UsageError, match="holds 2 records of the project"):
        join(options, team.url("robin"))
    assert join(options, team.url("robin"), named=kim.record.info.record_id[-12:]).laid
