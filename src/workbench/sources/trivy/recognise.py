"""Whether a file is a report of Trivy."""

from __future__ import annotations

from workbench.sources.recognising import Sample


def recognise(sample: Sample) -> str:
    """``report of Trivy`` for a file with its version of the shape and what was scanned; ``""`` for anything else."""
    return "report of Trivy" if {"SchemaVersion", "ArtifactName"} <= sample.keys else ""
