"""The address of a server: what is kept of it never holds a secret."""

from __future__ import annotations

import msgspec

from workbench.mailbox.errors import driver
from workbench.model.errors import UsageError

_LOCAL = ("", "localhost", "127.0.0.1", "::1")


class Address(msgspec.Struct, frozen=True):
    """Where a shared record is kept: libpq's parameters without a password, and the text that is shown and kept."""

    parameters: dict[str, str]
    shown: str

    @property
    def is_local(self) -> bool:
        """Whether the server is on this machine."""
        hosts = self.parameters.get("hostaddr", self.parameters.get("host", "")).split(",")
        return all(host in _LOCAL or host.startswith(("/", "@")) for host in hosts)


def read_address(text: str) -> Address:
    """The address in a text; ``UsageError`` where it is none, or holds a password."""
    library = driver()
    try:
        said = library.conninfo.conninfo_to_dict(text)
    except Exception:
        raise UsageError(
            "the address of the server cannot be read", hint="write postgresql://ROLE@HOST/DATABASE"
        ) from None
    if said.get("password") or said.get("sslpassword"):
        raise UsageError(
            "the address holds a password, which is never kept",
            hint="leave it out, and set PGPASSWORD or write it to ~/.pgpass (docs/team.md)",
        )
    parameters = {name: str(value) for name, value in said.items() if value is not None}
    return Address(parameters, text)
