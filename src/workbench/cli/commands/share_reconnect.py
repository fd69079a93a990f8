"""``workbench share --reconnect``: go on with a server that was restored or changed, and say why."""

from __future__ import annotations

from workbench.cli import output, session
from workbench.cli.options import Settings
from workbench.usecases.sharing.reconnecting import reconnect


def reconnect_server(settings: Settings, reason: str) -> int:
    """Prints what was accepted."""
    with session.acting(settings) as context:
        done = reconnect(context, reason)
    document = {"schema": "workbench.reconnected.1"} | output.fields(done)
    if settings.json:
        output.emit(document)
        return 0
    output.lines(f"accepted: {text}" for text in done.faults)
    output.line(f"because: {output.safe(done.reason)}")
    output.talk(
        "next: workbench sync receives what is new there, and sends again what the server lacks of this desk"
    )
    return 0
