"""How this desk stands to its server: the same facts in the app, which is connected, and on the command line, which does not ask."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from workbench.model.text import entries_of, number_of, safe_text, some_of
from workbench.model.times import moment_text
from workbench.usecases.context import Context
from workbench.usecases.exchanging import short
from workbench.usecases.sharing.keeping_up import Standing
from workbench.usecases.sharing.standing import NotedStanding
from workbench.usecases.views.exchange import pieces_of
from workbench.usecases.views.marks import Fact
from workbench.usecases.views.sharing.needs import SharingLine
from workbench.usecases.views.sharing.word import standing_words

_SHOWN = 20


def standing_facts(context: Context, found: NotedStanding, live: Standing | None = None) -> Iterator[Fact]:
    """Where the record is shared, how far this desk got, and what it has not sent; ``live`` is what the app knows besides."""
    shared = found.shared
    yield Fact("Server", safe_text(shared.url))
    yield Fact("Role", safe_text(shared.role))
    if live is not None:
        yield Fact("State", standing_words(live, context.clock.now(), context.zone))
        if live.what:
            yield Fact("Because", safe_text(f"{live.what}. {live.hint}".strip(), 300))
    held = f"{entries_of(found.entries)} of {number_of(found.desks, 'desk')} are here"
    yield Fact("This desk", f"{short(found.desk)}; {held}")
    yield Fact("Received", f"up to pack {shared.number:,}; {_asked(context, (live and live.at) or found.at)}")
    yield Fact("To send", to_send_words(live.to_send if live is not None else found.unsent))
    if kept := _kept(found):
        yield Fact("Kept aside", kept)
    if found.absent:
        yield Fact("Evidence", f"{pieces_of(found.absent)} not here: at the server, or at other desks")
    if found.closed:
        yield Fact("Handed over", "this desk writes nothing any more (workbench handover)")


def to_send_words(count: int | None) -> str:
    """``3 entries``, ``nothing``; ``None`` is not known."""
    if count is None:
        return "not known: the server was not asked yet"
    return entries_of(count) if count else "nothing"


def _asked(context: Context, at: datetime | None) -> str:
    if at is None:
        return "the server was not asked yet"
    return f"the server was last asked {moment_text(at, context.zone)}"


def _kept(found: NotedStanding) -> str:
    """What is not in the tables, or in several versions."""
    told = [entries_of(found.quarantined) + " quarantined"] if found.quarantined else []
    told += [entries_of(found.waiting) + " waiting"] if found.waiting else []
    told += [f"{number_of(found.contested, 'thing')} contested"] if found.contested else []
    return some_of(told, 3)


# --- without the app --------------------------------------------------------------------------


def standing_lines(context: Context, found: NotedStanding, needs: Sequence[SharingLine]) -> Iterator[str]:
    """The same as text, and below it what needs a person."""
    shared = found.shared
    yield f"“{safe_text(found.project, 80)}” is shared at {safe_text(shared.url)}, as {safe_text(shared.role)}"
    for fact in standing_facts(context, found):
        if fact.label not in ("Server", "Role"):
            yield f"{fact.label.lower():<12}  {fact.text}"
    for line in needs[:_SHOWN]:
        yield f"{line.mark.symbol if line.mark else ' '} {line.what}: {line.who}"
    if len(needs) > _SHOWN:
        yield f"and {number_of(len(needs) - _SHOWN, 'thing')} more"


def standing_advice(found: NotedStanding, needs: Sequence[SharingLine]) -> Iterator[str]:
    """What to do next, the most urgent first."""
    steps = [_CHOOSE if line.chooses else (line.command or line.step) for line in needs]
    yield from dict.fromkeys(steps)
    if found.unsent or found.unsent is None:
        yield "workbench sync"
    elif not needs:
        yield "workbench sync sends and receives; share --check looks at the server"


_CHOOSE = "workbench contested: the versions side by side"
