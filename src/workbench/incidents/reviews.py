"""IN-2: what an incident or a failed test taught: would staging have caught it, and why not?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import msgspec

from workbench.model.errors import UsageError
from workbench.model.keys import is_slug
from workbench.record import Change, Column, EntityKind, Record, Stored, Titles


class Known(StrEnum):
    """An answer to a question that can stay open."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Form(StrEnum):
    """How much a review asks."""

    FAST = "fast"
    FULL = "full"


class WhyNot(StrEnum):
    """Why staging would not have caught it."""

    UNSAID = ""
    NOT_TESTED = "not_tested"
    NO_BENCHMARK = "no_benchmark"
    LIMIT_TOO_LOOSE = "limit_too_loose"
    MOCKED = "mocked"
    OTHER_DATA = "other_data"
    OTHER_SCALE = "other_scale"
    OTHER_TRAFFIC = "other_traffic"
    OTHER_CONFIGURATION = "other_configuration"
    OTHER_VERSION = "other_version"
    OTHER_INFRASTRUCTURE = "other_infrastructure"
    THIRD_PARTY = "third_party"
    NOT_OBSERVED = "not_observed"
    OVERRIDDEN = "overridden"
    SKIPPED_STAGING = "skipped_staging"
    OTHER = "other"


class Addition(StrEnum):
    """What is to be added so that it is caught next time."""

    UNSAID = ""
    BENCHMARK = "benchmark"
    PROBE = "probe"
    TEST = "test"
    NOTHING = "nothing"


class RunbookWorked(StrEnum):
    """Whether the runbook worked."""

    UNSAID = ""
    YES = "yes"
    NO = "no"
    NONE = "none"


class Surprise(StrEnum):
    """IN-6: whether production surprised us, and what staging would have done."""

    UNSAID = ""
    NO = "no"
    STAGING_SAME = "staging_same"
    STAGING_OTHER = "staging_other"


class Lacking(StrEnum):
    """IN-3: what was lacking to see it earlier."""

    UNSAID = ""
    TELEMETRY = "telemetry"
    TEST = "test"
    GATE = "gate"
    NOTHING = "nothing"


class IncidentReview(msgspec.Struct, frozen=True, kw_only=True):
    """The review of a ``subject``: ``incident/ID``, or ``test/RELEASE/CANDIDATE/SOURCE``.

    ``by`` and ``at`` say who began it and when.  What is ``unknown`` is not answered: it counts in no figure.
    ``differences`` are ids of rows of the map that contributed.  ``add_key`` is the key of the benchmark or
    probe that is to be added, as a project's files will call it.  ``hours`` is what it cost in people's hours,
    ``cost`` what it cost otherwise, as an amount with its currency.
    """

    subject: str
    by: str
    at: datetime
    form: Form = Form.FAST
    contributed: Known = Known.UNKNOWN
    differences: tuple[str, ...] = ()
    staging_would_catch: Known = Known.UNKNOWN
    why_not: WhyNot = WhyNot.UNSAID
    why_not_words: str = ""
    add_kind: Addition = Addition.UNSAID
    add_words: str = ""
    add_key: str = ""
    runbook_worked: RunbookWorked = RunbookWorked.UNSAID
    runbook_step: str = ""
    surprise: Surprise = Surprise.UNSAID
    lacking: Lacking = Lacking.UNSAID
    caused_by_release: Known = Known.UNKNOWN
    hours: Decimal | None = None
    cost: str = ""
    cause: str = ""
    words: str = ""

    @property
    def contributing(self) -> tuple[str, ...]:
        """The differences that contributed; none where somebody said that none did."""
        return self.differences if self.contributed is Known.YES else ()


def _title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    noun, _, ident = str(value.get("subject", id)).partition("/")
    if noun != "test":
        return titles("incident", ident) or ident[-12:]
    release, _, rest = ident.partition("/")
    return f"the failed tests of {titles('release', release) or release[-12:]} ({rest.rpartition('/')[2]})"


ENTITIES = (
    EntityKind(
        "incident_review",
        IncidentReview,
        columns=(Column("subject"), Column("at")),
        thing="review of",
        title=_title,
        verbs={"began": "began the", "answered": "went on with the"},
        judged=True,
        excerpt=True,
        together=(
            ("contributed", "differences"),
            ("staging_would_catch", "why_not", "why_not_words"),
            ("add_kind", "add_words", "add_key"),
            ("runbook_worked", "runbook_step"),
        ),
    ),
)


def of_incident(ident: str) -> str:
    """What the review of an incident is about."""
    return f"incident/{ident}"


def of_tests(release: str, candidate: str, source: str) -> str:
    """What the review of a failed test run is about, by ids and the key of its source."""
    return f"test/{release}/{candidate}/{source}"


def all_reviews(record: Record) -> dict[str, tuple[Stored, IncidentReview]]:
    """Every review by its subject."""
    rows = record.all("incident_review")
    return {value.subject: (row, value) for row in rows for value in (row.decode(IncidentReview),)}


def review_of(record: Record, subject: str) -> tuple[Stored, IncidentReview] | None:
    """The review of a subject, if somebody has begun one."""
    stored = record.get("incident_review", subject)
    return (stored, stored.decode(IncidentReview)) if stored else None


def answered(stored: Stored | None, value: IncidentReview) -> Change:
    """The change that keeps the answers."""
    base, verb = (stored.base, "answered") if stored else (None, "began")
    return Change("incident_review", value.subject, verb, value, base)


def consistent(value: IncidentReview, given: Collection[str] = ()) -> IncidentReview:
    """The same without answers to questions that are no longer asked.

    ``given`` are the fields that were said just now: of two answers that exclude each other the one that was
    said now counts, and ``UsageError`` where both were.
    """
    if value.differences and value.contributed is not Known.YES:
        value = _settled(value, given, "contributed", Known.YES, differences=())
    if value.why_not is not WhyNot.UNSAID and value.staging_would_catch is not Known.NO:
        value = _settled(
            value, given, "staging_would_catch", Known.NO, why_not=WhyNot.UNSAID, why_not_words=""
        )
    if value.add_key and not is_slug(value.add_key):
        raise UsageError(
            f"“{value.add_key}” cannot be a key",
            hint="lower-case letters, digits, and single - _ or . between them",
        )
    return value


def _settled(
    value: IncidentReview, given: Collection[str], question: str, follows: Known, **gone: Any
) -> IncidentReview:
    """A follow-up that does not go with the answer to its question: the later of the two counts."""
    if question not in given:
        return msgspec.structs.replace(value, **{question: follows})
    if any(name in given and getattr(value, name) for name in gone):
        raise UsageError(_CONTRADICTIONS[question], hint="workbench incident review --help lists the answers")
    return msgspec.structs.replace(value, **gone)


_CONTRADICTIONS = {
    "contributed": "differences that contributed are named, yet it is not said that any did",
    "staging_would_catch": "it is said why staging would not have caught it, yet not that it would not have",
}
