"""The kinds of requirement that a gate may name, and their shapes in YAML."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from workbench.definitions.shapes import Dimension, Severity, Tier
from workbench.model.fields import DurationText, Key
from workbench.model.kinds import RequirementKind


class _Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    pass


class BenchmarksConfig(_Config, frozen=True, kw_only=True):
    """Every blocking benchmark that fits has to be through."""

    flow: Key | None = None
    tier: Tier | None = None
    dimension: Dimension | None = None
    tag: Key | None = None
    benchmark: Key | None = None


class TestsGreenConfig(_Config, frozen=True, kw_only=True):
    """The test run of a source is green for exactly this commit."""

    source: Key
    max_age: DurationText | None = None


class ChecklistConfig(_Config, frozen=True, kw_only=True):
    """Every item of a checklist is done or not applicable."""

    checklist: Key


class ParityReviewedConfig(_Config, frozen=True, kw_only=True):
    """The parity map was looked over for this release, and not too long ago."""

    within: DurationText = "90d"


class DifferencesDecidedConfig(_Config, frozen=True, kw_only=True):
    """No difference of this severity or a higher one is undecided."""

    at_least: Severity = Severity.HIGH


class NotFrozenConfig(_Config, frozen=True, kw_only=True):
    """Nobody has frozen the project."""


class OutsideChangeFreezeConfig(_Config, frozen=True, kw_only=True):
    """Today is in none of the project's change-freeze dates."""


class InventoryConfig(_Config, frozen=True, kw_only=True):
    """So many flows are listed, and every core flow has an owner."""

    flows: Annotated[int, Meta(ge=1)] = 1
    core: Annotated[int, Meta(ge=0)] = 0


KINDS: dict[str, RequirementKind] = {
    kind.name: kind
    for kind in (
        RequirementKind("benchmarks", "blocking benchmarks are through", BenchmarksConfig, refers={"benchmark": "benchmark"}),
        RequirementKind("tests_green", "tests are green for this commit", TestsGreenConfig, "source", {"source": "tests"}),
        RequirementKind("checklist", "a checklist is complete", ChecklistConfig, "checklist", {"checklist": "checklist"}),
        RequirementKind("parity_reviewed", "the parity map was looked over", ParityReviewedConfig, "within"),
        RequirementKind("differences_decided", "no grave difference is undecided", DifferencesDecidedConfig, "at_least"),
        RequirementKind("not_frozen", "the project is not frozen", NotFrozenConfig),
        RequirementKind("outside_change_freeze", "today is no change-freeze day", OutsideChangeFreezeConfig),
        RequirementKind("inventory", "the flow inventory is filled", InventoryConfig),
    )
}  # fmt: skip
