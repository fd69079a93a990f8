"""What others did and came from their desks, for the status line and for Sharing."""

from __future__ import annotations

from collections.abc import Iterable

from workbench.gates.contested import versions_in_words
from workbench.model.text import capitalised, number_of, some_of
from workbench.record.ledger import DESK
from workbench.usecases.context import Context
from workbench.usecases.views.history_lines import HistoryLine, read_lines
from workbench.usecases.views.people import named

_NEWS = 80  # entries that are looked at for what is told
_PEOPLE = 3


def read_news(context: Context, since: int) -> str:
    """Who changed what, of that which came from other desks after the ledger's entry ``since``; "" where nothing did."""
    lines = read_received(context, since, _NEWS)
    if not lines:
        return ""
    several = {item.id: versions_in_words(item) for item in context.record.contested()}
    lines.sort(key=lambda line: line.main.id not in several)  # what somebody has to choose of comes first
    you, first = context.author().actor, lines[0]
    people = list(dict.fromkeys(named(context.definitions, line.who, you) for line in lines))
    words = f"{named(context.definitions, first.who, you)} {first.what}"
    if first.main.id in several:
        words += f", too: {several[first.main.id]}, choose one"
    if len(lines) == 1:
        return capitalised(words)
    more = number_of(len(lines) - 1, "more change")
    whose = f" of {some_of(people, _PEOPLE)}" if len(people) > 1 else ""
    return capitalised(f"{words} · {more}{whose}")


def read_received(context: Context, since: int, limit: int) -> list[HistoryLine]:
    """What other desks did and came after an entry, the last first; that a desk began is no news."""
    rows = context.record.query(
        "SELECT seq FROM received WHERE seq > ? ORDER BY seq DESC LIMIT ?", (since, limit)
    )
    return [line for line in acts_of(context, (seq for (seq,) in rows), limit) if line.main.entity != DESK]


def acts_of(context: Context, seqs: Iterable[int], limit: int) -> list[HistoryLine]:
    """The acts that entries of the ledger belong to, the last first, wherever in it they stand; ``limit`` at the most."""
    wanted = set(seqs)
    left, found = sorted(wanted), list[HistoryLine]()
    while left and len(found) < limit:
        page = read_lines(context, limit=limit, before_seq=left[-1] + 1)
        found += [line for line in page.lines if line.main.seq in wanted]
        left = [seq for seq in left if seq < (page.before or 0)]
    return found[:limit]
