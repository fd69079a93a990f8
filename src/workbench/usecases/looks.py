"""What a person last saw of a gate's sheet, kept outside the record: so that the next time it says what changed.

One small file for each record, project folder and person, beside their sittings.  Losing it loses nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from workbench.model.canonical import plain
from workbench.model.files import make_private_folder, read_regular, write_whole
from workbench.signoff.alterations import alterations
from workbench.signoff.basis import sections_of
from workbench.signoff.conclude import Concluded
from workbench.signoff.model import Decision
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.project import NoDataFolder

LOOKS = "looks"
SCHEMA = "looks.1"
MOST = 4 * 1024 * 1024  # bytes of the file
KEPT = 24  # gates of which a look is kept


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """A gate as somebody saw it: what it rested on, its measurements, and the answers that were given."""

    at: datetime
    basis: Mapping[str, Any]
    digest: str
    evidence: str
    answers: tuple[str, ...] = ()


class _Looks(msgspec.Struct, frozen=True):
    """The looks of one person, by release and gate, the oldest first."""

    looks: dict[str, Look] = {}
    schema: str = SCHEMA


def look_of(evaluation: Evaluation, concluded: Concluded) -> Look:
    """A gate as it is seen now."""
    basis = evaluation.bases.of(concluded.key)
    return Look(
        at=evaluation.now,
        basis=plain(basis.document),
        digest=basis.digest,
        evidence=basis.evidence,
        answers=_answers(concluded),
    )


def _answers(concluded: Concluded) -> tuple[str, ...]:
    """The answers that stand, each by its id; one that was revoked, or set aside, no longer does."""
    return tuple(sorted(view.stored.id for view in concluded.signoffs if view.counts or view.stops))


def last_look(context: Context, evaluation: Evaluation, gate: str) -> Look | None:
    """What this person saw the last time; ``None`` where nothing is kept, or cannot be read."""
    return _read(context).looks.get(_place(evaluation, gate))


def keep_look(context: Context, evaluation: Evaluation, concluded: Concluded) -> None:
    """Keep what is seen now; nothing where there is no folder for it, or it cannot be written."""
    with suppress(NoDataFolder, OSError):
        path = _file(context)
        looks = dict(_read(context).looks)
        place = _place(evaluation, concluded.key)
        looks.pop(place, None)
        looks[place] = look_of(evaluation, concluded)
        while len(data := msgspec.json.encode(_Looks(looks))) > MOST or len(looks) > KEPT:
            looks.pop(next(iter(looks)))
        make_private_folder(path.parent)
        write_whole(path, data, private=True)


def changes_since(evaluation: Evaluation, concluded: Concluded, then: Look) -> list[str]:
    """What is no longer as it was seen, in words: what a signature rests on first, then who answered since."""
    basis = evaluation.bases.of(concluded.key)
    words = []
    if basis.digest != then.digest:
        try:
            found = alterations(sections_of(then.basis), basis.sections, evaluation.facts.now, {})
            words = [change.words for change in found] or ["what a signature rests on changed"]
        except ValueError:
            words = ["what was seen then cannot be read by this version of the workbench"]
    elif basis.evidence != then.evidence:
        words = ["measured again, with the same verdicts"]
    return words + _answered_since(concluded, then)


def _answered_since(concluded: Concluded, then: Look) -> list[str]:
    before, now = set(then.answers), set(_answers(concluded))
    by_id = {view.stored.id: view.signoff for view in concluded.signoffs}
    new = [by_id[ident] for ident in sorted(now - before)]
    gone = [by_id[ident] for ident in sorted(before - now) if ident in by_id]
    return [
        *(f"{one.person} {_SAID[one.decision]} as {one.role.replace('-', ' ')}" for one in new),
        *(f"{one.person}'s answer as {one.role.replace('-', ' ')} no longer stands" for one in gone),
    ]


_SAID = {
    Decision.APPROVE: "approved",
    Decision.CONDITIONS: "approved with conditions",
    Decision.SEND_BACK: "sent it back",
    Decision.REJECT: "rejected it",
}


def _read(context: Context) -> _Looks:
    with suppress(NoDataFolder, OSError, msgspec.DecodeError, UnicodeDecodeError):
        data = read_regular(_file(context))
        if len(data) <= MOST:
            found = msgspec.json.decode(data, type=_Looks)
            if found.schema == SCHEMA:
                return found
    return _Looks()


def _place(evaluation: Evaluation, gate: str) -> str:
    return f"{evaluation.held.id}/{gate}"


def _file(context: Context) -> Path:
    """The file of this record in this folder, for this person."""
    whose = f"{context.root}\0{context.author().actor}".encode("utf-8", "surrogateescape")
    name = f"{context.record.info.record_id}-{hashlib.sha256(whose).hexdigest()[:16]}.json"
    return context.data_folder / LOOKS / name
