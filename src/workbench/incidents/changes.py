"""What may be done to an incident, each as one change of it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from workbench.incidents.model import Incident, IncidentEnd, IncidentState
from workbench.model.errors import NotAllowed, UsageError
from workbench.record import Change, Stored

LONGEST_TITLE = 200
# What cannot lie before what: the earlier one first.
_ORDER = (
    ("started_at", "detected_at", "it was detected before it started"),
    ("started_at", "mitigated_at", "it was mitigated before it started"),
    ("started_at", "closed_at", "it ended before it started"),
    ("mitigated_at", "closed_at", "it ended before it was mitigated"),
)


def require_sound(value: Incident) -> Incident:
    """The same incident; ``UsageError`` without a title, and where its times contradict each other."""
    if not value.title.strip():
        raise UsageError("say in a few words what happens", hint="for example: checkout answers 503")
    if len(value.title) > LONGEST_TITLE:
        raise UsageError(
            f"a title has at most {LONGEST_TITLE} characters",
            hint="say the rest in the summary or the timeline",
        )
    for earlier, later, words in _ORDER:
        first, then = getattr(value, earlier), getattr(value, later)
        if first is not None and then is not None and then < first:
            raise UsageError(words, hint="check both times: workbench incident show REF")
    return value


def declared(value: Incident, ident: str, verb: str = "declared") -> Change:
    """The change that writes a new incident down."""
    return Change("incident", ident, verb, require_sound(value))


def edited(stored: Stored, value: Incident) -> Change:
    """The change of what is said of an incident."""
    return Change("incident", stored.id, "edited", require_sound(value), stored.base)


def mitigated(stored: Stored, value: Incident, at: datetime) -> Change:
    """The change that says that nobody is affected any longer.  ``NotAllowed`` where that was said."""
    _require_open(value)
    if value.mitigated_at is not None:
        raise NotAllowed(
            f"“{value.title}” is mitigated already",
            hint="workbench incident edit REF --mitigated WHEN corrects the time",
        )
    return Change(
        "incident",
        stored.id,
        "mitigated",
        require_sound(msgspec.structs.replace(value, mitigated_at=at)),
        stored.base,
    )


def ended(
    stored: Stored,
    value: Incident,
    end: IncidentEnd,
    *,
    verb: str,
    why: str,
    by: str,
    at: datetime,
    into: str = "",
) -> Change:
    """The change that ends an incident: over, declared by mistake, or part of another one.

    That it was a mistake, or part of another one, may be found out after it was closed; when it was
    closed, and by whom, stays as it was said then.
    """
    if end is IncidentEnd.CLOSED or value.ended is not IncidentEnd.CLOSED:
        _require_open(value)
    changed = msgspec.structs.replace(
        value,
        ended=end,
        ended_why=why,
        closed_at=value.closed_at or at,
        closed_by=value.closed_by or by,
        into=into,
    )
    return Change("incident", stored.id, verb, require_sound(changed), stored.base, why or None)


def joined(stored: Stored, value: Incident, other: Incident) -> Change | None:
    """The change by which an incident takes over whom and what one that is merged into it touched; ``None`` for none."""
    changed = msgspec.structs.replace(
        value,
        flows=_all(value.flows, other.flows),
        people=_all(value.people, other.people),
    )
    return Change("incident", stored.id, "edited", changed, stored.base) if changed != value else None


def _all(*lists: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for each in lists for item in each))


def reopened(stored: Stored, value: Incident, why: str) -> Change:
    """The change that opens an incident again; it is not mitigated then."""
    if value.open and value.state is not IncidentState.MITIGATED:
        raise NotAllowed(f"“{value.title}” is open")
    changed = msgspec.structs.replace(
        value,
        ended=IncidentEnd.OPEN,
        ended_why="",
        closed_at=None,
        closed_by=None,
        into="",
        mitigated_at=None,
    )
    return Change("incident", stored.id, "reopened", changed, stored.base, why)


def _require_open(value: Incident) -> None:
    if not value.open:
        raise NotAllowed(
            f"“{value.title}” has ended: {value.state.value}",
            hint="workbench incident reopen REF --reason WHY",
        )
