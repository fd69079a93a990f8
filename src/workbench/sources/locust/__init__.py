"""Locust: the JSON that ``--json-file`` writes, or the table of ``--csv``."""

from workbench.model.kinds import Approach, Proof, SourceKind, later
from workbench.sources.files_config import FilesConfig
from workbench.sources.load_tests import RequestsMeasure, question_doubts


class LocustConfig(FilesConfig, frozen=True, kw_only=True):
    """What Locust wrote: ``NAME.json`` of ``--json-file NAME``, or ``NAME_stats.csv`` of ``--csv NAME``."""


KIND = SourceKind(
    name="locust",
    about="Load tests of Locust: how long requests took, and how many failed",
    config=LocustConfig,
    measure=RequestsMeasure,
    load=later("workbench.sources.locust.read:Locust"),
    question_doubts=question_doubts,
    approach=Approach.SYNTHETIC,
    proof=Proof.REAL,
    recognise=later("workbench.sources.locust.read:recognise"),
    signs=("locust",),
)
