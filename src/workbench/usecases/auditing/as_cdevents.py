"""The audit as CDEvents 0.5.0 in CloudEvents 1.0 (structured mode), one JSON object a line.

Formats: https://cdevents.dev and its CloudEvents binding.  What CDEvents have no word for is a custom event of the
tool ``workbench`` (``dev.cdeventsx.workbench-gate.approved.0.1.0``).
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from workbench.model.canonical import encode
from workbench.model.times import to_text
from workbench.usecases.auditing.shapes import Audit, Happening, Sort

SPEC = "0.5.0"
_IDS = uuid.UUID("6f0f7a0e-6a6e-5f2c-9d3b-2f1a6f2d8c11")  # a name space of our own, for the same id each time
_SUBJECTS = {
    Sort.RELEASE: "release", Sort.APPROVAL: "gate", Sort.REJECTION: "gate", Sort.EXCEPTION: "exception",
    Sort.FREEZE: "freeze", Sort.BREAK_GLASS: "breakglass", Sort.ASKING: "asking", Sort.DEPLOYMENT: "deployment",
    Sort.DEFINITIONS: "definitions", Sort.PURGE: "purge", Sort.INCIDENT: "incident",
    Sort.HEAD: "head", Sort.RECONNECTION: "reconnection",
}  # fmt: skip
_LETTERS = re.compile("[^a-zA-Z]+")


def cdevents(audit: Audit) -> str:
    """Every happening in its order; the same audit gives the same lines."""
    return "".join(encode(_cloud_event(audit, one)).decode() + "\n" for one in audit.happenings)


def _cloud_event(audit: Audit, one: Happening) -> dict[str, Any]:
    event = _event(audit, one)
    context = event["context"]
    return {
        "specversion": "1.0",
        "id": context["id"],
        "source": context["source"],
        "type": context["type"],
        "subject": event["subject"]["id"],
        "time": context["timestamp"],
        "datacontenttype": "application/json",
        "data": event,
    }


def _event(audit: Audit, one: Happening) -> dict[str, Any]:
    source = f"/workbench/{quote(audit.record, safe='')}"
    named = "\0".join((audit.record, one.sort.value, one.what, one.entry, to_text(one.at), one.subject))
    kind, subject, content = _typed(audit, one)
    return {
        "context": {
            "specversion": SPEC,
            "id": str(uuid.uuid5(_IDS, named)),
            "source": source,
            "type": kind,
            "timestamp": to_text(one.claimed_at or one.at),
        },
        "subject": {"id": subject, "source": source, "content": content},
        "customData": {
            "sort": one.sort.value,
            "what": one.what,
            "recordedAt": to_text(one.at),
            **{name: value for name, value in _more(one) if value},
        },
        "customDataContentType": "application/json",
    }


def _more(one: Happening) -> Iterator[tuple[str, Any]]:
    yield from (
        ("subject", one.subject), ("release", one.release), ("gate", one.gate), ("who", one.who),
        ("known", one.known), ("why", one.why), ("toLookAt", one.flag), ("entry", one.entry),
    )  # fmt: skip
    yield "evidence", list(one.evidence)


def _typed(audit: Audit, one: Happening) -> tuple[str, str, dict[str, Any]]:
    """The type of an event, the id of its subject, and its content."""
    where: dict[str, Any] = {"environment": {"id": one.environment}} if one.environment else {}
    if (
        one.environment
        and one.artifact
        and (one.what in ("shipped", "rolled back") or one.sort is Sort.DEPLOYMENT)
    ):
        verb = "rolledback" if one.what == "rolled back" else "deployed"
        content = {**where, "artifactId": package_url(audit.project_key, one)}
        return f"dev.cdevents.service.{verb}.0.3.0", audit.project_key, content
    if one.sort is Sort.INCIDENT and one.environment and not one.what.startswith("undid"):
        verb = "detected" if one.what == "declared" else "resolved"
        content = {**where, "description": one.subject} if one.subject else where
        return f"dev.cdevents.incident.{verb}.0.3.0", one.subject or "incident", content
    predicate = _LETTERS.sub("", one.what.partition(":")[0]).lower() or "happened"
    kind = f"dev.cdeventsx.workbench-{_SUBJECTS[one.sort]}.{predicate}.0.1.0"
    return kind, one.gate or one.release or one.sort.value, dict(where)


def package_url(project: str, one: Happening) -> str:
    """What was deployed, as a package URL: ``pkg:generic/shop@2.14.0?checksum=sha256:…``."""
    name, _, version = one.artifact.partition("@")
    if not version:
        return f"pkg:generic/{quote(project, safe='')}@{quote(name, safe='')}"
    base = f"pkg:generic/{quote(name, safe='')}"
    if ":" in version:
        release = f"@{quote(one.release, safe='')}" if one.release else ""
        return f"{base}{release}?checksum={quote(version, safe=':')}"
    return f"{base}@{quote(version, safe='')}"
