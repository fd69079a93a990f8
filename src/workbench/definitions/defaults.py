"""What a benchmark says that leaves something out: by its dimension, and by the tier of its flow."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from workbench.definitions.shapes import Dimension, StagingKind, Tier
from workbench.model.kinds import BenchmarkKind, KindRule
from workbench.model.quantity import Unit

PER_RELEASE = "per release"
REVIEWS = {
    "daily": timedelta(days=1),
    "weekly": timedelta(days=7),
    "monthly": timedelta(days=31),
    "quarterly": timedelta(days=92),
    PER_RELEASE: None,
}

# DOMAIN 3: defaults by tier, and by dimension where the tier makes no difference.
_PASS: dict[tuple[Dimension, Tier], str] = {
    (Dimension.DATA_FIDELITY, Tier.CRITICAL): ">= 99 %",
    (Dimension.DATA_FIDELITY, Tier.IMPORTANT): ">= 95 %",
    (Dimension.DATA_FIDELITY, Tier.BEST_EFFORT): ">= 90 %",
    (Dimension.FLOW_COMPLETENESS, Tier.CRITICAL): ">= 100 %",
    (Dimension.FLOW_COMPLETENESS, Tier.IMPORTANT): ">= 90 %",
    (Dimension.FLOW_COMPLETENESS, Tier.BEST_EFFORT): ">= 90 %",
    (Dimension.LATENCY_CONSISTENCY, Tier.CRITICAL): "within 20% of baseline",
    (Dimension.LATENCY_CONSISTENCY, Tier.IMPORTANT): "within 20% of baseline",
    (Dimension.LATENCY_CONSISTENCY, Tier.BEST_EFFORT): "within 50% of baseline",
    (Dimension.ERROR_HANDLING, Tier.CRITICAL): ">= 5",
    (Dimension.ERROR_HANDLING, Tier.IMPORTANT): ">= 3",
    (Dimension.ERROR_HANDLING, Tier.BEST_EFFORT): ">= 2",
    (Dimension.SERVICE_PARITY, Tier.CRITICAL): "<= 1",
    (Dimension.SERVICE_PARITY, Tier.IMPORTANT): "<= 1",
    (Dimension.SERVICE_PARITY, Tier.BEST_EFFORT): "<= 1",
}
# Too fast warns, too slow fails: what is only better than the baseline never stops a release.
_WARN = {
    (Dimension.LATENCY_CONSISTENCY, Tier.CRITICAL): "20%",
    (Dimension.LATENCY_CONSISTENCY, Tier.IMPORTANT): "20%",
    (Dimension.LATENCY_CONSISTENCY, Tier.BEST_EFFORT): "50%",
}
REVIEW = {
    Dimension.DATA_FIDELITY: "monthly",
    Dimension.SERVICE_PARITY: "weekly",
    Dimension.FLOW_COMPLETENESS: PER_RELEASE,
    Dimension.LATENCY_CONSISTENCY: "weekly",
    Dimension.ERROR_HANDLING: PER_RELEASE,
}
BETTER = {
    Dimension.DATA_FIDELITY: "higher",
    Dimension.SERVICE_PARITY: "lower",
    Dimension.FLOW_COMPLETENESS: "higher",
    Dimension.LATENCY_CONSISTENCY: "lower",
    Dimension.ERROR_HANDLING: "higher",
}


def rules_of(
    kind: BenchmarkKind | None,
    dimension: Dimension | None,
    tier: Tier,
    staging: StagingKind | None,
    *,
    better: str,
    unit: Unit,
) -> KindRule | None:
    """The rules of a benchmark that names none: its kind's, else its dimension's; ``None`` where it has to state its own.

    ``staging`` is how the environment is built that is measured.
    """
    if kind is not None:
        found = kind.rule(tier.value, staging.value if staging else None)
        turned = found is not None and found.warn and better != kind.better
        return msgspec.structs.replace(found, warn="") if found and turned else found
    if dimension is None:
        return None
    return KindRule(default_rule(dimension, tier), default_warn(dimension, tier, better, unit) or "")


def default_rule(dimension: Dimension, tier: Tier) -> str:
    """The pass rule of a benchmark that names none (DOMAIN 3)."""
    return _PASS[(dimension, tier)]


def default_warn(dimension: Dimension, tier: Tier, better: str, unit: Unit) -> str | None:
    """The warn rule that belongs to :func:`default_rule`, where there is one.

    It is met by what misses the pass rule only on the side that ``better`` calls good.
    """
    distance = _WARN.get((dimension, tier))
    if distance is None or better == "neither":
        return None
    of_baseline = " of baseline" if unit.kind == "share" else ""  # “+ 20%” alone could mean points there
    sign = "<= baseline +" if better == "lower" else ">= baseline -"
    return f"{sign} {distance}{of_baseline}"
