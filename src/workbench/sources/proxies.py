"""The way to a host that the environment asks for: a proxy or none, and whose certificates are believed.

A variable that cannot be used costs the requests that go by it, is named, and never shown.
"""

from __future__ import annotations

import importlib.util
import ipaddress
import os
import ssl
import urllib.request
from collections.abc import Mapping

import httpx
import msgspec

from workbench.model.errors import SourceError

_TO_WRITE = "write http://host:port; in a name or a password # is %23, / is %2F and @ is %40"
_PORTS = {"http": 80, "https": 443}
_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE")


class Proxy(msgspec.Struct, frozen=True):
    """A proxy that is to be used, and what says so.  ``address`` may hold a password: it is never shown."""

    address: str
    variable: str


def proxy_for(scheme: str, host: str, port: int | None) -> Proxy | None:
    """The proxy through which a host is asked; ``None`` where it is asked directly."""
    told = urllib.request.getproxies()
    if _is_left_out(host, port or _PORTS.get(scheme), told.get("no", "")):
        return None
    for name in (scheme, "all"):
        if address := told.get(name):
            whole = address if "://" in address else f"http://{address}"
            return Proxy(whole, _variable(name, os.environ))
    return None


def usable(proxy: Proxy) -> httpx.Proxy:
    """The proxy as the client takes it; ``SourceError`` names the variable where it cannot be used."""
    try:
        url = httpx.URL(proxy.address)
        made = httpx.Proxy(url) if url.host else None
    except (ValueError, TypeError, httpx.InvalidURL):  # their words hold a piece of the password
        made = None
    if made is None or not url.host.isprintable():
        scheme = proxy.address.partition("://")[0]
        known = scheme.lower() in ("http", "https", "socks5", "socks5h")
        what = "holds no address" if known else "names a kind of proxy that is not known"
        raise SourceError(f"{proxy.variable} cannot be used: it {what}", hint=_TO_WRITE)
    if url.scheme.startswith("socks") and importlib.util.find_spec("socksio") is None:
        raise SourceError(
            f"{proxy.variable} cannot be used: for a SOCKS proxy the package socksio is missing",
            hint="install it beside the workbench, name a http:// proxy, or name the host in NO_PROXY",
        )
    return made


def certificates(scheme: str) -> ssl.SSLContext:
    """Whose certificates are believed: the usual, or what the environment names.

    Plain http needs none, and gets a context that believes nobody.
    """
    if scheme != "https":
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        return httpx.create_ssl_context(trust_env=True)
    except (OSError, ValueError) as error:
        named = [name for name in _CERTIFICATES if os.environ.get(name)]
        reason = (
            error.strerror if isinstance(error, OSError) and error.strerror else "it holds no certificates"
        )
        raise SourceError(
            f"{' or '.join(named) or 'the certificates of this machine'} cannot be used: {reason}",
            hint="name a file of certificates in PEM form in SSL_CERT_FILE, or unset it",
        ) from None


def _variable(name: str, environ: Mapping[str, str]) -> str:
    wanted = f"{name}_proxy"
    return next(
        (known for known in environ if known.lower() == wanted and environ[known]), "the system's proxy"
    )


def _is_left_out(host: str, port: int | None, no_proxy: str) -> bool:
    """Whether NO_PROXY names a host; an entry that cannot be understood names none."""
    host = host.strip("[]").lower().rstrip(".")
    return any(_names(entry.strip().lower(), host, port) for entry in no_proxy.split(","))


def _names(entry: str, host: str, port: int | None) -> bool:
    entry = entry.rpartition("://")[2]
    if entry in ("", "*"):
        return entry == "*"
    if (found := _in_network(entry, host)) is not None:
        return found
    name, colon, asked = entry.rpartition(":")
    if colon and asked.isdecimal():
        if port is None or asked != str(port):
            return False
        if (found := _in_network(name, host)) is not None:
            return found
        entry = name
    domain = entry.removeprefix("*").strip(".")
    return bool(domain) and (host == domain or host.endswith(f".{domain}"))


def _in_network(entry: str, host: str) -> bool | None:
    """Whether an address lies in a network; ``None`` where the entry is no address."""
    try:
        network = ipaddress.ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        return None
    try:
        return ipaddress.ip_address(host) in network
    except ValueError:
        return False
