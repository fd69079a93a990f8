"""A shared record for the pictures: three desks around a real PostgreSQL of Debian, which is started for them.

Clock and ids are the same each time, so that a picture is; what the server's own clock says stands on no line of it.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import msgspec

sys.path.insert(0, str(Path(__file__).parents[1]))  # the team is that of the tests

from tests import building as build
from tests.real import postgresql
from tests.sharing.team import Team

from workbench.parity import model as parity
from workbench.usecases import mapping
from workbench.usecases.context import Context
from workbench.usecases.sharing.keeping_up import KeepingUp
from workbench.usecases.sharing.sharing import share
from workbench.usecases.sharing.syncing import sync

PORT = 54329
NOW = build.NOW
_TEXT = build.SHOP.replace("project: shop", "project: web-shop\ntitle: Web shop")


def can_be_made() -> bool:
    """Whether there is a PostgreSQL to start on this machine."""
    return bool(postgresql.program("initdb"))


@contextmanager
def made(folder: Path) -> Iterator[Path]:
    """The folder of Kim's desk in ``folder``; the server runs until the end."""
    live = patch.dict(KeepingUp.__init__.__kwdefaults__ or {}, {"now": lambda: NOW})
    ids = patch("secrets.randbits", random.Random(folder.name).getrandbits)
    none = patch("workbench.model.keys._noise", {})  # whatever was made before
    port = patch.object(postgresql, "free_port", lambda: PORT)
    folder.mkdir()
    with live, ids, none, port, build.made_at(NOW):
        server = postgresql.PostgreSQLServer()
        server.start()
        try:
            team = _People(server, folder)
            own = {"PGPASSFILE": str(team.passwords), "WORKBENCH_DATA": str(folder / ".data")}
            with patch.dict(os.environ, own):
                _happens(team)
                team.close()
                yield folder / "kim"
        finally:
            server.stop()


class _People(Team):
    """A team whose roles and database are called as people call them."""

    database = property(lambda self: "web_shop", lambda self, name: None)

    def role(self, person: str) -> str:
        return person

    def first_desk(self) -> Context:
        made = build.shop(self.folder / "kim", _TEXT, now=NOW - timedelta(days=1))
        context = self._stack.enter_context(made)
        share(context, self.url("kim"))
        return context


def _happens(team: _People) -> None:
    """Kim and Sam change one cell without knowing of each other, Robin finds something, and an item is ticked."""
    kim = team.first_desk()
    cache = build.add_difference(
        kim, "Smaller cache", staging="1 GB", production="64 GB", flows=("checkout",)
    )
    sync(kim)
    sam, robin = (team.join(person, now=NOW - timedelta(hours=20)) for person in ("sam", "robin"))
    sam, kim = build.at(sam, NOW - timedelta(minutes=25)), build.at(kim, NOW - timedelta(minutes=20))
    for desk, words in ((sam, "4 GB"), (kim, "2 GB")):
        stored, value = parity.find(desk.record, cache)
        mapping.edit_difference(desk, stored, msgspec.structs.replace(value, staging=words))
    build.answer(build.later(sam, minutes=5), "notes")
    robin = build.at(robin, NOW - timedelta(minutes=8))
    build.add_difference(
        robin, "Payment gateway mocked", staging="mock", production="live", flows=("checkout",)
    )
    for desk in (robin, sam, kim, robin):
        sync(desk)
