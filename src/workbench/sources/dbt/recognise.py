"""Whether a file holds run results of dbt."""

from __future__ import annotations

from workbench.sources.recognising import Sample


def recognise(sample: Sample) -> str:
    """``run results of dbt`` for a file whose metadata names that schema; ``""`` for anything else."""
    metadata = sample.value("metadata")
    schema = metadata.get("dbt_schema_version") if isinstance(metadata, dict) else None
    return "run results of dbt" if isinstance(schema, str) and "/run-results/" in schema else ""
