"""The fields of what happens to environments: forms, options and details come from them."""

from __future__ import annotations

from datetime import tzinfo

from workbench.environments.model import Finding, Occupied
from workbench.model.cells import CellError, short_text
from workbench.model.dates import WHEN
from workbench.model.noun_fields import ADD, EDIT, Field, choice_field, end_field, moment_field, text_field
from workbench.model.times import duration_text, parse_duration


def _duration(text: str, zone: tzinfo) -> str:
    try:
        return duration_text(parse_duration(text))
    except (ValueError, OverflowError):
        raise CellError(f"“{short_text(text)}” is not a duration", "write 45min, 2h or 1d") from None


def _found(name: str, title: str, what: str) -> Field:
    return choice_field(
        name, title, choices=(Finding.PASSED, Finding.FAILED, Finding.UNCHECKED),
        synonyms={
            Finding.PASSED: ("pass", "ok", "same", "yes"),
            Finding.FAILED: ("fail", "differ", "no"),
            Finding.UNCHECKED: ("unchecked",),
        },
        help=f"Whether {what} fit.", empty=Finding.UNCHECKED,
    )  # fmt: skip


REFRESH_FIELDS: tuple[Field, ...] = (
    moment_field(
        "at", "Refreshed", help="When the data was there; now unless said.", hint="empty means now", metavar="TIME",
        verbs=(ADD,),
    ),
    moment_field(
        "data_of", "Data of", help="The moment that the data is of; that of the refresh unless said.",
        label="The data is of", hint="empty means that of the refresh", option="data-of", metavar="TIME", verbs=(ADD,),
    ),
    text_field(
        "source", "From", help="Where the data came from.", label="It came from", option="from", verbs=(ADD,)
    ),
    text_field(
        "took", "Took", help="How long copying and masking took.", label="It took", hint="45min, 2h",
        metavar="DURATION", read=_duration, verbs=(ADD,),
    ),
    _found("rows", "Row counts", "the row counts"),
    _found("distributions", "Distributions", "the distributions of values"),
    _found("plans", "Query plans", "the query plans"),
    text_field("note", "Note", help="What else there is to say.", lines=True),
)  # fmt: skip

OCCUPANCY_FIELDS: tuple[Field, ...] = (
    text_field(
        "who", "Who", help="Whose work it is: a team, or a person of the project.",
        hint="a person of the project is one of us; anybody else is another team", needed=True, verbs=(ADD,),
    ),
    text_field("why", "Why", help="What for.", label="What for", needed=True, verbs=(ADD,)),
    moment_field(
        "begins", "From", help="From when; now unless said.", option="from", hint="empty means now", metavar="TIME", verbs=(ADD,)
    ),
    end_field(
        "ends", "Until", help="Until when; until somebody ends it unless said.", option="until", hint=f"{WHEN}; empty means until it is freed",
        metavar="TIME", verbs=(ADD, EDIT),
    ),
    choice_field(
        "sort", "For", choices=tuple(Occupied), help="Work, or maintenance.", option="for", verbs=(ADD,), empty=Occupied.WORK
    ),
)  # fmt: skip

END_FIELDS: tuple[Field, ...] = (
    end_field(
        "ends", "Ends", help="The last day of its life.", option="on", hint=WHEN, metavar="TIME", needed=True, verbs=(ADD,)
    ),
    text_field("reason", "Reason", help="Why it ends then.", needed=True, verbs=(ADD,)),
)  # fmt: skip
