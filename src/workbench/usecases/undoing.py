"""Undo and redo: one's own acts in the reverse order of time, each by a new entry of the ledger.

Undo passes over what sources answered, and refuses by name what somebody changed since or what belongs
to a release that has ended.  A signature is revoked, so that everybody sees that there was one; put back,
it is compared with what it rests on, like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from workbench.model.errors import NotAllowed, StaleChange
from workbench.model.times import relative_text
from workbench.record import ActView, Change, Commit, Record
from workbench.releases import model as releases
from workbench.releases.model import Outcome, Release
from workbench.signoff import model as signoff
from workbench.signoff.model import SignOff
from workbench.usecases.context import Context, acting, require_own_words
from workbench.usecases.views.history import act_words, names_for, sentence, subject

# Ends of a release that their author may take back at once; a shipment has a verb of its own.
_TAKEN_BACK = (Outcome.ABANDONED, Outcome.ROLLED_BACK)
# On the command line an act that is older is asked about: nobody sees there what they did last.
RECENT = timedelta(hours=1)
REVOKED = "undone by the person who signed"


class Coming(msgspec.Struct, frozen=True):
    """What an undo or redo would do now: ``change_id`` is the act that it takes back.

    ``words`` say what was done, ``ago`` when; ``recent`` whether that was within the last hour, and
    ``seq`` its place in the ledger: 0 where it came from another desk.
    """

    change_id: str
    words: str
    ago: str
    recent: bool
    seq: int

    @property
    def told(self) -> str:
        """``decided 5 differences, 2 min ago``."""
        return f"{self.words}, {self.ago}"


def coming_undo(context: Context) -> Coming | None:
    """The act that an undo takes back now; ``None`` where there is nothing of one's own."""
    return _coming(context, context.record.next_undo(context.author().actor))


def coming_redo(context: Context) -> Coming | None:
    """What a redo puts back now; ``None`` where nothing was undone, or something new was done since."""
    return _coming(context, context.record.next_redo(context.author().actor))


def _coming(context: Context, change_id: str | None) -> Coming | None:
    act = context.record.act(change_id) if change_id else None
    if act is None:
        return None
    at, now = _older(context, act)
    return Coming(
        change_id=act.change_id,
        words=act_words(context, act),
        ago=relative_text(at, now),
        recent=now - at < RECENT,
        seq=act.seq if act.desk == context.record.info.desk else 0,
    )


def _older(context: Context, act: ActView) -> tuple[datetime, datetime]:
    """When an act was done and what that is compared with: as recorded or as said, whichever is longer ago.

    In a demonstration the history tells what was said to be done days ago and was recorded just now.
    """
    times = [(act.recorded_at, context.clock.recording())]
    said = next((part.first.claimed_at for part in act.parts), None)
    if said is not None:
        times.append((said, context.now))
    return max(times, key=lambda pair: pair[1] - pair[0])


def undo(context: Context, change_id: str | None = None) -> Commit:
    """Take back one's own last act, or the one of that id, if nobody has changed it since."""
    return _taking_back(context, lambda **said: context.record.undo(change_id, **said))


def redo(context: Context, change_id: str | None = None) -> Commit:
    """Put back what one's own last undo took back, if nothing was done or changed since.

    ``change_id`` is what one saw that it would put back (:func:`coming_redo`); ``NotAllowed`` where that
    is not so any more.
    """
    if change_id is not None and change_id != context.record.next_redo(context.author().actor):
        raise NotAllowed("what could be redone has changed in the meantime", hint="look again")
    return _taking_back(context, context.record.redo)


def _taking_back(context: Context, take_back: Callable[..., Commit]) -> Commit:
    meant: list[Change] = []

    def adapt(changes: Sequence[Change]) -> Sequence[Change]:
        meant.extend(changes)
        _refuse_frozen(context.record, changes)
        require_own_words(context, changes)
        return _revoking(context, changes)

    try:
        with acting(context) as said:
            return take_back(adapt=adapt, **said)
    except StaleChange as error:
        raise _by_name(context, meant, error) from error


def _by_name(context: Context, meant: Sequence[Change], error: StaleChange) -> StaleChange:
    """The same refusal, saying what was changed since, by whom and when."""
    for change in meant:
        (latest,) = context.record.history(change.entity, change.id, limit=1)
        if latest.digest == change.base:
            continue
        names = names_for(context, [latest])
        ago = relative_text(latest.recorded_at, context.clock.recording())
        return StaleChange(
            f"{subject(latest, names)} was changed since: {latest.actor} {sentence(latest, names)}, {ago}",
            mine=error.mine,
            theirs=error.theirs,
            fields=error.fields,
            hint="nothing was undone; change it yourself if you need the old value back",
        )
    return error


def _revoking(context: Context, changes: Sequence[Change]) -> Sequence[Change]:
    """The same changes; a signature is revoked and not removed, and what it opened stays open for others."""
    removed = [change for change in changes if change.entity == "signoff" and change.value is None]
    return [_revoked(context, change) for change in removed] if removed else changes


def _revoked(context: Context, change: Change) -> Change:
    stored = context.record.get(change.entity, change.id)
    if stored is None:
        return change
    revoked = signoff.revoked(stored, stored.decode(SignOff), at=context.now, why=REVOKED)
    return msgspec.structs.replace(revoked, verb=change.verb, base=change.base)


def _refuse_frozen(record: Record, changes: Sequence[Change]) -> None:
    """What belongs to a release that has ended stands as it was then."""
    for change in changes:
        value = _value(record, change)
        release = change.id if change.entity == "release" else _release_of(record, value)
        stored = record.get("release", release) if release else None
        if stored is None:
            continue
        held = stored.decode(Release)
        if change.entity == "release" and held.outcome in _TAKEN_BACK:
            continue
        if held.outcome is not Outcome.OPEN:
            shipped = held.outcome is Outcome.SHIPPED
            raise NotAllowed(
                f"{held.version} is {held.outcome.value.replace('_', ' ')} and therefore frozen",
                hint=f"workbench release not-shipped {held.version} --reason WHY, if it was not shipped after all"
                if shipped
                else "choose an open release, or plan a new one",
            )


def _value(record: Record, change: Change) -> dict[str, Any]:
    """What a change is about: the thing as it stands, or as it was where it is gone."""
    stored = record.get(change.entity, change.id)
    if stored is not None:
        return stored.decode(dict)
    return dict(change.value) if isinstance(change.value, dict) else {}


def _release_of(record: Record, value: dict[str, Any]) -> str | None:
    """The id of the release that a thing belongs to, by itself or by its build."""
    subject = str(value.get("subject") or "")
    if subject.startswith("release/"):
        return subject.removeprefix("release/")
    if isinstance(release := value.get("release"), str):
        return release
    candidate = value.get("candidate")
    return releases.release_of(record, candidate) if isinstance(candidate, str) else None
