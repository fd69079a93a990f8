"""A team around a real PostgreSQL: a database of its own for each test, roles with passwords, desks in folders."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import partial
from importlib.resources import files
from pathlib import Path
from unittest.mock import patch

import msgspec
from tests import building as build
from tests.real.postgresql import PostgreSQLServer
from tests.usecases.two_desks import copy_project

from workbench.mailbox.addresses import read_address
from workbench.mailbox.server import Server, connect
from workbench.model.times import Clock
from workbench.usecases.context import Context
from workbench.usecases.project import Options
from workbench.usecases.sharing import joining
from workbench.usecases.sharing.shared import note_of, require_shared
from workbench.usecases.sharing.sharing import share
from workbench.usecases.sharing.syncing import Synced, sync

_numbers = itertools.count(1)
PASSWORD = "only-for-tests"


class Team:
    """Kim keeps the shared record; whoever else is named joins with a role of their own.

    Roles belong to the whole server, so each test has its own: ``team.role("sam")``.
    """

    def __init__(self, server: PostgreSQLServer, folder: Path) -> None:
        self.server, self.folder = server, folder
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        self.suffix = f"{worker}_{next(_numbers)}"
        self.database = f"team_{self.suffix}"
        self._stack = ExitStack()
        self.passwords = folder / "pgpass"
        self.passwords.touch(0o600)
        server.execute("postgres", files("workbench.mailbox").joinpath("groups.sql").read_text())
        self.add_role("kim", "CREATEROLE")
        server.execute("postgres", f"CREATE DATABASE {self.database} OWNER {self.role('kim')}")
        server.execute(
            "postgres",
            "GRANT workbench_reader, workbench_writer, workbench_signer, workbench_keeper "
            f"TO {self.role('kim')} WITH ADMIN OPTION",
        )

    def role(self, person: str) -> str:
        return f"{person}_{self.suffix}"

    def url(self, person: str) -> str:
        """The address of the database for a person's role, without the password, which is in PGPASSFILE."""
        return f"postgresql://{self.role(person)}@127.0.0.1:{self.server.port}/{self.database}"

    def add_role(self, person: str, rights: str = "", group: str = "") -> str:
        """A role that may log in."""
        role = self.role(person)
        self.server.execute("postgres", f"CREATE ROLE {role} LOGIN {rights} PASSWORD '{PASSWORD}'")
        if group:
            self.server.execute("postgres", f"GRANT workbench_{group} TO {role}")
        with self.passwords.open("a") as file:
            file.write(f"*:*:*:{role}:{PASSWORD}\n")
        return role

    def connect(self, person: str) -> Server:
        """A connection as that person, closed with the test."""
        return self._stack.enter_context(connect(read_address(self.url(person))))

    def execute(self, script: str) -> None:
        """Runs statements in the database as the superuser."""
        self.server.execute(self.database, script)

    def first_desk(self) -> Context:
        """Kim's desk, whose record is shared."""
        context = self._stack.enter_context(build.shop(self.folder / "kim"))
        share(context, self.url("kim"))
        return context

    def admit(self, person: str, group: str = "signer") -> None:
        """Gives a person a role, and lets it see the record."""
        self.add_role(person, group=group)
        with connect(read_address(self.url("kim"))) as server:
            for record in server.records():
                server.add_member(record.record, self.role(person), "")
                server.add_member(record.record, self.role(person), person)

    def join(self, person: str, group: str = "signer", now: datetime = build.NOW) -> Context:
        """Another desk in a folder of its own, which has joined."""
        self.admit(person, group)
        return self.take_up(person, now)

    def take_up(self, person: str, now: datetime = build.NOW) -> Context:
        """The same for somebody who may see the record already."""
        root = self.folder / person
        copy_project(self.folder / "kim", root)
        with build.made_at(now), patch.object(joining, "Clock", partial(Clock, real=lambda: now)):
            joining.join(Options(project=root, as_person=person), self.url(person))
        return self._stack.enter_context(build.opened(root, person, now))

    def close(self) -> None:
        self._stack.close()


def connect_as(team: Team, context: Context, person: str) -> None:
    """From now on a desk connects with that person's role."""
    shared = require_shared(context)
    context.record.keep_note(*note_of(msgspec.structs.replace(shared, url=team.url(person))))


def sync_all(*desks: Context) -> list[Synced]:
    """Each sends and receives, twice: then all have what all had."""
    return [sync(desk) for _ in range(2) for desk in desks]


@contextmanager
def team_on(server: PostgreSQLServer, folder: Path) -> Iterator[Team]:
    """A team, and the end of it."""
    team = Team(server, folder)
    with patch.dict(os.environ, {"PGPASSFILE": str(team.passwords)}):
        try:
            yield team
        finally:
            team.close()
