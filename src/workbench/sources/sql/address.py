"""Where a database is: a SQLite file of the project, or a PostgreSQL server."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from workbench.model.errors import NotTrusted, SourceError
from workbench.model.text import safe_text
from workbench.model.tokens import VARIABLE
from workbench.sources.channel import Channel
from workbench.sources.sql import SqlConfig, origin_in

_SERVERS = ("postgresql://", "postgres://")


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """``file`` of a SQLite database, or what libpq needs to know of a server; ``shown`` has no secret."""

    shown: str
    file: Path | None = None
    server: Mapping[str, str] = {}


async def address_of(channel: Channel) -> Address:
    """Where a source's database is; what stands in variables is read and remembered as secret.

    ``SourceError`` for what is no address, a file outside of the project, and a variable that is not
    set; ``NotTrusted`` where a person has not agreed to it yet.
    """
    written: str = channel.config(SqlConfig).url
    whole = VARIABLE.fullmatch(written) is not None
    text = await channel.secret(written) or "" if whole else written
    shown = written if whole else text
    if text.startswith(_SERVERS):
        if not whole:
            channel.reaches(origin_in(text))
        return await _server(channel, text, resolve=not whole)
    path = text.removeprefix("sqlite:")
    if path == text and (whole or "://" in text):
        raise SourceError(
            f"{safe_text(shown, 60)} holds no address of a database"
            if whole
            else "this is no address of a database",
            where=f"source {channel.source.key}",
            hint="write postgresql://user@host/name, or sqlite:path/in/the/project.db",
        )
    return Address(shown=f"sqlite:{path.removeprefix('///')}", file=_file(channel, path.removeprefix("///")))


async def _server(channel: Channel, text: str, *, resolve: bool) -> Address:
    from workbench.sources.sql.driver import parameters

    found = parameters(text)
    if resolve:  # each part by itself: a password may hold any letter
        found = {name: await channel.secret(value) or "" for name, value in found.items()}
    if found.get("password"):
        channel.secrets.remember(found["password"], "the password of the database")
    host, port = found.get("host", ""), found.get("port", "")
    shown = f"postgresql://{host}{f':{port}' if port else ''}/{found.get('dbname', '')}"
    return Address(shown=safe_text(shown, 200), server=found)


def _file(channel: Channel, text: str) -> Path:
    """The file, which must lie in the project once links are resolved, and be there."""
    shown = safe_text(text, 200)
    root = channel.root.resolve()
    try:
        path = (root / text).resolve()
        inside = path.is_relative_to(root)
    except (OSError, RuntimeError, ValueError):
        raise SourceError(f"“{shown}” cannot be followed") from None
    if not inside:
        raise NotTrusted(
            f"“{shown}” leads out of the project", hint="keep the file inside the project, without links out"
        )
    if not path.is_file():
        raise SourceError(f"there is no file “{shown}”", hint="write the path from the project's folder")
    return path
