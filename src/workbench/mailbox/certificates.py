"""Why a server's certificate is not trusted: libpq only says that it is not, so it is looked at once more.

Nothing is sent but the request for TLS; the answer says what a person has to see to.
"""

from __future__ import annotations

import socket
import ssl
import struct
from collections.abc import Iterator

from workbench.mailbox.addresses import Address, defaults, named_roots
from workbench.mailbox.errors import ServerRefuses
from workbench.model.errors import WorkbenchError
from workbench.model.text import safe_text

_REQUEST = struct.pack("!ii", 8, 80877103)  # PostgreSQL's SSLRequest
_WITHIN = 5.0  # seconds
_PORT = "5432"
# By OpenSSL's numbers (X509_V_ERR_…).
_WHY = {
    9: ("it is not valid yet", "is the clock of this machine right?"),
    10: ("it has expired", "the server's administrator has to have a new one issued"),
    18: ("it vouches for itself", "name it, or who issued it: sslrootcert=FILE (docs/team.md)"),
    19: ("nobody whom you trust issued it", "name who issued it: sslrootcert=FILE (docs/team.md)"),
    20: ("nobody whom you trust issued it", "name who issued it: sslrootcert=FILE (docs/team.md)"),
    21: ("nobody whom you trust issued it", "name who issued it: sslrootcert=FILE (docs/team.md)"),
    23: ("it was revoked", "the server's administrator has to have a new one issued"),
}


def untrusted(address: Address) -> WorkbenchError:
    """What is said of a server whose certificate libpq did not accept."""
    code = next((found for found in (_verified(*place, address) for place in _places(address)) if found), 0)
    why, hint = _WHY.get(code, ("it is not sound", "name who issued it: sslrootcert=FILE (docs/team.md)"))
    return ServerRefuses(
        f"the server's certificate cannot be trusted: {why}; nothing was sent", where=address.shown, hint=hint
    )


def _places(address: Address) -> Iterator[tuple[str, str, int]]:
    """The name, the address and the port of each server."""
    said = defaults("host", "hostaddr", "port") | address.parameters
    names, numbers, ports = (said.get(name, "").split(",") for name in ("host", "hostaddr", "port"))
    for place in range(max(len(names), len(numbers))):
        name, number = _at(names, place), _at(numbers, place)
        port = _at(ports, place) or ports[0] or _PORT
        if port.isdigit() and (name or number) and not name.startswith(("/", "@")):
            yield name or number, number or name, int(port)


def _at(words: list[str], place: int) -> str:
    return words[place].strip() if place < len(words) else ""


def _verified(name: str, number: str, port: int, address: Address) -> int:
    """OpenSSL's number for what is wrong with the certificate there; 0 where nothing was found or nobody answered."""
    roots = address.parameters.get("sslrootcert", "") or named_roots()
    try:
        context = ssl.create_default_context(cafile=roots if roots not in ("", "system") else None)
        context.check_hostname = False
        with socket.create_connection((number, port), timeout=_WITHIN) as plain:
            plain.sendall(_REQUEST)
            if plain.recv(1) == b"S":
                with context.wrap_socket(plain, server_hostname=safe_text(name, 250)):
                    return 0
    except ssl.SSLCertVerificationError as error:
        return int(error.verify_code)
    except (OSError, ValueError):
        return 0
    return 0
