"""The parity map as a table: its columns, under the names that teams give them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbench.definitions.shapes import Severity
from workbench.model.cells import Field, choice_field, list_field, moment_field, text_field
from workbench.parity.model import Category, Decision
from workbench.record import EntityKind, Titles


def _row_title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    texts = value.get("texts")
    title = texts.get("title") if isinstance(texts, dict) else ""
    return " ".join(part for part in (str(value.get("file", "")), f"({title})" if title else "") if part)


# What the last import said about a difference; it goes by the difference's id.
IMPORTED = EntityKind("imported_difference", thing="a row of", title=_row_title)

_SEVERITIES = {
    Severity.HIGH: (
        "h", "very high", "severe", "serious", "grave", "major", "critical", "crit", "blocker", "blocking",
        "urgent", "bad", "very bad", "sev0", "sev1", "sev 1", "s1", "p0", "p1", "prio 1", "1 high", "3", "red",
    ),
    Severity.MEDIUM: (
        "m", "med", "mid", "middle", "moderate", "normal", "average", "sev2", "sev 2", "s2", "p2", "prio 2",
        "2", "yellow", "amber", "orange",
    ),
    Severity.LOW: (
        "l", "very low", "minor", "trivial", "cosmetic", "harmless", "negligible", "sev3", "sev 3", "sev4",
        "sev 4", "s3", "s4", "p3", "p4", "prio 3", "1", "green",
    ),
}  # fmt: skip
_DECISIONS = {
    Decision.UNDECIDED: ("open", "todo", "to do", "tbd", "to be decided", "not decided", "pending", "new", "none"),
    Decision.CLOSE: ("closing", "to close", "fix", "fixing", "to fix", "remove", "align"),
    Decision.MITIGATE: ("mitigated", "mitigating", "mitigation", "workaround", "work around"),
    Decision.ACCEPT: ("accepted", "accepting", "accept risk", "risk accepted", "won't fix", "wontfix"),
    Decision.NO_MATTER: (
        "does not matter", "doesn't matter", "not mattering", "irrelevant", "not relevant", "ignore", "ignored",
        "intended", "wanted", "by design", "n/a", "na",
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

FIELDS: tuple[Field, ...] = (
    text_field(
        "title", "What differs", "what is different", "difference", "differences", "what", "name", "item",
        "summary", "gap", "parameter", "setting", "component", "subject",
    ),
    choice_field(
        "category", "Category", "area", "kind", "type", "group", "dimension",
        choices=Category, synonyms=_CATEGORIES,
    ),
    text_field(
        "staging", "Staging", "on staging", "in staging", "staging value", "value on staging", "value in staging",
        "staging's value", "stage", "stg", "test", "pre production", "preprod", "uat",
    ),
    text_field(
        "production", "Production", "on production", "in production", "on prod", "in prod", "prod", "prod value",
        "production value", "value on prod", "value in production", "production's value", "live", "on live",
    ),
    choice_field(
        "severity", "Severity", "how bad", "how serious", "how severe", "sev", "risk", "risk level", "criticality",
        "priority", "prio", "level",
        choices=Severity, synonyms=_SEVERITIES,
    ),
    text_field("region", "Region", "regions", "location", "zone"),
    text_field("impact", "Impact", "effect", "consequence", "consequences", "why it matters", "what can happen", "description"),
    list_field("flows", "Flows", "flow", "affected flows", "affects", "affected"),
    choice_field(
        "decision", "Decision", "decided", "what we do", "what do we do", "status", "state", "action", "treatment",
        choices=Decision, synonyms=_DECISIONS,
    ),
    text_field("reason", "Reason", "why", "justification", "rationale", "because"),
    text_field("mitigation", "Mitigation", "workaround", "how we mitigate", "mitigated by", "measure", "measures"),
    text_field("owner", "Owner", "who", "responsible", "assignee", "assigned to", "person", "contact", "team"),
    moment_field("until", "Until", "end", "ends", "expires", "expiry", "valid until", "accepted until", "deadline", "due"),
    moment_field("review_by", "Review by", "review", "next review", "review date", "look again"),
    text_field("closing_cost", "Cost of closing", "closing cost", "cost", "effort", "cost to close", "cost to fix"),
    moment_field("found_at", "Found at", "found", "found on", "since", "reported", "created", "date"),
    moment_field("decided_at", "Decided at", "decided on", "decision date"),
    text_field("decided_by", "Decided by", "who decided", "decision by"),
)  # fmt: skip
