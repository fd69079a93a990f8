"""False alarms and catches as both front ends show them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from workbench.incidents import alarms
from workbench.incidents.alarms import Alarm, AlarmRuling
from workbench.model.canonical import decimal_text
from workbench.model.times import relative_text
from workbench.releases.model import candidate_names, versions
from workbench.usecases.context import Context
from workbench.usecases.views.marks import Mark


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One ruling: on what, for which build, in words."""

    id: str
    part: str
    title: str
    mark: Mark
    ruling: str
    build: str
    hours: str
    reason: str
    by: str
    at: datetime
    when: str


def lines(context: Context, *, part: str | None = None) -> list[Line]:
    """What people said of what stopped them, the latest first; of one line of a gate, or of all."""
    builds, releases = candidate_names(context.record), versions(context.record)
    found = [pair for pair in alarms.all_alarms(context.record) if part in (None, pair[1].part)]
    return [
        Line(
            id=stored.id,
            part=value.part,
            title=value.title or value.part,
            mark=Mark.DONE if value.ruling is AlarmRuling.CATCH else Mark.WARNS,
            ruling=value.ruling.words,
            build=builds.get(value.candidate or "") or releases.get(value.release, value.release[-12:]),
            hours=f"{decimal_text(value.hours)} h" if value.hours is not None else "",
            reason=value.reason,
            by=value.by,
            at=value.at,
            when=relative_text(value.at, context.now),
        )
        for stored, value in reversed(found)
    ]


def build_name(context: Context, value: Alarm) -> str:
    """The build that a ruling is about: ``2.14.0 rc2``; the version where there was none yet."""
    return candidate_names(context.record).get(value.candidate or "") or versions(context.record).get(
        value.release, value.release[-12:]
    )


def said_words(value: Alarm) -> str:
    """``a false alarm, says kim: the load generator ran on the same machine``."""
    return f"a {value.ruling.words}, says {value.by}: {value.reason}"


def document(value: Alarm) -> dict[str, Any]:
    """``workbench.alarm.1``, but for its schema."""
    return {name: getattr(value, name) for name in value.__struct_fields__}
