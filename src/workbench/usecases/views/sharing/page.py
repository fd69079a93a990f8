"""All that there is to see of a shared record: the server, what waits for whom, what came last, and the desks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from workbench.mailbox.looking import ServerDesk
from workbench.model.text import capitalised, entries_of, number_of, safe_text, some_of
from workbench.model.times import moment_text
from workbench.usecases.context import Context
from workbench.usecases.exchanging import DeskLine, Overview, read_overview, short
from workbench.usecases.sharing.keeping_up import Standing
from workbench.usecases.sharing.pacing import Phase
from workbench.usecases.sharing.shared import shared_of
from workbench.usecases.sharing.standing import NotedStanding, read_standing
from workbench.usecases.views.history import FieldChange, field_changes
from workbench.usecases.views.history_lines import HistoryLine
from workbench.usecases.views.marks import Fact, Mark, Phrase
from workbench.usecases.views.people import named
from workbench.usecases.views.sharing.needs import SharingLine, aside_line, needs_you
from workbench.usecases.views.sharing.news import acts_of, read_received
from workbench.usecases.views.sharing.standing import standing_facts
from workbench.usecases.views.sharing.word import server_words, standing_words

_LAST = 12  # acts that are listed
_PEOPLE = 3
_FIELDS = 8


class SharingGroup(msgspec.Struct, frozen=True):
    """Lines of one sort; ``words`` say something of all of them."""

    key: str
    title: str
    lines: tuple[SharingLine, ...]
    words: str = ""


class SharingPage(msgspec.Struct, frozen=True, kw_only=True):
    """All that there is to see: in a line, and group by group; a group without lines is left out."""

    is_shared: bool
    summary: tuple[Phrase, ...]
    groups: tuple[SharingGroup, ...]

    def line(self, key: str) -> SharingLine | None:
        """The line with that key."""
        return next((line for group in self.groups for line in group.lines if line.key == key), None)


# --- the whole of it ----------------------------------------------------------------------


def read_sharing(context: Context, standing: Standing | None = None) -> SharingPage:
    """How this desk stands to the others, by server and by file.  It reads the whole ledger: not for the desk's thread."""
    overview, noted = read_overview(context), None
    if shared := shared_of(context.record):
        noted = read_standing(context)
    needed = needs_you(
        context,
        shared,
        quarantined=overview.quarantined,
        forks=overview.forks,
        unsent=standing.synced.unsent if standing and standing.synced else None,
    )
    groups = (
        SharingGroup("you", "Needs you", tuple(needed)),
        _server(context, noted, standing),
        _to_send(context, standing),
        SharingGroup(
            "waiting",
            "Waits for an entry that is not here yet",
            tuple(aside_line(one, "waits") for one in overview.waiting),
        ),
        _received(context),
        SharingGroup("desks", "Desks", tuple(_desks(context, overview, standing))),
    )
    return SharingPage(
        is_shared=shared is not None,
        summary=tuple(_summary(context, overview, standing, is_shared=shared is not None)),
        groups=tuple(group for group in groups if group.lines),
    )


def _summary(
    context: Context, overview: Overview, standing: Standing | None, *, is_shared: bool
) -> Iterator[Phrase]:
    if not is_shared:
        yield Phrase("not shared: this desk exchanges packs by file")
    elif standing is None:
        yield Phrase("shared; the app does not send or receive here")
    else:
        live = standing.phase is Phase.LIVE
        yield Phrase(
            standing_words(standing, context.clock.now(), context.zone),
            Mark.DONE if live and not standing.silent else None,
        )
        if standing.to_send:
            yield Phrase(f"{standing.to_send:,} to send")
    yield Phrase(number_of(len(overview.desks), "desk"), aside=True)
    if overview.contested:
        yield Phrase(f"{overview.contested} contested", Mark.WARNS)
    if overview.quarantined:
        yield Phrase(f"{len(overview.quarantined)} quarantined", Mark.WARNS)


def _server(context: Context, noted: NotedStanding | None, standing: Standing | None) -> SharingGroup:
    if noted is None:
        return SharingGroup("server", "Server", ())
    shared = noted.shared
    line = SharingLine(
        key="server",
        what=server_words(shared.url),
        who=f"as {safe_text(shared.role, 60)}",
        facts=(
            *standing_facts(context, noted, standing),
            Fact("Mailbox", safe_text(shared.mailbox, 60), aside=True),
        ),
    )
    if standing is not None:
        mark, step = {
            Phase.LIVE: (Mark.DONE, ""),
            Phase.REFUSED: (Mark.WARNS, safe_text(standing.hint, 300)),
        }.get(standing.phase, (Mark.OPEN, "it is tried again; Y tries now"))
        if standing.silent and mark is Mark.DONE:
            mark, step = Mark.OPEN, "it is given up after half a minute, and tried again"
        line = msgspec.structs.replace(line, at=standing.since, mark=mark, step=step)
    return SharingGroup("server", "Server", (line,))


