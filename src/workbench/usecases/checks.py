"""What was looked at, how it is, and what to do about it: for ``doctor`` and ``share --check``."""

from __future__ import annotations

from typing import Literal

import msgspec

State = Literal["ok", "warn", "fail"]


class Check(msgspec.Struct, frozen=True):
    """One thing that was looked at: how it is, and what to do where it is not ``ok``."""

    state: State
    what: str
    why: str
    fix: str = ""


def worst(checks: tuple[Check, ...]) -> State:
    """The worst state among them."""
    states = {check.state for check in checks}
    return "fail" if "fail" in states else "warn" if "warn" in states else "ok"
