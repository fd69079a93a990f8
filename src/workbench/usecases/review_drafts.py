"""IN-2: the YAML of the benchmark or probe that a review asks for, drafted for a person to finish.

The draft is made from the review each time, and is never kept: once its key stands in the project's files, they say
what it is.  ``workbench check`` accepts it as it is, so that it can be finished step by step.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from workbench.definitions.shapes import Category
from workbench.incidents.model import Incident
from workbench.incidents.questions import words_of
from workbench.incidents.reviews import Addition, IncidentReview, WhyNot
from workbench.model.errors import NotAllowed, UsageError
from workbench.model.keys import new_key
from workbench.model.text import capitalised, safe_text
from workbench.model.times import day_text, in_zone
from workbench.parity.model import Difference
from workbench.sources.kinds import KINDS
from workbench.usecases.context import Context
from workbench.usecases.incident_reviews import read_review
from workbench.usecases.schemas import schema_comment
from workbench.usecases.starter_file import yaml_key, yaml_text

_LONGEST = 300
# Which kind of probe looks at what a difference is about; configuration, which can hold anything, where none is nearer.
_PROBES = {Category.INFRASTRUCTURE: "infrastructure", Category.SERVICES: "versions"}


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A file that a project may include: ``kind`` is ``benchmark`` or ``probe``, ``key`` what it is called there."""

    kind: str
    key: str
    text: str


def draft(context: Context, subject: str) -> Draft:
    """The benchmark or probe that the review of an incident asks for, as a file of its own.

    ``NotAllowed`` where the review asks for neither; ``UsageError`` where it has no incident.
    """
    noun, _, ident = subject.partition("/")
    stored = context.record.get("incident", ident) if noun == "incident" else None
    if stored is None:
        raise UsageError("only what the review of an incident asks for can be drafted")
    incident, review = stored.decode(Incident), read_review(context, subject)
    if review.add_kind not in (Addition.BENCHMARK, Addition.PROBE):
        raise NotAllowed(
            f"the review of “{incident.title}” asks for no benchmark and no probe",
            hint="workbench incident review REF --add benchmark --add-words WHAT",
        )
    key = review.add_key
    made = _benchmark if review.add_kind is Addition.BENCHMARK else _probe
    lines = [
        schema_comment("part"),
        *_comments(
            f"Drafted from the review of “{incident.title}”. Name this file under include: in workbench.yaml."
        ),
        *made(context, incident, review, key),
    ]
    return Draft(kind=review.add_kind.value, key=key, text="\n".join(lines) + "\n")


def _comments(text: str) -> Iterator[str]:
    """A text as comments: whatever it holds, none of it is YAML."""
    for line in safe_text(text, _LONGEST).splitlines():
        yield f"# {line}"


def _about(context: Context, incident: Incident, review: IncidentReview) -> str:
    day = f"{day_text(incident.began, context.zone)} {in_zone(incident.began, context.zone).year}"
    why = words_of("why_not", review.why_not) if review.why_not is not WhyNot.UNSAID else ""
    told = ": ".join(filter(None, (why, review.why_not_words)))
    return f"{incident.title}, {day}." + (f" Staging would not have shown it: {told}." if told else "")


def _what(incident: Incident, review: IncidentReview) -> str:
    return capitalised(review.add_words.strip() or incident.title)


def _benchmark(context: Context, incident: Incident, review: IncidentReview, key: str) -> Iterator[str]:
    project = context.definitions.project
    by_hand = next((item.key for item in project.sources if KINDS[item.kind].by_hand), None)
    if by_hand is None:
        by_hand = new_key("by hand", [item.key for item in project.sources])
        yield "sources:"
        yield f"  - {{key: {by_hand}, kind: {next(name for name, kind in KINDS.items() if kind.by_hand)}}}"
    yield "benchmarks:"
    yield f"  - key: {yaml_key(key)}"
    yield f"    title: {yaml_text(_what(incident, review))}"
    yield f"    about: {yaml_text(_about(context, incident, review))}"
    yield _of_what(context, incident)
    yield "    # Typed by a person until a source is asked; what each kind of source takes: docs/sources.md."
    yield "    measure:"
    yield f"      source: {by_hand}"
    yield f"      how: {yaml_text(f'Count in staging: {_what(incident, review)}')}"
    yield "    # The limit under which this would have stopped the release; workbench try CRITERION tries one."
    yield '    pass: "== 0"'
    yield "    mode: advisory  # until its false alarms are known: workbench benchmark alarms KEY"
    yield "    max_age: this candidate"


def _of_what(context: Context, incident: Incident) -> str:
    if incident.flows:
        others = ", ".join(incident.flows[1:])
        return f"    flow: {yaml_key(incident.flows[0])}" + (f"  # and {others}" if others else "")
    staging = context.definitions.staging
    return f"    environment: {yaml_key(staging.key if staging else 'staging')}"


def _probe(context: Context, incident: Incident, review: IncidentReview, key: str) -> Iterator[str]:
    category = _category(context, review)
    kind = _PROBES.get(category, "configuration")
    yield "probes:"
    yield f"  - key: {yaml_key(key)}"
    yield f"    kind: {kind}"
    yield f"    title: {yaml_text(_what(incident, review))}"
    yield f"    about: {yaml_text(_about(context, incident, review))}"
    if incident.flows:
        yield f"    flows: [{', '.join(map(yaml_key, incident.flows))}]"
    if category is not Category.UNSORTED:
        yield f"    category: {category.value}"
    yield "    # Where the two sides stand; a command or a source may give them instead: docs/probes.md."
    yield "    staging: deploy/staging/*.yaml"
    yield "    production: deploy/production/*.yaml"


def _category(context: Context, review: IncidentReview) -> Category:
    """What the first difference that contributed is about."""
    for ident in review.contributing:
        row = context.record.get("difference", ident)
        if row is not None:
            return row.decode(Difference).category
    return Category.UNSORTED
