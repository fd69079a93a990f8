"""A new phase of a benchmark: from a day on its chart, its history and its baselines out of the past begin anew.

What failed feeds nothing, so a shift that is real and accepted would stay red for ever.  A person may say
that it is how things are now: with a day and a reason, and where the benchmark stops releases with a second
person.  Points that an exception let past stay out all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from workbench.model.canonical import plain
from workbench.model.errors import UsageError
from workbench.model.keys import new_id
from workbench.model.reasons import readable_reason
from workbench.record import Change, Column, EntityKind, Titles


class Phase(msgspec.Struct, frozen=True, kw_only=True):
    """A benchmark's history begins anew at ``begins``.

    ``second`` says that it counts only once a second person has approved it: the benchmark was blocking.
    """

    benchmark: str
    title: str
    begins: datetime
    reason: str
    author: str
    at: datetime
    second: bool = False


def _title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    key = str(value.get("benchmark", ""))
    return titles("benchmark", key) or str(value.get("title") or key)


ENTITIES = (
    EntityKind(
        "phase",
        Phase,
        columns=(Column("benchmark"), Column("begins")),
        thing="phase of",
        title=_title,
        judged=True,
        excerpt=True,
    ),
)


def begun(value: Phase) -> Change:
    """The change that begins a phase, or proposes to; ``UsageError`` for one that lies ahead."""
    if value.begins > value.at:
        raise UsageError("a phase cannot begin in the future", hint="--from a day that has begun")
    words = readable_reason(value.reason, "a new phase")
    value = msgspec.structs.replace(value, reason=words)
    verb = "proposed a new" if value.second else "began a new"
    return Change("phase", new_id(value.at), verb, plain(value), None, words)
