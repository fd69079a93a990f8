"""What every source of code coverage shares: the shape of its question, what is covered, and its answers."""

from collections.abc import Iterable
from typing import Literal

from workbench.model.fields import Shape
from workbench.model.kinds import Asked, Doubt
from workbench.sources.files_config import same_files


class CoverageMeasure(Shape, frozen=True, kw_only=True):
    """How much of the code ran while it was tested."""

    read: Literal["lines", "branches", "functions", "missed_lines"]
    """A share of the lines, branches or functions that were measured, or how many lines did not run."""
    paths: list[str] | None = None
    """Only files that match one of these patterns count, such as ``src/payment/**``."""


def question_doubts(measure: CoverageMeasure, asked: Asked) -> Iterable[Doubt]:
    """What can be said of a measure before its files are read, where the format tells nothing of functions."""
    yield from same_files(measure, asked)
    if measure.read == "functions":
        what = "such a report tells nothing of functions, so this is missing every time"
        yield Doubt("read", what, "write read: lines", error=True)
