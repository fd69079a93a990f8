"""A flow's fields: what each is called, how it is read and written, who sets it."""

from __future__ import annotations

from datetime import tzinfo

from workbench.definitions.shapes import Tier
from workbench.flows.model import STAGES, Complexity, FlowKind, Measuring, Stability, Stage, TriggerKind
from workbench.flows.steps import read_steps
from workbench.model.cells import CellError, plain_words, read_list, short_text
from workbench.model.noun_fields import (
    ADD,
    Field,
    choice_field,
    flag_field,
    list_field,
    moment_field,
    text_field,
)

_TIERS = {
    Tier.CRITICAL: (
        "high",
        "must",
        "must have",
        "tier 0",
        "tier0",
        "t0",
        "tier 1",
        "tier1",
        "t1",
        "p0",
        "p1",
        "crit",
        "platinum",
        "gold",
        "hoch",
        "kritisch",
        "critique",
    ),
    Tier.IMPORTANT: (
        "medium",
        "should",
        "tier 2",
        "tier2",
        "t2",
        "p2",
        "normal",
        "silver",
        "mittel",
        "wichtig",
        "moyen",
    ),
    Tier.BEST_EFFORT: (
        "low",
        "could",
        "tier 3",
        "tier3",
        "t3",
        "tier 4",
        "t4",
        "p3",
        "bronze",
        "niedrig",
        "faible",
        "nice to have",
        "minor",
    ),
}
_STAGES = {
    Stage.LISTED: ("new", "none", "known"),
    Stage.SELECTED: ("chosen", "picked"),
    Stage.ADVISORY: ("informing", "watched"),
    Stage.ENFORCED: ("blocking", "enforcing"),
}
_KINDS = {
    FlowKind.API_ORCHESTRATION: ("api", "orchestration", "orchestrated"),
    FlowKind.EVENT_PIPELINE: (
        "event driven pipeline",
        "event driven",
        "events",
        "pipeline",
        "stream",
        "asynchronous",
    ),
    FlowKind.SYNCHRONOUS_CHAIN: ("synchronous", "chain", "sync", "request chain"),
    FlowKind.BATCH: ("batch job", "job", "nightly"),
}
_TRIGGERS = {
    TriggerKind.USER_ACTION: ("user", "user action", "click", "request", "person"),
    TriggerKind.EVENT: ("message", "events", "webhook"),
    TriggerKind.SCHEDULE: ("scheduled", "timer", "cron", "time"),
}
_COMPLEXITIES = {
    Complexity.LOW: ("simple", "easy", "small"),
    Complexity.MEDIUM: ("moderate", "normal"),
    Complexity.HIGH: ("complex", "hard", "large"),
}
_STABILITIES = {
    Stability.STABLE: ("steady", "settled", "well understood"),
    Stability.CHANGING: ("under change", "major change", "in change", "new"),
    Stability.FLAKY: ("unstable", "unreliable"),
}
_MEASURED = {
    "synthetic": Measuring.SYNTHETIC, "synthetic transactions": Measuring.SYNTHETIC, "synthetics": Measuring.SYNTHETIC,
    "monitoring": Measuring.MONITORING, "flow based monitoring": Measuring.MONITORING, "flow monitoring": Measuring.MONITORING,
    "canary": Measuring.CANARY, "canary analysis": Measuring.CANARY,
}  # fmt: skip


_KIND_WORDS = {
    FlowKind.API_ORCHESTRATION: "API orchestration",
    FlowKind.EVENT_PIPELINE: "event-driven pipeline",
    FlowKind.SYNCHRONOUS_CHAIN: "synchronous chain",
}


def _kind_words(value: FlowKind, zone: tzinfo) -> str:
    return "" if value is FlowKind.UNKNOWN else _KIND_WORDS.get(value, value.value)


def _read_steps(text: str, zone: tzinfo) -> tuple[str, ...]:
    return read_steps(text)


def _read_approach(text: str, zone: tzinfo) -> tuple[Measuring, ...]:
    """The approaches of a list, each once."""
    found = set()
    for item in read_list(text):
        approach = _MEASURED.get(plain_words(item))
        if approach is None:
            values = ", ".join(each.value for each in Measuring)
            raise CellError(f"“{short_text(item)}” is no approach to measuring", f"write {values}")
        found.add(approach)
    return tuple(each for each in Measuring if each in found)


