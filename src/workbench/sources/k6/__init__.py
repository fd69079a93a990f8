"""k6: its summary in the three shapes that there are, and its points as JSON or CSV."""

from collections.abc import Iterable
from typing import Annotated, Literal

from msgspec import Meta

from workbench.model.fields import Shape
from workbench.model.kinds import Approach, Asked, Doubt, Proof, SourceKind, later
from workbench.sources.files_config import FilesConfig

MetricText = Annotated[
    str, Meta(title="metric", examples=["http_req_duration", "http_req_duration{name:checkout}"])
]
K6Statistic = Annotated[
    str, Meta(title="statistic", examples=["p95", "mean", "median", "max", "count", "rate", "value"])
]


class K6Config(FilesConfig, frozen=True, kw_only=True):
    """What k6 wrote: a summary of ``--summary-export`` or ``handleSummary``, or points of ``--out json=…`` or ``--out csv=…``."""


class K6Measure(Shape, frozen=True, kw_only=True):
    """One number of a run: of one metric, or of its thresholds."""

    metric: MetricText = "http_req_duration"
    """A metric of k6 or of the script; with tags as a threshold names it, ``http_req_duration{name:checkout}``."""
    statistic: K6Statistic = "p95"
    """``p95``, ``mean``, ``median``, ``min``, ``max`` of a trend, its ``count``; ``rate`` of a rate or counter; ``value`` of a gauge."""
    read: Literal["broken_thresholds"] | None = None
    """Not a metric, but how many thresholds of the script were not kept."""

    @property
    def counted(self) -> bool:
        """Whether an answer says how many observations it rests on; thresholds are no samples."""
        return self.read is None


_DOUBTS = later("workbench.sources.k6.metrics:doubts")


def question_doubts(measure: K6Measure, asked: Asked) -> Iterable[Doubt]:
    """What can be proved before a file is there."""
    found: Iterable[Doubt] = _DOUBTS()(measure, asked)
    return found


KIND = SourceKind(
    name="k6",
    about="Load tests of k6: its metrics, its checks and its thresholds",
    config=K6Config,
    measure=K6Measure,
    load=later("workbench.sources.k6.read:K6"),
    question_doubts=question_doubts,
    approach=Approach.SYNTHETIC,
    proof=Proof.REAL,
    recognise=later("workbench.sources.k6.read:recognise"),
    signs=("k6",),
)
