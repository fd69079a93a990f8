"""What an administrator of the database does for a shared record: making its tables, bringing them up to date."""

from __future__ import annotations

import msgspec

from workbench.mailbox import versions
from workbench.mailbox.addresses import read_address
from workbench.mailbox.errors import PUT_THERE, NoSharedRecord
from workbench.mailbox.server import Server, connect
from workbench.usecases.context import Context
from workbench.usecases.sharing.shared import require_shared

_HEAD = """\
-- Tables and groups for a shared record.  An administrator runs this once, in the database that is to hold it:
--   psql --set ON_ERROR_STOP=1 --dbname DATABASE --file THIS-FILE
"""
_SAFE = "BEGIN;\nSET LOCAL search_path = pg_catalog, pg_temp;\n\n"
_KEEPER = "\n-- Who shares the record keeps it, and may let others in.\nGRANT workbench_keeper TO {role} WITH ADMIN OPTION;\n"
_LATER = """
-- Each further person has a role of their own, for example:
--   CREATE ROLE ada LOGIN;   then, in psql: \\password ada
--   GRANT workbench_signer TO ada;
-- and a keeper lets that role see the record: workbench member add ada --right signer --person ada
-- Who comes with a certificate in place of a password is in a group of its own, which pg_hba.conf names with the method cert:
--   CREATE ROLE workbench_certificate NOLOGIN;
--   GRANT workbench_certificate TO ada;
"""


class Upgraded(msgspec.Struct, frozen=True):
    """The versions of the tables before and after, and the steps that were taken."""

    before: int
    after: int
    works_with: int
    steps: tuple[int, ...]


def statements(*, role: str = "") -> str:
    """What an administrator runs where the sharer may not make groups or tables; ``role`` becomes a keeper."""
    keeper = (
        _KEEPER.format(role=quoted(role) if role else "ROLE")
        if role
        else _comment(_KEEPER.format(role="ROLE"))
    )
    return f"{_HEAD}{_SAFE}{versions.groups()}\n{versions.tables()}{keeper}\nCOMMIT;\n{_LATER}"


def role_of(url: str) -> str:
    """The role that an address names; "" where it names none."""
    return read_address(url).parameters.get("user", "")


def quoted(name: str) -> str:
    """A name as SQL takes it, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def upgrade(context: Context) -> Upgraded:
    """Brings the tables up to date, which only their owner can."""
    with connect(read_address(require_shared(context).url)) as server:
        before = _version(server)
        with server.told() as connection:
            done = versions.upgrade(connection, server.address.shown)
        after, works_with = server.version() or (before, before)
        return Upgraded(before, after, works_with, tuple(done))


def upgrade_statements(context: Context) -> str:
    """What the owner of the tables runs to bring them up to date; "" where they are."""
    with connect(read_address(require_shared(context).url)) as server:
        steps = versions.steps_from(_version(server))
    if not steps:
        return ""
    return _SAFE + "\n".join(versions.statements_of(step) for step in steps) + "COMMIT;\n"


def _version(server: Server) -> int:
    found = server.version()
    if found is None:
        raise NoSharedRecord(
            "this database holds no shared record", where=server.address.shown, hint=PUT_THERE
        )
    return found[0]


def _comment(text: str) -> str:
    return "".join(
        f"-- {line}\n" if line and not line.startswith("--") else f"{line}\n" for line in text.splitlines()
    )
