"""The history act by act: an import is one line, an answer comes with its evidence, and what was undone says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import groupby

import msgspec

from workbench.model.times import relative_text
from workbench.record import ActView, EntryView
from workbench.usecases.context import Context
from workbench.usecases.nouns import find_noun
from workbench.usecases.views.history import (
    Names,
    Undone,
    act_words,
    goes_along,
    is_evidence,
    read_page,
    sentence,
)

BEFORE_THAT = "before that"


class HistoryLine(msgspec.Struct, frozen=True):
    """One act, or in a search one entry: ``what`` was done by ``who`` at ``at``, and ``why``.

    ``entries`` are those of it that were read, the first one first, and ``count`` how many it has.
    ``seq`` is the place of its first entry in the ledger.
    """

    entries: tuple[EntryView, ...]
    count: int
    seq: int
    what: str
    why: str
    at: datetime
    undone: Undone | None = None

    @property
    def main(self) -> EntryView:
        """The entry that the act is about: not the evidence that came with it."""
        return next((entry for entry in self.entries if not is_evidence(entry)), self.entries[0])

    @property
    def key(self) -> str:
        """What names the line: its main entry's digest."""
        return self.main.digest

    @property
    def who(self) -> str:
        """The key of the person who did it."""
        return self.main.actor


class Lines(msgspec.Struct, frozen=True):
    """A stretch of the history, newest first; where it goes on, ``before`` is the place to read on from."""

    lines: tuple[HistoryLine, ...]
    names: Names
    before: int | None


def read_lines(
    context: Context,
    *,
    text: str = "",
    entity: str | None = None,
    limit: int,
    before_seq: int | None = None,
) -> Lines:
    """At most ``limit`` entries as lines.

    Where ``text`` or a kind of ``entity`` is looked for, each entry that fits is a line of its own.
    """
    page = read_page(context, text=text, entity=entity, limit=limit, before_seq=before_seq)
    alone = bool(text or entity)
    lines: list[HistoryLine] = []
    for change_id, group in groupby(page.entries, key=lambda entry: entry.change_id):
        entries, undone = tuple(group)[::-1], page.undone.get(change_id)
        if alone:
            told = entries if entity else _news(entries)
            lines += [_alone(entry, page.names, undone) for entry in reversed(told)]
        elif entries[-1].parts > 1 and (act := context.record.act(change_id)) is not None:
            lines.append(_whole(context, entries, act, undone))
        else:
            lines += [_alone(entry, page.names, undone) for entry in reversed(entries)]
    before = (page.entries[-1].seq if alone else lines[-1].seq) if page.more and lines else None
    return Lines(tuple(lines), page.names, before)


def _news(entries: tuple[EntryView, ...]) -> Sequence[EntryView]:
    return [entry for entry in entries if not goes_along(entry.entity)] or entries[:1]


def what_and_why(line: HistoryLine, who: Callable[[str], str]) -> tuple[str, str]:
    """A line in words: what was done, and why; of what does not stand, that it was undone and by whom."""
    if line.undone is None:
        return line.what, line.why
    return f"undone: {line.what}", f"undone by {who(line.undone.actor)}"


def _alone(entry: EntryView, names: Names, undone: Undone | None) -> HistoryLine:
    at = entry.claimed_at or entry.recorded_at
    return HistoryLine((entry,), 1, entry.seq, sentence(entry, names), why_words(entry), at, undone)


def _whole(
    context: Context, entries: tuple[EntryView, ...], act: ActView, undone: Undone | None
) -> HistoryLine:
    """An act of several entries; those that were not read are counted only."""
    proofs = [entry for entry in entries if is_evidence(entry)]
    rest = [part for part in act.parts if not is_evidence(part.first)]
    if proofs and rest:  # what was attached says why, not what
        act = msgspec.structs.replace(act, parts=tuple(rest))
    why = next((words for entry in entries if (words := why_words(entry))), "")
    why = why or "; ".join(proof_words(entry) for entry in proofs if rest)
    last = entries[-1]
    at = last.claimed_at or last.recorded_at
    # An act lies in one piece where its last entry is as far from its first as it has parts.
    whole = last.part == last.parts and last.seq - act.seq + 1 == last.parts
    seq = act.seq if whole else entries[0].seq
    return HistoryLine(entries, last.parts, seq, act_words(context, act), why, at, undone)


def why_words(entry: EntryView) -> str:
    """The reason that was given, or the words beside an answer; in one line."""
    noun = find_noun(entry.entity)
    documents = noun.documents if noun is not None else ()  # those are named by digests, which are no words
    value = {name: said for name, said in (entry.value or {}).items() if name not in documents}
    words = entry.reason or value.get("comment") or value.get("note") or value.get("why") or ""
    return " ".join(str(words).split())


def proof_words(entry: EntryView) -> str:
    """What was attached: its title, or the link or note itself."""
    value = entry.value or {}
    return str(value.get("title") or value.get("link") or value.get("note") or value.get("name") or "")


def when_words(lines: Sequence[HistoryLine], now: datetime, *, demonstration: bool) -> list[str]:
    """When each line happened, newest first.

    A demonstration tells what happened before it began, and was itself made just now: what the
    record had by then happened before the rest, whatever its time.
    """
    words: list[str] = []
    earliest: datetime | None = None
    for line in lines:
        if demonstration and earliest is not None and line.at > earliest:
            words.append(BEFORE_THAT)
            continue
        earliest = line.at if earliest is None else min(earliest, line.at)
        words.append(relative_text(line.at, now))
    return words


def sentences(line: HistoryLine, names: Names) -> Iterable[str]:
    """What each entry of a line did, without what only goes along."""
    return (sentence(entry, names) for entry in line.entries if not goes_along(entry.entity))
