"""A difference's fields: what each is called, how it is read and written, who sets it."""

from __future__ import annotations

from workbench.definitions.shapes import Severity
from workbench.model.dates import WHEN
from workbench.model.noun_fields import (
    ADD,
    DECIDE,
    EDIT,
    Field,
    choice_field,
    end_field,
    list_field,
    moment_field,
    text_field,
)
from workbench.parity.decisions import Decision
from workbench.parity.model import Category
from workbench.parity.rating import Frequency, Harm, ThirdParty

_SEVERITIES = {
    Severity.HIGH: (
        "h", "very high", "severe", "serious", "grave", "major", "critical", "crit", "blocker", "blocking",
        "urgent", "bad", "very bad", "sev0", "sev1", "sev 0", "sev 1", "s0", "s1", "p0", "p1", "prio 0", "prio 1", "red",
        "priority 1", "highest", "medium high", "high medium", "showstopper", "show stopper", "extreme",
        "hoch", "sehr hoch", "höchste", "kritisch", "schwer", "schwerwiegend", "élevé", "élevée", "haut", "haute",
        "critique", "bloquant", "alto", "alta",
    ),
    Severity.MEDIUM: (
        "m", "med", "mid", "middle", "moderate", "normal", "average", "sev2", "sev 2", "s2", "p2", "prio 2",
        "priority 2", "yellow", "amber", "orange", "medium low", "low medium", "mittel", "moyen", "moyenne", "modéré",
        "medio", "media",
    ),
    Severity.LOW: (
        "l", "very low", "minor", "trivial", "cosmetic", "harmless", "negligible", "sev3", "sev 3", "sev4",
        "sev 4", "s3", "s4", "p3", "p4", "prio 3", "priority 3", "green", "lowest", "niedrig", "gering", "faible", "bas",
        "basse", "mineur", "mineure", "bajo", "baja",
    ),
}  # fmt: skip
_DECISIONS = {
    Decision.UNDECIDED: (
        "open", "todo", "to do", "tbd", "to be decided", "not decided", "pending", "new", "none", "n/a", "na",
        "not applicable", "unknown", "offen", "ouvert",
    ),
    Decision.CLOSE: ("closing", "to close", "fix", "fixing", "to fix", "remove", "align"),
    Decision.MITIGATE: ("mitigated", "mitigating", "mitigation", "workaround", "work around"),
    Decision.ACCEPT: ("accepted", "accepting", "accept risk", "risk accepted", "won't fix", "wontfix"),
    Decision.IRRELEVANT: (
        "irrelevant", "does not matter", "doesn't matter", "not mattering", "no matter", "not relevant", "ignore", "ignored",
        "intended", "wanted", "by design",
    ),
}  # fmt: skip
_CATEGORIES = {
    Category.INFRASTRUCTURE: ("infra", "hardware", "network", "capacity", "compute"),
    Category.CONFIGURATION: ("config", "settings", "flags", "feature flags", "environment variables"),
    Category.DATA: ("database", "db"),
    Category.PIPELINE: ("ci", "cd", "ci/cd", "deployment", "deploy"),
    Category.SERVICES: ("service", "versions", "third party", "third parties", "dependencies", "mocks"),
    Category.SECURITY: ("auth", "access"),
    Category.OBSERVABILITY: ("monitoring", "logging", "logs", "metrics"),
    Category.TRAFFIC: ("load",),
    Category.CODE: ("branch", "branches"),
    Category.UNSORTED: ("other", "misc", "none", "unknown"),
}

