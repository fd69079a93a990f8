"""Asking sources which alerts there are, side by side: nothing of it is kept."""

from __future__ import annotations

from datetime import datetime

import msgspec

from workbench.sources.asking_aside import ask_each
from workbench.sources.channel import Channel
from workbench.sources.fetch import Fetch
from workbench.sources.reading import Alert, Alerts, Asker


def ask_alerts(asked: Fetch, at: datetime) -> tuple[Alerts, ...]:
    """What each of the sources says of its alerts; one that cannot be asked says why.

    Blocks, with an event loop of its own: call it from the command line or from a worker thread.
    """

    async def alerts(asker: Asker, channel: Channel) -> Alerts:
        freed = tuple(_freed(one, asked) for one in await asker.alerts())
        return Alerts(source=channel.source.key, at=at, alerts=freed, replayed=channel.replayed)

    return tuple(
        Alerts(source=source.key, at=at, why=found) if isinstance(found, str) else found
        for source, found in ask_each(asked, alerts)
    )


def _freed(one: Alert, asked: Fetch) -> Alert:
    """The same without secrets."""
    text = asked.secrets.redactor().text
    return msgspec.structs.replace(
        one,
        name=text(one.name),
        severity=text(one.severity),
        summary=text(one.summary),
        labels={text(name): text(value) for name, value in one.labels.items()},
    )
