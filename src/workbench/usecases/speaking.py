"""Speaking for somebody else: where a record is shared, a desk says only what the server takes from its role.

An entry in which a person speaks for themselves is sent by a role that signs for them.  What a desk holds of another
person's would wait there, and all that comes after it: so it is refused before it is recorded, as far as the desk
knows its role.  Where it does not know yet, the next sync says what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from shlex import quote

import msgspec

from workbench.model.errors import NotAllowed
from workbench.model.text import joined_words, safe_text
from workbench.record import Record
from workbench.usecases.sharing import SHARED


class Voice(msgspec.Struct, frozen=True):
    """As which role a desk is connected, where, and for whom that role signs; ``persons`` ``None`` where that is not known yet."""

    url: str
    role: str
    persons: tuple[str, ...] | None = None


def voice_of(record: Record) -> Voice | None:
    """For whom this desk may speak, as it was last told; ``None`` where the record is not shared."""
    note = record.noted(SHARED)
    return msgspec.json.decode(note, type=Voice) if note else None


def require_voice(
    record: Record, entities: Iterable[str], who: Callable[[], str], listed: Iterable[str]
) -> None:
    """``NotAllowed`` where ``who`` acts would speak in one of the ``entities``, and this desk's role does not sign for them.

    ``listed`` are the keys of the project's people.
    """
    if not any((kind := record.find_kind(entity)) is not None and kind.speaks for entity in entities):
        return
    voice = voice_of(record)
    if voice is None or voice.persons is None or (actor := who()) in voice.persons:
        return
    raise NotAllowed(
        f"this speaks for {safe_text(actor, 60)}, and the role {safe_text(voice.role, 63)} of this desk "
        f"{_signs_for(voice.persons)}; nothing was recorded",
        where=voice.url,
        hint="; ".join(_ways(voice, actor, frozenset(listed))),
    )


def _signs_for(persons: tuple[str, ...]) -> str:
    if not persons:
        return "signs for nobody"
    return f"signs for {joined_words([safe_text(one, 60) for one in persons])} alone"


def _ways(voice: Voice, actor: str, listed: frozenset[str]) -> Iterable[str]:
    """What can be typed: nobody acts as somebody whom the project does not list, and no role is let sign for them."""
    mine = [one for one in voice.persons or () if one in listed]
    if mine:
        yield f"say who you are: --as {quote(safe_text(mine[0], 60))}"
    if actor in listed:
        yield f"{'or ' if mine else ''}a keeper of the record runs {admitting(voice.role, actor)}, and then workbench sync here"
    elif not mine:
        yield "say who you are with --as PERSON, and ask a keeper of the record to let this role sign: workbench member list"


def admitting(role: str, person: str) -> str:
    """The command by which a keeper lets a role sign for a person."""
    return f"workbench member add {quote(safe_text(role, 63))} --right signer --person {quote(safe_text(person, 60))}"
