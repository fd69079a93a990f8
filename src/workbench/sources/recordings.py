"""Recorded answers: a folder that a fetch can be replayed from, through the same parsing code.

::

    recording.json                      {"schema": 1, "moments": ["2026-12-01T15:00:00.000000Z"]}
    <source>/<path>-<digest>.json       method, path, params, form, status, media, body or body_file

A request is found by its method, path, parameters and form; the host and the headers do
not count.  Queries carry the moment they ask about, so a replay asks as of the recorded
moment.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from datetime import datetime
from pathlib import Path

import msgspec

from workbench.model.canonical import digest, sha256
from workbench.model.errors import SourceError
from workbench.model.files import read_regular, write_whole
from workbench.model.times import from_text, to_text
from workbench.sources.client import Request, Response
from workbench.sources.redact import Redactor

_INLINE = 16 * 1024
_KEPT_HEADERS = ("link",)


class _Manifest(msgspec.Struct):
    schema: int
    moments: list[str]


class _Recorded(msgspec.Struct, omit_defaults=True):
    method: str
    path: str
    status: int
    media: str
    params: list[tuple[str, str]] = []
    form: list[tuple[str, str]] = []
    headers: dict[str, str] = {}
    body: str | None = None
    body_file: str | None = None


def moments(folder: Path) -> tuple[datetime, ...]:
    """The moments that a folder has answers for, in order; ``SourceError`` if it is none."""
    file = folder / "recording.json"
    try:
        manifest = msgspec.json.decode(read_regular(file), type=_Manifest)
        found = tuple(sorted(from_text(text) for text in manifest.moments))
    except FileNotFoundError:
        raise SourceError(f"{folder} holds no recording", hint=f"{file.name} is missing there") from None
    except (OSError, ValueError) as error:
        raise SourceError(f"the recording cannot be read: {error}", where=str(file)) from None
    if manifest.schema != 1:
        raise SourceError("the recording was made by a newer workbench", where=str(file))
    if not found:
        raise SourceError("the recording names no moment", where=str(file))
    return found


def moment_for(known: tuple[datetime, ...], at: datetime) -> datetime:
    """The latest recorded moment that is not after ``at``."""
    position = bisect_right(known, at)
    if not position:
        raise SourceError(
            f"the recording begins at {to_text(known[0])}, after the moment that is asked about",
            hint="set the clock later (--now)",
        )
    return known[position - 1]


def note_moments(folder: Path, asked: set[datetime]) -> None:
    """Adds the moments of a fetch that is being recorded."""
    known = set(moments(folder)) if (folder / "recording.json").exists() else set()
    folder.mkdir(parents=True, exist_ok=True)
    manifest = _Manifest(1, [to_text(moment) for moment in sorted(known | asked)])
    write_whole(folder / "recording.json", _pretty(manifest))


def name_of(request: Request) -> str:
    """The file name of a request: readable, and the same for the same request."""
    key = [request.method, request.path, sorted(map(list, request.params)), sorted(map(list, request.form))]
    if request.content is not None:
        key.append([request.media, sha256(request.content)])
    readable = re.sub(r"[^A-Za-z0-9]+", "-", request.path).strip("-")[-48:].strip("-") or "root"
    return f"{readable}-{digest(key)[:16]}.json"


def write(folder: Path, source: str, request: Request, response: Response, redactor: Redactor) -> None:
    """Keeps an answer, without secrets."""
    place = folder / source
    place.mkdir(parents=True, exist_ok=True)
    name = name_of(request)
    body = redactor.data(response.body)
    inline = _inline(body)
    recorded = _Recorded(
        method=request.method,
        path=redactor.text(request.path),
        status=response.status,
        media=redactor.text(response.media),
        params=[(key, redactor.text(value)) for key, value in request.params],
        form=[(key, redactor.text(value)) for key, value in request.form],
        headers={
            key: redactor.text(response.headers[key]) for key in _KEPT_HEADERS if key in response.headers
        },
        body=inline,
        body_file=None if inline is not None else f"{Path(name).stem}.body",
    )
    if recorded.body_file is not None:
        write_whole(place / recorded.body_file, body)
    write_whole(place / name, _pretty(recorded))


def read(folder: Path, source: str, request: Request) -> Response:
    """The recorded answer; ``SourceError`` names the file that was looked for."""
    file = folder / source / name_of(request)
    shown = f"{source}/{file.name}"
    try:
        recorded = msgspec.json.decode(read_regular(file), type=_Recorded)
        body = (recorded.body or "").encode()
        if recorded.body_file is not None:
            body = read_regular(_inside(folder, file.parent / recorded.body_file))
    except FileNotFoundError:
        raise SourceError(
            f"nothing was recorded for this request: {shown} is missing",
            where=str(folder),
            hint="record it again: workbench fetch --keep-answers DIR",
        ) from None
    except (OSError, ValueError) as error:
        raise SourceError(f"the recorded answer {shown} cannot be read: {error}", where=str(folder)) from None
    return Response(recorded.status, recorded.media, recorded.headers, body)


def _inline(body: bytes) -> str | None:
    if len(body) > _INLINE:
        return None
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None


def _inside(folder: Path, file: Path) -> Path:
    if not file.resolve().is_relative_to(folder.resolve()):
        raise ValueError("it leads out of the folder")
    return file


def _pretty(value: msgspec.Struct) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value, order="deterministic"), indent=1) + b"\n"
