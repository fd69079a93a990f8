"""psycopg, the driver for PostgreSQL: an extra, imported only when a server is asked."""

from __future__ import annotations

from typing import Any

from workbench.model.errors import SourceError


def driver() -> Any:
    """The package, of which ``pq`` is its view of libpq; ``SourceError`` says how it is installed."""
    try:
        import psycopg
    except ImportError:
        raise SourceError(
            "the driver for PostgreSQL is not installed",
            hint='install it: pip install "release-workbench[sql]"',
        ) from None
    package: Any = psycopg
    return package


def parameters(address: str) -> dict[str, str]:
    """What an address of a server says, under libpq's names; ``SourceError`` where it cannot be read.

    The error never quotes the address: it may hold a password.
    """
    library = driver()
    try:
        parsed = library.pq.Conninfo.parse(address.encode())
    except Exception:
        raise SourceError(
            "the address of the database cannot be read",
            hint="write postgresql://user:password@host:5432/name; letters such as @ or / in a password as %40, %2F",
        ) from None
    return {one.keyword.decode(): one.val.decode("utf-8", "replace") for one in parsed if one.val is not None}
