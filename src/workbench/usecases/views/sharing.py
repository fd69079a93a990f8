"""How a desk stands to its server, in words: news of others, what waits, and what is to be done about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from workbench.mailbox.looking import ServerDesk
from workbench.model.text import capitalised, joined_words, number_of, safe_text, some_of
from workbench.model.times import moment_text
from workbench.record import Aside
from workbench.record.ledger import DESK
from workbench.record.overview import Fork
from workbench.usecases.context import Context
from workbench.usecases.exchanging import DeskLine, Overview, read_overview, short
from workbench.usecases.settling import Choice, read_contested
from workbench.usecases.sharing.fault_words import fault_words, names_of_desks
from workbench.usecases.sharing.keeping_up import Standing
from workbench.usecases.sharing.noted import open_faults
from workbench.usecases.sharing.pacing import Phase
from workbench.usecases.sharing.shared import Shared, shared_of
from workbench.usecases.sharing.synced import AGAIN_LATER, Obstacle, Refused
from workbench.usecases.views.exchange import aside_name, entries_of, fork_lines
from workbench.usecases.views.history import FieldChange, field_changes
from workbench.usecases.views.history_lines import HistoryLine, read_lines
from workbench.usecases.views.marks import Fact, Mark, Phrase
from workbench.usecases.views.people import named
from workbench.usecases.views.sharing_word import standing_words
from workbench.usecases.views.sync import obstacle, way_out

_NEWS = 80  # entries that are looked at for what is told
_LAST = 12  # acts of others that are listed
_PEOPLE = 3
_FIELDS = 8


class SharingLine(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to see: ``what`` it is, ``who`` it is of, ``at`` when, and the ``step`` that comes next, if there is one.

    ``command`` does that step on the command line.  ``chooses`` is the id of what has several versions.
    """

    key: str
    what: str
    who: str = ""
    at: datetime | None = None
    mark: Mark | None = None
    step: str = ""
    command: str = ""
    chooses: str = ""
    facts: tuple[Fact, ...] = ()


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


# --- what others did ----------------------------------------------------------------------


def read_news(context: Context, since: int) -> str:
    """Who changed what, of that which came from other desks after the ledger's entry ``since``; "" where nothing did."""
    lines = _came(context, since, _NEWS)
    if not lines:
        return ""
    several = {item.id for item in context.record.contested()}
    lines.sort(key=lambda line: line.main.id not in several)  # what somebody has to choose of comes first
    you, first = context.author().actor, lines[0]
    people = list(dict.fromkeys(named(context.definitions, line.who, you) for line in lines))
    words = f"{named(context.definitions, first.who, you)} {first.what}"
    if first.main.id in several:
        words += ", too: two versions, choose one"
    if len(lines) == 1:
        return capitalised(words)
    more = number_of(len(lines) - 1, "more change")
    whose = f" of {some_of(people, _PEOPLE)}" if len(people) > 1 else ""
    return capitalised(f"{words} · {more}{whose}")


def _came(context: Context, since: int, limit: int) -> list[HistoryLine]:
    """What other desks did and came after an entry, the last first; that a desk began is no news."""
    rows = context.record.query(
        "SELECT seq FROM received WHERE seq > ? ORDER BY seq DESC LIMIT ?", (since, limit)
    )
    came = {seq for (seq,) in rows}
    if not came:
        return []
    found = read_lines(context, limit=limit).lines
    return [line for line in found if line.main.seq in came and line.main.entity != DESK]


# --- the whole of it ----------------------------------------------------------------------


def read_sharing(context: Context, standing: Standing | None = None) -> SharingPage:
    """How this desk stands to the others, by server and by file.  It reads the whole ledger: not for the desk's thread."""
    shared, overview = shared_of(context.record), read_overview(context)
    groups = (
        SharingGroup("you", "Needs you", tuple(_needs_you(context, shared, overview, standing))),
        _server(context, shared, standing),
        _to_send(context, standing),
        SharingGroup(
            "waiting",
            "Waits for an entry that is not here yet",
            tuple(_aside(one, "waits") for one in overview.waiting),
        ),
        _received(context),
        SharingGroup("desks", "Desks", tuple(_desks(context, overview, standing))),
    )
    return SharingPage(
        is_shared=shared is not None,
        summary=tuple(_summary(context, shared, overview, standing)),
        groups=tuple(group for group in groups if group.lines),
    )


