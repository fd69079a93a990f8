"""autocannon: the JSON that ``--json`` prints."""

from workbench.model.fields import Shape
from workbench.model.kinds import Approach, Proof, SourceKind, later
from workbench.sources.files_config import FilesConfig
from workbench.sources.load_tests import RequestStatistic, question_doubts


class AutocannonConfig(FilesConfig, frozen=True, kw_only=True):
    """What autocannon printed with ``--json``, one run in each file."""


class AutocannonMeasure(Shape, frozen=True, kw_only=True):
    """One number of a run, which sends one request again and again."""

    statistic: RequestStatistic = "p99"
    """``p50``, ``p90``, ``p97.5``, ``p99``, ``mean``, ``min``, ``max``; ``count``, ``failures``, ``failure_rate``, ``throughput``."""

    @property
    def counted(self) -> bool:
        """Whether an answer says how many observations it rests on."""
        return True


KIND = SourceKind(
    name="autocannon",
    about="Runs of autocannon: how long an HTTP request took, and how many failed",
    config=AutocannonConfig,
    measure=AutocannonMeasure,
    load=later("workbench.sources.autocannon.read:Autocannon"),
    question_doubts=question_doubts,
    approach=Approach.SYNTHETIC,
    proof=Proof.REAL,
    recognise=later("workbench.sources.autocannon.read:recognise"),
)
