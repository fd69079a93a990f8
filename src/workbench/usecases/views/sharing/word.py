"""How a server is called, and how a desk stands to it in a word for the header and in a few more; imported with the app."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from workbench.model.text import safe_text
from workbench.model.times import clock_text
from workbench.usecases.sharing.pacing import Phase
from workbench.usecases.views.marks import Mark, Phrase

if TYPE_CHECKING:
    from workbench.usecases.sharing.keeping_up import Standing

NEEDS_YOU, OFF_LINE, CHANGED = "needs you", "off-line", "server changed"
SILENT = "server does not answer"
_NO_ANSWER = "no answer"
TO_SEND = " to send"


def server_words(url: str) -> str:
    """An address as people call it: the host and the database, without role and options."""
    bare = safe_text(url.partition("?")[0], 200)
    scheme, _, rest = bare.partition("://")
    return rest.rpartition("@")[2] if rest and scheme in ("postgresql", "postgres") else bare


def header_word(standing: Standing | None) -> Phrase | None:
    """What the header says of the server; nothing where all is sent and live."""
    if standing is None:
        return None
    synced = standing.synced
    if synced is not None and synced.faults:
        return Phrase(CHANGED, Mark.WARNS)
    if standing.phase is Phase.REFUSED or (synced is not None and synced.needs_a_person):
        return Phrase(NEEDS_YOU, Mark.WARNS)
    waits = f"{standing.to_send:,}{TO_SEND}" if standing.to_send else ""
    if standing.phase is Phase.OFF_LINE:
        return Phrase(f"{OFF_LINE} · {waits}" if waits else OFF_LINE)
    if standing.silent:
        return Phrase(SILENT)
    hindered = standing.phase is Phase.LIVE and standing.what != ""
    return Phrase(waits) if waits and hindered else None


def shorter(word: Phrase) -> Phrase:
    """The same in fewer characters, where the names of the screens need them: ``off-line · 3``."""
    if word.text.startswith(f"{OFF_LINE} · "):
        return Phrase(word.text.removesuffix(TO_SEND), word.mark)
    return Phrase(_NO_ANSWER, word.mark) if word.text == SILENT else word


def standing_words(standing: Standing, now: datetime, zone: tzinfo) -> str:
    """Live or not, and since when."""
    if standing.silent and standing.phase in (Phase.LIVE, Phase.CONNECTING):
        return SILENT
    since = f" since {clock_text(standing.since, now, zone)}" if standing.since is not None else ""
    match standing.phase:
        case Phase.LIVE:
            return f"live{since}"
        case Phase.OFF_LINE:
            return f"{OFF_LINE}{since}"
        case Phase.REFUSED:
            return f"the server refuses{since}"
        case Phase.ENDED:
            return "ended"
        case Phase.CONNECTING:
            return "connecting"


def going_words(standing: Standing | None) -> str:
    """How far an exchange is that lasts; "" where none does."""
    going = standing.going if standing is not None else None
    return f"{going.what} {going.done:,} of {going.total:,} {going.of}" if going is not None else ""
