"""What a server refuses, in words."""

from __future__ import annotations

from typing import Any

from workbench.model.errors import NotAllowed, RecordUnavailable, UsageError, WorkbenchError
from workbench.model.text import safe_text

MOVED, NOT_FOLLOWING, UNCHANGEABLE = "WB001", "WB002", "WB003"


class ServerUnavailable(RecordUnavailable):
    """The server cannot be reached, or has gone; what is here stays here, and is sent later."""


class DoesNotFollow(NotAllowed):
    """The server holds other entries of that desk than those that these follow."""


def driver() -> Any:
    """psycopg; ``UsageError`` says how it is installed."""
    try:
        import psycopg
    except ImportError:
        raise UsageError(
            "the driver for PostgreSQL is not installed",
            hint='install it: pip install "release-workbench[team]"',
        ) from None
    package: Any = psycopg
    return package


def in_words(error: Any, where: str) -> WorkbenchError:
    """What an error of the driver means to a person; ``where`` names the server without a secret."""
    state = getattr(error, "sqlstate", None)
    said = safe_text(str(error).strip().partition("\n")[0], 300)
    if state == NOT_FOLLOWING:
        return DoesNotFollow(said.removeprefix("workbench: "), where=where, hint="workbench sync")
    if state == MOVED:
        return NotAllowed(
            "this record was moved to another server", where=where, hint="workbench share says where to"
        )
    if state == "42501":
        return NotAllowed(
            f"the server does not allow it: {said}",
            where=where,
            hint="ask whoever keeps the server: workbench member",
        )
    return ServerUnavailable(f"the server did not answer as it should: {said}", where=where)
