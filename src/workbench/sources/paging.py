"""Answers that come in pages: read one after the other, to an end."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

from workbench.model.errors import SourceError
from workbench.sources.client import Request, Response

MOST_PAGES = 100
_LINK = re.compile(r"<([^<>]*)>((?:\s*;\s*[A-Za-z*]+\s*=\s*(?:\"[^\"]*\"|[^\s\";,]+))*)")
_PARAMETER = re.compile(r"([A-Za-z*]+)\s*=\s*(?:\"([^\"]*)\"|([^\s\";,]+))")


class TooManyPages(SourceError):
    """There are more pages than are read, or they never end; what was read so far is a part of the answer."""


async def pages(
    send: Callable[[Request], Awaitable[Response]],
    first: Request,
    following: Callable[[Request, Response], Request | None],
    most: int = MOST_PAGES,
) -> AsyncIterator[tuple[Request, Response]]:
    """Each page with its request: ``following`` makes the next request of a page, ``None`` after the last.

    ``following`` is given every answer, also one that the caller is about to refuse: what is no page has none
    after it.  Raises :class:`TooManyPages` after ``most`` pages, and where a page leads to one that was read.
    """
    request: Request | None = first
    seen: set[object] = set()
    while request is not None:
        one = (request.path, request.params, request.form, request.content)
        if one in seen:
            raise TooManyPages("the pages of the answer lead round in a circle", where=request.where)
        if len(seen) == most:
            raise TooManyPages(
                f"the answer has more than {most} pages", where=request.where, hint="ask for less at once"
            )
        seen.add(one)
        response = await send(request)
        yield request, response
        request = following(request, response) if response.status < 400 else None


def by_link(request: Request, response: Response) -> Request | None:
    """The next page of a ``Link`` header (RFC 8288, ``rel="next"``).

    A server that says ``results="false"`` there, as Sentry does, has no further page.  Raises ``SourceError``
    for a link that leads to another server: a token goes along.
    """
    for target, parameters in _LINK.findall(response.headers.get("link", "")):
        told = {name.lower(): quoted or plain for name, quoted, plain in _PARAMETER.findall(parameters)}
        if "next" in told.get("rel", "").lower().split() and told.get("results", "").lower() != "false":
            return at_link(request, target)
    return None


def at_link(request: Request, target: str) -> Request:
    """The same request for another page of its server, which an absolute or a relative link names."""
    base, link = urlsplit(request.base), urlsplit(target)
    prefix = unquote(base.path).rstrip("/")
    path = unquote(link.path)
    same = (link.scheme, link.netloc) in (("", ""), (base.scheme, base.netloc))
    if not same or not path.startswith(prefix + "/") or ".." in path.split("/"):
        raise SourceError(
            "the next page of the answer lies on another server: refused",
            where=request.where,
            hint="if that is right, write the new address in the project file",
        )
    params = tuple(parse_qsl(link.query, keep_blank_values=True))
    return msgspec.structs.replace(request, path=link.path[len(base.path.rstrip("/")) :], params=params)
