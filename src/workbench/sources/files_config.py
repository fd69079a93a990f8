"""What every kind of source that reads files says in YAML.  Light: the command line imports it."""

from collections.abc import Iterable
from typing import Any

from workbench.model.fields import PathPattern, Shape
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
