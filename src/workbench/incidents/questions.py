"""IN-2: what a review asks, in order, and what it still lacks.

The fast form asks what makes staging better: did a difference contribute, would staging have caught it, what is
to be added.  The full form goes on to the runbook, the surprise, the release and the cost.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, StrEnum

import msgspec

from workbench.incidents.reviews import (
    Addition,
    Form,
    IncidentReview,
    Known,
    Lacking,
    RunbookWorked,
    Surprise,
    WhyNot,
)


class About(StrEnum):
    """What a review is about: staging cannot be asked whether it would have caught what broke in it."""

    PRODUCTION = "production"
    STAGING = "staging"
    TEST = "test"


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One question: ``field`` holds its answer, ``choices`` are (value, words); none where words are asked for.

    ``words`` names the field of the words that go with an answer.  ``answered`` says whether it is; one that
    is not ``needed`` may be left out.
    """

    field: str
    ask: str
    choices: tuple[tuple[str, str], ...] = ()
    words: str = ""
    answered: bool = False
    needed: bool = True


_KNOWN = ((Known.YES.value, "yes"), (Known.NO.value, "no"), (Known.UNKNOWN.value, "not known yet"))
WHY_NOT = {
    WhyNot.NOT_TESTED: "no test walks this path",
    WhyNot.NO_BENCHMARK: "nothing measures it",
    WhyNot.LIMIT_TOO_LOOSE: "it was measured, and the limit was too loose",
    WhyNot.MOCKED: "what failed is mocked or simulated in staging",
    WhyNot.OTHER_DATA: "staging's data are others",
    WhyNot.OTHER_SCALE: "staging is smaller",
    WhyNot.OTHER_TRAFFIC: "staging's traffic is another",
    WhyNot.OTHER_CONFIGURATION: "staging is configured otherwise",
    WhyNot.OTHER_VERSION: "staging runs other versions",
    WhyNot.OTHER_INFRASTRUCTURE: "staging's machines or network are others",
    WhyNot.THIRD_PARTY: "a third party failed, which staging does not reach",
    WhyNot.NOT_OBSERVED: "staging has no logs, traces or alerts for it",
    WhyNot.OVERRIDDEN: "staging showed it, and it was overridden or taken for a flake",
    WhyNot.SKIPPED_STAGING: "the release skipped staging",
    WhyNot.OTHER: "something else",
}
_ADD = (
    (Addition.BENCHMARK.value, "a benchmark"),
    (Addition.PROBE.value, "a probe"),
    (Addition.TEST.value, "a test"),
    (Addition.NOTHING.value, "nothing, and why"),
)
_RUNBOOK = (
    (RunbookWorked.YES.value, "yes"),
    (RunbookWorked.NO.value, "no: a step failed"),
    (RunbookWorked.NONE.value, "there was none"),
)
_SURPRISE = (
    (Surprise.NO.value, "no, we knew the risk"),
    (Surprise.STAGING_SAME.value, "yes, and staging would have behaved the same"),
    (Surprise.STAGING_OTHER.value, "yes, and staging would have behaved otherwise"),
)
_LACKING = (
    (Lacking.TELEMETRY.value, "telemetry"),
    (Lacking.TEST.value, "a test"),
    (Lacking.GATE.value, "a gate"),
    (Lacking.NOTHING.value, "nothing"),
)
_CHOICES = {
    "contributed": _KNOWN,
    "staging_would_catch": _KNOWN,
    "why_not": tuple((item.value, words) for item, words in WHY_NOT.items()),
    "add_kind": _ADD,
    "runbook_worked": _RUNBOOK,
    "surprise": _SURPRISE,
    "lacking": _LACKING,
    "caused_by_release": _KNOWN,
}


def words_of(field: str, value: Enum | str | None) -> str:
    """An answer in words; "" where there is none."""
    said = value.value if isinstance(value, Enum) else value or ""
    return dict(_CHOICES.get(field, ())).get(said, "")


def questions(value: IncidentReview, about: About) -> tuple[Question, ...]:
    """What is asked, in order, given what was answered: some answers ask for another one."""
    found = [*_first(value), *_fast(value, about)]
    if about is not About.TEST and value.form is Form.FULL:
        found += _full(value, about)
    return tuple(found)


def unanswered(value: IncidentReview, about: About) -> tuple[Question, ...]:
    """What has to be answered before the review is complete; what is not known yet is not answered."""
    return tuple(one for one in questions(value, about) if one.needed and not one.answered)


def says_what_is_added(value: IncidentReview) -> bool:
    """Whether it is said what is to be added, and what that has to show; or why nothing is."""
    return value.add_kind is not Addition.UNSAID and bool(value.add_words.strip())


def _first(value: IncidentReview) -> Iterator[Question]:
    yield _known("contributed", "Did a difference between staging and production contribute?", value)
    if value.contributed is Known.YES:
        yield Question(field="differences", ask="Which?", answered=bool(value.differences))


def _fast(value: IncidentReview, about: About) -> Iterator[Question]:
    if about is About.TEST:
        return
    if about is About.PRODUCTION:
        yield _known("staging_would_catch", "Would staging have caught it?", value)
        if value.staging_would_catch is Known.NO:
            yield Question(
                field="why_not",
                ask="Why not?",
                choices=_CHOICES["why_not"],
                words="why_not_words",
                answered=value.why_not is not WhyNot.UNSAID
                and (value.why_not is not WhyNot.OTHER or bool(value.why_not_words.strip())),
            )
    yield Question(
        field="add_kind",
        ask="What is to be added, so that it is caught next time?",
        choices=_ADD,
        words="add_words",
        answered=says_what_is_added(value),
    )


def _full(value: IncidentReview, about: About) -> Iterator[Question]:
    failed = value.runbook_worked is RunbookWorked.NO
    yield Question(
        field="runbook_worked",
        ask="Did the runbook work?",
        choices=_RUNBOOK,
        words="runbook_step" if failed else "",
        answered=value.runbook_worked is not RunbookWorked.UNSAID
        and (not failed or bool(value.runbook_step.strip())),
    )
    if about is About.PRODUCTION:
        yield Question(
            field="surprise",
            ask="Did production surprise us?",
            choices=_SURPRISE,
            answered=value.surprise is not Surprise.UNSAID,
        )
    yield Question(
        field="lacking",
        ask="What was lacking to see it earlier?",
        choices=_LACKING,
        answered=value.lacking is not Lacking.UNSAID,
    )
    yield _known("caused_by_release", "Did a release cause it?", value)
    yield Question(field="cause", ask="What was the cause?", answered=bool(value.cause.strip()))
    yield Question(
        field="hours", ask="How many hours did it cost?", answered=value.hours is not None, needed=False
    )
    yield Question(
        field="cost", ask="What else did it cost?", answered=bool(value.cost.strip()), needed=False
    )


def _known(field: str, ask: str, value: IncidentReview) -> Question:
    return Question(field=field, ask=ask, choices=_KNOWN, answered=getattr(value, field) is not Known.UNKNOWN)
