"""Files of numbers inside the project: what a load test, a script or a log left, one observation a line."""

from collections.abc import Iterable

from msgspec import field

from workbench.model.fields import PathPattern, Shape
from workbench.model.kinds import Approach, Asked, Doubt, Proof, SourceKind, later
from workbench.sources.load_tests import StatisticText


class SamplesConfig(Shape, frozen=True, kw_only=True):
    """Files of numbers inside the project."""


class SamplesMeasure(Shape, frozen=True, kw_only=True):
    """One number made of the samples in a file, and the samples behind it."""

    file: PathPattern
    """A path or a pattern below the project file: one number a line, or a CSV table; ``$environment`` is filled in."""
    baseline_file: PathPattern | None = None
    """The same for what it is compared with, where ``$environment`` does not tell the two apart."""
    column: str | None = None
    """The column of the CSV table that holds the samples, in the measure's ``unit``."""
    time: str | None = None
    """The column with the moment of each sample; then only those of the ``window`` count."""
    where: dict[str, str] = field(default_factory=dict)
    """Only rows count in which these columns hold exactly this; ``$commit`` and other variables are filled in."""
    statistic: StatisticText = "p95"
    """The number to make of them: ``p95`` or another percentile, ``mean``, ``min``, ``max``, ``sum``, ``count``, ``share above 0.5``, ``share below 0.5``."""
    selection: str | None = None
    """What the samples were chosen from, such as ``10 % of requests``; ``mirrored`` where both sides were sent the same."""

    @property
    def counted(self) -> bool:
        """Whether an answer says how many observations it rests on."""
        return True


_DOUBTS = later("workbench.sources.samples.doubts:doubts")


def question_doubts(measure: SamplesMeasure, asked: Asked) -> Iterable[Doubt]:
    """What can be said of a measure before its file is read."""
    found: Iterable[Doubt] = _DOUBTS()(measure, asked)
    return found


KIND = SourceKind(
    name="samples",
    about="Files of numbers, one observation a line or in a column of CSV",
    config=SamplesConfig,
    measure=SamplesMeasure,
    load=later("workbench.sources.samples.ask:Samples"),
    question_doubts=question_doubts,
    approach=Approach.SYNTHETIC,
    proof=Proof.REAL,
)
