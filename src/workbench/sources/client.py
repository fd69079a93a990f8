"""The one HTTP client of a fetch: limits, deadlines, retries, sizes, redirects."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import httpx
import msgspec

from workbench import __version__
from workbench.model.errors import SourceError
from workbench.model.hosts import host_of
from workbench.model.text import safe_text
from workbench.model.times import age_text
from workbench.sources import bodies, proxies
from workbench.sources.limits import seconds_to_wait
from workbench.sources.proxies import Proxy
from workbench.sources.tuning import Tuning

_AGAIN = frozenset({429, 502, 503, 504})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})

# Their debug lines hold addresses and headers; nothing of a request may reach a log.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


class Response(msgspec.Struct, frozen=True):
    """A whole answer.  ``headers`` are in lower case, ``body`` is decompressed.

    ``seconds`` it took from sending the request to the last byte, without waiting for a turn;
    ``hops`` counts the redirects that were followed.
    """

    status: int
    media: str
    headers: Mapping[str, str]
    body: bytes
    seconds: float = 0.0
    hops: int = 0


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One request that may be repeated safely.  ``path`` follows ``base``, a URL.

    ``content`` of the type ``media`` is sent as it is, in place of ``form``.  ``limit`` is how many
    bytes the answer may have.  ``once`` takes the first answer, whatever it is, and repeats nothing.
    """

    base: str
    path: str
    method: str = "GET"
    params: tuple[tuple[str, str], ...] = ()
    form: tuple[tuple[str, str], ...] = ()
    content: bytes | None = None
    media: str = ""
    headers: Mapping[str, str] = {}
    seconds: float = 30.0
    limit: int | None = None
    once: bool = False

    @property
    def where(self) -> str:
        """The request in words, without query, form and headers."""
        return f"{self.method} {self.base.rstrip('/')}{self.path}"


class Unreachable(SourceError):
    """Nobody answers at that address: asking again would only cost time."""


class TimedOut(SourceError):
    """The server took the request and did not answer in time."""


class Limited(SourceError):
    """The server lets nobody ask again for longer than we wait: asking on would make it worse."""


class Web:
    """Sends requests: at most ``tuning.at_once`` at a time, counted outside the client."""

    def __init__(self, tuning: Tuning) -> None:
        self._tuning = tuning
        self._slots = asyncio.Semaphore(tuning.at_once)
        self._urls: dict[str, httpx.URL] = {}
        self._clients: dict[tuple[str, Proxy | None], httpx.AsyncClient] = {}
        self._pauses: dict[str, asyncio.Task[None]] = {}

    async def close(self) -> None:
        """Lets go of all connections."""
        for pause in self._pauses.values():
            pause.cancel()
        for client in self._clients.values():
            await client.aclose()

    async def send(self, request: Request) -> Response:
        """The answer; what is worth repeating is repeated, with back-off.

        Raises ``SourceError`` when there is no usable answer; statuses are the caller's to judge.
        """
        attempts = 1 if request.once else self._tuning.attempts
        for attempt in range(attempts):
            last = attempt + 1 == attempts
            await self._host_again(request.base)
            try:
                response = await self._once(request)
            except (httpx.NetworkError, httpx.RemoteProtocolError, httpx.ProxyError) as error:
                if last:
                    raise _unreachable(request, error) from None
                await self._tuning.pause(self._back_off(attempt))
                continue
            if request.once:
                return response
            told = self._told_to_wait(request, response)
            if last or (told is None and response.status not in _AGAIN):
                return response
            if told is None:
                await self._tuning.pause(self._back_off(attempt))
            else:
                await self._pause_all(request.base, told)
        raise AssertionError("at least one attempt")

    async def _host_again(self, base: str) -> None:
        """Waits while the server lets nobody ask: requests beside the one that was refused would be, too."""
        if (pause := self._pauses.get(host_of(base))) is not None:
            await asyncio.shield(pause)

    async def _pause_all(self, base: str, seconds: float) -> None:
        host = host_of(base)

        async def pause() -> None:
            try:
                await self._tuning.pause(seconds)
            finally:
                self._pauses.pop(host, None)

        if host not in self._pauses:
            self._pauses[host] = asyncio.create_task(pause())
        await asyncio.shield(self._pauses[host])

    def _back_off(self, attempt: int) -> float:
        return float(min(0.5 * 2**attempt, 8.0) * (0.5 + self._tuning.random()))

    def _told_to_wait(self, request: Request, response: Response) -> float | None:
        """Seconds that the server asks us to wait; ``None`` where it does not."""
        told = seconds_to_wait(response.status, response.headers, self._tuning.now())
        if told is not None and told > self._tuning.patience:
            raise Limited(
                f"the server limits how often it may be asked: again in {_length(told)}",
                where=request.where,
                hint="fetch again then, or give the source a token with a higher limit",
            )
        return told

    async def _once(self, request: Request) -> Response:
        async with self._slots:
            try:
                async with asyncio.timeout(request.seconds):
                    return await self._follow(request)
            except (TimeoutError, httpx.TimeoutException):
                raise TimedOut(
                    f"no complete answer within {request.seconds:g} s from {host_of(request.base)}",
                    where=request.where,
                    hint="a longer “timeout” of the source, or a cheaper query",
                ) from None
            except UnicodeEncodeError:  # which would tell a piece of the token
                raise SourceError(
                    "a header can only hold ASCII characters",
                    where=request.where,
                    hint="look at the token and the headers of the source: was something else pasted?",
                ) from None
            except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError) as error:
                raise SourceError(
                    f"the address cannot be used: {safe_text(error, 200)}", where=request.where
                ) from None
            except ValueError as error:  # httpx and h11 refuse header values this way
                raise SourceError(
                    f"the request cannot be sent: {safe_text(type(error).__name__)}", where=request.where
                ) from None

    async def _follow(self, request: Request) -> Response:
        url = self._url(request)
        began = self._tuning.tick()
        for hops in range(5):
            response = await self._exchange(request, url)
            location = response.headers.get("location")
            if response.status not in _REDIRECTS or not location:
                seconds = self._tuning.tick() - began
                return msgspec.structs.replace(response, seconds=seconds, hops=hops)
            url = _redirected(request, url, location, response.status)
        raise SourceError("the server redirects in a circle", where=request.where)

    def _url(self, request: Request) -> httpx.URL:
        plain = request.base.rstrip("/") + request.path
        url = self._urls.get(plain)
        if url is None:
            url = self._urls[plain] = _checked(httpx.URL(plain), request)
        return url.copy_with(query=urlencode(request.params).encode()) if request.params else url

    def _client(self, url: httpx.URL) -> httpx.AsyncClient:
        """The client for an address: made when it is first needed, for the environment may be no use."""
        proxy = proxies.proxy_for(url.scheme, url.host, url.port)
        key = (url.scheme, proxy)
        if key not in self._clients:
            most = self._tuning.at_once
            self._clients[key] = httpx.AsyncClient(
                verify=proxies.certificates(url.scheme),
                proxy=None if proxy is None else proxies.usable(proxy),
                trust_env=False,
                follow_redirects=False,
                headers={
                    "User-Agent": f"release-workbench/{__version__}",
                    "Accept-Encoding": bodies.ACCEPTED,
                },
                limits=httpx.Limits(max_connections=most, max_keepalive_connections=most),
            )
        return self._clients[key]

    async def _exchange(self, request: Request, url: httpx.URL) -> Response:
        headers, content = dict(request.headers), request.content
        if content is not None:
            headers["Content-Type"] = request.media
        elif request.method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            content = urlencode(request.form).encode()
        client = self._client(url)
        built = client.build_request(
            request.method, url, headers=headers, content=content, timeout=request.seconds
        )
        answer = await client.send(built, stream=True)
        try:
            body = await self._body(request, answer)
        finally:
            await answer.aclose()
        return Response(
            answer.status_code,
            answer.headers.get("content-type", ""),
            {name.lower(): value for name, value in answer.headers.items()},
            body,
        )

    async def _body(self, request: Request, answer: httpx.Response) -> bytes:
        limit = request.limit or self._tuning.body_limit
        told = answer.headers.get("content-length", "")
        if told.isdecimal() and int(told) > limit and request.method != "HEAD":
            raise _too_large(request, limit)
        try:
            return await bodies.read(answer.aiter_raw(), answer.headers.get("content-encoding", ""), limit)
        except bodies.TooLarge:
            raise _too_large(request, limit) from None
        except SourceError as error:
            raise SourceError(error.what, where=request.where, hint=error.hint) from None


