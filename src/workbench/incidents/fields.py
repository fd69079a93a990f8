"""An incident's fields: what each is called, how it is read and written, who sets it."""

from __future__ import annotations

from workbench.incidents.model import IncidentEnd, IncidentSeverity
from workbench.model.noun_fields import (
    ADD,
    EDIT,
    Field,
    choice_field,
    list_field,
    moment_field,
    past_field,
    tell_moment,
    text_field,
)

_OTHER_NAMES = {
    IncidentSeverity.CRITICAL: ("sev1", "p1", "s1", "1"),
    IncidentSeverity.HIGH: ("sev2", "p2", "s2", "2", "major"),
    IncidentSeverity.MEDIUM: ("sev3", "p3", "s3", "3", "moderate"),
    IncidentSeverity.LOW: ("sev4", "p4", "s4", "4", "minor"),
}
_WHEN = "14:05, 10min ago, or a date and a time"

FIELDS: tuple[Field, ...] = (
    text_field("title", "What", help="What happens, in a few words.", hint="such as: checkout answers 503", needed=True),
    text_field("environment", "Environment", help="Where it happens.", metavar="KEY", refers="environment", needed=True, verbs=(ADD, EDIT)),
    choice_field(
        "severity", "Severity", choices=tuple(IncidentSeverity), synonyms=_OTHER_NAMES,
        help="How bad it is for those who are affected.", needed=True, by_any_name=True,
    ),
    list_field("flows", "Flows", help="A flow that is affected.", option="flow", metavar="FLOW", refers="flow"),
    text_field("commander", "Commander", help="Who leads.", metavar="PERSON", refers="person", empty=None),
    list_field("people", "People", help="Who else works on it.", option="person", metavar="PERSON", refers="people"),
    text_field("summary", "Summary", help="What is known, in a sentence or two.", lines=True),
    text_field("runbook", "Runbook", help="The runbook that is followed.", metavar="KEY"),
    text_field("link", "Link", help="Where people talk about it.", metavar="URL"),
    past_field("started_at", "Started", help="When it started.", hint=_WHEN, option="started"),
    past_field("detected_at", "Detected", help="When it was noticed.", hint=_WHEN, option="detected"),
    past_field("mitigated_at", "Mitigated", help="When nobody was affected any longer.", hint=_WHEN, option="mitigated"),
    past_field("closed_at", "Closed", help="When it was over.", hint=_WHEN, option="closed"),
    moment_field("declared_at", "Declared", help="When it was written down.", tell=tell_moment, verbs=()),
    text_field("declared_by", "Declared by", help="Who wrote it down.", verbs=()),
    text_field("release", "Release", help="The release that it belongs to.", verbs=()),
    text_field("candidate", "Candidate", help="The build that it belongs to.", empty=None, verbs=()),
    choice_field("ended", "Ended", choices=tuple(IncidentEnd), help="Open, or what it ended as.", verbs=()),
    text_field("ended_why", "Ended because", help="Why it ended so.", verbs=()),
    text_field("closed_by", "Closed by", help="Who said that it was over.", empty=None, verbs=()),
    text_field("into", "Merged into", help="The incident that it is part of.", verbs=()),
    text_field("split_from", "Split from", help="The incident that it was taken out of.", verbs=()),
)  # fmt: skip
TIMES = ("started_at", "detected_at", "mitigated_at", "closed_at")
