"""Versions of services, packages and images, and how far they are from those of another environment."""

from collections.abc import Iterable

from workbench.model.fields import Shape
from workbench.model.kinds import Approach, Asked, Doubt, Proof, SourceKind, later
from workbench.sources.files_config import ComparedFiles


class VersionsConfig(ComparedFiles, frozen=True, kw_only=True):
    """Files that tell versions: manifests, Helm's values, Dockerfiles, lines such as ``postgres 15.4``."""


class VersionsMeasure(Shape, frozen=True, kw_only=True):
    """How far the thing that is farthest from the other environment's version is from it."""

    names: str = "*"
    """Whose versions are compared: a name or a pattern of names, such as ``shop/*``."""


_DOUBTS = later("workbench.sources.version_files.ask:doubts")


def question_doubts(measure: VersionsMeasure, asked: Asked) -> Iterable[Doubt]:
    """What can be said of a measure before its files are read."""
    found: Iterable[Doubt] = _DOUBTS()(measure, asked)
    return found


KIND = SourceKind(
    name="version_files",
    about="Versions of services, packages and images that files name, and how far they are from production's",
    config=VersionsConfig,
    measure=VersionsMeasure,
    load=later("workbench.sources.version_files.ask:Versions"),
    question_doubts=question_doubts,
    shorthand="files",
    approach=Approach.QUERIES,
    proof=Proof.REAL,
)
