"""Desks and packs in words: who holds what, what came of a pack, where two copies went on as one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import tzinfo
from pathlib import Path

from workbench.model.text import entries_of, number_of, safe_text, some_of
from workbench.model.times import moment_text
from workbench.record import Aside, Taken
from workbench.record.overview import Fork
from workbench.usecases import restoring
from workbench.usecases.exchanging import DeskLine, Imported, Overview, short

_SHOWN = 20
_PEOPLE = 3


def pieces_of(count: int) -> str:
    """``1 piece of evidence``."""
    return f"{number_of(count, 'piece')} of evidence"


def aside_name(one: Aside) -> str:
    """``entry 7 of the desk 3f0c…: decided difference “cache size”, by kim``."""
    if not one.desk:
        return f"a line that cannot be read ({one.digest[:12]})"
    title = f" “{safe_text(one.title, 80)}”" if one.title else ""
    what = f"{safe_text(one.verb, 40)} {safe_text(one.entity, 40).replace('_', ' ')}{title}"
    return f"entry {one.desk_seq} of the desk {safe_text(short(one.desk))}: {what}, by {safe_text(one.actor, 60)}"


def aside_lines(asides: Sequence[Aside], word: str) -> Iterator[str]:
    """Each entry that is kept aside, with why; of very many the first ones."""
    for one in asides[:_SHOWN]:
        yield f"{word}  {one.digest[:12]}  {aside_name(one)}"
        yield f"    because {safe_text(one.why, 300)}"
    if len(asides) > _SHOWN:
        yield f"{word}  and {entries_of(len(asides) - _SHOWN)} more"


def desk_line(line: DeskLine, zone: tzinfo) -> str:
    """One desk: what is held of it, who writes there, and what it lacked when it was last heard of."""
    seen = line.seen
    people = some_of([safe_text(name, 40) for name in seen.people], _PEOPLE)
    words = [f"{entries_of(seen.entries)} by {people}", f"the last {moment_text(seen.at, zone)}"]
    if seen.own:
        words.append("this desk")
    elif line.heard is None:
        words.append("no pack of it came here")
    else:
        lacks = (
            "it held all that is here" if not line.lacks else f"it lacked {entries_of(line.lacks)} of these"
        )
        words.append(f"its last pack came {moment_text(line.heard, zone)}; {lacks}")
    return f"{safe_text(short(seen.id))}  {'; '.join(words)}"


def overview_lines(found: Overview, zone: tzinfo) -> Iterator[str]:
    """All that there is to say about other desks."""
    yield f"{entries_of(found.entries)} of {number_of(len(found.desks), 'desk')}"
    for line in found.desks:
        yield f"  {desk_line(line, zone)}"
    yield from aside_lines(found.waiting, "waits")
    yield from aside_lines(found.quarantined, "quarantined")
    yield from (text for fork in found.forks for text in fork_lines(fork))
    if found.contested:
        yield f"contested: {number_of(found.contested, 'thing')} with several versions"
    if found.absent:
        yield f"absent: {pieces_of(found.absent)} stayed at another desk"


def fork_lines(fork: Fork) -> Iterator[str]:
    """Where two copies wrote as one desk, and what each has."""
    yield (
        f"fork: two copies went on as the desk {safe_text(short(fork.desk))}, "
        f"each with an entry {fork.number} of its own"
    )
    for words, entries in (("here", fork.here), ("elsewhere", fork.there)):
        for one in entries[:_SHOWN]:
            yield f"    {words}: {aside_name(one)}"
        if len(entries) > _SHOWN:
            yield f"    {words}: and {entries_of(len(entries) - _SHOWN)} more"


def difference_lines(fork: restoring.Fork) -> Iterator[str]:
    """What only one of two copies of a record holds."""
    for words, entries, count in (
        ("only here", fork.here, fork.count_here),
        ("only in the file", fork.there, fork.count_there),
    ):
        if count:
            yield f"{words}: {entries_of(count)}, from entry {entries[0].desk_seq} of the desk {safe_text(short(entries[0].desk))} on"
        for one in entries[:_SHOWN]:
            yield f"    {aside_name(one)}"
        if count > _SHOWN:
            yield f"    and {entries_of(count - _SHOWN)} more"


def restored_lines(done: restoring.Restored) -> Iterator[str]:
    """What was restored, and what became of what was here."""
    what = {restoring.PACK: "the pack", restoring.BACKUP: "the copy", restoring.ITSELF: "the record here"}
    follows = done.follows
    yield (
        f"restored {entries_of(done.entries - 1)} from {what[done.what]}; this is the desk {short(done.desk)} now, which "
        f"follows entry {follows.desk_seq} of the desk {safe_text(short(follows.desk))}"
    )
    if done.fork is not None and done.fork.count_here:
        yield f"{entries_of(done.fork.count_here)} of the record before are not in it"
    if done.kept is not None:
        yield f"the record before is kept as {safe_text(done.kept)}"
    if done.set_aside is not None:
        yield f"the ends of the ledger that were noted before are kept as {safe_text(done.set_aside)}"


def imported_lines(done: Imported, path: Path) -> Iterator[str]:
    """What became of a pack."""
    taken, verb = done.taken, "would be imported" if done.dry_run else "imported"
    whose = f"the desk {safe_text(short(done.log.desk))}"
    if taken.taken:
        yield f"{entries_of(len(taken.taken))} {verb} from {whose}"
    elif not taken.new:
        yield f"nothing new in {safe_text(path.name)}: all that {whose} held then is here already"
    yield from aside_lines([one for one in taken.quarantined if one.digest in taken.new], "quarantined")
    yield from aside_lines(taken.waiting, "waits")
    yield from (text for fork in done.forks if taken.new for text in fork_lines(fork))
    if taken.new_desk:
        yield (
            f"another copy writes as this desk did; from now on this one is the desk {short(taken.new_desk)}, "
            "so that the two can be told apart"
        )
    yield from (safe_text(note) for note in taken.notes)
    if taken.absent:
        yield f"{pieces_of(taken.absent)} did not come along"


def advice(done: Imported) -> Iterator[str]:
    """What to do next after a pack was taken in, the most urgent first."""
    taken = done.taken
    if taken.new:
        yield "workbench repair: what is quarantined, and what can be done about it"
    if done.contested:
        yield "workbench contested: what both desks changed, side by side"
    if taken.waiting:
        yield f"ask for a whole pack: workbench exchange --to FILE at the desk {short(done.log.desk)}"
    elif taken.absent:
        yield "ask for a whole pack to get the evidence: workbench exchange --to FILE"
    if done.lacking:
        words = f"it lacks {entries_of(done.lacking)} of this desk's"
        yield f"{words}: workbench exchange --to FILE --for {short(done.log.desk)}"


def people_of(lines: Iterable[DeskLine]) -> dict[str, tuple[str, ...]]:
    """Who writes at which desk."""
    return {line.seen.id: line.seen.people for line in lines}


def summary(taken: Taken) -> str:
    """A pack in a few words, for a status line."""
    words = [f"{entries_of(len(taken.taken))} imported"]
    words += [f"{len(taken.new)} quarantined"] if taken.new else []
    words += [f"{len(taken.waiting)} waiting"] if taken.waiting else []
    return ", ".join(words)
