"""The address of a server: as libpq reads it, without a secret, and over TLS wherever it leaves this machine."""

from __future__ import annotations

import ipaddress
import os
import re
import ssl
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from workbench.mailbox.errors import driver
from workbench.model.errors import UsageError
from workbench.model.text import safe_text

LONGEST = 2000
_ASKS_FOR_METHOD = 160000  # the first libpq that knows require_auth
_SECRETS = ("password", "sslpassword", "oauth_client_secret", "scram_client_key", "scram_server_key")
_FILES = ("sslrootcert", "sslcert", "sslkey", "sslcrl", "sslcrldir", "passfile")
_TAKEN = frozenset((
    *_FILES, "host", "hostaddr", "port", "dbname", "user", "service", "sslmode", "sslsni", "sslcertmode", "sslnegotiation",
    "ssl_min_protocol_version", "ssl_max_protocol_version", "channel_binding", "require_auth", "requirepeer", "gssencmode",
    "krbsrvname", "gsslib", "target_session_attrs", "load_balance_hosts", "connect_timeout", "tcp_user_timeout",
    "keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count", "options",
))  # fmt: skip
_WEAKER = {
    "require": "the server's certificate is not checked (sslmode=require): whoever stands between could answer in its place",
    "verify-ca": "the server's name is not compared with its certificate (sslmode=verify-ca)",
}


class Address(msgspec.Struct, frozen=True):
    """Where a shared record is kept: libpq's parameters without a password, and the text that is shown and kept.

    ``told`` says what a person should know of how the server is reached; nothing where all is checked.
    """

    parameters: dict[str, str]
    shown: str
    is_local: bool = False
    told: tuple[str, ...] = ()


def read_address(text: str) -> Address:
    """The address in a text; ``UsageError`` where it is none, holds a password, or would lead elsewhere without TLS.

    The error never quotes an address that may hold a secret.
    """
    said = _parsed(text)
    _check(said)
    local = _is_local(said)
    tls, told = ({}, ()) if local else _over_tls(said)
    several = {"target_session_attrs": "read-write"} if "," in _hosts(said) else {}
    return Address(several | tls | said, safe_text(text, LONGEST), local, told)


def _parsed(text: str) -> dict[str, str]:
    library = driver()
    unreadable = UsageError(
        "the address of the server cannot be read",
        hint="write postgresql://ROLE@HOST/DATABASE (docs/team.md)",
    )
    if len(text) > LONGEST or not text.isprintable() or not text.strip():
        raise unreadable
    try:
        said = library.conninfo.conninfo_to_dict(text)
    except Exception as error:
        raise _not_used(_unknown(text, error)) if _unknown(text, error) else unreadable from None
    return {name: str(value) for name, value in said.items() if value not in (None, "")}


def _unknown(text: str, error: Exception) -> str:
    """The parameter after the question mark that libpq does not know; "" where what it names could be a piece of a password."""
    found = re.search(r'URI query parameter: "([a-z0-9_]{1,40})"', str(error), re.IGNORECASE)
    without_password = re.fullmatch(r"postgres(ql)?://([^:/?#@]*@)?[^/?#@]*/[^?@]*\?[^@]*", text)
    return found[1] if found and without_password else ""


def _not_used(name: str) -> UsageError:
    return UsageError(
        f"the address says {name}, which the workbench does not use",
        hint="leave it out (docs/team.md)",
    )


def _check(said: Mapping[str, str]) -> None:
    if any(name in said for name in _SECRETS):
        raise UsageError(
            "the address holds a password, which is never kept",
            hint="leave it out, and set PGPASSWORD or write it to ~/.pgpass (docs/team.md)",
        )
    if other := sorted(set(said) - _TAKEN):
        raise _not_used(other[0])
    for name in _FILES:
        path = said.get(name, "")
        if path and path != "system" and not Path(path).is_absolute():
            raise UsageError(
                f"{name} in the address has no whole path: {safe_text(path, 200)}",
                hint=f"it is read from any folder: write {safe_text(Path(path).expanduser().resolve(), 300)}",
            )


# --- TLS --------------------------------------------------------------------------------------------------


def _over_tls(said: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """What is asked of a connection to another machine, and what a person is told of it.

    The server shows a certificate of its host's name, issued by somebody trusted, unless the address says less.
    """
    mode = said.get("sslmode", "verify-full")
    if mode in ("disable", "allow", "prefer"):
        raise UsageError(
            f"the address asks for sslmode={mode}, which sends to another machine what others can read or change",
            hint="leave it out; the server needs a certificate (docs/team.md)",
        )
    asked = {"sslmode": mode, "gssencmode": "disable"}
    if mode == "verify-full" and "sslrootcert" not in said and not named_roots():
        asked["sslrootcert"] = ssl.get_default_verify_paths().cafile or "system"
    if (
        mode == "require" and driver().pq.version() >= _ASKS_FOR_METHOD
    ):  # whoever answers is not handed the password
        asked["require_auth"] = "!password"
    return asked, ((_WEAKER[mode],) if mode in _WEAKER else ())


def named_roots() -> str:
    """The file in which this person has said already who may issue certificates, as libpq looks for it; "" for none."""
    home = (
        Path(os.environ.get("APPDATA", "")) / "postgresql" if os.name == "nt" else Path.home() / ".postgresql"
    )
    own = home / "root.crt"
    return os.environ.get("PGSSLROOTCERT", "") or (str(own) if own.exists() else "")


# --- which machine ----------------------------------------------------------------------------------------


def _is_local(said: Mapping[str, str]) -> bool:
    """Whether every server in the address is on this machine: by a socket, or by a loopback address."""
    where = _addresses(said)
    return all(_is_here(one.strip()) for one in where.split(","))


def _hosts(said: Mapping[str, str]) -> str:
    return said.get("host") or said.get("hostaddr", "")


def _addresses(said: Mapping[str, str]) -> str:
    """The hosts that libpq will connect to: of the address, of its service, of the environment, in this order."""
    for names in (said, _service(said.get("service", "")), defaults("host", "hostaddr")):
        if found := names.get("hostaddr") or names.get("host"):
            return found
    return ""  # the socket


def defaults(*named: str) -> dict[str, str]:
    """What libpq takes from the environment, from PGSERVICE too, for parameters that an address leaves out."""
    found: Iterable[Any] = driver().pq.Conninfo.get_defaults()
    return {
        one.keyword.decode(): one.val.decode("utf-8", "replace")
        for one in found
        if one.val and one.keyword.decode() in named
    }


def _is_here(host: str) -> bool:
    if not host or host.startswith(("/", "@")) or host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _service(name: str) -> dict[str, str]:
    """The hosts of a service, as libpq's files of services say; what cannot be found counts as another machine."""
    if not name:
        return {}
    from workbench.mailbox.services import read_service

    return read_service(name) or {"host": "?"}
