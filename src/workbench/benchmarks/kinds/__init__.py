"""The built-in kinds of benchmark: each in the module of its name, loaded when a file names it."""

from __future__ import annotations

from workbench.model.kinds import BenchmarkKind, Registry

NAMES = (
    "schema_pass_rate",
    "latency",
    "error_rate",
)
KINDS: Registry[BenchmarkKind] = Registry("workbench.benchmarks.kinds", NAMES)
