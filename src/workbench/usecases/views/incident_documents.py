"""An incident for scripts and for the command line: everything that is said of it, with its timeline and its freeze."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workbench.evidence.model import attachments
from workbench.gates.model import Freeze
from workbench.incidents import timeline
from workbench.incidents.fields import FIELDS
from workbench.incidents.model import Incident
from workbench.incidents.timeline import TimelineLine
from workbench.model.canonical import plain
from workbench.model.errors import UsageError
from workbench.model.noun_fields import pairs
from workbench.model.times import to_text
from workbench.record import Record, Stored
from workbench.releases.model import Candidate, Release
from workbench.usecases.context import Context
from workbench.usecases.views import afterwards

_NOT_TOLD = ("title", "release", "candidate", "into", "split_from", "ended", "declared_by")


def document(context: Context, stored: Stored, value: Incident) -> dict[str, Any]:
    """An incident as ``--json`` prints it in a list."""
    version, build = release_names(context.record, value)
    freeze = freeze_of(context.record, stored.id)
    return {
        "id": stored.id,
        "base": stored.base,
        **dict.fromkeys(value.__struct_encode_fields__),
        **plain(value),
        "state": value.state.value,
        "counts": value.counts,
        "version": version or None,
        "build": build or None,
        "frozen": freeze is not None and freeze.lifted_at is None,
        "freeze": plain(freeze) if freeze is not None else None,
        "lines": context.record.count("timeline_line", "incident = ?", (stored.id,)),
    }


def in_full(context: Context, stored: Stored, value: Incident) -> dict[str, Any]:
    """The same with its timeline, in the order of what happened."""
    lines = [line_document(row, line) for row, line in timeline.lines_of(context.record, stored.id)]
    evidence = attachments(context.record, f"incident:{stored.id}").values()
    return {
        **document(context, stored, value),
        **afterwards.document(context, stored.id),
        "timeline": lines,
        "evidence": [plain(piece) for pieces in evidence for piece in pieces],
    }


def line_document(row: Stored, line: TimelineLine) -> dict[str, Any]:
    """A line of a timeline as ``--json`` prints it."""
    return {
        "id": row.id,
        "incident": line.incident,
        "at": to_text(line.at),
        "said_at": to_text(line.said_at),
        "by": line.by,
        "what": line.what.value,
        "words": line.words,
        "corrected": row.verb == "corrected",
    }


def freeze_of(record: Record, incident: str) -> Freeze | None:
    """The latest freeze that an incident opened, lifted or not."""
    rows = sorted(record.all("freeze"), key=lambda row: row.made)
    found = [value for row in rows if (value := row.decode(Freeze)).incident == incident]
    return next((value for value in found if value.lifted_at is None), found[-1] if found else None)


def release_names(record: Record, value: Incident) -> tuple[str, str]:
    """The version and the build that it belongs to, by name; "" for what it does not name."""
    release = record.get("release", value.release) if value.release else None
    build = record.get("candidate", value.candidate) if value.candidate else None
    return (
        release.decode(Release).version if release else "",
        build.decode(Candidate).name if build else "",
    )


def told(context: Context, stored: Stored, value: Incident) -> Iterator[tuple[str, str]]:
    """All that is said of an incident, as names and texts."""
    yield "state", value.state.value
    fields = [field for field in FIELDS if field.name not in _NOT_TOLD]
    yield from pairs(fields, value, context.zone)
    yield "declared by", value.declared_by
    yield "release", " ".join(filter(None, release_names(context.record, value)))
    freeze = freeze_of(context.record, stored.id)
    if freeze is not None:
        lifted = f"lifted by {freeze.lifted_by}: {freeze.lifted_why}" if freeze.lifted_at else "in force"
        yield "freeze", lifted
    for name, ident in (("merged into", value.into), ("split from", value.split_from)):
        if ident:
            yield name, title_of(context.record, ident)
    if value.counts:
        yield from afterwards.told(context, stored.id)


def title_of(record: Record, ident: str) -> str:
    """What an incident is called; its id where the record does not hold it."""
    row = record.get("incident", ident)
    return f"{row.decode(Incident).title} ({ident[-12:]})" if row else ident


def find_line(context: Context, stored: Stored, ref: str) -> tuple[Stored, TimelineLine]:
    """The line of an incident that ``ref`` names: its id or the end of it, its words, or a part of them."""
    return timeline.find_line(context.record, stored.id, ref)


def line_of(context: Context, ident: str) -> dict[str, Any]:
    """A line by its id as ``--json`` prints it; ``UsageError`` where it is gone."""
    row = context.record.get("timeline_line", ident)
    if row is None:
        raise UsageError("that line is gone")
    return line_document(row, row.decode(TimelineLine))
