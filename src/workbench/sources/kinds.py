"""The kinds of source: each in the folder of its name, loaded when a file names it."""

from __future__ import annotations

from workbench.model.kinds import Registry, SourceKind

NAMES = ("prometheus", "github_actions", "junit", "samples", "sql", "http", "record", "manual")
KINDS: Registry[SourceKind] = Registry(
    "workbench.sources", NAMES, group="workbench.sources", made_by=SourceKind
)
