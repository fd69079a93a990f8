"""What a source's module is given: the way to its server, its secrets and its files."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from shlex import join
from typing import Any, TypeVar

import msgspec

from workbench.model.errors import NotTrusted, SourceError, WorkbenchError
from workbench.model.hosts import host_of, origin_of
from workbench.model.kinds import NOTHING, Uses
from workbench.model.quantity import parse_size
from workbench.model.text import safe_text
from workbench.model.times import parse_duration
from workbench.model.tokens import variables_in
from workbench.sources import recordings
from workbench.sources.client import Limited, Request, Response, TimedOut, Unreachable, Web
from workbench.sources.exchanges import exchange
from workbench.sources.fetch import Fetch
from workbench.sources.other_form import in_words
from workbench.sources.reading import SourceLike
from workbench.sources.running import run
from workbench.sources.server import Command, Server

ShapeT = TypeVar("ShapeT")
_TIMEOUTS_IN_A_ROW = 3
_WORDS = 65_536  # bytes of a refusal that are looked at for its words


class Channel:
    """One source's way out.

    Nothing is read, run or reached but what its kind has declared, for people were asked
    about nothing else.
    """

    def __init__(self, source: SourceLike, web: Web, fetch: Fetch, share: int) -> None:
        self.source = source
        self.secrets = fetch.secrets
        self.root = fetch.root
        self.replayed = False
        self.handed = tuple(one for one in fetch.handed if source.key in one.sources)
        self._web = web
        self._replay = fetch.replay
        self._tracked = fetch.tracked
        self._record_to = fetch.record_to
        self._heard = fetch.heard
        self._turns = asyncio.Semaphore(share)
        self._down: WorkbenchError | None = None
        self._timeouts = 0
        self._tokens: dict[str, asyncio.Task[str]] = {}
        self._declared = NOTHING
        self._hosts: frozenset[str] = frozenset()

    def declare(self, uses: Uses) -> None:
        """Allow what the source's kind says that it uses."""
        self._declared = uses
        self._hosts = frozenset(map(origin_of, uses.hosts))

    def config(self, shape: type[Any]) -> Any:
        """The source's configuration, which must have the given shape."""
        config = self.source.config
        if not isinstance(config, shape):
            raise SourceError(f"the source “{self.source.key}” has no settings of kind {self.source.kind}")
        return config

    def tracked(self, names: Sequence[str]) -> frozenset[str]:
        """Which of these files of the project are in version control; a replay does not ask."""
        return frozenset() if self._replay is not None else self._tracked(self.root, names)

    def request(
        self,
        path: str,
        *,
        method: str = "GET",
        params: tuple[tuple[str, str], ...] = (),
        form: tuple[tuple[str, str], ...] = (),
        content: bytes | None = None,
        media: str = "",
        headers: Mapping[str, str] = {},
        once: bool = False,
    ) -> Request:
        """A request to the source's server, with its limits; ``path`` follows the source's ``url``."""
        server: Server = self.config(Server)
        return Request(
            base=server.url,
            path=path,
            method=method,
            params=params,
            form=form,
            content=content,
            media=media,
            headers=headers,
            seconds=parse_duration(server.timeout).total_seconds(),
            limit=None if server.max_answer is None else parse_size(server.max_answer),
            once=once,
        )

    async def send(self, request: Request) -> Response:
        """The answer from the server or the recording; ``SourceError`` when there is none.

        A source that cannot be reached, that wants to be left alone for longer than we wait, or that
        lets three requests in a row time out, is not asked again in this fetch.
        """

        async def answer() -> Response:
            self.reaches(request.base)
            async with self._turns:
                if self._down is not None:
                    raise self._down
                return await self._send(request)

        return await self.through(request, answer)

    async def through(self, request: Request, answer: Callable[[], Awaitable[Response]]) -> Response:
        """The recorded answer to a request, or what ``answer`` gives, which is recorded where that is asked for."""
        response = None
        try:
            response = await self._recorded_or_new(request, answer)
            return response
        finally:
            if self._heard is not None:
                self._heard(exchange(request, response, self.secrets.redactor()))

    async def _recorded_or_new(self, request: Request, answer: Callable[[], Awaitable[Response]]) -> Response:
        if self._replay is not None:
            self.replayed = True
            return recordings.read(self._replay, self.source.key, request)
        response = await answer()
        if self._record_to is not None:
            recordings.write(self._record_to, self.source.key, request, response, self.secrets.redactor())
        # Before anybody shortens what it says: of half a secret nobody would know what it is.
        body = self.secrets.redactor().data(response.body)
        return response if body is response.body else msgspec.structs.replace(response, body=body)

    async def run(self, words: Sequence[str], *, declared: str, seconds: float) -> Response:
        """What a program prints, its exit code in place of a status; ``declared`` is the command as people agreed to it.

        ``SourceError`` where it cannot be run, takes too long or prints too much.
        """
        request = Request(
            base=self.source.key,
            path="",
            method="RUN",
            form=(("command", join(words)),),
            seconds=seconds,
        )

        async def answer() -> Response:
            self._must_be_declared(f"runs “{declared}”", declared in self._declared.commands)
            if not self.secrets.allow:
                raise NotTrusted(
                    f"this project is not trusted to run “{declared}”",
                    hint="look at what it asks for: workbench trust",
                )
            async with self._turns:
                ran = await run(words, self.root, seconds)
            return Response(ran.code, "text/plain", {}, ran.output)

        return await self.through(request, answer)

    def reaches(self, url: str) -> None:
        """``NotTrusted`` unless a person agreed to this project's requests, and its kind declared this server."""
        if not self.secrets.allow:
            raise NotTrusted(
                "this project is not trusted to send requests",
                hint="look at what it asks for: workbench trust",
            )
        self._must_be_declared(f"asks {host_of(url)}", origin_of(url) in self._hosts)

    async def bearer(self, token: str | Command | None) -> dict[str, str]:
        """The header that carries a source's token; none without one, and none in a replay."""
        secret = None if token is None else await self.secret(token)
        return {} if secret is None else {"Authorization": f"Bearer {secret}"}

    async def secret(self, text: str | Command) -> str | None:
        """What a text with ``${NAME}`` or a command stands for; ``None`` in a replay."""
        if self._replay is not None:
            return None
        if isinstance(text, str):
            for name in variables_in(text):
                known = name in self._declared.variables
                self._must_be_declared(f"reads the environment variable {name}", known)
            return self.secrets.resolve(text)
        self._must_be_declared(f"runs “{text.command}”", text.command in self._declared.commands)
        if text.command not in self._tokens:
            self._tokens[text.command] = asyncio.create_task(
                asyncio.to_thread(self.secrets.command, text.command)
            )
        return await asyncio.shield(self._tokens[text.command])

    def _must_be_declared(self, act: str, declared: bool) -> None:
        if not declared:
            raise NotTrusted(
                f"the kind {self.source.kind} {act} without declaring it, so nobody could agree to it",
                hint="its “uses” has to say so",
            )

    async def _send(self, request: Request) -> Response:
        try:
            response = await self._web.send(request)
        except (Unreachable, Limited) as error:
            self._down = error
            raise
        except TimedOut as error:
            self._timeouts += 1
            if self._timeouts >= _TIMEOUTS_IN_A_ROW:
                self._down = error
            raise
        self._timeouts = 0
        return response


