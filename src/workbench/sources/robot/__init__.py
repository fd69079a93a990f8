"""Robot Framework: its output.xml."""

from workbench.model.kinds import Approach, Proof, SourceKind, later
from workbench.sources.files_config import FilesConfig, same_files
from workbench.sources.test_runs import RunMeasure, RunTests


class RobotConfig(FilesConfig, frozen=True, kw_only=True):
    """Output files of Robot Framework inside the project."""


KIND = SourceKind(
    name="robot",
    about="Robot Framework: its output.xml, which every run writes",
    config=RobotConfig,
    measure=RunMeasure,
    tests=RunTests,
    load=later("workbench.sources.robot.read:Robot"),
    recognise=later("workbench.sources.robot.read:recognise"),
    question_doubts=same_files,
    approach=Approach.SYNTHETIC,
    proof=Proof.REAL,
)
