"""Askings of gates in CI, in words: when, which gate, what it said, whether somebody went on anyway."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import Any

import msgspec

from workbench.gates.askings import Asking
from workbench.model.canonical import plain
from workbench.model.text import number_of
from workbench.model.times import moment_text
from workbench.releases import model as releases
from workbench.usecases.askings import Told, read_askings
from workbench.usecases.context import Context
from workbench.usecases.views.marks import Mark


class AskingPage(msgspec.Struct, frozen=True):
    """The askings of a release, the earliest first."""

    told: tuple[Told, ...]
    zone: tzinfo


def read_page(context: Context, gate: str | None = None) -> AskingPage:
    """The askings of the release in hand, of one gate or of all."""
    version = releases.find(context.record, context.release).release.version
    found = [one for one in read_askings(context, version) if gate in (None, one.asking.gate)]
    return AskingPage(tuple(found), context.zone)


def asking_mark(told: Told) -> Mark:
    """Passed, not passed, or that somebody went on anyway; what is doubtful never looks passed."""
    if told.doubts or told.asking.went_on:
        return Mark.WARNS
    return Mark.DONE if told.asking.passed else Mark.BLOCKS


def said_words(value: Asking) -> str:
    """What the gate said: ``blocked by 2, went on anyway``."""
    if value.passed:
        return value.state
    words = f"{value.state} by {value.stops}" if value.stops else value.state
    return f"{words}, went on anyway" if value.went_on else words


def job_words(value: Asking) -> str:
    """Which job asked: ``GitHub Actions: Gate / gate, started by kim``; nothing where none did."""
    ask = value.ask
    started = f", started by {ask.who}" if ask.who else ""
    named = ": ".join(filter(None, (ask.system, ask.what)))
    return f"{named}{started}" if named else "by hand"


def asking_row(told: Told, page: AskingPage) -> tuple[str, ...]:
    """A line of the list."""
    value = told.asking
    return (
        asking_mark(told).symbol,
        moment_text(value.asked_at, page.zone),
        value.gate,
        said_words(value),
        job_words(value),
        "; ".join(told.doubts),
    )


def asking_document(told: Told) -> dict[str, Any]:
    """The same for scripts."""
    value = told.asking
    found: dict[str, Any] = plain(value)
    return {**found, "passed": value.passed, "went_on": value.went_on, "doubts": list(told.doubts)}


def summary_words(askings: Sequence[Asking]) -> str:
    """How often gates of a release were asked: ``asked 3 times in CI; went on anyway once``; nothing for never."""
    if not askings:
        return ""
    count = "once" if len(askings) == 1 else number_of(len(askings), "time")
    on = sum(one.went_on for one in askings)
    anyway = f"; went on anyway {'once' if on == 1 else number_of(on, 'time')}" if on else ""
    return f"asked {count} in CI{anyway}"
