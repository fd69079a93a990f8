"""PM-2: how often the affected path runs and how badly it can fail; severity is the one times the other."""

from __future__ import annotations

from enum import StrEnum

from workbench.definitions.shapes import Severity


class Frequency(StrEnum):
    """How often the affected path runs in production."""

    UNKNOWN = "unknown"
    RARELY = "rarely"
    WEEKLY = "weekly"
    DAILY = "daily"
    CONSTANTLY = "constantly"


class Harm(StrEnum):
    """How badly it can fail."""

    UNKNOWN = "unknown"
    BARELY_NOTICED = "barely_noticed"
    DEGRADED = "degraded"
    OUTAGE = "outage"
    LOSS = "loss"


class ThirdParty(StrEnum):
    """PM-7: what stands in for a third party in this environment."""

    NONE = "none"
    MOCK = "mock"
    SANDBOX = "sandbox"
    RESTRICTED = "restricted"


OFTEN = {frequency: points for points, frequency in enumerate(Frequency)}
BADLY = {harm: points for points, harm in enumerate(Harm)}
MOST = OFTEN[Frequency.CONSTANTLY] * BADLY[Harm.LOSS]
HIGH_FROM, MEDIUM_FROM = 8, 4  # of 16
# What a severity counts for where nobody has said how often and how badly: the middle of its range.
STANDS_FOR = {Severity.HIGH: 12, Severity.MEDIUM: 6, Severity.LOW: 2}
HARM_WORDS = {
    Harm.BARELY_NOTICED: "barely noticed",
    Harm.DEGRADED: "slow or degraded",
    Harm.OUTAGE: "the flow stops",
    Harm.LOSS: "data or money is lost",
}
RISKS = {
    ThirdParty.MOCK: "a mock hides latency and errors of the third party",
    ThirdParty.SANDBOX: "a sandbox may be faster, smaller and more forgiving than the third party",
    ThirdParty.RESTRICTED: "the third party's production risks leaks and its rate limits",
}


def points_of(frequency: Frequency, harm: Harm) -> int | None:
    """How often times how badly, from 1 to 16; ``None`` where one of them is unknown."""
    return OFTEN[frequency] * BADLY[harm] or None


def rated(frequency: Frequency, harm: Harm) -> Severity | None:
    """The severity that follows from how often and how badly; ``None`` where one of them is unknown."""
    points = points_of(frequency, harm)
    if points is None:
        return None
    if points >= HIGH_FROM:
        return Severity.HIGH
    return Severity.MEDIUM if points >= MEDIUM_FROM else Severity.LOW
