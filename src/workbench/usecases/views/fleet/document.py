"""``workbench.fleet.1``: every project as it was judged, what falls due in all of them, and DORA's five of each and together."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from workbench.model.times import to_text
from workbench.usecases.fleet.shapes import Due, Hold, IncidentSeen, Project, ReleaseSeen, Waiting
from workbench.usecases.fleet.together import Figures, Fleet, Level, calendar, of_all, of_each
from workbench.usecases.views.figure_words import figure_document
from workbench.usecases.views.fleet.beside import is_old
from workbench.usecases.views.fleet.whole import summary

SCHEMA = "workbench.fleet.1"


def document(fleet: Fleet, now: datetime) -> dict[str, Any]:
    """What ``status --all --json`` prints; ``projects`` are in the order of who needs somebody first."""
    order = list(dict.fromkeys(row.project.root for row in fleet.rows))
    own = {one.root: one for one in of_each(fleet)}
    levels = {row.key: row.level for row in fleet.rows}
    known = {one.root: one for one in fleet.projects}
    together = of_all(fleet)
    return {
        "schema": SCHEMA,
        "at": to_text(now),
        "words": ", ".join(phrase.text for phrase in summary(fleet)),
        "all_ready": fleet.all_ready,
        "quarter": fleet.quarter or None,
        "projects": [_project(known[root], levels, own.get(root)) for root in order],
        "calendar": [
            {"project": one.project.key, "folder": one.project.root, **_due(one.due)}
            for one in calendar(fleet)
        ],
        "together": {
            "projects": [one.root for one in of_each(fleet)],
            "figures": [figure_document(one) for one in together.figures] if together else [],
        },
        "folders": [
            {"folder": one.path, "projects": list(one.roots), "trouble": one.trouble or None}
            for one in fleet.folders
        ],
        "left_out": {
            "demonstrations": [one.root for one in fleet.demonstrations],
            "gone": [one.root for one in fleet.gone],
            "copies": [msgspec.to_builtins(one) for one in fleet.copies],
            "elsewhere": list(fleet.elsewhere),
            "too_many": fleet.more,
        },
    }


def _project(one: Project, levels: dict[str, Level], figures: Figures | None) -> dict[str, Any]:
    trouble = one.trouble
    return {
        "project": one.key or None,
        "title": one.name,
        "folder": one.root,
        "why": one.why,
        "judged": one.judged,
        "trouble": msgspec.to_builtins(trouble) if trouble else None,
        "record": one.record_id or None,
        "entries": one.entries,
        "ledger_head": one.head or None,
        "older": one.older,
        "at": _moment(one.now),
        "timezone": one.timezone,
        "person": one.person or None,
        "demonstration": one.demonstration,
        "trusted": one.trusted,
        "level": levels.get(f"{one.root}|", Level.NOTHING).name.lower() if not one.releases else None,
        "releases": [_release(each, levels[f"{one.root}|{each.id}"]) for each in one.releases],
        "releases_not_judged": one.more,
        "incidents": [_incident(each) for each in one.incidents],
        "freezes": [_hold(each) for each in one.holds],
        "shared": {
            "server": one.shared.server,
            "received_at": _moment(one.shared.received_at),
            "to_send": one.shared.waits,
            "faults": one.shared.faults,
            "old": is_old(one),
        }
        if one.shared
        else None,
        "lacking": list(one.lacking),
        "figures": [figure_document(each) for each in figures.figures] if figures else [],
    }


def _release(one: ReleaseSeen, level: Level) -> dict[str, Any]:
    return {
        "version": one.version,
        "id": one.id,
        "state": one.state,
        "level": level.name.lower(),
        "candidate": {"name": one.candidate, "commit": one.commit} if one.candidate else None,
        "planned_at": _moment(one.planned_at),
        "went_out_at": _moment(one.went_out_at),
        "passed": one.passed,
        "gates": [
            {
                "key": gate.key,
                "title": gate.title,
                "state": gate.state,
                "set_up": gate.set_up,
                "words": gate.words,
            }
            for gate in one.gates
        ],
        "blockers": one.blocks,
        "todo": one.to_do,
        "to_sign": one.to_sign,
        "risks": one.risks,
        "overdue": one.overdue,
        "first": _waiting(one.first) if one.first else None,
        "ready_at": _moment(one.ready_at),
        "signed_at": _moment(one.signed_at),
    }


def _waiting(one: Waiting) -> dict[str, Any]:
    return {
        "key": one.key,
        "title": one.title,
        "gate": one.gate or None,
        "why": one.why,
        "blocks": one.blocks,
        "move": one.move,
        "who": list(one.who),
        "owner": one.owner or None,
        "until": _moment(one.until),
        "since": _moment(one.since),
        "since_what": one.since_what or None,
        "next": one.fix or None,
    }


def _incident(one: IncidentSeen) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "severity": one.severity,
        "environment": one.environment,
        "state": one.state,
        "began": to_text(one.began),
        "lead": one.lead or None,
        "frozen": one.frozen,
    }


def _hold(one: Hold) -> dict[str, Any]:
    return {
        "what": one.what,
        "reason": one.reason,
        "by": one.by or None,
        "since": to_text(one.since),
        "until": _moment(one.until),
    }


def _due(one: Due) -> dict[str, Any]:
    """As an event of ``workbench.calendar.1``."""
    return {
        "key": one.key,
        "what": one.what,
        "day": one.day,
        "at": to_text(one.at),
        "until": _moment(one.until),
        "title": one.title,
        "owner": one.owner or None,
        "release": one.release or None,
        "ref": one.ref or None,
        "effect": one.effect,
        "blocks": one.blocks,
        "overdue": one.overdue,
    }


def _moment(at: datetime | None) -> str | None:
    return to_text(at) if at is not None else None
