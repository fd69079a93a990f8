"""The candidate is verified against what runs in production now; what nobody has verified blocks."""

from collections.abc import Iterable

from workbench.definitions.shapes import Project
from workbench.model.fields import DurationText, Key, Shape
from workbench.model.kinds import Doubt, RequirementKind

PROBES = "compatible"


class CompatibleConfig(Shape, frozen=True, kw_only=True):
    """The candidate is verified against what runs in production now; what nobody has verified blocks."""

    within: DurationText | None = None
    """How long ago each probe may have run; as often as it is to be run (`every`) unless said, or else `24h`."""
    environment: Key | None = None
    """Only the probes of this environment."""


def doubts(asks: CompatibleConfig, project: Project) -> Iterable[Doubt]:
    """Without a probe nothing shows that versions fit."""
    if not any(probe.kind == PROBES for probe in project.probes):
        yield Doubt(
            "",
            "there is no probe of the kind compatible, so the gate can never pass",
            "list one under probes:",
        )


KIND = RequirementKind(
    name="compatible",
    about="the candidate is verified against what runs in production",
    config=CompatibleConfig,
    shorthand="within",
    refers={"environment": "environment"},
    doubts=doubts,
)
