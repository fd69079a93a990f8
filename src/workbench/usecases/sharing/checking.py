"""Is the server as a team needs it?  Asked of the server itself, from this desk, with the role that this desk has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, tzinfo
from shlex import quote

import msgspec

from workbench.mailbox import looking
from workbench.mailbox.looking import Engine, Looked, Right, ServerClock
from workbench.mailbox.server import VERSION, Server
from workbench.model.quantity import size_text
from workbench.model.text import entries_of, number_of, safe_text, some_of
from workbench.model.times import age_text, moment_text
from workbench.usecases.checks import Check, worst
from workbench.usecases.context import Context
from workbench.usecases.exchanging import short
from workbench.usecases.sharing import purging
from workbench.usecases.sharing.administering import quoted
from workbench.usecases.sharing.purging import Remains
from workbench.usecases.sharing.shared import Shared, connected, require_shared
from workbench.usecases.sharing.synced import Refused

OLDEST_SERVER = 130_000  # PostgreSQL 13
CLOCKS_APART = timedelta(minutes=2)
UNSEEN = timedelta(days=7)
_NAMED = 6


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What was found out: the server as it is, how far it holds this desk's entries, and what each of it means.

    ``version`` and ``works_with`` are those of the server's tables; ``own`` is what this workbench speaks.  ``unsent``
    counts this desk's entries that the server lacks, ``carried`` those of desks that nobody has registered there.
    """

    url: str
    local: bool
    version: int
    works_with: int
    own: int
    looked: Looked
    unsent: int
    carried: int
    remains: Remains
    at: datetime
    refused: tuple[Refused, ...] = ()
    checks: tuple[Check, ...] = ()

    @property
    def state(self) -> str:
        """The worst of the checks."""
        return worst(self.checks)


def check(context: Context) -> Found:
    """Looks at the server of a shared record; nothing is changed there, nor here."""
    shared = require_shared(context)
    with connected(shared) as server:
        found = _look(context, server, shared)
    return msgspec.structs.replace(found, checks=tuple(checks_of(found, context.zone)))


def _look(context: Context, server: Server, shared: Shared) -> Found:
    record = context.record.info.record_id
    version, works_with = server.version() or (0, 0)
    looked = looking.look(server, record, context.clock)
    unsent, carried = _unsent(context, server, looked.engine.role)
    return Found(
        url=shared.url, local=server.address.is_local, version=version, works_with=works_with, own=VERSION,
        looked=looked, unsent=unsent, carried=carried, remains=purging.remains(context, server),
        at=context.clock.recording(), refused=shared.refused,
    )  # fmt: skip


def _unsent(context: Context, server: Server, role: str) -> tuple[int, int]:
    """How many entries of this desk the server lacks, and how many of desks that nobody else has registered."""
    record, unsent, carried = context.record, 0, 0
    there = server.reach(record.info.record_id)
    for known in record.frontier():
        reached = there.get(known.desk)
        lacks = max(known.desk_seq - (reached.last if reached else 0), 0)
        if known.desk == record.info.desk:
            unsent += lacks
        elif reached is None or reached.role in ("", None, role):
            carried += lacks
    return unsent, carried


# --- what it means ------------------------------------------------------------------------


def checks_of(found: Found, zone: tzinfo) -> Iterator[Check]:
    """Each thing that was looked at, how it is, and what to do about it."""
    engine = found.looked.engine
    yield server_check(engine)
    yield versions_check(found.version, found.works_with)
    yield tls_check(engine, local=found.local)
    yield role_check(engine, found.looked.rights)
    yield clock_check(found.looked.clock)
    yield _content(found)
    yield _append_only(found)
    yield from _refused(found)
    yield from _desks(found)
    yield _sent(found)
    yield _purged(found)
    yield _backup(found, zone)


