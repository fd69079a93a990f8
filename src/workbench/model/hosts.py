"""Hosts as people see them: what they agree to is what is reached."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_HERE = re.compile(r"(?:localhost|127\.[0-9.]+|\[::1\])(?::|\Z)")


def host_of(url: str) -> str:
    """Host and port of an address; the whole text where no host can be told from it."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return url
    if not host or "${" in parts.netloc:
        return url
    shown = f"[{host}]" if ":" in host else host
    return f"{shown}:{port}" if port else shown


def origin_of(url: str) -> str:
    """Scheme, host and port of an address, as ``https://host:port``; a bare host stands for https."""
    whole = url if "://" in url else f"https://{url}"
    host = host_of(whole)
    return url if host == whole else f"{whole.partition('://')[0].lower()}://{host}"


def shown_host(origin: str) -> str:
    """A host for people who decide about it.

    Letters beyond ASCII have beside them what is really looked up, and plain http says what it is.
    """
    scheme, _, host = origin.rpartition("://")
    shown = origin if host.isascii() else _looked_up(origin, host)
    return f"{shown}, unencrypted" if scheme == "http" and not _HERE.match(host) else shown


def _looked_up(origin: str, host: str) -> str:
    name, colon, port = host.partition(":")
    try:
        import idna  # comes with the web client, which looks the same name up

        real = idna.encode(name.lower()).decode()
    except (ImportError, UnicodeError):
        return f"{origin} (no name that can be looked up)"
    return f"{origin} ({real}{colon}{port})"
