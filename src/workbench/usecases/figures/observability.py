"""OP-5: whether one can see in staging what one sees in production, service by service."""

from __future__ import annotations

from decimal import Decimal

from workbench.definitions.shapes import ObservedService, Tier
from workbench.flows.model import all_flows
from workbench.usecases.figures.asked import Answer, Asking

ASPECTS = ("metrics", "logs", "traces", "alerts", "retention", "sampling")


def observability(asking: Asking) -> Answer:
    """The share of what is to be seen of every critical service that is; a service that nobody listed shows nothing."""
    context = asking.context
    staging = context.definitions.staging
    usual = staging.key if staging else ""
    listed = {
        one.key: one
        for one in context.definitions.project.observability
        if (one.environment or usual) == asking.environment
    }
    critical = [flow for _, flow in all_flows(context.record) if flow.tier is Tier.CRITICAL]
    services = dict.fromkeys([*listed, *(name for flow in critical for name in flow.services)])
    if not services:
        return asking.missing("no service is listed under observability:, and no critical flow names one")
    lacking = {name: _lacking(listed.get(name)) for name in services}
    of = len(ASPECTS) * len(services)
    seen = of - sum(map(len, lacking.values()))
    return Answer(
        at=context.now,
        value=Decimal(seen) / of,
        unit="share",
        because="; ".join(f"{name} lacks {', '.join(what)}" for name, what in lacking.items() if what),
        of=of,
    )


def _lacking(service: ObservedService | None) -> list[str]:
    return [aspect for aspect in ASPECTS if service is None or not getattr(service, aspect)]
