"""Undo and redo in the app: what would be taken back is named, and what is older than this sitting is asked about."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import msgspec

from workbench.model.errors import WorkbenchError
from workbench.record import Commit
from workbench.tui.working import Working
from workbench.usecases import undoing
from workbench.usecases.context import Context
from workbench.usecases.undoing import Coming


class _Way(msgspec.Struct, frozen=True):
    """Backward or forward: what comes, how it is done, and its words."""

    coming: Callable[[Context], Coming | None]
    take: Callable[[Context, str | None], Commit]
    title: str
    done: str
    other: str
    nothing: str


_UNDO = _Way(
    lambda context: undoing.coming_undo(context),
    lambda context, change_id: undoing.undo(context, change_id),
    "Undo",
    "Undone",
    "U redoes it",
    "there is nothing of yours to undo",
)
_REDO = _Way(
    lambda context: undoing.coming_redo(context),
    lambda context, change_id: undoing.redo(context, change_id),
    "Redo",
    "Redone",
    "u undoes it",
    "there is nothing of yours to redo",
)


async def undo(screen: Working) -> None:
    """Take back one's own last act; one of an earlier sitting only once its author says so."""
    await _go(screen, _UNDO)


async def redo(screen: Working) -> None:
    """Put back what one's own last undo took back."""
    await _go(screen, _REDO)


async def acts_named(screen: Working) -> dict[str, str]:
    """What undo and redo would do now, by their ids: ``Undo: decided 5 differences, 2 min ago``."""
    found = {}
    for id, way in (("undo", _UNDO), ("redo", _REDO)):
        with suppress(WorkbenchError):  # told when one presses the key
            coming = await screen.work.desk.call(way.coming)
            found[id] = f"{way.title}: {coming.told}" if coming is not None else way.nothing
    return found


async def _go(screen: Working, way: _Way) -> None:
    try:
        coming = await screen.work.desk.call(way.coming)
    except WorkbenchError as error:
        screen.work.tell(error)
        return
    if coming is None:
        screen.say(way.nothing)
    elif coming.seq > screen.work.sitting_from:
        await _take(screen, way, coming)
    else:
        _ask(screen, way, coming)


def _ask(screen: Working, way: _Way, coming: Coming) -> None:
    from workbench.tui.widgets.dialog import Confirm

    async def answered(yes: bool | None) -> None:
        if yes:
            await _take(screen, way, coming)

    text = f"That was {coming.ago}, before you opened the app this time."
    screen.app.push_screen(Confirm(f"{way.title}: {coming.words}?", text, yes=way.title.lower()), answered)


async def _take(screen: Working, way: _Way, coming: Coming) -> None:
    if await screen.act("", way.take, coming.change_id):
        screen.say(f"{way.done}: {coming.words} · {way.other}")
