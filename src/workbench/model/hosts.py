"""Hosts as people see them: what they agree to is what is reached."""

from __future__ import annotations

from urllib.parse import urlsplit


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


def shown_host(host: str) -> str:
    """A host for people who decide about it: letters beyond ASCII with what is really looked up beside them."""
    if host.isascii():
        return host
    name, colon, port = host.partition(":")
    try:
        import idna  # comes with the web client, which looks the same name up

        real = idna.encode(name.lower()).decode()
    except (ImportError, UnicodeError):
        return f"{host} (no name that can be looked up)"
    return f"{host} ({real}{colon}{port})"
