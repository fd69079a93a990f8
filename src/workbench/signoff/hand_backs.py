"""A gate that was sent back is handed back: what was needed is there, and it is the approver's move again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from workbench.model.canonical import plain
from workbench.model.errors import UsageError
from workbench.model.keys import new_id
from workbench.model.reasons import readable_reason
from workbench.record import Change, Column, EntityKind, Record, Titles


class HandBack(msgspec.Struct, frozen=True, kw_only=True):
    """``by`` hands a gate back to the ``person`` who sent it back with the answer ``signoff``."""

    release: str
    gate: str
    signoff: str
    person: str
    by: str
    at: datetime
    reason: str
    identity: str = ""


def _title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    key = str(value.get("gate", ""))
    return f"{titles('gate', key) or key} to {value.get('person', '')}"


ENTITIES = (
    EntityKind(
        "hand_back",
        HandBack,
        columns=(Column("release"), Column("gate"), Column("signoff")),
        thing="gate",
        title=_title,
        verbs={"handed back": "handed back the"},
        judged=True,
        excerpt=True,
    ),
)


def hand_backs(record: Record, release: str) -> dict[str, HandBack]:
    """What was handed back in a release, by the answer that had sent it back; of several the first."""
    rows = record.all("hand_back", "release = ?", (release,), "id")
    found: dict[str, HandBack] = {}
    for row in rows:
        value = row.decode(HandBack)
        found.setdefault(value.signoff, value)
    return found


def handed_back(value: HandBack) -> Change:
    """The change that hands a gate back."""
    words = readable_reason(value.reason, "handing a gate back")
    if value.by == value.person:
        raise UsageError("you sent it back yourself", hint="sign again: your new answer replaces it")
    value = msgspec.structs.replace(value, reason=words)
    return Change("hand_back", new_id(value.at), "handed back", plain(value), None, words)
