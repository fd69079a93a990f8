"""Infrastructure as code (PP-10): what the plans of two environments lead to, and what was changed outside the code."""

from typing import Any

from workbench.model.fields import Shape
from workbench.model.kinds import Doubt, ProbeKind, Uses, later
from workbench.probes.given import Origin, doubts_of, sources_in, uses_of


class InfrastructureProbe(Shape, frozen=True, kw_only=True):
    """Plans (``terraform show -json``) or states of Terraform or OpenTofu."""

    staging: Origin
    """The plan or state of the environment that is looked at."""
    production: Origin
    """The same of the environment that it is compared with."""

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources that are asked."""
        return sources_in((self.staging, self.production))


def uses(config: Any) -> Uses:
    """The commands that print plans."""
    return uses_of((config.staging, config.production))


def doubts(config: InfrastructureProbe, project: Any) -> list[Doubt]:
    """What can be said of the plans before they are read."""
    return list(doubts_of(config, ("staging", "production")))


KIND = ProbeKind(
    name="infrastructure",
    about="resources of two plans or states of Terraform, and what was changed outside the code",
    config=InfrastructureProbe,
    load=later("workbench.probes.kinds.infrastructure.probing:InfrastructureProber"),
    category="infrastructure",
    deployed=True,
    refers={"sources": "source"},
    uses=uses,
    doubts=doubts,
)
