"""Whether a file is a report of the OSV scanner."""

from __future__ import annotations

from workbench.sources.recognising import Sample

_KEYS = frozenset(
    {"results", "experimental_config", "license_summary", "image_metadata", "experimental_generic_findings"}
)


def recognise(sample: Sample) -> str:
    """``report of the OSV scanner`` for a file with lists of packages by source; ``""`` for anything else."""
    keys = sample.keys
    if "results" not in keys or not keys <= _KEYS:
        return ""
    results = sample.value("results") or []
    first = results[0] if isinstance(results, list) and results else None
    is_ours = "packages" in first and "source" in first if isinstance(first, dict) else len(keys) > 1
    return "report of the OSV scanner" if is_ours else ""
