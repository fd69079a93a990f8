"""JUnit XML files inside the project, as every CI writes them."""

from typing import TYPE_CHECKING

from workbench.model.fields import PathPattern, Shape
from workbench.model.kinds import Approach, Proof, SourceKind, later
from workbench.sources.test_runs import RunMeasure, RunTests

if TYPE_CHECKING:
    from workbench.sources.proposing import Folder, Proposal


class JUnitConfig(Shape, frozen=True, kw_only=True):
    """JUnit XML files inside the project."""

    files: PathPattern | list[PathPattern]
    """A pattern or a list of patterns below the project file."""


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
    propose=propose,
    one_place=True,
    approach=Approach.SYNTHETIC,
    proof=Proof.REAL,
)
