"""Which record of a server is meant: that of the project here, the one here already, or the one that is named."""

from __future__ import annotations

from collections.abc import Sequence
from shlex import quote

import msgspec

from workbench.mailbox.server import Server, SharedRecord
from workbench.model.errors import NotAllowed, UsageError
from workbench.model.text import safe_text
from workbench.usecases.exchanging import short

_LEAST = 4  # characters of a record's id that name it
_SHOWN = 8


class Here(msgspec.Struct, frozen=True):
    """What is here before one joins: the record's id and project, "" where there is none; the project of the files."""

    record: str = ""
    record_project: str = ""
    project: str = ""


def choose(server: Server, here: Here, named: str = "") -> SharedRecord:
    """The record of a server that is meant; an error says which there are, and what to do."""
    there = server.records()
    if here.record:
        return _that_is_here(there, here, server)
    if not there:
        raise nothing_seen(server)
    if named:
        return _named(there, here, named)
    if here.project:
        return _of_project(there, here.project)
    if len(there) > 1:
        raise UsageError(
            f"the server holds {len(there)} records: which one?",
            hint=f"workbench join URL --of NAME, in an empty folder for each; there are: {told(there)}",
        )
    return there[0]


def _that_is_here(there: Sequence[SharedRecord], here: Here, server: Server) -> SharedRecord:
    """The record that is here already; another one is never joined with it."""
    if not there:
        raise nothing_seen(server)
    for one in there:
        if one.record == here.record:
            return one
    same = [one for one in there if one.project == here.record_project]
    if same:
        raise NotAllowed(
            f"the server's record of the project “{safe_text(here.record_project)}” was begun apart from the one that is "
            "here, so the two are never joined; nothing was changed",
            where=server.address.shown,
            hint="join the server's in another folder, and enter there what only this one says; this one stays readable",
        )
    raise NotAllowed(
        f"there is a record here already, of the project “{safe_text(here.record_project)}”, and the server holds none of it; "
        "nothing was changed",
        where=server.address.shown,
        hint="workbench share URL puts this one there; to take up another one, join in its folder or an empty one",
    )


def _named(there: Sequence[SharedRecord], here: Here, named: str) -> SharedRecord:
    found = [
        one
        for one in there
        if one.project == named
        or (
            len(named) >= _LEAST
            and (one.record.startswith(named.lower()) or one.record.endswith(named.lower()))
        )
    ]
    if len(found) != 1:
        what = "several records" if found else "no record"
        raise UsageError(
            f"“{safe_text(named, 100)}” names {what} on the server",
            hint=f"name the project, or the end of the record's id; there are: {told(there)}",
        )
    if here.project and found[0].project != here.project:
        raise _another_project(found[0].project, here.project)
    return found[0]


def _of_project(there: Sequence[SharedRecord], project: str) -> SharedRecord:
    found = [one for one in there if one.project == project]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(
            f"the server holds {len(found)} records of the project “{safe_text(project)}”: which one?",
            hint=f"workbench join URL --of ID; there are: {told(found)}",
        )
    if len(there) == 1:
        raise _another_project(there[0].project, project)
    raise UsageError(
        f"the server holds no record of the project “{safe_text(project)}” that this role may see",
        hint=f"ask a keeper of the record: workbench member add; it may see: {told(there)}",
    )


def _another_project(on_server: str, here: str) -> UsageError:
    return UsageError(
        f"the record on the server is of the project “{safe_text(on_server)}”, and this is “{safe_text(here)}”; nothing was changed",
        hint="join in the folder of its project, or an empty one; the name is that in workbench.yaml",
    )


def nothing_seen(server: Server) -> UsageError:
    """What is said where a role may see no record at all."""
    role = safe_text(server.role(), 100)
    return UsageError(
        f"the server shows the role {role} no record",
        where=server.address.shown,
        hint=f"a keeper of a record there lets it in: workbench member add {quote(role)} --right signer --person KEY; or whoever has a record puts it there: workbench share URL at their desk",
    )


def told(records: Sequence[SharedRecord]) -> str:
    """Records by project and the end of their ids; of many the first ones."""
    names = [f"{safe_text(one.project, 60)} ({short(one.record)})" for one in records[:_SHOWN]]
    more = len(records) - _SHOWN
    return ", ".join([*names, *([f"and {more} more"] if more > 0 else [])])
