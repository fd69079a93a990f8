"""Files of configuration: one of their numbers, or how many parameters differ from another environment's."""

from collections.abc import Iterable

from workbench.model.fields import Shape
from workbench.model.kinds import Approach, Asked, Doubt, Proof, SourceKind, later
from workbench.sources.files_config import ComparedFiles


class ConfigurationConfig(ComparedFiles, frozen=True, kw_only=True):
    """Files of configuration of each environment, inside the project."""


class ConfigurationMeasure(Shape, frozen=True, kw_only=True):
    """A number of the configuration: what one parameter says, or how many differ."""

    parameter: str | None = None
    """The path of the parameter whose number is read: ``shop.env/POOL_SIZE``, ``values.yaml/web/replicas``."""
    differing: str | None = None
    """Of which parameters those are counted that differ: a pattern of paths, ``*`` for all."""


_DOUBTS = later("workbench.sources.configuration_files.ask:doubts")


def question_doubts(measure: ConfigurationMeasure, asked: Asked) -> Iterable[Doubt]:
    """What can be said of a measure before its files are read."""
    found: Iterable[Doubt] = _DOUBTS()(measure, asked)
    return found


KIND = SourceKind(
    name="configuration_files",
    about="Files of configuration: one of their numbers, or how many parameters differ from production's",
    config=ConfigurationConfig,
    measure=ConfigurationMeasure,
    load=later("workbench.sources.configuration_files.ask:Configuration"),
    question_doubts=question_doubts,
    shorthand="files",
    approach=Approach.QUERIES,
    proof=Proof.REAL,
)
