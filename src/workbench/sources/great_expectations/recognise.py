"""Whether a file holds results of Great Expectations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbench.sources.recognising import Sample

_VALIDATION = frozenset({"success", "results", "statistics"})
_DESCRIBED = frozenset({"success", "statistics", "validation_results"})
_CHECKPOINT = frozenset({"run_id", "run_results"})


def recognise(sample: Sample) -> str:
    """What sort of result a file is, told by its fields; ``""`` for anything else."""
    keys = sample.keys
    if keys >= _VALIDATION and _counts_expectations(sample.value("statistics")):
        return "validation result of Great Expectations"
    if keys >= _DESCRIBED or keys >= _CHECKPOINT:
        return "checkpoint result of Great Expectations"
    first = sample.items[0] if sample.items else None
    if isinstance(first, dict) and first.keys() >= _VALIDATION and _counts_expectations(first["statistics"]):
        return "validation results of Great Expectations"
    return ""


def _counts_expectations(statistics: Any) -> bool:
    return isinstance(statistics, Mapping) and "evaluated_expectations" in statistics
