"""The kinds of probe, each in a folder of its name, loaded when a file names it."""

from __future__ import annotations

from workbench.model.kinds import ProbeKind, Registry

NAMES: tuple[str, ...] = (
    "compatible",
    "configuration",
    "data_profile",
    "files",
    "flags",
    "freshness",
    "http",
    "infrastructure",
    "isolation",
    "masking",
    "patterns",
    "query_plans",
    "same_queries",
    "schema",
    "simulation",
    "traffic",
    "versions",
)
KINDS: Registry[ProbeKind] = Registry(__name__, NAMES)
