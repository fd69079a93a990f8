"""The source ``record``: figures that benchmarks ask of the record itself, stored as ordinary measurements."""

from workbench.usecases.figures.answering import (
    FIGURES,
    READS,
    answered,
    asks_record,
    reads_figure,
    reads_probe,
    reads_samples,
)

__all__ = ["FIGURES", "READS", "answered", "asks_record", "reads_figure", "reads_probe", "reads_samples"]