FIELDS: tuple[Field, ...] = (
    text_field(
        "key", "Key", "id", "slug", "flow key", "flow id", "short name",
        help="Lower-case letters, digits and dashes; benchmarks name it.", metavar="KEY", verbs=(ADD,),
    ),
    text_field(
        "name", "Name", "flow", "flow name", "title", "integration flow", "process", "journey",
        help="What people call it.", label="Flow", needed=True,
    ),
    choice_field(
        "tier", "Tier", "importance", "criticality", "priority", "class",
        choices=tuple(Tier), synonyms=_TIERS, offered={Tier.BEST_EFFORT: "best effort"},
        help="How much hangs on it.",
    ),
    flag_field(
        "core", "Core", "core flow", "is core", "key flow",
        help="Whether it is one of the core flows.", label="Core flow",
    ),
    choice_field(
        "stage", "Stage", "adoption", "adoption stage",
        choices=STAGES, synonyms=_STAGES, help="How far it has been taken under watch.",
    ),
    text_field(
        "owner", "Owner", "who", "responsible", "team", "person", "contact",
        help="The owner.", metavar="PERSON", refers="person", empty=None,
    ),
    choice_field(
        "kind", "Kind", "flow kind", "kind of flow", "flow type", "type", "pattern",
        choices=tuple(FlowKind), synonyms=_KINDS, unsaid=FlowKind.UNKNOWN,
        offered=_KIND_WORDS, tell=_kind_words,
        help="How its services work together.", label="Kind of flow",
    ),
    list_field(
        "services", "Services", "service", "systems", "components", "services involved",
        help="A service on its way", hint="separated by commas", option="service", metavar="NAME",
    ),
    list_field(
        "paths", "Paths", "path", "files", "code", "code paths", "source paths",
        help="A pattern of files of the repository that belong to it", hint="patterns of files, separated by commas: src/checkout/**",
        option="path", metavar="PATTERN",
    ),
    choice_field(
        "trigger_kind", "Kind of trigger", "trigger kind", "trigger type", "type of trigger",
        choices=tuple(TriggerKind), synonyms=_TRIGGERS, offered={TriggerKind.USER_ACTION: "user action"}, unsaid=TriggerKind.UNKNOWN,
        help="What sort of thing sets it off.", label="Begun by",
    ),
    text_field(
        "trigger", "Trigger", "triggered by", "starts with", "event",
        help="What sets it off.", label="Begins when",
    ),
    text_field(
        "outcome", "Outcome", "expected outcome", "result", "ends with",
        help="What is there in the end.", label="Ends with",
    ),
    list_field(
        "steps", "Steps", "ordered steps", "step", joined=" → ",
        help="A step, in order: SERVICE: OPERATION [mocked in staging, traces]",
        hint="one on each line; service: operation [mocked in staging, metrics, traces]",
        lines=True, option="step", read=_read_steps,
    ),
    list_field(
        "mocked_steps", "Not real in staging", "mocked steps", "mocked", "mocks", "simulated",
        help="A step not real in staging.", hint="steps that are mocked or skipped there",
        option="mocked", metavar="STEP",
    ),
    text_field(
        "staging_tests", "Tests in staging", "staging tests", "tests", "test coverage", "monitoring in staging",
        help="What tests it in staging.",
    ),
    text_field(
        "failure_cost", "Cost of failure", "failure cost", "cost of five minutes of failure", "cost",
        help="What it costs when it fails for five minutes in production.",
        hint="of five minutes in production: 4,000 EUR; or low, medium, high",
    ),
    choice_field(
        "complexity", "Complexity", "how complex", "difficulty",
        choices=tuple(Complexity), synonyms=_COMPLEXITIES, unsaid=Complexity.UNKNOWN,
        help="How many parts have to work together.",
    ),
    choice_field(
        "stability", "Stability", "how stable", "stable",
        choices=tuple(Stability), synonyms=_STABILITIES, unsaid=Stability.UNKNOWN,
        help="Whether it holds still long enough to be measured.",
    ),
    list_field(
        "approach", "Approach", "measured by", "how it is measured", "approaches",
        help="An approach by which it is measured: synthetic, monitoring, canary",
        hint="synthetic, monitoring, canary, or several of them", metavar="APPROACH", read=_read_approach,
    ),
    text_field(
        "agreed_by", "Limits agreed by", "agreed by", "product owner", "limits agreed",
        help="Who agreed to its limits, as a rule its product owner.", metavar="PERSON", refers="person", empty=None,
    ),
    moment_field(
        "agreed_on", "Limits agreed on", "agreed on", "agreed",
        help="When its limits were agreed to.", hint="a day", metavar="WHEN",
    ),
)  # fmt: skip
