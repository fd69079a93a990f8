"""Asking sources which alerts there are, side by side: nothing of it is kept."""

from __future__ import annotations

import asyncio
from datetime import datetime

import msgspec

from workbench.model.errors import WorkbenchError
from workbench.model.kinds import together
from workbench.sources.channel import Channel
from workbench.sources.client import Web
from workbench.sources.fetch import Fetch
from workbench.sources.reading import Alert, Alerts, SourceLike


def ask_alerts(asked: Fetch, at: datetime) -> tuple[Alerts, ...]:
    """What each of the sources says of its alerts; one that cannot be asked says why.

    Blocks, with an event loop of its own: call it from the command line or from a worker thread.
    """
    return asyncio.run(_ask_all(asked, at))


async def _ask_all(asked: Fetch, at: datetime) -> tuple[Alerts, ...]:
    web = Web(asked.tuning)
    try:
        return tuple(await asyncio.gather(*(_ask(source, web, asked, at) for source in asked.sources)))
    finally:
        await web.close()


async def _ask(source: SourceLike, web: Web, asked: Fetch, at: datetime) -> Alerts:
    kind = asked.kinds[source.kind]
    channel = Channel(source, web, asked, asked.tuning.at_once)
    try:
        channel.declare(together([kind.uses(source.config)] if source.config is not None else []))
        found = await kind.load()(channel).alerts()
    except WorkbenchError as error:
        why = error.what if error.hint is None else f"{error.what}; {error.hint}"
        return Alerts(source=source.key, at=at, why=asked.secrets.redactor().text(why))
    except Exception as error:  # a kind of another package may do anything
        return Alerts(source=source.key, at=at, why=f"the answer could not be read ({type(error).__name__})")
    freed = tuple(_freed(one, asked) for one in found)
    return Alerts(source=source.key, at=at, alerts=freed, replayed=channel.replayed)


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
