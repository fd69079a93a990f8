"""The kinds of probe, each in a folder of its name, loaded when a file names it."""

from __future__ import annotations

from workbench.model.kinds import ProbeKind, Registry

NAMES: tuple[str, ...] = (
    "compatible",
    "configuration",
    "http",
    "simulation",
    "traffic",
    "versions",
    "schema",
    "data_profile",
    "masking",
    "query_plans",
    "same_queries",
    "freshness",
    "patterns",
)
KINDS: Registry[ProbeKind] = Registry(__name__, NAMES)
