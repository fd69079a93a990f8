"""What every source of load tests and timings shares: the words of its questions, and what it answers."""

from collections.abc import Iterable
from typing import Annotated, Any

from msgspec import Meta

from workbench.model.fields import Shape
from workbench.model.kinds import Asked, Doubt, later

StatisticText = Annotated[
    str, Meta(title="statistic", examples=["p95", "mean", "max", "count", "share above 0.5"])
]
RequestStatistic = Annotated[
    str,
    Meta(
        title="statistic",
        examples=["p95", "mean", "max", "count", "failures", "failure_rate", "throughput", "share above 500"],
    ),
]


class RequestsMeasure(Shape, frozen=True, kw_only=True):
    """One number of the requests of a load test."""

    request: str | None = None
    """Only the requests of this name, as the test calls them; without it all of them."""
    statistic: RequestStatistic = "p95"
    """``p95``, ``mean``, ``max``, ``share above 500`` (ms) of their times; ``count``, ``failures``, ``failure_rate``, ``throughput``."""

    @property
    def counted(self) -> bool:
        """Whether an answer says how many observations it rests on."""
        return True


_DOUBTS = later("workbench.sources.load_tests.doubts:doubts")


def question_doubts(measure: Any, asked: Asked) -> Iterable[Doubt]:
    """What can be proved before a file is there: a statistic that there is not, a unit that cannot be, one file for two sides."""
    found: Iterable[Doubt] = _DOUBTS()(measure, asked)
    return found
