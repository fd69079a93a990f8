"""Whether a file holds results of a scan of Soda."""

from __future__ import annotations

from workbench.sources.recognising import Sample

_KEYS = frozenset({"definitionName", "hasErrors", "hasFailures", "checks"})


def recognise(sample: Sample) -> str:
    """``scan of Soda`` for a file with its fields; ``""`` for anything else."""
    return "scan of Soda" if sample.keys >= _KEYS else ""
