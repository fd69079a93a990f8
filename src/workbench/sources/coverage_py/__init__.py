"""coverage.py's JSON report: coverage of Python."""

from workbench.model.kinds import Approach, Proof, SourceKind, later
from workbench.sources.code_coverage import CoverageMeasure, question_doubts
from workbench.sources.files_config import FilesConfig


class CoveragePyConfig(FilesConfig, frozen=True, kw_only=True):
    """JSON reports of coverage.py inside the project."""


KIND = SourceKind(
    name="coverage_py",
    about="JSON reports of coverage.py: coverage of Python code",
    config=CoveragePyConfig,
    measure=CoverageMeasure,
    load=later("workbench.sources.coverage_py.read:CoveragePy"),
    recognise=later("workbench.sources.coverage_py.read:recognise"),
    question_doubts=question_doubts,
    approach=Approach.SYNTHETIC,
    signs=("coveragerc",),
    proof=Proof.REAL,
)
