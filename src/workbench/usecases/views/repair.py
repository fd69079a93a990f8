"""Repair in words: what is quarantined and what can be done, and what a repaired record would hold."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.model.text import entries_of, safe_text
from workbench.usecases.exchanging import Overview
from workbench.usecases.repairing import Mended
from workbench.usecases.views.exchange import aside_lines, fork_lines, pieces_of

_PLACES = 10


def kept_aside_lines(found: Overview) -> Iterator[str]:
    """What is quarantined and what waits, and what can be done about each."""
    yield from aside_lines(found.quarantined, "quarantined")
    yield from aside_lines(found.waiting, "waits")
    yield from (text for fork in found.forks for text in fork_lines(fork))


def ways(found: Overview) -> Iterator[str]:
    """What can be done, as commands."""
    if found.quarantined or found.waiting:
        yield "ask its desk for a whole pack, and import it: workbench exchange --to FILE there, workbench import FILE here"
    if found.quarantined:
        first = found.quarantined[0].digest[:12]
        yield f"if what it says is right, enter it in your own name: workbench repair --enter {first} --reason WHY"
        yield f"if nobody needs it, drop it; it stays on record: workbench repair --drop {first} --reason WHY"


def mended_lines(found: Mended) -> Iterator[str]:
    """What is wrong, what the repaired record would hold, and what would be lost."""
    yield f"wrong: {safe_text(found.problem or 'nothing')}"
    read = found.read
    if read.whole and found.same_desk:
        yield f"the ledger is intact: all {entries_of(read.sound)}; the tables are made again from it"
    else:
        if read.problem:
            yield f"nothing of the file can be read: {safe_text(read.problem, 200)}"
        yield (
            f"of the file {entries_of(read.sound)} are sound from the first one on, "
            f"{entries_of(read.entries)} can be read in all{_places(read.damaged)}"
        )
        yield f"begun with {safe_text(found.base)}"
        for used in found.used:
            if used.entries:
                yield f"    and {entries_of(used.entries)} from {safe_text(used.file)}"
    yield f"the repaired record holds {entries_of(found.entries)}, and is intact"
    if found.lost:
        yield f"lost: {entries_of(len(found.lost))} that no file holds{_places(found.lost, 'at')}"
    elif not found.same_desk and not found.beyond:
        yield "lost: no entry"
    if found.beyond:
        yield f"this record was once seen to reach entry {found.beyond}: what another desk holds of it comes with its pack"
    if found.evidence_lost:
        yield f"missing: {pieces_of(found.evidence_lost)}; a pack of a desk that has it brings it back"
    if not found.same_desk:
        yield "it goes on as a new desk, so that nobody mistakes it for the one before"
    for count, word in ((found.waiting, "waiting"), (found.quarantined, "quarantined")):
        if count:
            yield f"{word}: {entries_of(count)}"


def _places(places: tuple[int, ...], word: str = "damaged at") -> str:
    if not places:
        return ""
    more = f" and {len(places) - _PLACES:,} more" if len(places) > _PLACES else ""
    lead = ", " if word == "damaged at" else " "
    return f"{lead}{word} {', '.join(map(str, places[:_PLACES]))}{more}"
