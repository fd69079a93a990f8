"""Which policies a file is the result of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbench.sources.recognising import Sample

CONFTEST = "results of Conftest"
GATOR = "results of Gatekeeper's test"
AUDIT = "audit of Gatekeeper"
OPA = "decision of OPA"
_GROUP = "constraints.gatekeeper.sh/"


def recognise(sample: Sample) -> str:
    """Whose results a file holds, in words; ``""`` for anything else."""
    if sample.items:
        return format_of(sample.items)
    keys = sample.keys
    if "items" in keys or "apiVersion" in keys:
        return format_of({key: sample.value(key) for key in keys & {"items", "apiVersion"}})
    return (
        OPA
        if keys and keys <= {"result", "errors", "metrics"} and "result" in keys and _evaluated(sample)
        else ""
    )


def _evaluated(sample: Sample) -> bool:
    return format_of({"result": sample.value("result")}) == OPA


def format_of(whole: Any) -> str:
    """Whose results a decoded document is, in words; ``""`` for anything else."""
    if isinstance(whole, list):
        first = whole[0] if whole else None
        if not isinstance(first, Mapping):
            return ""
        if "filename" in first and first.keys() & {"successes", "failures", "warnings"}:
            return CONFTEST
        return GATOR if {"constraint", "msg"} <= first.keys() else ""
    if not isinstance(whole, Mapping):
        return ""
    items = whole.get("items")
    if _is_constraint(whole) or (isinstance(items, list) and items and all(map(_is_constraint, items))):
        return AUDIT
    result = whole.get("result")
    first = result[0] if isinstance(result, list) and result else None
    return OPA if isinstance(first, Mapping) and isinstance(first.get("expressions"), list) else ""


def _is_constraint(value: Any) -> bool:
    return isinstance(value, Mapping) and str(value.get("apiVersion", "")).startswith(_GROUP)
