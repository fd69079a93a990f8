"""Files of our own JSON, ``workbench.measurements.1``: what a script or a CI job measured and wrote down."""

from collections.abc import Iterable

from workbench.model.fields import Shape
from workbench.model.kinds import Approach, Asked, Doubt, Proof, SourceKind, later
from workbench.sources.files_config import FilesConfig
from workbench.sources.load_tests import StatisticText


class MeasurementsConfig(FilesConfig, frozen=True, kw_only=True):
    """Files in our own JSON."""


class MeasurementsMeasure(Shape, frozen=True, kw_only=True):
    """One measurement of a file."""

    name: str
    """Which of the measurements."""
    statistic: StatisticText | None = None
    """The number to make of ``samples``, where the file holds them: ``p95``, ``mean``, ``count``."""

    @property
    def counted(self) -> bool:
        """Whether an answer says how many observations it rests on."""
        return self.statistic is not None


_DOUBTS = later("workbench.sources.measurements.read:doubts")


def question_doubts(measure: MeasurementsMeasure, asked: Asked) -> Iterable[Doubt]:
    """What can be proved before a file is there."""
    found: Iterable[Doubt] = _DOUBTS()(measure, asked)
    return found


KIND = SourceKind(
    name="measurements",
    about="Measurements that a script or a CI job wrote down in our own JSON",
    config=MeasurementsConfig,
    measure=MeasurementsMeasure,
    load=later("workbench.sources.measurements.read:Measurements"),
    question_doubts=question_doubts,
    approach=Approach.SYNTHETIC,
    proof=Proof.REAL,
    recognise=later("workbench.sources.measurements.read:recognise"),
)
