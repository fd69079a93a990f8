"""Taking back one's own last act, unless it belongs to a release that has ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbench.model.errors import NotAllowed
from workbench.record import Change, Commit, Record
from workbench.releases import model as releases
from workbench.releases.model import Outcome, Release
from workbench.usecases.context import Context, acting

# Ends of a release that their author may take back at once; a shipment has a verb of its own.
_TAKEN_BACK = (Outcome.ABANDONED, Outcome.ROLLED_BACK)


def undo(context: Context, change_id: str | None = None) -> Commit:
    """Take back one's own last act, if nobody has changed it since."""
    with acting(context) as said:
        return context.record.undo(
            change_id, refuse=lambda changes: _refuse_frozen(context.record, changes), **said
        )


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
                hint=f"workbench release not-shipped {held.version} --reason WHY, if it did not go out after all"
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