def _summary(
    context: Context, shared: Shared | None, overview: Overview, standing: Standing | None
) -> Iterable[Phrase]:
    if shared is None:
        yield Phrase("not shared: this desk exchanges packs by file")
    elif standing is None:
        yield Phrase("shared; the app does not send or receive here")
    else:
        live = standing.phase is Phase.LIVE
        yield Phrase(standing_words(standing, context.clock.now(), context.zone), Mark.DONE if live else None)
        if standing.to_send:
            yield Phrase(f"{standing.to_send:,} to send")
    yield Phrase(number_of(len(overview.desks), "desk"), aside=True)
    if overview.contested:
        yield Phrase(f"{overview.contested} contested", Mark.WARNS)
    if overview.quarantined:
        yield Phrase(f"{len(overview.quarantined)} quarantined", Mark.WARNS)


def _server(context: Context, shared: Shared | None, standing: Standing | None) -> SharingGroup:
    if shared is None:
        return SharingGroup("server", "Server", ())
    facts = [
        Fact("Server", shared.url),
        Fact("Role", shared.role),
        Fact("Read", f"up to pack {shared.number:,} of the mailbox {shared.mailbox[-12:]}"),
    ]
    line = SharingLine(
        key="server", what=place_words(shared.url), who=f"as {safe_text(shared.role, 60)}", facts=tuple(facts)
    )
    if standing is not None:
        facts.append(Fact("Stands", standing_words(standing, context.clock.now(), context.zone)))
        facts += [Fact("Because", f"{standing.what}. {standing.hint}".strip())] if standing.what else []
        facts += [Fact("Last exchange", moment_text(standing.at, context.zone))] if standing.at else []
        mark, step = {
            Phase.LIVE: (Mark.DONE, ""),
            Phase.REFUSED: (Mark.WARNS, safe_text(standing.hint, 300)),
        }.get(standing.phase, (Mark.OPEN, "it is tried again; Y tries now"))
        line = msgspec.structs.replace(line, at=standing.since, mark=mark, step=step, facts=tuple(facts))
    return SharingGroup("server", "Server", (line,))


def place_words(url: str) -> str:
    """An address as people call it: the host and the database, without role and options."""
    bare = safe_text(url.partition("?")[0], 200)
    scheme, _, rest = bare.partition("://")
    return rest.rpartition("@")[2] if rest and scheme in ("postgresql", "postgres") else bare


def _fact_at(label: str, at: datetime, context: Context) -> Fact:
    return Fact(label, moment_text(at, context.zone))


def _needs_you(
    context: Context, shared: Shared | None, overview: Overview, standing: Standing | None
) -> Iterable[SharingLine]:
    """What a person has to look at, the most urgent first, each with its next step."""
    yield from _faults(context, shared) if shared is not None else ()
    unsent = standing.synced.unsent if standing and standing.synced else None
    if unsent is not None and unsent.why not in {*AGAIN_LATER, Obstacle.STOPPED}:
        why = obstacle(unsent)
        yield SharingLine(
            key="unsent", what=f"{entries_of(unsent.entries)} not sent", who=why, mark=Mark.WARNS,
            step=way_out(unsent), facts=(Fact("Because", why),),
        )  # fmt: skip
    for refused in shared.refused if shared else ():
        yield _refused(refused)
    for one in overview.quarantined:
        yield _aside(one, "quarantined")
    for fork in overview.forks:
        yield _fork(fork)
    for choice in read_contested(context):
        yield _contested(context, choice)


def _faults(context: Context, shared: Shared) -> Iterable[SharingLine]:
    """What the server did that nobody has accepted yet."""
    faults = open_faults(context, shared)
    desks = names_of_desks(context.record) if faults else {}
    for fault in faults:
        words = fault_words(fault, desks)
        yield SharingLine(
            key=f"fault/{fault.id}",
            what="the server changed",
            who=words,
            at=fault.found_at,
            mark=Mark.WARNS,
            step="find out what happened there, then accept it with a reason",
            command="workbench share --reconnect --reason WHY",
            facts=(
                Fact("Found", words),
                Fact(
                    "Meanwhile",
                    "this desk goes on: it receives what is there, and sends what the server lacks of it",
                ),
            ),
        )


def _refused(refused: Refused) -> SharingLine:
    desk = safe_text(short(refused.desk))
    return SharingLine(
        key=f"refused/{refused.number}",
        what=f"pack {refused.number:,} was refused",
        who=f"from the desk {desk}",
        mark=Mark.WARNS,
        step="ask who writes at that desk; workbench sync asks again for what it holds",
        facts=(Fact("Because", safe_text(refused.why, 300)), Fact("From", f"the desk {desk}")),
    )


