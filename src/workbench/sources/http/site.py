"""One server that is asked over HTTP, with the headers that its source names."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.model.errors import SourceError
from workbench.sources.channel import Channel
from workbench.sources.client import Request, Response
from workbench.sources.http import HttpConfig


class Site:
    """Sends requests to one source; its token and headers are looked up once."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._config: HttpConfig = channel.config(HttpConfig)
        self._headers: dict[str, str] | None = None

    async def request(
        self,
        path: str,
        *,
        method: str = "GET",
        params: tuple[tuple[str, str], ...] = (),
        form: tuple[tuple[str, str], ...] = (),
        content: bytes | None = None,
        media: str = "application/json",
        headers: Mapping[str, str] = {},
        once: bool = False,
    ) -> Request:
        """A request for ``path``, which follows the source's ``url``; ``headers`` come after the source's own."""
        if not path.startswith("/"):
            raise SourceError(f"the path “{path}” has to begin with /")
        if self._headers is None:
            self._headers = await self._own_headers()
        return self._channel.request(
            path,
            method=method,
            params=params,
            form=form,
            content=content,
            media=media,
            headers={**self._headers, **headers},
            once=once,
        )

    async def send(self, request: Request) -> Response:
        """The answer; ``SourceError`` where there is none.  Statuses are the caller's to judge."""
        return await self._channel.send(request)

    async def _own_headers(self) -> dict[str, str]:
        headers = {"Accept": "application/json, */*;q=0.5", **await self._channel.bearer(self._config.token)}
        for name, text in self._config.headers.items():
            value = await self._channel.secret(text)
            if value is not None:
                headers[name] = value
        return headers
