"""What only shows of a routine when the whole of it is known."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from workbench.definitions.routine_defaults import BUILT_IN_KEYS
from workbench.definitions.routines import AFTER_REFRESH, Routine, Sprint
from workbench.definitions.telling import Tell
from workbench.model.keys import nearest
from workbench.model.times import parse_duration


def check_routine(routine: Routine, written: Collection[str], tell: Tell) -> None:
    """Tell what a routine lacks; ``written`` are the fields that stand there, also where they cannot be read."""
    if routine.key not in BUILT_IN_KEYS:
        meant = nearest(routine.key or "", BUILT_IN_KEYS)
        like = f"; if the built-in {meant} is meant, use its key" if meant else ""
        if "every" not in written:
            tell("", "this routine does not say how often it is done", f"write every: week{like}")
        if "title" not in written:
            tell("", "this routine does not say what is done", f"write title: and a few words{like}")
    if routine.within is not None and routine.every not in (AFTER_REFRESH, ""):
        tell("within", "only what follows a refresh is done within a time", f"write every: {AFTER_REFRESH}")


def check_sprint(sprint: Sprint, tell: Tell) -> None:
    """Tell where a sprint has no whole days."""
    try:
        length = parse_duration(sprint.length)
    except (ValueError, OverflowError, AttributeError):
        return  # it was told already
    if length < timedelta(days=1) or length % timedelta(days=1):
        tell("length", "a sprint has whole days", "write 2w or 10d")