def server_check(engine: Engine) -> Check:
    """Whether it is one that takes what is sent."""
    told = f"PostgreSQL {safe_text(engine.text, 40)}, database {safe_text(engine.database, 60)}"
    if engine.version < OLDEST_SERVER:
        return Check("fail", "server", told, "update PostgreSQL: 13 or newer is needed")
    if engine.read_only:
        return Check(
            "fail", "server", f"{told}; it takes nothing at the moment: a replica, or set to read only",
            "let the address name the primary: target_session_attrs=read-write",
        )  # fmt: skip
    return Check("ok", "server", told)


def versions_check(version: int, works_with: int, own: int = VERSION) -> Check:
    """Whether the server's tables and this workbench fit."""
    told = f"the server's tables have version {version}, this workbench speaks {own}"
    if works_with > own:
        return Check("fail", "versions", f"{told}; it needs {works_with} at least", "update this workbench")
    if version > own:
        return Check(
            "warn", "versions", f"{told}; they work together", "update this workbench when it suits you"
        )
    if version < own:
        return Check(
            "warn",
            "versions",
            told,
            "whoever owns the tables brings them up to date: workbench share --upgrade",
        )
    return Check("ok", "versions", told)


def tls_check(engine: Engine, *, local: bool) -> Check:
    """Whether others on the way read along."""
    if engine.tls:
        return Check("ok", "TLS", f"{safe_text(engine.protocol, 20)}, {safe_text(engine.cipher, 60)}")
    if local:
        return Check("ok", "TLS", "none: the server is on this machine")
    return Check(
        "fail", "TLS", "none: whoever is on the way reads along",
        "switch TLS on at the server (docs/team.md), and ask for it: sslmode=verify-full",
    )  # fmt: skip


def role_check(engine: Engine, rights: Sequence[Right]) -> Check:
    """What the role may do with the record."""
    may = dict.fromkeys(right.may for right in rights if right.counts)
    persons = [safe_text(right.person, 60) for right in rights if right.counts and right.person]
    if not rights:
        return Check(
            "fail", "role", f"{safe_text(engine.role, 63)}: no member of this record; the server shows it nothing of it",
            f"a keeper of the record lets it in: workbench member add {quote(safe_text(engine.role, 63))} --right RIGHT",
        )  # fmt: skip
    told = f"{safe_text(engine.role, 63)}: {', '.join(may) or 'nothing yet'}"
    told += f"; signs for {', '.join(persons)}" if persons else ""
    if engine.superuser or engine.owner:
        what = "a superuser" if engine.superuser else "the owner of the tables"
        return Check(
            "warn", "role", f"{told}; it is {what}, and could take away what keeps the packs as they are",
            "use a role of a group for daily work (docs/team.md)",
        )  # fmt: skip
    idle = [right for right in rights if not right.counts]
    if idle:
        names = ", ".join(dict.fromkeys(right.may for right in idle))
        return Check(
            "warn", "role", f"{told}; entered as {names}, but not in that group of the database",
            f"the administrator runs: GRANT workbench_{idle[0].may} TO {quoted(safe_text(engine.role, 63))};",
        )  # fmt: skip
    return Check("ok", "role", told)


def clock_check(clock: ServerClock) -> Check:
    """How far the server's clock is from this machine's."""
    ahead = clock.ahead
    way = "ahead of" if ahead > timedelta(0) else "behind"
    if abs(ahead) - clock.within <= CLOCKS_APART:
        return Check(
            "ok", "clock", f"the server's is {abs(ahead).total_seconds():.1f} s {way} this machine's"
        )
    return Check(
        "warn", "clock", f"the server's is {age_text(abs(ahead))} {way} this machine's",
        "set both by a time server: what is recorded here is dated by this machine's clock",
    )  # fmt: skip


def _content(found: Found) -> Check:
    content = found.looked.content
    told = (
        f"{number_of(content.packs, 'pack')} with {entries_of(content.entries)}, "
        f"{number_of(content.evidence, 'piece')} of evidence beside them ({size_text(content.evidence_bytes)}); "
        f"all records take {size_text(content.on_disk)} on the server's disk"
    )
    return Check("ok", "content", told)


