"""Scanners found no more than so many problems of each severity in this commit."""

from typing import Annotated

from msgspec import Meta, field

from workbench.model.fields import DurationText, Key, Shape
from workbench.model.kinds import RequirementKind

Most = Annotated[int, Meta(ge=0, le=1_000_000)]


Sources = Key | list[Key]


def require_sources(named: Sources) -> None:
    """``ValueError`` for an empty list: nothing would be counted."""
    if not named:
        raise ValueError("name at least one source")


class AtMost(Shape, frozen=True, kw_only=True):
    """How many there may be of each severity; one that is not named counts with the next lower one that is."""

    critical: Most | None = None
    """How many critical ones there may be."""
    high: Most | None = None
    """How many high ones; what has no severity counts as high."""
    medium: Most | None = None
    """How many medium ones."""
    low: Most | None = None
    """How many low ones."""

    def __post_init__(self) -> None:
        if not self.limits:
            raise ValueError("name at least one severity with a number, for example critical: 0")

    @property
    def limits(self) -> dict[str, int]:
        """The limits that were named, the most severe first."""
        named = {"critical": self.critical, "high": self.high, "medium": self.medium, "low": self.low}
        return {severity: most for severity, most in named.items() if most is not None}


NONE_SEVERE = AtMost(critical=0, high=0)


class FindingsConfig(Shape, frozen=True, kw_only=True):
    """Scanners found no more than so many problems of each severity in this commit."""

    source: Sources
    """The source whose findings count, or a list of them: each has to keep the limits."""
    at_most: AtMost = field(default_factory=lambda: NONE_SEVERE)
    """How many may be open, by severity; no critical and no high one unless said."""
    max_age: DurationText | None = None
    """How old a scan may be; any age unless said."""

    def __post_init__(self) -> None:
        require_sources(self.source)


KIND = RequirementKind(
    name="findings",
    about="scanners found no more than so many problems in this commit",
    config=FindingsConfig,
    shorthand="source",
    refers={"source": "findings"},
)
