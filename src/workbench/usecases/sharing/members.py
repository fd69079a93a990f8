"""Letting roles of the database see a shared record, write to it, sign in it or keep it, and out again.

It is the server that holds members to their rights; nothing of this is an entry of the record.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from shlex import quote

import msgspec

from workbench.mailbox import members
from workbench.mailbox.members import KEEPER, RIGHTS, SIGNER, Right
from workbench.mailbox.server import Server
from workbench.model.errors import NotAllowed, UsageError
from workbench.model.text import safe_text, some_of
from workbench.usecases.context import Context
from workbench.usecases.people import known_person
from workbench.usecases.sharing.administering import quoted
from workbench.usecases.sharing.shared import connected, require_shared

_NAMED = 5
_LONGEST = 63  # bytes of a role's name in PostgreSQL


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A role with its rights on this record, how many desks it has, and what is in the way of its rights."""

    role: str
    rights: tuple[Right, ...]
    desks: int = 0

    @property
    def may(self) -> tuple[str, ...]:
        """Its rights that count, the widest last."""
        return tuple(may for may in RIGHTS if any(one.may == may and one.counts for one in self.rights))

    @property
    def persons(self) -> tuple[str, ...]:
        """The persons that it signs as."""
        return tuple(one.person for one in self.rights if one.person and one.counts)

    @property
    def lacks(self) -> tuple[str, ...]:
        """What has to be run by an administrator before its rights count."""
        if not self.rights[0].exists:
            return (f"CREATE ROLE {quoted(self.role)} LOGIN;", *_grants(self))
        return tuple(_grants(self))


class Admitted(msgspec.Struct, frozen=True, kw_only=True):
    """What came of letting a role in, or out: ``changed`` says whether anything did, ``lacks`` what is still to be run.

    ``member`` says whether the role has a right on the record now.
    """

    project: str
    url: str
    role: str
    may: str
    person: str = ""
    changed: bool = True
    lacks: tuple[str, ...] = ()
    member: bool = True


def read_members(context: Context) -> list[Member]:
    """The members of this project's record on the server."""
    with _server(context) as (server, record):
        counted = members.desks(server, record)
        return [_member(role, found, counted) for role, found in _by_role(members.rights(server, record))]


def add(context: Context, role: str, may: str, person: str = "") -> Admitted:
    """Gives a role a right on the record, and puts it into the group of that right where this role may."""
    role, person = _checked(context, role, may, person)
    with _server(context) as (server, record):
        signs = f" --person {quote(person)}" if person else ""
        _require_keeper(server, record, f"workbench member add {quote(role)} --right {may}{signs}")
        changed = members.put(server, record, role, may, person)
        exists = members.role_exists(server, role)
        let_in = exists and members.let_into_group(server, role, may)
        lacks = () if let_in else _to_run(role, may, exists=exists)
        return Admitted(
            project=context.record.info.project, url=server.address.shown, role=role, may=may, person=person,
            changed=changed, lacks=lacks,
        )  # fmt: skip


def remove(context: Context, role: str, person: str = "") -> Admitted:
    """Takes away all rights of a role on the record, or the one to sign as a person; its open connections see nothing more."""
    if person:
        person = known_person(context.definitions.project.people, person).key
    with _server(context) as (server, record):
        signs = f" --person {quote(person)}" if person else ""
        _require_keeper(server, record, f"workbench member remove {quote(role)}{signs}")
        if not members.remove(server, record, role, person or None):
            known = ", ".join(sorted({one.role for one in members.rights(server, record)}))
            raise UsageError(
                f"the role {safe_text(role, 80)} has no such right on this record",
                where=server.address.shown,
                hint=f"members: {safe_text(known, 300)}",
            )
        left = any(one.role == role for one in members.rights(server, record))
        return Admitted(
            project=context.record.info.project, url=server.address.shown, role=role, may="", person=person, member=left
        )  # fmt: skip


def _require_keeper(server: Server, record: str, command: str) -> None:
    """``NotAllowed`` where the role keeps nothing, with who runs the command in its place."""
    if server.rights(record).keeps:
        return
    keepers = dict.fromkeys(
        one.role for one in members.rights(server, record) if one.may == KEEPER and one.counts
    )
    one_of = some_of([safe_text(one, 63) for one in keepers], _NAMED) or "nobody that this role sees"
    raise NotAllowed(
        f"the role {safe_text(server.role(), 63)} does not keep this record, so it lets nobody in or out; nothing was changed",
        where=server.address.shown,
        hint=f"{safe_text(command, 300)}, run by a keeper of the record: {one_of}",
    )


def _checked(context: Context, role: str, may: str, person: str) -> tuple[str, str]:
    """The role and the key of the person; ``UsageError`` where they do not go with the right."""
    if not role.strip() or not role.isprintable() or len(role.encode()) > _LONGEST:
        raise UsageError(
            f"“{safe_text(role, 80)}” is no name of a role",
            hint=f"at most {_LONGEST} letters, each of which can be printed",
        )
    if role.startswith(("workbench_", "pg_")) or role == "public":
        raise UsageError(
            f"{role} is a group, and no role of a person", hint="name the role that somebody logs in with"
        )
    if may == SIGNER and not person:
        raise UsageError(
            "a signer needs the person that it signs for",
            hint=f"--right signer --person PERSON: {_people(context)}",
        )
    if may != SIGNER and person:
        raise UsageError("only a signer signs for a person", hint="--right signer --person PERSON")
    return role, known_person(context.definitions.project.people, person).key if person else ""


def _people(context: Context) -> str:
    return ", ".join(one.key for one in context.definitions.project.people) or "nobody yet in workbench.yaml"


@contextmanager
def _server(context: Context) -> Iterator[tuple[Server, str]]:
    with connected(require_shared(context)) as server:
        yield server, context.record.info.record_id


def _by_role(found: Sequence[Right]) -> Iterator[tuple[str, list[Right]]]:
    for role in dict.fromkeys(one.role for one in found):
        yield role, [one for one in found if one.role == role]


def _member(role: str, found: Sequence[Right], counted: dict[str, int]) -> Member:
    return Member(role=role, rights=tuple(found), desks=counted.get(role, 0))


def _grants(member: Member) -> list[str]:
    return [
        _grant(member.role, may) for may in dict.fromkeys(one.may for one in member.rights if not one.counts)
    ]


def _to_run(role: str, may: str, *, exists: bool) -> tuple[str, ...]:
    made = () if exists else (f"CREATE ROLE {quoted(role)} LOGIN;",)
    return (*made, _grant(role, may))


def _grant(role: str, may: str) -> str:
    return f"GRANT workbench_{may} TO {quoted(role)}{' WITH ADMIN OPTION' if may == KEEPER else ''};"
