"""LCOV tracefiles: coverage of C, JavaScript and many others as plain text."""

from workbench.model.kinds import Approach, Proof, SourceKind, later
from workbench.sources.code_coverage import CoverageMeasure
from workbench.sources.files_config import FilesConfig, same_files


class LcovConfig(FilesConfig, frozen=True, kw_only=True):
    """LCOV tracefiles inside the project."""


KIND = SourceKind(
    name="lcov",
    about="LCOV tracefiles: coverage of code, as c8, Jest, geninfo and others write it",
    config=LcovConfig,
    measure=CoverageMeasure,
    load=later("workbench.sources.lcov.read:Lcov"),
    recognise=later("workbench.sources.lcov.read:recognise"),
    question_doubts=same_files,
    approach=Approach.SYNTHETIC,
    signs=("c8rc", "nycrc", "lcovrc"),
    proof=Proof.REAL,
)
