"""The pattern over time: how the runs of a probe went, as a row of marks and in words.

One run says how things are; whether they have just changed, come and go, or were never looked at
shows only in several.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from itertools import pairwise, takewhile

import msgspec

from workbench.model.times import clock_text
from workbench.usecases.views.marks import Mark

SHOWN = 10  # runs that a row of marks holds
_TURNS = 3  # so often does it change its mind before it is said to come and go
_MARKS = {"pass": Mark.DONE, "fail": Mark.WARNS, "error": Mark.LEARNING}


class Saying(msgspec.Struct, frozen=True):
    """How it is said what runs did: at once, and from some run on."""

    passed: str
    failed: str
    passes_again: str
    fails: str

    def did(self, state: str) -> str:
        """What runs of this state did."""
        return self.passed if state == "pass" else self.failed


OF_PROBES = Saying("passed", "failed", "passes again", "fails")
OF_DIFFERENCES = Saying("not found in", "found in", "found no more", "found")


class Beat(msgspec.Struct, frozen=True, gc=False):
    """One run: its state, ``pass``, ``fail`` or ``error``, and when it was."""

    state: str
    at: datetime


def run_mark(state: str) -> Mark:
    """The sign of one run.  ``✗`` is not among them: what a run finds blocks only where a gate asks for it."""
    return _MARKS[state]


def row_of_marks(beats: Sequence[Beat]) -> str:
    """The latest runs as a row of marks, the newest at the right; ``beats`` are in order of time."""
    return "".join(_MARKS[beat.state].symbol for beat in beats[-SHOWN:])


def trend(beats: Sequence[Beat], now: datetime, zone: tzinfo, saying: Saying = OF_PROBES) -> str:
    """What the row of marks says, in words: since when, how often, whether it comes and goes."""
    if not beats:
        return "never run"
    judged = [beat for beat in beats if beat.state != "error"]
    errors = len(list(takewhile(lambda beat: beat.state == "error", reversed(beats))))
    if not errors:
        return _judged(judged, now, zone, saying)
    said = "could not look" + (f" {errors} times in a row" if errors > 1 else "")
    return f"{said}; {saying.did(judged[-1].state).removesuffix(' in')} before" if judged else said


def _judged(beats: Sequence[Beat], now: datetime, zone: tzinfo, saying: Saying) -> str:
    """The same of runs that passed or failed."""
    recent = beats[-SHOWN:]
    if sum(one.state != other.state for one, other in pairwise(recent)) >= _TURNS:
        failed = sum(beat.state == "fail" for beat in recent)
        return f"comes and goes: {saying.failed} {failed} of the last {len(recent)} runs"
    state, count = beats[-1].state, len(beats)
    row = len(list(takewhile(lambda beat: beat.state == state, reversed(beats))))
    if row == count:
        return f"{saying.did(state)} {_times(count)}"
    since = clock_text(beats[-row].at, now, zone)
    runs = f", {row} runs in a row" if row > 1 else ""
    return f"{saying.passes_again if state == 'pass' else saying.fails} since {since}{runs}"


def _times(count: int) -> str:
    return {1: "its only run", 2: "both runs"}.get(count, f"all of the last {count} runs")