def _append_only(found: Found) -> Check:
    allowed = [f"{one.what} {one.table}" for one in found.looked.attempts if one.refused is False]
    if allowed:
        return Check(
            "fail", "append only", f"this role can {some_of(allowed, _NAMED)}: tried, and rolled back",
            "what was sent could be changed unseen by desks that join later; a keeper looks at rights and triggers",
        )  # fmt: skip
    weak = [one.table for one in found.looked.guarded if not one.rules or one.off or not one.triggers]
    missing = set(looking.KEPT) - {one.table for one in found.looked.guarded}
    if weak or missing:
        return Check(
            "fail", "append only", f"rules or triggers of {', '.join(sorted({*weak, *missing}))} are gone or switched off",
            "somebody with the owner's rights did that: compare what you hold with workbench verify --server",
        )  # fmt: skip
    tried = sum(1 for one in found.looked.attempts if one.refused)
    untried = (
        ""
        if tried == len(found.looked.attempts)
        else f" ({len(found.looked.attempts) - tried} not tried: nothing is there)"
    )
    return Check(
        "ok", "append only", f"the server refused {tried} attempts to change, delete or empty{untried}"
    )


def _refused(found: Found) -> Iterator[Check]:
    if found.refused:
        told = [f"{one.number:,} ({safe_text(one.why, 80)})" for one in found.refused]
        yield Check(
            "warn", "refused", f"{number_of(len(told), 'pack')}: {some_of(told, 3)}",
            "each desk refuses it; ask whoever sent it for a whole pack: workbench exchange --to FILE",
        )  # fmt: skip
    else:
        yield Check("ok", "refused", "no pack")


def _desks(found: Found) -> Iterator[Check]:
    here = [one for one in found.looked.desks if one.left_at is None]
    told = [
        f"{safe_text(one.named or one.role, 40)} ({safe_text(short(one.desk), 12)}) "
        + (f"{age_text(found.at - one.sent_at)} ago" if one.sent_at else "never")
        for one in here
    ]
    left = len(found.looked.desks) - len(here)
    words = number_of(len(here), "desk") + (f"; last sent: {some_of(told, _NAMED)}" if told else "")
    words += f"; {left} left" if left else ""
    unseen = [one for one in here if found.at - (one.sent_at or one.joined_at) > UNSEEN]
    if unseen:
        names = some_of([safe_text(one.named or one.role, 40) for one in unseen], _NAMED)
        yield Check(
            "warn", "desks", f"{words}; nothing for more than {UNSEEN.days} days from {names}",
            "what they wrote off-line is only there: ask them to run workbench sync",
        )  # fmt: skip
    else:
        yield Check("ok", "desks", words)


def _sent(found: Found) -> Check:
    waits = found.unsent + found.carried
    if not waits:
        return Check("ok", "to send", "nothing: the server holds all that is here")
    carried = f", {found.carried:,} of them of desks that are not on the server" if found.carried else ""
    return Check("warn", "to send", f"{entries_of(waits)}{carried}", "workbench sync")


def _purged(found: Found) -> Check:
    left = found.remains
    if not left.words:
        blank = found.looked.content.purged
        return Check(
            "ok", "purged", f"{number_of(blank, 'pack')} blanked" if blank else "nothing is left to do"
        )
    fix = (
        "workbench purge --server" if left.keeper else "a keeper runs workbench purge --server at their desk"
    )
    return Check("warn", "purged", f"the server still holds {left.words} of what was purged", fix)


def _backup(found: Found, zone: tzinfo) -> Check:
    archiving = found.looked.archiving
    fix = "every day: pg_dump to another machine (docs/team.md); desks hold all entries, but not all evidence"
    told = "whether there is one cannot be seen from here; the server archives "
    if archiving.mode == "off":
        return Check("ok", "backup", f"{told}no log", fix)
    last = f"last {moment_text(archiving.last, zone)}" if archiving.last else "never yet"
    return Check("ok", "backup", f"{told}its log, {last}", fix)
