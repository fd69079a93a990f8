"""How soon a change at one desk is on another desk's screen: two apps on two records that share a real server."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from statistics import median

import msgspec
from tests import building as build
from tests.sharing.team import Team
from tests.tui.driving import driven, press, shown

from bench.measuring import Row, seconds_text
from workbench.parity import model as parity
from workbench.usecases import mapping
from workbench.usecases.context import Context
from workbench.usecases.sharing.syncing import sync

SHOWN = 60
_PATIENCE = 60.0


def shown_rows(team: Team) -> Iterator[Row]:
    """An act in one app, until the other app's table says it; both run in this process, and judge what they show."""
    kim = team.first_desk()
    build.add_difference(kim, "cache size", staging="1", production="2", flows=("checkout",))
    sync(kim)
    sam = team.join("sam")
    taken = sorted(asyncio.run(_shown(kim, sam)))
    yield Row(
        name="on screen",
        what="a change in one app, until it is on another desk's screen: p95",
        peer="limit of 1 s",
        measured=taken[int(len(taken) * 0.95)] * 1000,
        target=1000,
        unit=" ms",
        times=f"p50 {seconds_text(median(taken))}, most {seconds_text(taken[-1])}",
    )


async def _shown(kim: Context, sam: Context) -> list[float]:
    async with driven(kim.root, (120, 40), "kim") as here, driven(sam.root, (120, 40), "sam") as there:
        await press(there, "2")
        app = here.app
        taken = []
        for number in range(SHOWN):
            value = str(1000 + number)
            start = time.monotonic()
            await app.change(_edit, value)  # type: ignore[attr-defined]
            while value not in shown(there):
                assert time.monotonic() - start < _PATIENCE
                await asyncio.sleep(0.002)
            if number >= SHOWN // 10:
                taken.append(time.monotonic() - start)
        return taken


def _edit(context: Context, value: str) -> None:
    stored, found = parity.find(context.record, "cache size")
    mapping.edit_difference(context, stored, msgspec.structs.replace(found, production=value))