def _checked(url: httpx.URL, request: Request) -> httpx.URL:
    if url.scheme not in ("http", "https") or not url.host:
        raise SourceError(
            "the address must begin with http:// or https:// and name a host", where=request.path
        )
    if url.userinfo:
        raise SourceError(
            "the address holds a user name or password",
            hint="take it out and write a header instead: headers: {Authorization: '${NAME}'}",
        )
    return url


def _redirected(request: Request, url: httpx.URL, location: str, status: int) -> httpx.URL:
    """Where a redirect leads; other hosts are refused, for the token goes along."""
    target = url.join(location)
    upgraded = url.scheme == "http" and target.scheme == "https"
    if target.host != url.host or not (upgraded or _origin(target) == _origin(url)):
        raise SourceError(
            f"the server sends us on to another host ({safe_text(target.host or location, 100)}): refused",
            where=request.where,
            hint="if that is right, write the new address in the project file",
        )
    if request.method not in ("GET", "HEAD") and status in (301, 302, 303):
        raise SourceError(
            "the server redirects a query to another page: it may want a login",
            where=request.where,
            hint="write the final address in the project file",
        )
    return target


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _length(seconds: float) -> str:
    return age_text(timedelta(seconds=min(seconds, 10**9)))


def _too_large(request: Request, limit: int) -> SourceError:
    return SourceError(
        f"the answer is larger than {limit // 10**6 or 1} MB",
        where=request.where,
        hint="ask for less: sum by fewer labels, a shorter range, a larger step; or set the source's max_answer",
    )


def _unreachable(request: Request, error: Exception) -> SourceError:
    reason = _reason(error)
    url = httpx.URL(request.base)
    host, proxy = host_of(request.base), proxies.proxy_for(url.scheme, url.host, url.port)
    if isinstance(error, (httpx.ConnectError, httpx.ProxyError)):
        way, hint = host, "is the server running, and reachable?"
        if proxy is not None:
            way = f"{host} through the proxy of {proxy.variable}"
            hint = "is the proxy running, and the right one? NO_PROXY names hosts that are asked directly"
        elif "certificate" in reason.lower():
            hint = "name the certificates of your organisation in SSL_CERT_FILE"
        return Unreachable(f"could not connect to {way}: {reason}", where=request.where, hint=hint)
    return SourceError(f"the connection to {host} broke off: {reason}", where=request.where)


def _reason(error: BaseException) -> str:
    """The innermost reason, in the operating system's words."""
    cause: Any = error
    while cause.__cause__ or cause.__context__:
        cause = cause.__cause__ or cause.__context__
    text = getattr(cause, "strerror", None) or str(cause) or str(error) or type(error).__name__
    return safe_text(text, 200)
