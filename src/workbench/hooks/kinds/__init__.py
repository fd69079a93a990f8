"""The ways in which a hook is called, each in a module of its name, loaded when a file names it."""

from __future__ import annotations

from workbench.model.kinds import HookKind, Registry

NAMES: tuple[str, ...] = ("command", "http")
KINDS: Registry[HookKind] = Registry(__name__, NAMES)
