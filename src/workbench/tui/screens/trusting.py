"""Agreeing, from the app, to what the project's files would run, read and reach."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from workbench.definitions.trust import TrustRequest
from workbench.model.errors import WorkbenchError
from workbench.tui.screens.reading import ReadingPanel
from workbench.tui.widgets.dialog import Confirm, MessagePanel
from workbench.tui.widgets.prose import Gap, Paragraph, Verbatim
from workbench.tui.working import Working
from workbench.usecases import trusting

ASKED_AGAIN = "When one of them changes you are asked again. The answer stays on this machine."


async def open_trust(screen: Working, then: Callable[[], Awaitable[None]] | None = None) -> None:
    """Show what would be used and ask; ``then`` goes on once the person has agreed.

    What was agreed to already, or uses nothing, is only shown where nothing waits for it.
    """
    options = screen.work.desk.options
    try:
        found = await screen.work.desk.call(lambda _: trusting.look(options))
    except WorkbenchError as error:
        screen.work.tell(error)
        return
    request = found.request
    if then is None and (found.trusted or request.empty):
        screen.app.push_screen(_agreed(request))
        return

    async def answered(yes: bool | None) -> None:
        if not yes:
            return
        try:
            await screen.work.desk.call(lambda _: trusting.agree_to(options, request.digest))
        except WorkbenchError as error:
            screen.app.push_screen(MessagePanel(error))
            return
        if then is None:
            screen.say("trusted: you can now do what needed it")
        else:
            await then()

    screen.app.push_screen(
        Confirm(
            "May this project's files use these?",
            ASKED_AGAIN,
            verbatim=_lines(request),
            yes="trust them" if then is None else "trust them and go on",
        ),
        answered,
    )


def _agreed(request: TrustRequest) -> ReadingPanel:
    if request.empty:
        return ReadingPanel(
            "Trust", [Paragraph("This project's files run no commands, read no secrets and contact no one.")]
        )
    return ReadingPanel(
        "You trust this project's files to use these",
        [Verbatim(_lines(request)), Gap(), Paragraph(ASKED_AGAIN)],
    )


def _lines(request: TrustRequest) -> str:
    shown = trusting.shown(request)
    return "\n".join(line for where, uses in shown for line in (where, *(f"  {use}" for use in uses)))