_OFFERED = {
    Decision.CLOSE: "close it",
    Decision.MITIGATE: "mitigate",
    Decision.ACCEPT: "accept",
    Decision.IRRELEVANT: "irrelevant",
    Decision.UNDECIDED: "undecided",
}
_FREQUENCIES = {
    Frequency.CONSTANTLY: ("always", "constant", "every request", "continuously", "very often"),
    Frequency.DAILY: ("often", "every day", "frequent", "frequently"),
    Frequency.WEEKLY: ("sometimes", "every week", "occasionally"),
    Frequency.RARELY: ("seldom", "rare", "monthly", "yearly"),
    Frequency.UNKNOWN: ("n/a", "na", "tbd", "open"),
}
_HARMS = {
    Harm.LOSS: ("data loss", "loses data", "loses money", "data or money is lost"),
    Harm.OUTAGE: ("stops", "down", "the flow stops"),
    Harm.DEGRADED: ("slow", "slower", "slow or degraded", "degradation"),
    Harm.BARELY_NOTICED: ("barely noticed", "cosmetic", "harmless"),
    Harm.UNKNOWN: ("n/a", "na", "tbd", "open"),
}
_THIRD_PARTIES = {
    ThirdParty.NONE: ("no", "n/a", "na"),
    ThirdParty.MOCK: ("mocked", "stub", "stubbed", "stand-in", "simulated", "virtualised"),
    ThirdParty.SANDBOX: ("sandboxed", "test account", "test system"),
    ThirdParty.RESTRICTED: ("production with restrictions",),
}
_OFTEN = {Frequency.CONSTANTLY: "with every request", Frequency.UNKNOWN: "not said"}
_BADLY = {
    Harm.LOSS: "data or money is lost",
    Harm.OUTAGE: "the flow stops",
    Harm.DEGRADED: "slow or degraded",
    Harm.BARELY_NOTICED: "barely noticed",
    Harm.UNKNOWN: "not said",
}
_STANDS_IN = {ThirdParty.NONE: "none is involved", ThirdParty.RESTRICTED: "its production, with restrictions"}


