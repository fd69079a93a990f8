"""Reviews of incidents and failed tests as both front ends show them: question by question."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from workbench.incidents import model as incidents
from workbench.incidents import reviews
from workbench.incidents.model import Incident
from workbench.incidents.questions import About, Question, questions, unanswered, words_of
from workbench.incidents.review_fields import FIELDS
from workbench.incidents.reviews import Addition, IncidentReview, Surprise, WhyNot
from workbench.model.noun_fields import field_of
from workbench.model.text import number_of
from workbench.model.times import day_text, relative_text
from workbench.parity.model import Difference, short_id
from workbench.record import Record
from workbench.usecases.context import Context
from workbench.usecases.incident_reviews import about_of, read_review
from workbench.usecases.views.actions import after_words
from workbench.usecases.views.marks import Mark

_OPEN = "not answered"


class Answer(msgspec.Struct, frozen=True):
    """A question with its answer in words; ``mark`` says whether it is answered or may be left out."""

    question: Question
    text: str
    mark: Mark


class ReviewView(msgspec.Struct, frozen=True, kw_only=True):
    """A review as it stands: ``state`` in words, ``complete`` where nothing that its form needs is open.

    ``title`` is what it is about, ``begun`` whether somebody has said anything.
    """

    subject: str
    title: str
    about: About
    value: IncidentReview
    begun: bool
    answers: tuple[Answer, ...]
    state: str
    complete: bool


def read(context: Context, subject: str) -> ReviewView:
    """The review of a subject, with every question that it asks."""
    value, about = read_review(context, subject), about_of(context, subject)
    begun = reviews.review_of(context.record, subject) is not None
    lacks = unanswered(value, about)
    return ReviewView(
        subject=subject,
        title=after_words(context.record, subject),
        about=about,
        value=value,
        begun=begun,
        answers=tuple(
            Answer(one, answer_text(context, value, one), _mark(one)) for one in questions(value, about)
        ),
        state=_state(lacks, value, about, begun=begun),
        complete=begun and not lacks,
    )


def _mark(question: Question) -> Mark:
    if question.answered:
        return Mark.DONE
    return Mark.OPEN if question.needed else Mark.NOT_APPLICABLE


def _state(lacks: Sequence[Question], value: IncidentReview, about: About, *, begun: bool) -> str:
    if not begun:
        return "not begun"
    if lacks:
        return f"{number_of(len(lacks), 'question')} open"
    return "complete" if about is About.TEST else f"complete ({value.form.value} form)"


def answer_text(context: Context, value: IncidentReview, question: Question) -> str:
    """What was answered, in words; “not answered” where nothing was."""
    said = getattr(value, question.field)
    if question.field == "differences":
        return "; ".join(difference_titles(context.record, said)) or _OPEN
    if question.choices:
        text = words_of(question.field, said)
        more = getattr(value, question.words) if question.words else ""
        return ": ".join(filter(None, (text, more))) or _OPEN
    return field_of(FIELDS, question.field).tell(said, context.zone) or _OPEN


def difference_titles(record: Record, ids: Sequence[str]) -> list[str]:
    """The titles of rows of the map; one that left it is told by its id."""
    found = []
    for ident in ids:
        row = record.get("difference", ident)
        found.append(row.decode(Difference).title if row else f"{short_id(ident)}, which left the map")
    return found


def added_words(context: Context, value: IncidentReview) -> str:
    """Whether what was to be added stands in the project's files; "" where nothing was, or it has no key."""
    if value.add_kind not in (Addition.BENCHMARK, Addition.PROBE) or not value.add_key:
        return ""
    known = (
        context.definitions.benchmark(value.add_key)
        if value.add_kind is Addition.BENCHMARK
        else context.definitions.probe(value.add_key)
    )
    return "in the project's files" if known else "not in the project's files yet"


def told(context: Context, view: ReviewView) -> list[tuple[Mark, str, str]]:
    """A line for each question: how it stands, what is asked, what was answered."""
    return [(one.mark, one.question.ask, one.text) for one in view.answers]


def document(context: Context, view: ReviewView) -> dict[str, Any]:
    """``workbench.incident-review.1``: every answer, and what is open."""
    value = view.value
    said = {field.name: getattr(value, field.name) for field in FIELDS}
    return {
        "schema": "workbench.incident-review.1",
        "title": view.title,
        "about": view.about,
        "begun": view.begun,
        "complete": view.complete,
        "open": [one.field for one in unanswered(value, view.about)],
        **{name: answer if answer != "" else None for name, answer in said.items()},
        "difference_titles": difference_titles(context.record, value.differences),
        "added": added_words(context, value) == "in the project's files",
    }


class SurpriseLine(msgspec.Struct, frozen=True, kw_only=True):
    """IN-6: one surprise of production, or what was known before: ``same`` says that staging would have shown the same."""

    subject: str
    title: str
    at: datetime
    when: str
    kind: str
    same: bool
    why_not: str
    differences: tuple[str, ...]


def surprises(context: Context, since: datetime | None = None) -> list[SurpriseLine]:
    """The log of surprises, the latest first: what the monthly look goes through."""
    found = []
    for subject, (_, value) in reviews.all_reviews(context.record).items():
        if value.surprise not in (Surprise.STAGING_SAME, Surprise.STAGING_OTHER):
            continue
        incident = _counted(context.record, subject)
        if incident is None or (since is not None and incident.began < since):
            continue
        found.append(_surprise(context, subject, incident, value))
    return sorted(found, key=lambda line: line.at, reverse=True)


def _counted(record: Record, subject: str) -> Incident | None:
    """The incident of a review, where it counts."""
    stored = record.get("incident", subject.partition("/")[2])
    value = stored.decode(incidents.Incident) if stored else None
    return value if value is not None and value.counts else None


def _surprise(context: Context, subject: str, incident: Incident, value: IncidentReview) -> SurpriseLine:
    why = words_of("why_not", value.why_not) if value.why_not is not WhyNot.UNSAID else ""
    same = value.surprise is Surprise.STAGING_SAME
    return SurpriseLine(
        subject=subject,
        title=incident.title,
        at=incident.began,
        when=f"{day_text(incident.began, context.zone)} ({relative_text(incident.began, context.now)})",
        kind="staging would have behaved the same" if same else "staging would have behaved otherwise",
        same=same,
        why_not=": ".join(filter(None, (why, value.why_not_words))),
        differences=tuple(difference_titles(context.record, value.contributing)),
    )
