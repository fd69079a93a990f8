"""In the app a raw answer that stays at the server is fetched when somebody opens it, and the next time it is here."""

from __future__ import annotations

import asyncio

from tests import building as build
from tests.sharing.team import Team
from tests.tui.driving import driven, settle, shown

from workbench.model.canonical import sha256
from workbench.record.large import LARGE
from workbench.sources.reading import Blob
from workbench.tui.evidence import show_evidence
from workbench.usecases.context import Context
from workbench.usecases.sharing.syncing import sync

ANSWER = b'{"answer": "from the server"}' + b" " * LARGE


def measured(kim: Context) -> str:
    """A measurement of Kim's desk, with the answer that it was read from; the digest of that."""
    digest = sha256(ANSWER)
    blob = Blob(digest, "application/json", ANSWER)
    build.measured(kim, "checkout-p95", "0.46", blobs=(blob,), evidence=(digest,))
    return digest


def test_what_stays_at_the_server_is_fetched_when_it_is_opened(team: Team) -> None:
    kim = team.first_desk()
    digest = measured(kim)
    sync(kim)
    sam = team.join("sam")
    assert sam.record.absent() == {digest}

    async def drive() -> str:
        async with driven(team.folder / "sam", size=(100, 30), person="sam") as pilot:
            await show_evidence(pilot.app.screen, "Raw answer", digest)  # type: ignore[arg-type]
            await settle(pilot)
            return shown(pilot)

    told = asyncio.run(drive())
    assert "from the server" in told and "application/json, 262,173 bytes" in told
    assert not sam.record.absent()


def test_where_the_server_cannot_be_reached_the_panel_says_so(team: Team) -> None:
    kim = team.first_desk()
    digest = measured(kim)
    sync(kim)
    sam = team.join("sam")
    team.execute(f"ALTER ROLE {team.role('sam')} CONNECTION LIMIT 0")

    async def drive() -> str:
        async with driven(team.folder / "sam", size=(100, 30), person="sam") as pilot:
            await show_evidence(pilot.app.screen, "Raw answer", digest)  # type: ignore[arg-type]
            await settle(pilot)
            return shown(pilot)

    assert "it stays at the server; this desk is off-line" in asyncio.run(drive())
    assert sam.record.absent() == {digest}