def _fact_at(label: str, at: datetime, context: Context) -> Fact:
    return Fact(label, moment_text(at, context.zone))


def _to_send(context: Context, standing: Standing | None) -> SharingGroup:
    if standing is None or not standing.to_send:
        return SharingGroup("send", "To send", ())
    own = context.record.query(
        "SELECT l.seq FROM ledger l LEFT JOIN received r ON r.seq = l.seq WHERE r.seq IS NULL ORDER BY l.seq DESC LIMIT ?",
        (standing.to_send,),
    )
    lines = acts_of(context, (seq for (seq,) in own), _LAST)
    words = "sent as soon as the server can be reached" if standing.phase is not Phase.LIVE else ""
    return SharingGroup(
        "send", f"{entries_of(standing.to_send).capitalize()} to send", _acts(context, "send", lines), words
    )


def _received(context: Context) -> SharingGroup:
    return SharingGroup(
        "received", "Received last", _acts(context, "received", read_received(context, 0, _LAST))
    )


def _acts(context: Context, key: str, lines: Sequence[HistoryLine]) -> tuple[SharingLine, ...]:
    you = context.author().actor
    return tuple(
        SharingLine(
            key=f"{key}/{line.key}",
            what=capitalised(safe_text(line.what, 200)),
            who=named(context.definitions, line.who, you),
            at=line.at,
            facts=(
                *(_changed(change) for change in field_changes(line.main) if change.changed),
                *([Fact("Why", line.why)] if line.why else []),
            )[:_FIELDS],
        )
        for line in lines
    )


def _changed(change: FieldChange) -> Fact:
    """A field, and what it was and is."""
    words = f"{change.before} → {change.after or 'nothing'}" if change.before else change.after
    return Fact(change.name.replace("_", " ").capitalize(), safe_text(words, 200))


def _desks(context: Context, overview: Overview, standing: Standing | None) -> Iterator[SharingLine]:
    """Those of which something is here, and those that the server knows besides."""
    there = {one.desk: one for one in standing.desks} if standing is not None else {}
    for line in sorted(overview.desks, key=lambda line: not line.seen.own):
        yield _desk(context, line, there.pop(line.seen.id, None))
    for one in there.values():
        yield SharingLine(
            key=f"desk/{one.desk}", what="Nothing of it is here yet", who=f"{safe_text(one.role, 60)} · {_name(one)}",
            at=one.joined_at, step=_left(one), facts=tuple(_at_server(context, one)),
        )  # fmt: skip


def _desk(context: Context, line: DeskLine, there: ServerDesk | None) -> SharingLine:
    seen, you = line.seen, context.author().actor
    people = [named(context.definitions, key, you) for key in seen.people]
    facts = [
        Fact("Desk", safe_text(seen.id)),
        Fact("Who", some_of(people, 8)),
        Fact("Here", f"{entries_of(seen.entries)} of it, the last is number {seen.last.desk_seq:,}"),
        _fact_at("Began", seen.began_at, context),
    ]
    facts += _at_server(context, there) if there is not None else []
    if line.heard is not None:
        facts.append(_fact_at("Its last pack", line.heard, context))
    if line.lacks:
        facts.append(Fact("Lacked", f"{entries_of(line.lacks)} of these, when it made its last pack"))
    return SharingLine(
        key=f"desk/{seen.id}",
        what=capitalised(f"{'this desk: ' if seen.own else ''}{some_of(people, _PEOPLE)}"),
        who=f"{entries_of(seen.entries)} · {_name(there) if there is not None else short(seen.id)}",
        at=seen.at,
        step=_left(there) if there is not None else "",
        facts=tuple(facts),
    )


def _name(there: ServerDesk) -> str:
    """How a desk is called at the server."""
    return safe_text(there.named, 40) or safe_text(short(there.desk))


def _left(there: ServerDesk) -> str:
    """Whether a desk is still there."""
    return "has left" if there.left_at is not None else ""


def _at_server(context: Context, there: ServerDesk) -> list[Fact]:
    """What the server says of a desk."""
    facts = [Fact("Role", safe_text(there.role, 60)), _fact_at("Joined", there.joined_at, context)]
    if there.sent_at is not None:
        facts.append(_fact_at("Last sent", there.sent_at, context))
    if there.left_at is not None:
        facts.append(_fact_at("Left", there.left_at, context))
    return facts
