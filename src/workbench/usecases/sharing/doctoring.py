"""``doctor``: how this desk stands with its server, without changing anything there or here, and without waiting long.

What is asked is asked in a thread of its own, and left behind where no answer comes: a name that cannot be looked up
and a server that hangs cost no more than the limit.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator

import msgspec

from workbench.mailbox.addresses import read_address
from workbench.mailbox.errors import ServerUnavailable
from workbench.mailbox.looking import Engine, Right, ServerClock, read_clock, read_engine, read_rights
from workbench.mailbox.present import Present, ask_present
from workbench.mailbox.server import Server, connect
from workbench.model.errors import OurMistake, WorkbenchError
from workbench.model.text import entries_of, number_of, safe_text
from workbench.model.times import Clock, age_text
from workbench.usecases.checks import Check, State
from workbench.usecases.context import Context
from workbench.usecases.sharing import checking, reached
from workbench.usecases.sharing.reached import There
from workbench.usecases.sharing.shared import Shared, require_shared

WAITS = 3  # seconds for all of it


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """What a server answered."""

    version: tuple[int, int]
    engine: Engine
    rights: tuple[Right, ...]
    clock: ServerClock
    present: Present
    local: bool


def server_checks(context: Context, waits: float = WAITS) -> Iterator[Check]:
    """How the desk stands with the server; ``waits`` is how many seconds it is waited for at most."""
    shared = require_shared(context)
    found = _ask(shared, context.record.info.record_id, context.clock, waits)
    if isinstance(found, WorkbenchError):
        state: State = "warn" if isinstance(found, ServerUnavailable) else "fail"
        why = f"{safe_text(shared.url)}, as {safe_text(shared.role)}: {found.what}"
        yield Check(state, "server", why, found.hint or "workbench share --check says more")
        yield _noted(context, shared)
        return
    server = checking.server_check(found.engine)
    yield msgspec.structs.replace(server, why=f"{safe_text(shared.url)}, {server.why}")
    for name, check in (
        ("server tables", checking.versions_check(*found.version)),
        ("server TLS", checking.tls_check(found.engine, local=found.local)),
        ("server role", checking.role_check(found.engine, found.rights)),
        ("server clock", checking.clock_check(found.clock)),
    ):
        yield msgspec.structs.replace(check, what=name)
    yield _mailbox(context, shared, found.present)


def _ask(shared: Shared, record: str, clock: Clock, waits: float) -> Answered | WorkbenchError:
    """What the server answers, or why it does not."""
    answers: list[Answered | WorkbenchError] = []

    def ask() -> None:
        try:
            address = read_address(shared.url)
            with connect(address, WAITS) as server:
                answers.append(_answered(server, record, clock, local=address.is_local))
        except WorkbenchError as error:
            answers.append(error)
        except Exception as error:  # told like any other
            answers.append(OurMistake.of(error))

    thread = threading.Thread(target=ask, name="doctor", daemon=True)
    thread.start()
    thread.join(waits)
    if answers:
        return answers[0]
    return ServerUnavailable(
        f"no answer within {waits:g} s", hint="nothing here is lost: it is sent when the server is back"
    )


def _answered(server: Server, record: str, clock: Clock, *, local: bool) -> Answered:
    present = ask_present(server, record, clock.recording())  # of heads none is wanted
    return Answered(
        version=present.version, engine=read_engine(server), rights=read_rights(server, record),
        clock=read_clock(server, clock), present=present, local=local,
    )  # fmt: skip


# --- in step -----------------------------------------------------------------------------


def _mailbox(context: Context, shared: Shared, present: Present) -> Check:
    """Whether both hold the same, as the server says now."""
    if present.record is None:
        return Check(
            "fail", "in step", f"the server shows the role {safe_text(shared.role)} nothing of this record",
            "ask a keeper of the record whether the role is still a member: workbench member list",
        )  # fmt: skip
    if present.record.mailbox != shared.mailbox:
        return Check(
            "fail", "in step", "the record was shared there anew: this is not the mailbox that this desk has joined",
            "workbench share --reconnect --reason WHY goes on with this one",
        )  # fmt: skip
    if present.record.moved_to is not None:
        return Check(
            "warn", "in step", f"the record was moved to {safe_text(present.record.moved_to, 300)}",
            "ask a keeper of the record whether that address is right; then workbench share --move URL",
        )  # fmt: skip
    there = {desk: There(one.last, one.role) for desk, one in present.reach.items()}
    sends = present.rights.writes
    unsent = reached.unsent(context, shared.role, there) if sends else 0
    return _standing(context, shared, unsent, present.end[0] - shared.number)


def _noted(context: Context, shared: Shared) -> Check:
    """The same as it was when the server was last asked."""
    known = reached.last(context, shared)
    unsent = reached.unsent(context, shared.role, known.desks) if known is not None else 0
    return _standing(context, shared, unsent, 0)


def _standing(context: Context, shared: Shared, unsent: int, unread: int) -> Check:
    known = reached.last(context, shared)
    last = (
        f"last exchanged {age_text(context.clock.real() - known.at)} ago" if known else "never exchanged yet"
    )
    if unread < 0:
        return Check(
            "fail", "in step", f"{last}; the server holds fewer packs than this desk has read of it",
            "workbench sync, then workbench verify, says what happened to it",
        )  # fmt: skip
    open_ = [f"{entries_of(unsent)} not sent"] if unsent else []
    open_ += [f"{number_of(unread, 'pack')} not received"] if unread else []
    if open_:
        return Check("warn", "in step", f"{last}; {', '.join(open_)}", "workbench sync")
    return Check("ok", "in step", f"{last}; nothing is known to wait")
