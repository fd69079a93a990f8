"""The flow inventory as a table: its columns, under the names that teams give them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbench.definitions.shapes import Tier
from workbench.flows.model import Stage
from workbench.model.cells import Field, choice_field, flag_field, list_field, text_field
from workbench.record import EntityKind, Titles


def _row_title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    texts = value.get("texts")
    name = texts.get("name") if isinstance(texts, dict) else ""
    return " ".join(part for part in (str(value.get("file", "")), f"({name})" if name else "") if part)


# What the last import said about a flow; it goes by the flow's id.
IMPORTED = EntityKind("imported_flow", thing="a row of", title=_row_title)

_TIERS = {
    Tier.CRITICAL: ("high", "must", "must have", "tier 1", "tier1", "1", "p0", "p1", "crit"),
    Tier.IMPORTANT: ("medium", "should", "tier 2", "tier2", "2", "p2", "normal"),
    Tier.BEST_EFFORT: ("low", "could", "tier 3", "tier3", "3", "p3", "nice to have", "minor"),
}
_STAGES = {
    Stage.LISTED: ("new", "none", "known"),
    Stage.SELECTED: ("chosen", "picked"),
    Stage.ADVISORY: ("informing", "watched"),
    Stage.ENFORCED: ("blocking", "enforcing"),
}

FIELDS: tuple[Field, ...] = (
    text_field("key", "Key", "id", "slug", "flow key", "flow id", "short name"),
    text_field("name", "Name", "flow", "flow name", "title", "integration flow", "process", "journey"),
    choice_field(
        "tier", "Tier", "importance", "criticality", "priority", "class", choices=Tier, synonyms=_TIERS
    ),
    flag_field("core", "Core", "core flow", "is core", "key flow"),
    choice_field("stage", "Stage", "adoption", "adoption stage", choices=Stage, synonyms=_STAGES),
    text_field("owner", "Owner", "who", "responsible", "team", "person", "contact"),
    list_field("services", "Services", "service", "systems", "components", "services involved"),
    text_field("trigger", "Trigger", "triggered by", "starts with", "event"),
    text_field("outcome", "Outcome", "expected outcome", "result", "ends with"),
    list_field("steps", "Steps", "ordered steps", "step"),
    list_field("mocked_steps", "Mocked steps", "mocked", "mocks", "simulated", "not real in staging"),
    text_field(
        "staging_tests",
        "Tests in staging",
        "staging tests",
        "tests",
        "test coverage",
        "monitoring in staging",
    ),
    text_field("failure_cost", "Cost of failure", "failure cost", "cost of five minutes of failure", "cost"),
)
