"""Agreeing, from the app, to what the project's files would run, read and reach."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from workbench.definitions.trust import TrustRequest
from workbench.model.errors import WorkbenchError
from workbench.tui.widgets.dialog import Confirm
from workbench.tui.working import Working
from workbench.usecases import trusting


async def open_trust(screen: Working, then: Callable[[], Awaitable[None]]) -> None:
    """Show what would be used and ask; ``then`` goes on once the person has agreed."""
    options = screen.work.desk.options
    try:
        request = (await screen.work.desk.call(lambda _: trusting.look(options))).request
    except WorkbenchError as error:
        screen.work.tell(error)
        return

    async def answered(yes: bool | None) -> None:
        if not yes:
            return
        try:
            await screen.work.desk.call(lambda _: trusting.agree_to(options, request.digest))
        except WorkbenchError as error:
            screen.work.tell(error)
            return
        await then()

    screen.app.push_screen(
        Confirm(
            "May this project's files use these?",
            "When one of them changes you are asked again. The answer stays on this machine.",
            verbatim=_lines(request),
            yes="trust them and go on",
        ),
        answered,
    )


def _lines(request: TrustRequest) -> str:
    shown = trusting.shown(request)
    return "\n".join(line for where, uses in shown for line in (where, *(f"  {use}" for use in uses)))
