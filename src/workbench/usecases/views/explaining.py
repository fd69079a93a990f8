"""A benchmark field by field: what it resolves to, and where that is said."""

from __future__ import annotations

from datetime import datetime

import msgspec

from workbench.benchmarks.resolve import Resolved, resolve
from workbench.criteria import Need
from workbench.definitions import Definitions
from workbench.definitions.shapes import Mark as Place
from workbench.model.errors import UsageError
from workbench.model.keys import nearest
from workbench.model.times import duration_text
from workbench.usecases.project import staging_of
from workbench.usecases.views.matrix import dimension_word

_FROM_FILE = "its file"
# What a benchmark's kind fills in when the files are read (:mod:`workbench.definitions.filling`).
_OF_KIND = ("dimension", "source", "figure", "unit", "better", "baseline", "carry")


class Explained(msgspec.Struct, frozen=True):
    """One field in words, and its origin; ``place`` is where that stands in a file, ``why`` why a default is as it is."""

    name: str
    value: str
    origin: str
    place: Place | None = None
    why: str = ""


def require_benchmark(definitions: Definitions, key: str) -> None:
    """``UsageError`` where a project has no such benchmark."""
    if definitions.benchmark(key) is not None:
        return
    known = [item.key for item in definitions.project.benchmarks]
    meant = nearest(key, known)
    raise UsageError(
        f"there is no benchmark “{key}”",
        hint=f"did you mean {meant}?" if meant else f"known: {', '.join(known[:8]) or 'none'}",
    )


def resolved_alone(definitions: Definitions, key: str, now: datetime) -> Resolved:
    """What a benchmark resolves to where there is no record: its flow counts as critical."""
    benchmark, staging = definitions.benchmark(key), staging_of(definitions)
    assert benchmark is not None
    return resolve(
        benchmark,
        tier=None,
        tightened=False,
        staging=staging.key if staging else None,
        now=now,
        zone=definitions.project.timezone,
        unproven=definitions.unproven(benchmark.measure.source),
    )


def explain(definitions: Definitions, resolved: Resolved) -> list[Explained]:
    """Every field that says something, in the order in which people ask for them."""
    benchmark, measure = resolved.benchmark, resolved.benchmark.measure
    values = {
        "kind": benchmark.kind or "",
        "flow": benchmark.flow or "",
        "tier": resolved.tier.value.replace("_", " "),
        "dimension": dimension_word(benchmark.dimension) if benchmark.dimension else "",
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
        **_charting(resolved),
        "review": resolved.review,
        "agreed": f"by {benchmark.agreed.by}, on {benchmark.agreed.on}" if benchmark.agreed else "",
        "steady": str(resolved.steady) if resolved.benchmark.steady is not None else "",
    }
    return [_explained(definitions, resolved, name, value) for name, value in values.items() if value]


def _charting(resolved: Resolved) -> dict[str, str]:
    """How its control chart is drawn, where its rules look at one."""
    if Need.HISTORY not in resolved.needs:
        return {}
    charting = resolved.charting
    rules = ", ".join(f"{name}: {effect}" for name, effect in charting.run_rules.items())
    return {
        "chart": charting.chart,
        "points": str(charting.points),
        "scale": charting.scale,
        "run_rules": rules,
    }


def _explained(definitions: Definitions, resolved: Resolved, name: str, value: str) -> Explained:
    origin = _origin(resolved, name)
    place = _place(definitions, resolved.key, name) if origin == _FROM_FILE else None
    if place is not None and place == definitions.mark("benchmark", resolved.key):  # nothing is written there
        if name in _OF_KIND and resolved.benchmark.kind is not None:
            origin, place = f"kind {resolved.benchmark.kind}", None
        elif name == "mode":
            origin, place = "built-in default", None
    return Explained(name, value, origin, place, resolved.why if name == "pass" else "")


def _place(definitions: Definitions, key: str, field: str) -> Place | None:
    """Where a field stands: at the benchmark itself or in its ``measure``."""
    whole = definitions.mark("benchmark", key)
    places = (definitions.mark("benchmark", key, path) for path in (field, f"measure.{field}"))
    return next((place for place in places if place != whole), whole)


def _asked(ask: msgspec.Struct | None) -> dict[str, str]:
    """What the source is asked, by the fields of its kind."""
    if ask is None:
        return {}
    fields = {name: getattr(ask, name) for name in ask.__struct_fields__}
    return {name: _words(value) for name, value in fields.items() if value not in (None, "", (), [], {})}


def _words(value: object) -> str:
    """A list as people write one."""
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _origin(resolved: Resolved, name: str) -> str:
    if name == "tier":
        if resolved.benchmark.flow is None:
            return "no flow: counts as critical"
        return "its flow" if resolved.tier_known else "its flow is not known here: counts as critical"
    if name == "environment" and resolved.benchmark.environment is None:
        return _FROM_FILE if resolved.benchmark.measure.environment else "the project's staging"
    if name == "mode" and resolved.unproven:
        return resolved.unproven
    if name == "mode" and resolved.mode is not resolved.benchmark.mode:
        return _why_blocking(resolved)
    if name in ("chart", "points", "scale") and getattr(resolved.benchmark, name) is None:
        return "built-in default"
    return resolved.origins.get(name, _FROM_FILE)


def _why_blocking(resolved: Resolved) -> str:
    begins = resolved.benchmark.blocking_from
    return (
        f"its file: blocking from {begins}, or made so in the record" if begins else "made so in the record"
    )
