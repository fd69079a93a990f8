"""Posting to a hook's address, once: nobody wants to be paged three times for one event."""

from __future__ import annotations

from typing import Any

import msgspec

from workbench.hooks.calling import Errand
from workbench.model.errors import SourceError
from workbench.model.hosts import host_of
from workbench.sources.client import Request, Web
from workbench.sources.tuning import Tuning

_ANSWER = 1_000_000  # bytes that are read of an answer, of which only the status counts


async def post(config: Any, errand: Errand) -> str:
    """Post the document, or its text alone; ``SourceError`` where the answer is no success."""
    secrets = errand.secrets
    text = msgspec.json.encode({"text": errand.text})
    request = Request(
        base=secrets.resolve(config.url),
        path="",
        method="POST",
        content=text if config.send == "text" else errand.document,
        media="application/json",
        headers={name: secrets.resolve(value) for name, value in config.headers.items()},
        seconds=errand.seconds,
        limit=_ANSWER,
        once=True,
    )
    web = Web(Tuning())
    try:
        answer = await web.send(request)
    finally:
        await web.close()
    if not 200 <= answer.status < 300:
        raise SourceError(f"{host_of(config.url)} answered with status {answer.status}")
    return f"answered with status {answer.status}"
