"""No personal data of production is readable in staging: every probe for masking passes."""

from collections.abc import Iterable

from workbench.definitions.shapes import Project
from workbench.model.fields import DurationText, Key, Shape
from workbench.model.kinds import Doubt, RequirementKind

PROBES = "masking"


class MaskingConfig(Shape, frozen=True, kw_only=True):
    """No personal data of production is readable in staging: every probe for masking passes."""

    within: DurationText | None = None
    """How long ago each may have run; as often as it is to be run (`every`) unless said, or else `24h`."""
    environment: Key | None = None
    """Only the probes of this environment."""


def doubts(asks: MaskingConfig, project: Project) -> Iterable[Doubt]:
    """Without a probe nothing shows that the data are masked."""
    if not any(probe.kind == PROBES for probe in project.probes):
        yield Doubt(
            "", "there is no probe of the kind masking, so the gate can never pass", "list one under probes:"
        )


KIND = RequirementKind(
    name="masking",
    about="no personal data of production is readable in staging",
    config=MaskingConfig,
    shorthand="within",
    refers={"environment": "environment"},
    doubts=doubts,
)
