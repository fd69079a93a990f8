"""JUnit XML files inside the project, as every CI writes them."""

from typing import TYPE_CHECKING

from workbench.model.kinds import Approach, Proof, SourceKind, later
from workbench.sources.files_config import FilesConfig, same_files
from workbench.sources.test_runs import RunMeasure, RunTests

if TYPE_CHECKING:
    from workbench.sources.proposing import Folder, Proposal


class JUnitConfig(FilesConfig, frozen=True, kw_only=True):
    """JUnit XML files inside the project."""


def propose(folder: "Folder") -> "Proposal | None":
    """What a folder tells of it."""
    from workbench.sources.junit import found

    return found.propose(folder)


KIND = SourceKind(
    name="junit",
    about="JUnit XML files, as every CI writes them",
    config=JUnitConfig,
    measure=RunMeasure,
    tests=RunTests,
    load=later("workbench.sources.junit.ask:JUnit"),
    recognise=later("workbench.sources.junit.ask:recognise"),
    propose=propose,
    question_doubts=same_files,
    approach=Approach.SYNTHETIC,
    proof=Proof.REAL,
)