def decoded(body: bytes, shape: type[Any], request: Request, response: Response) -> Any:
    """A JSON body in the given shape; ``SourceError`` says what came instead."""
    try:
        return msgspec.json.decode(body, type=shape)
    except RecursionError:
        raise unusable(request, response, "it is nested too deep") from None
    except msgspec.ValidationError as error:
        raise another_version(request, response, in_words(error)) from None
    except (msgspec.DecodeError, ValueError) as error:
        raise unusable(request, response, str(error)) from None


def told_in(response: Response, shape: type[ShapeT]) -> ShapeT | None:
    """What a refusal says in JSON of a shape; ``None`` where it says nothing in it."""
    try:
        return msgspec.json.decode(response.body, type=shape)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None


def another_version(request: Request, response: Response, reason: str) -> SourceError:
    """The error for an answer in JSON that has another form than this server is documented to give."""
    if response.status >= 400:
        return unusable(request, response, reason)
    return SourceError(
        f"the answer has another form than is known of this server: {safe_text(reason, 300)}",
        where=request.where,
        hint="is it another version, or another server? look at the source's address",
    )


def unusable(request: Request, response: Response, reason: str) -> SourceError:
    """The error for a body that is not what was asked for."""
    start = response.body[:256].lstrip().lower()
    if not start and response.status < 400:
        return SourceError(
            f"the server answered with nothing (status {response.status})",
            where=request.where,
            hint="is the address that of the API? look at it with the same token",
        )
    if start.startswith((b"<!doctype html", b"<html")) or "html" in response.media.lower():
        return SourceError(
            f"a web page came instead of data (status {response.status})",
            where=request.where,
            hint="a proxy or a login page may stand between; check the address and the token",
        )
    if response.status in (401, 403):
        return SourceError(
            f"the server refuses us (status {response.status}){_own_words(response.body)}",
            where=request.where,
            hint="check the source's token, and what it allows",
        )
    if response.status >= 400:
        what = f"the server answered with status {response.status}{_own_words(response.body)}"
        return SourceError(what, where=request.where)
    return SourceError(f"the answer is garbled: {reason}", where=request.where)


def _own_words(body: bytes) -> str:
    """What a server says of its refusal, where it says so in JSON; "" where it does not."""
    try:
        said = msgspec.json.decode(body[:_WORDS], type=dict[str, Any])
    except (msgspec.DecodeError, ValueError, RecursionError):
        return ""
    told = [said.get(name) for name in ("message", "error", "errors", "detail")]
    texts = [text for one in told for text in _texts(one)]
    return f": {safe_text(texts[0], 300)}" if texts else ""


def _texts(said: Any) -> list[str]:
    """The texts in one of the usual forms: a text, several, or objects with a message or a reason."""
    if isinstance(said, list):
        return [text for one in said[:1] for text in _texts(one)]
    if isinstance(said, dict):
        return [
            text
            for name in ("message", "reason", "title")
            if isinstance(text := said.get(name), str) and text
        ]
    return [said] if isinstance(said, str) and said else []
