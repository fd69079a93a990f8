"""Asking each source for something that is no measurement, side by side: nothing of it is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from workbench.model.errors import WorkbenchError
from workbench.model.kinds import together
from workbench.sources.channel import Channel
from workbench.sources.client import Web
from workbench.sources.fetch import Fetch
from workbench.sources.reading import Asker, SourceLike

T = TypeVar("T")


def ask_each(asked: Fetch, ask: Callable[[Asker, Channel], Awaitable[T]]) -> list[tuple[SourceLike, T | str]]:
    """What each of the sources answers; in words, without secrets, why one could not be asked.

    Blocks, with an event loop of its own: call it from the command line or from a worker thread.
    """

    async def every() -> list[T | str]:
        web = Web(asked.tuning)
        try:
            return list(await asyncio.gather(*(_ask(source, web, asked, ask) for source in asked.sources)))
        finally:
            await web.close()

    return list(zip(asked.sources, asyncio.run(every()), strict=True))


async def _ask(
    source: SourceLike, web: Web, asked: Fetch, ask: Callable[[Asker, Channel], Awaitable[T]]
) -> T | str:
    kind = asked.kinds[source.kind]
    channel = Channel(source, web, asked, asked.tuning.at_once)
    try:
        channel.declare(together([kind.uses(source.config)] if source.config is not None else []))
        return await ask(kind.load()(channel), channel)
    except WorkbenchError as error:
        why = error.what if error.hint is None else f"{error.what}; {error.hint}"
        if error.where is not None and error.where not in why:
            why = f"{error.where}: {why}"
        return asked.secrets.redactor().text(why)
    except Exception as error:  # a kind of another package may do anything
        return f"the answer could not be read ({type(error).__name__})"
