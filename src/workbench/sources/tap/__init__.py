"""TAP: the Test Anything Protocol, the plain text of Perl, Node, bats and many others."""

from workbench.model.kinds import Approach, Proof, SourceKind, later
from workbench.sources.files_config import FilesConfig, same_files
from workbench.sources.test_runs import RunMeasure, RunTests


class TapConfig(FilesConfig, frozen=True, kw_only=True):
    """TAP output inside the project."""


KIND = SourceKind(
    name="tap",
    about="TAP: the plain text that Perl's, Node's, bats' and other test runners print",
    config=TapConfig,
    measure=RunMeasure,
    tests=RunTests,
    load=later("workbench.sources.tap.read:Tap"),
    recognise=later("workbench.sources.tap.read:recognise"),
    question_doubts=same_files,
    approach=Approach.SYNTHETIC,
    proof=Proof.REAL,
)
