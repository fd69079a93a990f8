"""pytest-benchmark: the JSON that ``--benchmark-json`` writes."""

from workbench.model.fields import Shape
from workbench.model.kinds import Approach, Proof, SourceKind, later
from workbench.sources.files_config import FilesConfig
from workbench.sources.load_tests import StatisticText, question_doubts


class PytestBenchmarkConfig(FilesConfig, frozen=True, kw_only=True):
    """What pytest-benchmark wrote with ``--benchmark-json``."""


class PytestBenchmarkMeasure(Shape, frozen=True, kw_only=True):
    """One number of the rounds of one test."""

    test: str
    """The name of the test with its parameters, ``test_search[large]``, or the whole of it, ``tests/test_speed.py::test_search[large]``."""
    statistic: StatisticText = "median"
    """``median``, ``mean``, ``min``, ``max``, ``p95`` or another percentile, ``count`` of the rounds."""

    @property
    def counted(self) -> bool:
        """Whether an answer says how many observations it rests on."""
        return True


KIND = SourceKind(
    name="pytest_benchmark",
    about="Timings of functions by pytest-benchmark",
    config=PytestBenchmarkConfig,
    measure=PytestBenchmarkMeasure,
    load=later("workbench.sources.pytest_benchmark.read:PytestBenchmark"),
    question_doubts=question_doubts,
    approach=Approach.SYNTHETIC,
    proof=Proof.REAL,
    recognise=later("workbench.sources.pytest_benchmark.read:recognise"),
)
