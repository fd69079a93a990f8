"""IN-2: reviewing incidents and failed tests: what contributed, what staging would have shown, what is added."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from workbench.benchmarks import measurements
from workbench.benchmarks.measurements import Measurement
from workbench.definitions.shapes import Severity
from workbench.incidents import model as incidents
from workbench.incidents import reviews
from workbench.incidents.model import Incident, IncidentEnd, IncidentSeverity
from workbench.incidents.questions import About
from workbench.incidents.review_fields import FIELDS
from workbench.incidents.reviews import Addition, IncidentReview, Known, of_incident, of_tests
from workbench.model.errors import NotAllowed, UsageError
from workbench.model.keys import new_key
from workbench.parity import model as parity
from workbench.parity.model import Difference
from workbench.parity.table import require_new_name
from workbench.record import Change
from workbench.releases import model as releases
from workbench.releases.model import Candidate, Held
from workbench.usecases import filling
from workbench.usecases.context import Context, commit
from workbench.usecases.environment_names import is_production
from workbench.usecases.handed_in import HandedIn

# A difference that a review adds to the map is as bad as the incident was, until somebody judges it.
_SEVERITY = {
    IncidentSeverity.CRITICAL: Severity.HIGH,
    IncidentSeverity.HIGH: Severity.HIGH,
    IncidentSeverity.MEDIUM: Severity.MEDIUM,
    IncidentSeverity.LOW: Severity.LOW,
}


def subject_of(
    context: Context, *, incident: str | None = None, tests: str | None = None, candidate: str | None = None
) -> str:
    """What is reviewed: an incident by what names it, or the failed tests of a source.

    ``tests`` may be "" where the release has failed tests of one source; ``candidate`` is ``rc1``, or a
    number, the latest unless said.  ``UsageError`` where both or neither are named, or nothing fits.
    """
    if (incident is None) == (tests is None):
        raise UsageError("an incident, or failed tests?", hint="name one of them")
    if incident is not None:
        return of_incident(incidents.find(context.record, incident)[0].id)
    held = releases.find(context.record, context.release)
    ident, build = find_candidate(held, candidate)
    red = [source for source in failed_tests(context, ident) if tests in ("", source)]
    if len(red) == 1:
        return of_tests(held.id, ident, red[0])
    if red:
        raise UsageError("the tests of several sources failed", hint=f"name one: {', '.join(red)}")
    named = f" of {tests}" if tests else ""
    raise UsageError(
        f"no tests{named} failed for {held.release.version} {build.name}",
        hint="workbench failed-tests list shows those that did",
    )


def find_candidate(held: Held, name: str | None) -> tuple[str, Candidate]:
    """A build of a release by its name or number, the latest without one: its id, and what it is."""
    if not held.candidates:
        raise UsageError(
            f"{held.release.version} has no candidate yet", hint="workbench release candidate COMMIT"
        )
    if name is None:
        stored, build = held.candidates[-1]
        return stored.id, build
    for stored, build in held.candidates:
        if name.lower() in (build.name, str(build.number)):
            return stored.id, build
    known = ", ".join(build.name for _, build in held.candidates)
    raise UsageError(f"{held.release.version} has no candidate “{name}”", hint=f"known: {known}")


def failed_tests(context: Context, candidate: str) -> dict[str, Measurement]:
    """The test runs of a build that were red, by their source, each the newest; also those that were repeated green."""
    found: dict[str, Measurement] = {}
    rows = context.record.query(
        "SELECT DISTINCT subject FROM measurement WHERE role = 'tests' AND candidate = ?", (candidate,)
    )
    for (subject,) in rows:
        for item, gone in measurements.history(context.record, str(subject)):
            if gone is None and item.candidate == candidate and is_red(item):
                found.setdefault(str(subject).removeprefix("tests/"), item)
    return found


def is_red(item: Measurement) -> bool:
    """Whether a test run says that something failed."""
    return item.state == "ok" and item.value is not None and item.value != 1


def about_of(context: Context, subject: str) -> About:
    """Whether a review is about production, about staging, or about a failed test."""
    noun, _, ident = subject.partition("/")
    if noun == "test":
        return About.TEST
    stored = context.record.get("incident", ident)
    key = stored.decode(Incident).environment if stored else ""
    return About.PRODUCTION if is_production(context, key) else About.STAGING


def read_review(context: Context, subject: str) -> IncidentReview:
    """The review of a subject; one without answers where nobody has begun it."""
    found = reviews.review_of(context.record, subject)
    return found[1] if found else _new(context, subject)


def _new(context: Context, subject: str) -> IncidentReview:
    return IncidentReview(subject=subject, by=context.author().actor, at=context.now)


def review(
    context: Context, subject: str, given: Mapping[str, Any], *, proposed: Difference | None = None
) -> IncidentReview:
    """Answer questions about a subject, by field; returns the review as it is then.

    ``proposed`` is a difference that contributed and that the map lacks: it is added there, undecided, with the
    incident's flows, as severe as the incident was.  ``UsageError`` where nothing was said, or answers
    contradict each other; ``NotAllowed`` for an incident that counts in nothing.
    """
    _require_reviewable(context, subject)
    found = reviews.review_of(context.record, subject)
    before = found[1] if found else _new(context, subject)
    handed = HandedIn()
    value = _cleaned(filling.change(context, FIELDS, before, given), handed)
    changes: list[Change] = []
    if proposed is not None:
        changes.append(_proposal(context, subject, _without_secrets(proposed, handed)))
        value = msgspec.structs.replace(
            value, contributed=Known.YES, differences=(*value.differences, changes[0].id)
        )
    value = reviews.consistent(value, [name for name in given if given[name] not in (None, ())])
    value = _with_key(context, subject, value)
    if found and value == before:
        raise UsageError("nothing to change", hint="workbench incident review --help lists the answers")
    commit(context, [*changes, reviews.answered(found[0] if found else None, value)])
    handed.tell(context)
    return value


def _with_key(context: Context, subject: str, value: IncidentReview) -> IncidentReview:
    """What is to be added gets a key at once, so that the review knows it once it stands in the project's files."""
    stored = context.record.get("incident", subject.partition("/")[2])
    if value.add_kind not in (Addition.BENCHMARK, Addition.PROBE) or value.add_key or stored is None:
        return value
    project = context.definitions.project
    benchmarks, probes = ({item.key for item in items} for items in (project.benchmarks, project.probes))
    key = new_key(stored.decode(Incident).title, benchmarks, probes)
    return msgspec.structs.replace(value, add_key=key)