def _aside(one: Aside, word: str) -> SharingLine:
    steps = {
        "waits": "it goes on as soon as the entry is here; ask its desk for a whole pack",
        "quarantined": "ask its desk for a whole pack, enter it in your own name, or drop it",
    }
    commands = {"waits": "workbench exchange --to FILE, at that desk", "quarantined": "workbench repair"}
    return SharingLine(
        key=f"{word}/{one.digest}",
        what=f"{word}: {safe_text(one.title, 80) or safe_text(one.entity, 40)}",
        who=safe_text(one.actor, 60),
        mark=Mark.WARNS if word == "quarantined" else Mark.OPEN,
        step=steps[word],
        command=commands[word],
        facts=(Fact("What", aside_name(one)), Fact("Because", safe_text(one.why, 300)), Fact("Digest", one.digest, aside=True)),
    )  # fmt: skip


def _fork(fork: Fork) -> SharingLine:
    first, *rest = fork_lines(fork)
    return SharingLine(
        key=f"fork/{fork.desk}/{fork.number}",
        what="fork: two copies went on as one desk",
        who=f"the desk {safe_text(short(fork.desk))}",
        mark=Mark.WARNS,
        step="ask who went on with a copy; enter what is right of theirs in your own name",
        command="workbench repair",
        facts=(Fact("Fork", first), *(Fact("", line.strip()) for line in rest)),
    )


def _contested(context: Context, choice: Choice) -> SharingLine:
    people = dict.fromkeys(
        named(context.definitions, version.actor, context.author().actor) for version in choice.thing.versions
    )
    return SharingLine(
        key=f"contested/{choice.thing.id}",
        what=f"{choice.words} of {choice.name}",
        who=joined_words(list(people)),
        at=max(version.recorded_at for version in choice.thing.versions),
        mark=Mark.WARNS,
        step="choose one",
        command=f"workbench settle {choice.thing.id[-12:]} --take DIGEST",
        chooses=choice.thing.id,
        facts=tuple(
            Fact(
                field.replace("_", " ").capitalize(),
                "  |  ".join(choice.said(version, field) or "nothing" for version in choice.thing.versions),
            )
            for field in choice.fields
        ),
    )


def _to_send(context: Context, standing: Standing | None) -> SharingGroup:
    if standing is None or not standing.to_send:
        return SharingGroup("send", "To send", ())
    own = context.record.query(
        "SELECT l.seq FROM ledger l LEFT JOIN received r ON r.seq = l.seq WHERE r.seq IS NULL ORDER BY l.seq DESC LIMIT ?",
        (standing.to_send,),
    )
    since = min((seq for (seq,) in own), default=0)
    lines = read_lines(context, limit=_LAST).lines
    mine = [line for line in lines if line.seq >= since and (line.main.seq,) in set(own)]
    words = "sent as soon as the server is there" if standing.phase is not Phase.LIVE else ""
    return SharingGroup(
        "send", f"{entries_of(standing.to_send).capitalize()} to send", _acts(context, "send", mine), words
    )


def _received(context: Context) -> SharingGroup:
    return SharingGroup("received", "Received last", _acts(context, "received", _came(context, 0, _LAST)))


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


def _desks(context: Context, overview: Overview, standing: Standing | None) -> Iterable[SharingLine]:
    """Those of which something is here, and those that the server knows besides."""
    there = {one.desk: one for one in standing.desks} if standing is not None else {}
    for line in overview.desks:
        yield _desk(context, line, there.pop(line.seen.id, None))
    for one in there.values():
        yield SharingLine(
            key=f"desk/{one.desk}", what="Nothing of it is here yet", who=safe_text(one.role, 60), at=one.joined_at,
            step=_left(one), facts=tuple(_at_server(context, one)),
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
        what=capitalised(f"{some_of(people, _PEOPLE)}{', at this desk' if seen.own else ''}"),
        who=entries_of(seen.entries),
        at=seen.at,
        step=_left(there) if there is not None else short(seen.id),
        facts=tuple(facts),
    )


def _left(there: ServerDesk) -> str:
    """Whether a desk is still there, and how it is called."""
    name = safe_text(there.named, 40) or short(there.desk)
    return f"{name}, has left" if there.left_at is not None else name


def _at_server(context: Context, there: ServerDesk) -> list[Fact]:
    """What the server says of a desk."""
    facts = [Fact("Role", safe_text(there.role, 60)), _fact_at("Joined", there.joined_at, context)]
    if there.sent_at is not None:
        facts.append(_fact_at("Last sent", there.sent_at, context))
    if there.left_at is not None:
        facts.append(_fact_at("Left", there.left_at, context))
    return facts
