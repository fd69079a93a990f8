"""A resolved benchmark field by field: what it means, and where that comes from."""

from __future__ import annotations

import msgspec

from workbench.benchmarks.resolve import Resolved
from workbench.model.times import duration_text

FROM_FILE = "its file"


class Explained(msgspec.Struct, frozen=True):
    """One field in words, and its origin."""

    name: str
    value: str
    origin: str


def explained(resolved: Resolved) -> list[Explained]:
    """Every field that says something, in the order in which people ask for them."""
    benchmark, measure = resolved.benchmark, resolved.benchmark.measure
    values = {
        "flow": benchmark.flow or "",
        "tier": resolved.tier.value.replace("_", " "),
        "dimension": benchmark.dimension.value.replace("_", " ") if benchmark.dimension else "",
        "environment": resolved.environment or "",
        "source": measure.source,
        **_asked(measure.ask),
        "window": measure.window or "",
        "unit": resolved.unit.symbol,
        "pass": str(resolved.pass_ or ""),
        "warn": str(resolved.warn or ""),
        "baseline": resolved.baseline,
        "better": resolved.better,
        "mode": resolved.mode.value,
        "max_age": duration_text(resolved.max_age) if resolved.max_age else "this candidate",
        "min_samples": str(resolved.min_samples or ""),
        "carry": "yes, across candidates" if benchmark.carry else "",
    }
    return [Explained(name, value, _origin(resolved, name)) for name, value in values.items() if value]


def _asked(ask: msgspec.Struct | None) -> dict[str, str]:
    """What the source is asked, by the fields of its kind."""
    if ask is None:
        return {}
    fields = {name: getattr(ask, name) for name in ask.__struct_fields__}
    return {name: str(value) for name, value in fields.items() if value not in (None, "", (), [], {})}


def _origin(resolved: Resolved, name: str) -> str:
    if name == "tier":
        if resolved.benchmark.flow is None:
            return "no flow: counts as important"
        return "its flow" if resolved.tier_known else "its flow is not known here: counts as critical"
    if name == "environment" and resolved.benchmark.environment is None:
        return FROM_FILE if resolved.benchmark.measure.environment else "the project's staging"
    if name == "mode" and resolved.mode is not resolved.benchmark.mode:
        return _why_blocking(resolved)
    return resolved.origins.get(name, FROM_FILE)


def _why_blocking(resolved: Resolved) -> str:
    begins = resolved.benchmark.blocking_from
    return (
        f"its file: blocking from {begins}, or made so in the record" if begins else "made so in the record"
    )
