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
)
KINDS: Registry[ProbeKind] = Registry(__name__, NAMES)
