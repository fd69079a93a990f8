"""The kinds of requirement that a gate may name: one file each, imported when a project names it."""

from __future__ import annotations

from typing import Any

from workbench.gates.kind import Kind
from workbench.model.kinds import Registry

KINDS: Registry[Kind[Any]] = Registry(
    __name__,
    (
        "benchmarks",
        "tests_green",
        "checklist",
        "parity_reviewed",
        "differences_decided",
        "not_frozen",
        "outside_change_freeze",
        "inventory",
    ),
    Kind,
)
