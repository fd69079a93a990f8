"""Which incidents in production another limit would have prevented, for it would have stopped their releases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from workbench.incidents import model as incidents
from workbench.incidents import reviews
from workbench.incidents.model import Incident
from workbench.incidents.questions import About
from workbench.incidents.reviews import Known, of_incident
from workbench.model.text import number_of
from workbench.model.times import to_text
from workbench.usecases.context import Context
from workbench.usecases.incident_reviews import about_of


class Caused(msgspec.Struct, frozen=True, kw_only=True):
    """An incident in production that a release caused, as far as anybody knows: its id, and the id of the release."""

    id: str
    release: str
    incident: Incident


class IncidentLine(msgspec.Struct, frozen=True, kw_only=True):
    """An incident of a release that was measured: whether today's rule (``now``) and the other one (``then``) stop that release.

    ``touches`` says that it is about the benchmark's flow, or about no flow in particular.
    """

    id: str
    title: str
    severity: str
    at: datetime
    release: str
    touches: bool
    now: bool
    then: bool


def caused_by_releases(context: Context) -> list[Caused]:
    """The incidents in production that name a release and count, unless a review says that it did not cause them.

    What is not known never speaks for a release: an incident that nobody reviewed counts.
    """
    known = reviews.all_reviews(context.record)
    return [
        Caused(id=stored.id, release=value.release, incident=value)
        for stored, value in incidents.all_incidents(context.record)
        if value.counts and value.release and _caused(context, stored.id, known)
    ]


def _caused(context: Context, ident: str, known: Mapping[str, tuple[Any, reviews.IncidentReview]]) -> bool:
    subject = of_incident(ident)
    if about_of(context, subject) is not About.PRODUCTION:
        return False
    return subject not in known or known[subject][1].caused_by_release is not Known.NO


def trouble_of(found: Iterable[Caused]) -> dict[str, str]:
    """What went wrong with releases, by their ids, in words."""
    titles: dict[str, list[str]] = {}
    for one in found:
        titles.setdefault(one.release, []).append(one.incident.title)
    return {release: f"incident: {'; '.join(each)}" for release, each in titles.items()}


def lines_of(
    found: Iterable[Caused], flow: str | None, verdicts: Mapping[str, tuple[str, bool, bool]]
) -> Iterator[IncidentLine]:
    """Those of releases that were measured, the latest first.

    ``verdicts`` has by a release's id its version, and whether today's rule and the other one stop its last build.
    """
    for one in sorted(found, key=lambda each: each.incident.began, reverse=True):
        if one.release not in verdicts:
            continue
        version, now, then = verdicts[one.release]
        flows = one.incident.flows
        yield IncidentLine(
            id=one.id,
            title=one.incident.title,
            severity=one.incident.severity.value,
            at=one.incident.began,
            release=version,
            touches=flow is None or not flows or flow in flows,
            now=now,
            then=then,
        )


def said_of(lines: Iterable[IncidentLine]) -> str:
    """``it would have stopped the releases of 2 of 3 incidents in production, today's rule those of 1``; "" without any."""
    own = [line for line in lines if line.touches]
    if not own:
        return ""
    then, now = sum(line.then for line in own), sum(line.now for line in own)
    words = f"it stops the release of {then} of {number_of(len(own), 'incident')} in production"
    return words + ("" if then == now else f", today's rule of {now}")


def document_of(line: IncidentLine) -> dict[str, Any]:
    """One incident in ``workbench.what-if.1``."""
    return {
        "id": line.id,
        "title": line.title,
        "severity": line.severity,
        "at": to_text(line.at),
        "release": line.release,
        "touches": line.touches,
        "now": line.now,
        "then": line.then,
    }
