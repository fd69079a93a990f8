"""Servers that answer with JSON at paths: each thing asked once in a fetch, pages read to an end, refusals in words."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import msgspec

from workbench.model.errors import SourceError
from workbench.sources.channel import Channel, decoded, unusable
from workbench.sources.client import Request, Response
from workbench.sources.paging import TooManyPages, by_link, pages
from workbench.sources.reading import Body

ItemT = TypeVar("ItemT")
Params = tuple[tuple[str, str], ...]
Following = Callable[[Request, Response], Request | None]


class Pages(msgspec.Struct, Generic[ItemT]):
    """What the pages of a list held.  ``more`` says that the list did not end where reading did."""

    items: list[ItemT] = []
    bodies: list[Body] = []
    more: bool = False


class Refused(SourceError):
    """The server answered, and not with what was asked for: its ``status``, and the ``message`` it gave."""

    def __init__(
        self, what: str, *, status: int, message: str = "", where: str | None = None, hint: str | None = None
    ) -> None:
        super().__init__(what, where=where, hint=hint)
        self.status = status
        self.message = message


class Rest:
    """Asks one server.  A kind says which headers go along, and what a refusal means."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._asked: dict[tuple[str, Params], asyncio.Future[Response]] = {}
        self._over = asyncio.Event()

    def done(self) -> None:
        """One question is over: what the server tells of itself in its answers is known, as far as it ever will be."""
        self._over.set()

    async def after_the_first(self) -> None:
        """Waits until one question is over."""
        await self._over.wait()

    async def headers(self) -> dict[str, str]:
        """What goes along with each request."""
        return {"Accept": "application/json"}

    def refusal(self, request: Request, response: Response) -> SourceError:
        """What an answer with another status than 200 means."""
        error = unusable(request, response, "")
        return Refused(error.what, status=response.status, where=error.where, hint=error.hint)

    def saw(self, response: Response) -> None:
        """Looks at every answer once, before it is judged."""

    async def get(self, path: str, shape: type[ItemT], params: Params = ()) -> tuple[ItemT, Body]:
        """What stands at a path below the source's address, in a shape."""
        request = await self._request(path, params)
        response = await self._send(request)
        return decoded(response.body, shape, request, response), _body(response)

    async def pages(
        self,
        path: str,
        item: type[ItemT],
        params: Params = (),
        *,
        most: int,
        following: Following = by_link,
        enough: Callable[[Sequence[ItemT]], bool] = lambda _: False,
    ) -> Pages[ItemT]:
        """A list, page after page; at most ``most`` pages.

        ``enough`` is given the items of a page, and says that nothing of what follows is needed.
        """
        found: Pages[ItemT] = Pages()
        try:
            async for request, response in pages(
                self._send, await self._request(path, params), following, most
            ):
                items: list[ItemT] = decoded(response.body, list[item], request, response)  # type: ignore[valid-type]
                found.items += items
                found.bodies.append(_body(response))
                if enough(items):
                    break
        except TooManyPages:
            found.more = True
        return found

    async def _request(self, path: str, params: Params) -> Request:
        return self._channel.request(path, params=params, headers=await self.headers())

    async def _send(self, request: Request) -> Response:
        """The answer to a request, which is sent once in a fetch, however many questions need it."""
        key = request.path, request.params
        if key in self._asked:
            return await asyncio.shield(self._asked[key])
        told: asyncio.Future[Response] = asyncio.get_running_loop().create_future()
        self._asked[key] = told
        try:
            response = await self._channel.send(request)
            self.saw(response)
            if response.status != 200:
                raise self.refusal(request, response)
            told.set_result(response)
        except asyncio.CancelledError:
            told.cancel()
            raise
        except Exception as error:  # whatever it is, those who wait for the same answer are told as well
            told.set_exception(error)
        return await told


def _body(response: Response) -> Body:
    return Body(response.media or "application/json", response.body)
