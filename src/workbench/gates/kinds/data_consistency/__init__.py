"""The same queries give the same results in staging as in production (BM-1)."""

from collections.abc import Iterable
from typing import Annotated

from msgspec import Meta

from workbench.definitions.shapes import Project
from workbench.model.fields import DurationText, Key, Shape
from workbench.model.kinds import Doubt, RequirementKind

PROBES = "same_queries"
SCORE = "data_consistency"


class DataConsistencyConfig(Shape, frozen=True, kw_only=True):
    """The same queries give the same results in staging as in production."""

    at_least: Annotated[int, Meta(ge=1, le=100)] = 95
    """How many percent of the queries have to give the same."""
    within: DurationText | None = None
    """How long ago each probe may have run; as often as it is to be run (`every`) unless said, or else `24h`."""
    environment: Key | None = None
    """Only the probes of this environment."""


def doubts(asks: DataConsistencyConfig, project: Project) -> Iterable[Doubt]:
    """Without a probe nothing is compared."""
    if not any(probe.kind == PROBES for probe in project.probes):
        yield Doubt(
            "",
            "there is no probe of the kind same_queries, so the gate can never pass",
            "list one under probes:",
        )


KIND = RequirementKind(
    name="data_consistency",
    about="the same queries give the same results",
    config=DataConsistencyConfig,
    shorthand="at_least",
    refers={"environment": "environment"},
    doubts=doubts,
)
