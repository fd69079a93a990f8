"""Whether an answer about a commit counts for the candidate: asked, of this very build, and no older than it may be."""

from __future__ import annotations

from datetime import datetime

from workbench.benchmarks.judge import ASSERTED, REPLAYED, ahead_of
from workbench.benchmarks.measurements import Measurement
from workbench.gates.facts import Facts
from workbench.model.commits import same_commit
from workbench.model.times import age_text, parse_duration

NO_CANDIDATE = "the release has no candidate yet"


def could_not_ask(reading: Measurement, now: datetime) -> str | None:
    """CRITERIA 3: why an answer is an error: its source could not be asked, or it lies in the future."""
    if reading.state == "error":
        return reading.why or "could not be asked"
    return ahead_of(now, reading) if reading.state == "ok" else None


def not_of_candidate(
    reading: Measurement | None, facts: Facts, max_age: str | None, *, none: str, did: str
) -> str | None:
    """Why an answer says nothing about the candidate, in words; ``None`` where it does.

    ``none`` is said where there is no answer at all, ``did`` what was done to another commit: ``ran on``.
    """
    if facts.candidate is None:
        return NO_CANDIDATE
    if reading is None:
        return none
    if error := could_not_ask(reading, facts.now):
        return error
    if reading.state != "ok" or reading.value is None:
        return reading.why or none
    if reading.mark == "replayed" and not facts.demonstration:
        return REPLAYED
    if reading.build and not same_commit(reading.build, facts.candidate.commit):
        return f"{did} commit {reading.build[:7]}"
    age = facts.now - reading.measured_at
    if max_age and age > parse_duration(max_age) and reading.subject not in facts.pinned:
        return f"too old: {age_text(age)}, at most {age_text(parse_duration(max_age))}"
    return None


def not_whole(reading: Measurement) -> str | None:
    """Why an answer that says that all is well does not count: it names no commit, or is not the whole truth."""
    if reading.mark == "asserted":
        return ASSERTED
    return f"the answer is incomplete: {reading.partial}" if reading.partial else None
