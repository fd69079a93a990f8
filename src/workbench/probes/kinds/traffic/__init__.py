"""Staging's traffic against production's (BM-16): request mix, bursts, slow clients, reads and writes."""

from typing import Annotated, Any

from msgspec import Meta

from workbench.model.dates import read_moment
from workbench.model.errors import UsageError
from workbench.model.fields import DateText, DurationText, PathPattern, Percent, Shape
from workbench.model.kinds import Doubt, ProbeKind, later


class Mirror(Shape, frozen=True, kw_only=True):
    """Production's requests, sent to staging as they come."""

    share: Annotated[int, Meta(ge=1, le=100)]
    """How many percent of the requests are mirrored; 1 where it is less."""
    since: DateText
    """The day from which this share is mirrored."""


class Replay(Shape, frozen=True, kw_only=True):
    """Requests that were recorded in production and are played back in staging."""

    recorded: DateText
    """The day on which they were recorded."""
    max_age: DurationText = "30d"
    """How old a recording may be."""
    throttle: str | None = None
    """How the speed is limited, such as ``200/s``; without that it says nothing about capacity."""


class TrafficProbe(Shape, frozen=True, kw_only=True):
    """Access logs, or tables of requests by route, of both environments."""

    staging: PathPattern | list[PathPattern]
    """Access logs (common, combined, or lines of JSON), or CSV with ``route`` and ``requests`` or a rate."""
    production: PathPattern | list[PathPattern]
    """The same of what it is compared with."""
    apart: Percent = 5
    """By how many percentage points the share of a route, or of writes, may differ."""
    mix: Percent | None = None
    """The share of the request mix that has to be the same, in percent."""
    mirror: Mirror | None = None
    """How staging's traffic is mirrored from production, if it is."""
    replay: Replay | None = None
    """What staging's traffic is played back from, if it is."""


def doubts(config: TrafficProbe, project: Any) -> list[Doubt]:
    """Days that are none."""
    found = []
    for name, day in (
        ("mirror", config.mirror and config.mirror.since),
        ("replay", config.replay and config.replay.recorded),
    ):
        try:
            if day:
                read_moment(day)
        except UsageError as error:
            found.append(Doubt(name, error.what, error.hint, error=True))
    return found


KIND = ProbeKind(
    name="traffic",
    about="traffic by access logs: request mix, bursts, slow clients, reads and writes",
    config=TrafficProbe,
    load=later("workbench.probes.kinds.traffic.probing:TrafficProber"),
    category="traffic",
    doubts=doubts,
)
