"""Whether a file is SARIF."""

from __future__ import annotations

from workbench.model.text import safe_text
from workbench.sources.recognising import Sample


def recognise(sample: Sample) -> str:
    """``SARIF 2.1.0`` for a file with that version and a list of runs; ``""`` for anything else."""
    version = sample.value("version") if {"version", "runs"} <= sample.keys else None
    return f"SARIF {safe_text(version, 20)}" if isinstance(version, str) else ""
