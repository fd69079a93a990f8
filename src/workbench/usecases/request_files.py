"""The files that go to somebody elsewhere: a request for the workbench, a sheet for everybody else."""

from __future__ import annotations

from pathlib import Path

import msgspec

from workbench.model.errors import UsageError
from workbench.model.files import write_whole
from workbench.model.keys import slug
from workbench.usecases.request_sheet import html_sheet
from workbench.usecases.requests import Reply, Request


def request_name(request: Request) -> str:
    """The request's file name."""
    return f"sign-off-{slug(request.release)}-{request.gate}-{request.person}.json"


def write_request(request: Request, folder: Path) -> Path:
    """Write the request that ``workbench sign FILE`` answers; returns the file."""
    data = msgspec.json.format(msgspec.json.encode(request), indent=1) + b"\n"
    return _write(folder / request_name(request), data)


def write_sheet(request: Request, folder: Path) -> Path:
    """Write the sheet that anybody can read in a browser; returns the file."""
    return _write((folder / request_name(request)).with_suffix(".html"), html_sheet(request).encode())


def write_reply(reply: Reply, path: Path) -> Path:
    """Write the answer that ``workbench import FILE`` takes in; returns the file."""
    return _write(path, msgspec.json.format(msgspec.json.encode(reply), indent=1) + b"\n")


def _write(path: Path, data: bytes) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data)
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written: {error.strerror}", hint="choose another folder"
        ) from None
    return path
