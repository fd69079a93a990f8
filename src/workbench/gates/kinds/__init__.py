"""The kinds of requirement that a gate may name, each in a folder of its name.

The folder says what the kind looks like in YAML, its ``judging`` what it means.  Who only
reads a project's files imports nothing that judges.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbench.model.kinds import Registry, RequirementKind

if TYPE_CHECKING:
    from workbench.gates.kind import Kind

NAMES = (
    "benchmarks",
    "benchmark",
    "objective_held",
    "error_budget",
    "tests_green",
    "findings",
    "no_secrets",
    "issues",
    "checklist",
    "item",
    "parity_reviewed",
    "differences_decided",
    "not_frozen",
    "outside_change_freeze",
    "inventory",
    "probes_run",
    "data_fresh",
    "data_consistency",
    "masking",
    "compatible",
    "drift_budget",
    "reviews_not_overdue",
    "actions_done",
    "routines_done",
    "changes_measured",
    "advisory_score",
    "release_described",
)
ASKED: Registry[RequirementKind] = Registry(__name__, NAMES)
KINDS: Registry[Kind[Any]] = Registry(__name__, NAMES, inside="judging")
