"""Staging has not drifted further from production than the project allows."""

from collections.abc import Iterable
from typing import Annotated

from msgspec import Meta

from workbench.definitions.shapes import Category, Probe, Project
from workbench.model.fields import DurationText, Key, Shape
from workbench.model.kinds import Doubt, RequirementKind


class DriftBudgetConfig(Shape, frozen=True, kw_only=True):
    """Staging has not drifted further from production than the project allows."""

    at_most: Annotated[int, Meta(ge=0)]
    """How many parameters may differ; those that are declared intended are not counted."""
    category: Category | None = None
    """Only what is about this."""
    environment: Key | None = None
    """Only what differs in this environment; the project's staging unless said."""
    region: str | None = None
    """Only what differs in this region."""
    within: DurationText | None = None
    """How long ago each probe may have run; as often as it is to be run (`every`) unless said, or else `24h`."""


def fits(asks: DriftBudgetConfig, probe: Probe, staging: str | None) -> bool:
    """Whether what a probe finds counts against a budget."""
    environment = asks.environment or staging
    return (probe.environment or staging) == environment and asks.region in (None, probe.region)


def doubts(asks: DriftBudgetConfig, project: Project) -> Iterable[Doubt]:
    """A budget that no probe counts against is never kept."""
    if not project.probes:
        yield Doubt("", "there are no probes, so the gate can never pass", "list some under probes:")
    elif asks.region and not any(probe.region == asks.region for probe in project.probes):
        regions = sorted({probe.region for probe in project.probes if probe.region})
        hint = f"known: {', '.join(regions)}" if regions else "say region: in the probes"
        yield Doubt(
            "region", f"no probe looks at the region “{asks.region}”, so the gate can never pass", hint
        )


KIND = RequirementKind(
    name="drift_budget",
    about="no more parameters differ than the project allows",
    config=DriftBudgetConfig,
    shorthand="at_most",
    refers={"environment": "environment"},
    doubts=doubts,
)
