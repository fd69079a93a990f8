"""Whether a file is a plan of Terraform or OpenTofu."""

from __future__ import annotations

from workbench.sources.recognising import Sample

_CHANGES = frozenset({"resource_changes", "planned_values", "resource_drift"})


def recognise(sample: Sample) -> str:
    """``plan of Terraform`` for a file with the version of its format and changes; a state has none of them."""
    keys = sample.keys
    return "plan of Terraform" if "format_version" in keys and keys & _CHANGES else ""
