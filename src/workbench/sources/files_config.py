"""What every kind of source that reads files says in YAML.  Light: the command line imports it."""

from collections.abc import Iterable
from typing import Any

from workbench.model.fields import Key, PathPattern, Shape
from workbench.model.kinds import Asked, Doubt, later

_DOUBTS = later("workbench.sources.report_files:same_files")


def same_files(measure: Any, asked: Asked) -> Iterable[Doubt]:
    """The ``question_doubts`` of most kinds that read files: a value that would be compared with itself."""
    found: Iterable[Doubt] = () if asked.config is None else _DOUBTS()(asked.config, asked)
    return found


class FilesConfig(Shape, frozen=True, kw_only=True):
    """Files inside the project."""

    files: PathPattern | list[PathPattern]
    """A pattern or a list of patterns below the project file; ``$environment`` is filled in."""
    baseline_files: PathPattern | list[PathPattern] | None = None
    """The same for what a value is compared with, where ``$environment`` does not tell the two apart."""


class ComparedFiles(FilesConfig, frozen=True, kw_only=True):
    """Files that say how an environment is set up, and those of the environment that it is compared with."""

    compared_with: Key = "production"
    """The environment that it is compared with: what fills ``$environment`` for the other side."""
