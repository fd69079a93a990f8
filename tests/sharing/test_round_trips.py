"""How often a sync asks the server: each question is a journey there and back, however little is said."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import psycopg
import pytest
from tests import building as build
from tests.sharing.team import Team

from workbench.mailbox.errors import NoSharedRecord
from workbench.mailbox.present import ask_present
from workbench.model.errors import WorkbenchError
from workbench.usecases.sharing.shared import connected, require_shared
from workbench.usecases.sharing.syncing import sync, sync_with


@contextmanager
def asked() -> Iterator[list[str]]:
    """Every statement that is sent to a server meanwhile."""
    found: list[str] = []
    execute = psycopg.Connection.execute

    def counted(self: Any, query: Any, *args: Any, **named: Any) -> Any:
        found.append(str(query))
        return execute(self, query, *args, **named)

    with patch.object(psycopg.Connection, "execute", counted):
        yield found


def test_a_sync_with_nothing_new_asks_twice_from_connecting_on(team: Team) -> None:
    kim = team.first_desk()
    team.join("sam")
    sync(kim)
    with asked() as statements:
        done = sync(kim)
    assert (done.sent, done.received, done.is_whole) == (0, 0, True)
    assert len(statements) == 2, statements
    assert statements[0].startswith("SET ")  # how the session behaves; the other one asks for everything


def test_over_an_open_connection_it_asks_once(team: Team) -> None:
    kim = team.first_desk()
    with connected(require_shared(kim)) as server:
        sync_with(kim, server)
        with asked() as statements:
            sync_with(kim, server)
        assert len(statements) == 1
        build.add_difference(kim, "cache size")
        with asked() as statements:
            assert sync_with(kim, server).sent == 1
        assert len(statements) == 2  # how it is there, and the pack


def test_what_is_asked_at_once_is_what_each_question_alone_gives(team: Team) -> None:
    kim, sam = team.first_desk(), team.join("sam")
    build.add_difference(sam, "cache size")
    sync(sam)
    sync(kim)  # kim leaves a head, for something of another desk came
    record = kim.record.info.record_id
    for person in ("kim", "sam"):
        with connected(require_shared({"kim": kim, "sam": sam}[person])) as server:
            found = ask_present(server, record, None)
            assert found.record == server.records()[0]
            assert found.rights == server.rights(record)
            assert found.end == server.end(record)
            assert found.reach == server.reach(record)
            assert [one.desk for one in found.heads] == [kim.record.info.desk]
            later = ask_present(server, record, found.heads[0].sent_at)
            assert later.heads == []


def test_a_role_that_is_no_member_is_shown_nothing(team: Team) -> None:
    kim = team.first_desk()
    team.add_role("eve", group="reader")
    found = ask_present(team.connect("eve"), kim.record.info.record_id, None)
    assert found.record is None and found.reach == {} and found.end == (0, bytes(32))
    assert not found.rights.writes and found.rights.persons == frozenset()


def test_a_database_without_the_tables_is_told_as_such(team: Team) -> None:
    with pytest.raises(NoSharedRecord, match="holds no shared record"):
        ask_present(team.connect("kim"), "any", None)


def test_a_server_whose_tables_need_a_newer_workbench_says_so_even_if_they_are_others(team: Team) -> None:
    kim = team.first_desk()
    team.execute(
        "UPDATE workbench.about SET version = 99, works_with = 99; ALTER TABLE workbench.head RENAME TO heads"
    )
    with pytest.raises(WorkbenchError, match=r"newer workbench|update"):
        sync(kim)
