"""CTRF: the Common Test Report Format, JSON that reporters of many test tools write."""

from workbench.model.kinds import Approach, Proof, SourceKind, later
from workbench.sources.files_config import FilesConfig, same_files
from workbench.sources.test_runs import RunMeasure, RunTests


class CtrfConfig(FilesConfig, frozen=True, kw_only=True):
    """CTRF reports inside the project."""


KIND = SourceKind(
    name="ctrf",
    about="CTRF reports: the common JSON of reporters for Playwright, Cypress, pytest, Jest and others",
    config=CtrfConfig,
    measure=RunMeasure,
    tests=RunTests,
    load=later("workbench.sources.ctrf.read:Ctrf"),
    recognise=later("workbench.sources.ctrf.read:recognise"),
    question_doubts=same_files,
    approach=Approach.SYNTHETIC,
    proof=Proof.REAL,
)
