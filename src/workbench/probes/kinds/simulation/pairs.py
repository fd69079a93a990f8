"""Requests with the answers that were recorded: pairs of our own, HAR files, mappings of WireMock.

Our own are a list (or lines) of JSON objects: ``{"request": {"method", "path", "body"}, "response": {"status",
"headers", "body"}}``.  HAR is the format of browsers (http://www.softwareishard.com/blog/har-12-spec/), WireMock's
mappings have ``urlPath`` and ``jsonBody``.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import msgspec

from workbench.model.canonical import sha256
from workbench.model.errors import SourceError
from workbench.model.text import safe_text
from workbench.probes.routes import request_key
from workbench.sources.redact import Redactor

MOST = 5_000  # pairs of one file
_NO_SECRETS = Redactor(())


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """A request and its answer.  ``headers`` are those of the answer, in lower case.

    ``guessed`` says that nothing told the answer's type: it was made out from the answer.
    """

    method: str
    path: str
    body: bytes = b""
    media: str = "application/json"
    status: int
    answer: bytes
    answer_media: str
    guessed: bool = False
    headers: Mapping[str, str] = {}

    @property
    def name(self) -> str:
        """The request in words, without tokens that its address may hold; of a body the beginning of its digest."""
        shown = request_key(self.method, _NO_SECRETS.text(self.path))
        return f"{shown} #{sha256(self.body)[:8]}" if self.body else shown


def pairs_in(data: bytes, where: str) -> list[Pair]:
    """The pairs of a file; ``SourceError`` where it cannot be read or holds none."""
    found = []
    for number, row in enumerate(_rows(data, where), 1):
        found.append(_pair(row, f"{where}, pair {number}"))
        if len(found) > MOST:
            raise SourceError(f"it holds more than {MOST:,} pairs", where=where)
    if not found:
        raise SourceError(
            "it holds no request with its answer", where=where, hint='[{"request": {…}, "response": {…}}]'
        )
    return found


def _rows(data: bytes, where: str) -> Iterator[dict[str, Any]]:
    try:
        document = msgspec.json.decode(data)
    except (msgspec.DecodeError, ValueError):
        document = [
            _line(line, f"{where}:{number}")
            for number, line in enumerate(data.splitlines(), 1)
            if line.strip()
        ]
    yield from _of(document)


def _line(line: bytes, where: str) -> Any:
    try:
        return msgspec.json.decode(line)
    except (msgspec.DecodeError, ValueError) as error:
        raise SourceError(f"it is no JSON: {safe_text(error, 200)}", where=where) from None


def _of(document: Any) -> Iterator[dict[str, Any]]:
    if isinstance(document, list):
        for item in document:
            yield from _of(item)
    elif isinstance(document, dict):
        if isinstance(document.get("request"), dict) and isinstance(document.get("response"), dict):
            yield document
        for name in ("log", "entries", "mappings", "pairs"):
            if name in document:
                yield from _of(document[name])


def _pair(row: dict[str, Any], where: str) -> Pair:
    request, response = row["request"], row["response"]
    method, path = request.get("method", "GET"), _path(request)
    status = response.get("status", 200)
    if not isinstance(method, str) or path is None or not isinstance(status, int):
        raise SourceError("a request needs a method and a path, and an answer its status", where=where)
    headers = _headers(response.get("headers"))
    body, media = _content(request.get("postData", request))
    content = response.get("content", response)
    answer, answer_media = _content(content)
    told = "content-type" in headers or (isinstance(content, dict) and bool(content.get("mimeType")))
    return Pair(
        method=method.upper(),
        path=path,
        body=body,
        media=media or "application/json",
        status=status,
        answer=answer,
        answer_media=headers.get("content-type", answer_media),
        guessed=not told,
        headers=headers,
    )


def _path(request: dict[str, Any]) -> str | None:
    told = next(
        (text for name in ("path", "urlPath", "url") if isinstance(text := request.get(name), str)), None
    )
    if told is None:
        return None
    try:
        parts = urlsplit(told)
    except ValueError:
        return None
    path = parts.path if parts.path.startswith("/") else f"/{parts.path}"
    return f"{path}?{parts.query}" if parts.query else path


def _headers(headers: Any) -> dict[str, str]:
    """Names and values: an object, or HAR's list of ``name`` and ``value``."""
    if isinstance(headers, list):
        headers = {one.get("name"): one.get("value") for one in headers if isinstance(one, dict)}
    if not isinstance(headers, dict):
        return {}
    return {
        name.lower(): value
        for name, value in headers.items()
        if isinstance(name, str) and isinstance(value, str)
    }


def _content(holder: Any) -> tuple[bytes, str]:
    """A body and its type: text, JSON as it is or in a text, or base64."""
    if not isinstance(holder, dict):
        return b"", ""
    media = holder.get("mimeType") if isinstance(holder.get("mimeType"), str) else ""
    for name in ("jsonBody", "json"):
        if name in holder:
            return msgspec.json.encode(holder[name]), media or "application/json"
    body = holder.get("body", holder.get("text"))
    if body is None:
        return b"", media or ""
    if not isinstance(body, str):
        return msgspec.json.encode(body), media or "application/json"
    if holder.get("encoding") == "base64":
        try:
            return base64.b64decode(body, validate=True), media or ""
        except (binascii.Error, ValueError):
            return body.encode("utf-8", "replace"), media or ""
    json_like = body.lstrip()[:1] in ("{", "[")
    return body.encode("utf-8", "replace"), media or ("application/json" if json_like else "text/plain")
