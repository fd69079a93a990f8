"""A condition of an approval is kept: who says so, with what evidence, before it was due.

An approval with conditions ends on the day on which they are due; where they were kept before, it goes on.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from workbench.model.canonical import plain
from workbench.model.keys import new_id
from workbench.model.reasons import readable_reason
from workbench.record import Change, Column, EntityKind, Record, Titles


class ConditionKept(msgspec.Struct, frozen=True, kw_only=True):
    """``by`` says how the conditions of an approval, the answer ``signoff`` of ``person``, were kept."""

    release: str
    gate: str
    signoff: str
    person: str
    by: str
    at: datetime
    words: str
    evidence: str = ""
    identity: str = ""


def _title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    key = str(value.get("gate", ""))
    return f"{value.get('person', '')} for {titles('gate', key) or key}"


ENTITIES = (
    EntityKind(
        "condition_kept",
        ConditionKept,
        columns=(Column("release"), Column("gate"), Column("signoff")),
        thing="conditions of",
        title=_title,
        verbs={"kept": "says that they kept the"},
        judged=True,
        excerpt=True,
    ),
)


def kept_conditions(record: Record, release: str) -> dict[str, ConditionKept]:
    """What was kept in a release, by the answer whose conditions they are; of several the first."""
    found: dict[str, ConditionKept] = {}
    for row in record.all("condition_kept", "release = ?", (release,), "id"):
        value = row.decode(ConditionKept)
        found.setdefault(value.signoff, value)
    return found


def kept(value: ConditionKept) -> Change:
    """The change that says that conditions were kept."""
    words = readable_reason(value.words, "saying that a condition is kept")
    value = msgspec.structs.replace(value, words=words)
    return Change("condition_kept", new_id(value.at), "kept", plain(value), None, words)
