"""IN-2: what an incident or a failed test taught: would staging have caught it, and why not?"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

import msgspec

from workbench.record import Column, EntityKind, Record, Stored


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

    ``differences`` are ids of rows of the map that contributed.  ``hours`` is what it cost in people's hours,
    ``cost`` what it cost otherwise, as an amount with its currency.
    """

    subject: str
    by: str
    at: datetime
    form: Form = Form.FAST
    contributed: Known = Known.UNKNOWN
    differences: tuple[str, ...] = ()
    staging_would_catch: Known = Known.UNKNOWN
    why_not: WhyNot | None = None
    why_not_words: str = ""
    add_kind: Addition = Addition.UNSAID
    add_words: str = ""
    add_yaml: str = ""
    runbook_worked: RunbookWorked = RunbookWorked.UNSAID
    runbook_step: str = ""
    surprise: Surprise = Surprise.UNSAID
    lacking: Lacking = Lacking.UNSAID
    caused_by_release: Known = Known.UNKNOWN
    hours: Decimal | None = None
    cost: str = ""
    cause: str = ""
    words: str = ""


ENTITIES = (
    EntityKind(
        "incident_review",
        IncidentReview,
        columns=(Column("subject"), Column("at")),
        thing="review",
        title=lambda id, value, titles: titles("incident", id.removeprefix("incident/")) or id,
        judged=True,
        excerpt=True,
    ),
)


def all_reviews(record: Record) -> dict[str, tuple[Stored, IncidentReview]]:
    """Every review by its subject."""
    rows = record.all("incident_review")
    return {value.subject: (row, value) for row in rows for value in (row.decode(IncidentReview),)}
