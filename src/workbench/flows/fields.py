"""A flow's fields: what each is called, how it is read and written, who sets it."""

from __future__ import annotations

from workbench.definitions.shapes import Tier
from workbench.flows.model import STAGES, Stage
from workbench.model.noun_fields import ADD, Field, choice_field, flag_field, list_field, text_field

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
    list_field(
        "services", "Services", "service", "systems", "components", "services involved",
        help="A service on its way", hint="separated by commas", option="service", metavar="NAME",
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
        help="A step, in order", hint="one on each line", lines=True, option="step",
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
        help="What it costs when it fails.", hint="of five minutes in production",
    ),
)  # fmt: skip
