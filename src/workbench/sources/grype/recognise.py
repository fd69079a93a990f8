"""Whether a file is a report of Grype."""

from __future__ import annotations

from workbench.sources.recognising import Sample


def recognise(sample: Sample) -> str:
    """``report of Grype`` for a file that names the program; ``""`` for anything else."""
    told = sample.value("descriptor") if {"matches", "descriptor"} <= sample.keys else None
    return "report of Grype" if isinstance(told, dict) and told.get("name") == "grype" else ""
