"""The data of an environment is no older than its own service level."""

from collections.abc import Iterable

from workbench.definitions.shapes import Project
from workbench.model.fields import DurationText, Key, Shape
from workbench.model.kinds import Doubt, RequirementKind

PROBES = "freshness"


class DataFreshConfig(Shape, frozen=True, kw_only=True):
    """The data of an environment is no older than its own service level."""

    environment: Key | None = None
    """The environment; the project's staging unless said."""
    within: DurationText | None = None
    """How long ago each probe for freshness may have run; as often as it is to be run (`every`) unless said, or else `24h`."""


def doubts(asks: DataFreshConfig, project: Project) -> Iterable[Doubt]:
    """Without a probe a recorded refresh counts, which needs a level that it is held to."""
    if any(probe.kind == PROBES for probe in project.probes):
        return
    chosen = [
        environment
        for environment in project.environments
        if environment.key == asks.environment
        or (asks.environment is None and environment.kind != "production")
    ]
    if not any(environment.fresh_within for environment in chosen):
        yield Doubt(
            "",
            "nothing says how old the data may be, so the gate can never pass",
            "say fresh_within: in the environment, or list a probe of the kind freshness",
        )


KIND = RequirementKind(
    name="data_fresh",
    about="the data of staging is fresh",
    config=DataFreshConfig,
    shorthand="environment",
    refers={"environment": "environment"},
    doubts=doubts,
)
