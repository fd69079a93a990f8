"""What every source of code coverage shares: the shape of its question, what is covered, and its answers."""

from typing import Literal

from workbench.model.fields import Shape


class CoverageMeasure(Shape, frozen=True, kw_only=True):
    """How much of the code ran while it was tested."""

    read: Literal["lines", "branches", "functions", "missed_lines"]
    """A share of the lines, branches or functions that were measured, or how many lines did not run."""
    paths: list[str] | None = None
    """Only files that match one of these patterns count, such as ``src/payment/**``."""