FIELDS: tuple[Field, ...] = (
    text_field(
        "title", "What differs", "what is different", "difference", "differences", "what", "name", "item",
        "summary", "gap", "parameter", "setting", "component", "subject",
        help="What differs.", needed=True,
    ),
    choice_field(
        "category", "Category", "area", "kind", "type", "group", "dimension",
        choices=tuple(Category), synonyms=_CATEGORIES, help="What kind of difference it is.",
    ),
    text_field(
        "staging", "Staging", "on staging", "in staging", "staging value", "value on staging", "value in staging",
        "staging's value", "stage", "stg", "test", "pre production", "preprod", "uat",
        help="What staging has.", label="In staging",
    ),
    text_field(
        "production", "Production", "on production", "in production", "on prod", "in prod", "prod", "prod value",
        "production value", "value on prod", "value in production", "production's value", "live", "on live",
        help="What production has.", label="In production",
    ),
    choice_field(
        "severity", "Severity", "how bad", "how serious", "how severe", "sev", "risk", "risk level", "criticality",
        "priority", "prio", "level",
        choices=tuple(reversed(Severity)), synonyms=_SEVERITIES,
        help="How bad it would be to be wrong about it.",
    ),
    text_field(
        "severity_written", "Severity as written",
        help="What a table says where its severity could not be read; the difference counts as high.", verbs=(),
    ),
    choice_field(
        "frequency", "How often", "how often it runs", "frequency", "path frequency",
        choices=tuple(reversed(Frequency)), synonyms=_FREQUENCIES, offered=_OFTEN, unsaid=Frequency.UNKNOWN,
        help="How often the affected path runs in production.", label="The path runs",
    ),
    choice_field(
        "harm", "How badly", "how badly it can fail", "worst case", "harm",
        choices=tuple(reversed(Harm)), synonyms=_HARMS, offered=_BADLY, unsaid=Harm.UNKNOWN,
        help="How badly it can fail.", label="At worst",
    ),
    text_field(
        "region", "Region", "regions", "location", "zone",
        help="Where it holds, if not everywhere.", metavar="NAME",
    ),
    text_field(
        "environment", "Environment", "env", "in environment",
        help="The environment that it is in; the project's staging unless said.", hint="the key of an environment in workbench.yaml",
        metavar="KEY",
    ),
    text_field(
        "impact", "Impact", "effect", "consequence", "consequences", "why it matters", "what can happen", "description",
        help="What it can hide.", label="What can happen", lines=True,
    ),
    list_field(
        "flows", "Flows", "flow", "affected flows", "affects", "affected",
        help="A flow that it touches", label="Flows it touches", hint="by name, separated by commas",
        option="flow", metavar="KEY", refers="flow",
    ),
    list_field(
        "benchmarks", "Benchmarks", "benchmark", "measured by", "affected benchmarks",
        help="A benchmark that shows it", label="Benchmarks that show it", hint="keys, separated by commas",
        option="benchmark", metavar="KEY",
    ),
    list_field(
        "incidents", "Incidents", "incident", "related incidents", "postmortems",
        help="An incident that it had a part in", label="Incidents it had a part in", hint="names or links, separated by commas",
        option="incident", metavar="NAME",
    ),
    choice_field(
        "third_party", "Third party", "third party in staging", "stand in", "external service",
        choices=tuple(ThirdParty), synonyms=_THIRD_PARTIES, offered=_STANDS_IN, unsaid=ThirdParty.NONE,
        help="What stands in for a third party.",
    ),
    choice_field(
        "decision", "Decision", "decided", "what we do", "what do we do", "status", "state", "action", "treatment",
        choices=tuple(_OFFERED), synonyms=_DECISIONS, offered=_OFFERED,
        help="What is done about it.", verbs=(DECIDE,), needed=True,
    ),
    text_field(
        "reason", "Reason", "why", "justification", "rationale", "because",
        help="Why.", hint="why can a release live with it?", verbs=(DECIDE,),
    ),
    text_field(
        "mitigation", "Mitigation", "workaround", "how we mitigate", "mitigated by", "measure", "measures",
        help="What is done about it.", verbs=(ADD, EDIT, DECIDE),
    ),
    text_field(
        "owner", "Owner", "who", "responsible", "assignee", "assigned to", "person", "contact", "team",
        help="The owner.", metavar="PERSON", refers="person", empty=None, verbs=(ADD, EDIT, DECIDE),
    ),
    end_field(
        "until", "Until", "end", "ends", "expires", "expiry", "valid until", "accepted until", "deadline", "due",
        help="When the decision ends; then it is undecided again.", hint=f"needed to accept, and for every high one; {WHEN}",
        metavar="TIME", verbs=(DECIDE,),
    ),
    text_field(
        "up_to", "Up to", "holds up to", "bound", "accepted up to",
        help="How far apart the values may get before the decision no longer covers them: 5 s, 20 %, 10.",
        label="Holds up to", hint="how far apart the values may get: 5 s, 20 %, 10; exactly these values unless said",
        metavar="DISTANCE", verbs=(DECIDE,),
    ),
    end_field(
        "review_by", "Review by", "review", "next review", "review date", "look again",
        help="When to look at it again.", label="Look again by", hint=WHEN, metavar="TIME",
    ),
    text_field(
        "closing_cost", "Closing costs", "cost of closing", "closing cost", "cost", "effort", "cost to close", "cost to fix",
        help="What it would take to close it.", label="Closing it costs",
    ),
    text_field(
        "failure_cost", "Failure costs", "cost of failure", "failure cost", "cost if it fails", "cost of an incident",
        help="What its failure in production would cost.", label="If it fails it costs",
    ),
    text_field(
        "probe", "Probe", "watched by", "probe key",
        help="The probe that watches it.", label="Watched by the probe", hint="the key of a probe in workbench.yaml",
        metavar="KEY",
    ),
    text_field(
        "path", "Path", "parameter path", "key path",
        help="Where it stands in what its probe compares.", label="Where it stands", hint="as the probe tells it: app.env/DB_POOL",
    ),
    moment_field(
        "found_at", "Found", "found at", "found on", "since", "reported", "created", "date",
        help="When it was found.", verbs=(),
    ),
    moment_field("decided_at", "Decided at", "decided on", "decision date", help="When it was decided.", verbs=()),
    text_field(
        "decided_by", "Decided by", "who decided", "decision by", help="Who decided.", verbs=(), empty=None, refers="person"
    ),
)  # fmt: skip
