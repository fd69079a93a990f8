"""hyperfine: the JSON that ``--export-json`` writes."""

from workbench.model.fields import Shape
from workbench.model.kinds import Approach, Proof, SourceKind, later
from workbench.sources.files_config import FilesConfig
from workbench.sources.load_tests import StatisticText, question_doubts


class HyperfineConfig(FilesConfig, frozen=True, kw_only=True):
    """What hyperfine wrote with ``--export-json``."""


class HyperfineMeasure(Shape, frozen=True, kw_only=True):
    """One number of the times that a command took."""

    name: str | None = None
    """The command as it was written, or the name that ``--command-name`` gave it; not needed where the file has one."""
    statistic: StatisticText = "mean"
    """``mean``, ``median``, ``min``, ``max``, ``p95`` or another percentile, ``count`` of the runs."""

    @property
    def counted(self) -> bool:
        """Whether an answer says how many observations it rests on."""
        return True


KIND = SourceKind(
    name="hyperfine",
    about="Timings of commands by hyperfine",
    config=HyperfineConfig,
    measure=HyperfineMeasure,
    load=later("workbench.sources.hyperfine.read:Hyperfine"),
    question_doubts=question_doubts,
    approach=Approach.SYNTHETIC,
    proof=Proof.REAL,
    recognise=later("workbench.sources.hyperfine.read:recognise"),
)
