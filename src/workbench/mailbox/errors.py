"""What a server refuses or cannot do, in words: what happened, and what to do.

An error says by its kind who has to act: ``ServerUnavailable`` passes without anybody, so that a desk tries again later;
``ServerRefuses`` stays until a person does something.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from workbench.model.errors import NotAllowed, RecordUnavailable, UsageError, WorkbenchError
from workbench.model.text import safe_text

MOVED, NOT_FOLLOWING, UNCHANGEABLE, LAST_KEEPER, NOTHING_TO_PURGE = (
    "WB001",
    "WB002",
    "WB003",
    "WB004",
    "WB005",
)
_ASK = "ask the server's administrator"
_LATER = "nothing here is lost: it is sent when the server is back"


class ServerUnavailable(RecordUnavailable):
    """The server cannot be reached, or has gone; what is here stays here, and is sent later."""

    exit_code = 3


class ServerFull(ServerUnavailable):
    """The server has no room for more; what was sent before is there."""


class ServerReadOnly(ServerUnavailable):
    """The server takes nothing at present: it is a standby, or was set to reading only."""


class ServerBusy(ServerUnavailable):
    """The server is there, and had no turn for this desk; the same again will work."""


class ServerRefuses(NotAllowed):
    """The server answers, and will answer the same until a person acts: rights, passwords, certificates, names."""


class RecordMovedAway(ServerRefuses):
    """The record was moved to another server; this one takes nothing for it any more."""


class RecordIsThere(ServerRefuses):
    """The record that was to be begun on the server is there already, perhaps unseen by this role."""


class DoesNotFollow(NotAllowed):
    """The server holds other entries of that desk than those that these follow."""


class NoSharedRecord(UsageError):
    """The database holds no shared record, or this role may not see that it does."""


def messages() -> dict[str, str]:
    """All that can be said here, each with what to do about it, for the guide; ``{said}`` is what the server adds."""
    told = [told for _, told in _CONNECTING]
    found = {what: hint for _, what, hint in (*told, *_STATES.values(), *_CLASSES.values())}
    return {what: hint for what, hint in (found | dict(_RULES.values())).items() if what != "{said}"}


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
    said = reason(error)
    if state is None:
        return _of_connection(error, said, where)
    if state == "42501":
        return _of_rights(said, where)
    found = _STATES.get(state) or _CLASSES.get(state[:2])
    if found is None:
        return ServerUnavailable(f"the server did not answer as it should: {said}", where=where, hint=_LATER)
    kind, what, hint = found
    return kind(what.format(said=said.removeprefix("workbench: ")), where=where, hint=hint)


def reason(error: object) -> str:
    """What the driver or the server says, in one line that is safe to show."""
    text = str(error)
    for noise in ("connection failed: ", "connection is bad: "):
        text = text.removeprefix(noise)
    first = next((line.strip() for line in text.splitlines() if line.strip()), "it says nothing")
    found = re.match(r"connection to server (?:at|on socket) .*? failed: (.+)", first)
    return safe_text((found[1] if found else first).removeprefix("FATAL:").strip(), 300)


# --- errors that the server numbers -----------------------------------------------------------------------

_Told = tuple[type[WorkbenchError], str, str]
PUT_THERE = "check the database in the address; whoever has the record puts it there: workbench share URL at their desk"
"""What to do where a database holds no record yet, for who shares and for who joins."""
_STARTING: _Told = (ServerUnavailable, "the server is starting, stopping or recovering: {said}", _LATER)
_GONE: _Told = (ServerUnavailable, "the connection to the server was lost: {said}", _LATER)
_FULL: _Told = (ServerFull, "the server has no room for more: {said}", f"{_ASK}; {_LATER}")
_NO_TABLES: _Told = (
    NoSharedRecord,
    "this database holds no shared record: {said}",
    PUT_THERE,
)
_PASSWORD: _Told = (
    ServerRefuses,
    "the server does not let this role in: {said}",
    "check PGPASSWORD, ~/.pgpass or the certificate, and the role's name in the address (docs/team.md)",
)
_DAMAGED: _Told = (
    ServerRefuses,
    "the server found its files damaged: {said}",
    f"{_ASK}: it needs its backup; what the desks hold is whole",
)
_BUSY: _Told = (ServerBusy, "another desk is sending at this moment: {said}", "workbench sync sends it again")

_STATES: Mapping[str, _Told] = {
    MOVED: (
        RecordMovedAway,
        "this record was moved to another server",
        "workbench sync says where to; workbench share --move URL follows",
    ),
    NOT_FOLLOWING: (DoesNotFollow, "{said}", "workbench sync"),
    UNCHANGEABLE: (
        ServerRefuses,
        "{said}",
        "entries are never changed; what is wrong is put right by a new one",
    ),
    LAST_KEEPER: (
        ServerRefuses,
        "{said}",
        "let another role keep it first: workbench member add ROLE --right keeper",
    ),
    NOTHING_TO_PURGE: (UsageError, "{said}", "workbench sync, and look again"),
    "28P01": _PASSWORD,
    "28000": _PASSWORD,
    "3D000": (
        ServerRefuses,
        "there is no such database on the server: {said}",
        "check the end of the address",
    ),
    "3F000": _NO_TABLES,
    "42P01": _NO_TABLES,
    "42703": (
        ServerRefuses,
        "the shared record on the server is not as this workbench knows it: {said}",
        "workbench share --check says which version is where",
    ),
    "42883": _NO_TABLES,
    "42704": (
        ServerRefuses,
        "the server lacks a role or a group: {said}",
        f"{_ASK}: workbench share --sql prints what has to be run",
    ),
    "25006": (
        ServerReadOnly,
        "the server takes nothing at present: it is a standby, or was set to reading only",
        _LATER,
    ),
    "53100": _FULL,
    "53300": (ServerBusy, "the server has too many connections: {said}", _LATER),
    "57P01": _STARTING,
    "57P02": _STARTING,
    "57P03": _STARTING,
    "57P04": (
        ServerRefuses,
        "the database was dropped meanwhile: {said}",
        f"{_ASK}; what the desks hold is whole",
    ),
    "57P05": _GONE,
    "57014": (
        ServerBusy,
        "the server took too long, and was told to stop: {said}",
        "workbench sync tries again",
    ),
    "55P03": _BUSY,
    "40001": _BUSY,
    "40P01": _BUSY,
    "23505": (ServerBusy, "somebody else sent the same just now: {said}", "workbench sync"),
    "23514": (
        ServerRefuses,
        "the server does not take this: {said}",
        "it is larger than 16 MB, or a name in it is too long",
    ),
    "54000": _FULL,
}
_CLASSES: Mapping[str, _Told] = {
    "08": _GONE,
    "28": _PASSWORD,
    "53": _FULL,
    "57": _STARTING,
    "58": (ServerUnavailable, "the server's machine has trouble: {said}", f"{_ASK}; {_LATER}"),
    "XX": _DAMAGED,
}

# --- rights -----------------------------------------------------------------------------------------------

# By the names of the rules in schema.sql.
_RULES: Mapping[str, tuple[str, str]] = {
    "pack_from_own_desk": (
        "this desk belongs to another role on the server, or has left",
        "use the role that it joined with, or begin a new desk: workbench join URL --again",
    ),
    "pack_of_nobody_else": (
        "these are entries of another role's desk, which that role sends itself",
        "they arrive when that desk syncs; a keeper may carry them",
    ),
    "pack_signs_for_oneself": (
        "somebody signs in these entries, and your role may not sign for them",
        "ask a keeper: workbench member add ROLE --right signer --person PERSON",
    ),
    "desk_in_own_name": ("a desk is registered by the role that it is of", "connect with that role"),
    "desk_of_nobody_else": (
        "another role has sent entries of this desk already",
        "a keeper can give the desk to your role; or begin a new desk: workbench join URL --again",
    ),
    "evidence_from_own_desk": (
        "this desk belongs to another role on the server, or has left",
        "use the role that it joined with, or begin a new desk: workbench join URL --again",
    ),
    "head_from_own_desk": (
        "this desk belongs to another role on the server, or has left",
        "use the role that it joined with, or begin a new desk: workbench join URL --again",
    ),
}


def _of_rights(said: str, where: str) -> WorkbenchError:
    """What a refusal of the engine means: by which rule, or which right is missing."""
    for rule, (what, hint) in _RULES.items():
        if f'"{rule}"' in said:
            return ServerRefuses(what, where=where, hint=hint)
    if said.startswith("workbench: "):
        return ServerRefuses(
            said.removeprefix("workbench: "),
            where=where,
            hint="ask a keeper of the record: workbench member add",
        )
    return ServerRefuses(
        f"your role does not have the right: {said}",
        where=where,
        hint="ask a keeper of the record: workbench member list shows rights",
    )


# --- errors before there is a connection ------------------------------------------------------------------

_CONNECTING: tuple[tuple[str, _Told], ...] = (
    (
        r"no password supplied",
        (
            ServerRefuses,
            "the server asks for a password, and there is none",
            "set PGPASSWORD, or write it to ~/.pgpass; it is never kept here (docs/team.md)",
        ),
    ),
    (r"password authentication failed|SCRAM|PAM|LDAP", _PASSWORD),
    (
        r"requires a valid client certificate",
        (
            ServerRefuses,
            "the server asks for a certificate of this role, and there is none that it takes",
            "name it in the address: sslcert=FILE&sslkey=FILE (docs/team.md)",
        ),
    ),
    (
        r"alert certificate expired",
        (
            ServerRefuses,
            "the server does not take this role's certificate: it has expired",
            "have a new one issued (docs/team.md)",
        ),
    ),
    (
        r"alert certificate revoked",
        (
            ServerRefuses,
            "the server does not take this role's certificate: it was revoked",
            "have a new one issued (docs/team.md)",
        ),
    ),
    (
        r"alert (?:unknown ca|bad certificate|decrypt error|certificate unknown)",
        (
            ServerRefuses,
            "the server does not take this role's certificate: it was not issued by an authority that the server trusts",
            "have one issued by an authority that the server trusts (docs/team.md)",
        ),
    ),
    (
        r"certificate authentication failed",
        (
            ServerRefuses,
            "the certificate is not that of this role: {said}",
            "its common name (CN) has to be the role's name",
        ),
    ),
    (
        r"certificate verify failed",
        (
            ServerRefuses,
            "the server's certificate cannot be trusted",
            "it may not be the server that you mean; name who issued it: sslrootcert=FILE (docs/team.md)",
        ),
    ),
    (
        r"does not match host name",
        (
            ServerRefuses,
            "the server's certificate is for another host: {said}",
            "write the host as it stands in the certificate",
        ),
    ),
    (
        r"root certificate file|could not read root certificate",
        (
            ServerRefuses,
            "who issued the server's certificate cannot be looked up: {said}",
            "name the file in the address: sslrootcert=FILE (docs/team.md)",
        ),
    ),
    (
        r"server does not support SSL|invalid response to SSL negotiation",
        (
            ServerRefuses,
            "the server does not speak TLS, and nothing is sent without it to another machine",
            f"{_ASK} (docs/team.md)",
        ),
    ),
    (
        r"no pg_hba\.conf entry|pg_hba\.conf rejects",
        (
            ServerRefuses,
            "the server takes no connection of this role, from this machine, to this database: {said}",
            f"{_ASK}: pg_hba.conf on the server says who may come from where",
        ),
    ),
    (
        r"private key file|certificate file|certificate present|key values mismatch",
        (ServerRefuses, "the certificate of this role cannot be used: {said}", "check sslcert and sslkey"),
    ),
    (
        r"authentication method requirement",
        (
            ServerRefuses,
            "the server asks for the password in a way that would show it to whoever answers: {said}",
            f"{_ASK}: it should use scram-sha-256 (docs/team.md)",
        ),
    ),
    (r'database ".*" does not exist', _STATES["3D000"]),
    (
        r'role ".*" (?:does not exist|is not permitted to log in)',
        (
            ServerRefuses,
            "the server does not let this role in: {said}",
            "check the role's name in the address",
        ),
    ),
    (
        r"permission denied for database|not currently accepting connections",
        (ServerRefuses, "this role may not connect to the database: {said}", _ASK),
    ),
    (r"too many (?:connections|clients)|connection slots", _STATES["53300"]),
    (r"(?:starting|shutting) (?:up|down)|in recovery mode|not yet accepting", _STARTING),
    (
        r"session is read-only|is not in hot standby|not (?:a )?primary",
        (
            ServerReadOnly,
            "none of the servers in the address takes anything at present: {said}",
            _LATER,
        ),
    ),
    (
        r"definition of service .* not found|service file",
        (UsageError, "the service in the address is not known here: {said}", "check ~/.pg_service.conf"),
    ),
    (
        r"invalid (?:integer|sslmode|[a-z_]+) value|invalid port|invalid .* option",
        (
            UsageError,
            "the address of the server cannot be used: {said}",
            "check the options in the address, after the question mark",
        ),
    ),
    (
        r"unsupported frontend protocol|protocol version",
        (
            ServerRefuses,
            "what answers there is no PostgreSQL that the workbench knows: {said}",
            "check the port in the address",
        ),
    ),
    (
        r"failed to resolve host|could not translate host name|Name or service not known",
        (
            ServerUnavailable,
            "there is no machine of that name: {said}",
            f"check the host in the address; {_LATER}",
        ),
    ),
    (
        r"Connection refused|No such file or directory",
        (
            ServerUnavailable,
            "nothing answers at that address: {said}",
            f"check the host and the port in the address; {_LATER}",
        ),
    ),
    (
        r"timeout expired|timed out|No route to host|Network is unreachable",
        (ServerUnavailable, "the server cannot be reached: {said}", _LATER),
    ),
)


def _of_connection(error: Any, said: str, where: str) -> WorkbenchError:
    """What an error without a number means: there is no connection yet, or it has ended."""
    for pattern, (kind, what, hint) in _CONNECTING:
        if re.search(pattern, said):
            return kind(what.format(said=said), where=where, hint=hint)
    if getattr(getattr(error, "pgconn", None), "used_password", False):  # in a language that we do not read
        kind, what, hint = _PASSWORD
        return kind(what.format(said=said), where=where, hint=hint)
    kind, what, hint = _GONE
    return kind(what.format(said=said), where=where, hint=hint)