_WORDS = ("why_not_words", "add_words", "runbook_step", "cause", "words")


def _cleaned(value: IncidentReview, handed: HandedIn) -> IncidentReview:
    """A review without secrets, and without codes that steer a terminal, in what people typed or pasted."""
    return msgspec.structs.replace(value, **{name: handed.words(getattr(value, name)) for name in _WORDS})


def _require_reviewable(context: Context, subject: str) -> None:
    noun, _, ident = subject.partition("/")
    stored = context.record.get("incident", ident) if noun == "incident" else None
    if stored is None:
        return
    value = stored.decode(Incident)
    if value.ended is IncidentEnd.MISTAKE:
        raise NotAllowed(f"“{value.title}” was declared by mistake: there is nothing to review")
    if value.ended is IncidentEnd.MERGED:
        raise NotAllowed(
            f"“{value.title}” belongs to another incident",
            hint=f"workbench incident review {value.into[-12:]}",
        )


def _without_secrets(proposed: Difference, handed: HandedIn) -> Difference:
    """A difference without secrets, and without codes that steer a terminal, in whatever was typed of it."""
    typed = {name: getattr(proposed, name) for name in proposed.__struct_fields__}
    words = {name: handed.line(said) for name, said in typed.items() if type(said) is str and said}
    return msgspec.structs.replace(proposed, **words)


def _proposal(context: Context, subject: str, proposed: Difference) -> Change:
    """The row of the map that a review adds."""
    noun, _, ident = subject.partition("/")
    stored = context.record.get("incident", ident) if noun == "incident" else None
    if stored is not None:
        value = stored.decode(Incident)
        in_staging = about_of(context, subject) is About.STAGING
        proposed = msgspec.structs.replace(
            proposed,
            flows=proposed.flows or value.flows,
            severity=_SEVERITY[value.severity],
            environment=value.environment if in_staging else proposed.environment,
        )
    require_new_name(context.record, proposed.title, proposed.region)
    return parity.new_difference(proposed, context.now)
