"""Infrastructure as code (PP-10): what the plans of two environments lead to, and what was changed outside the code."""

from workbench.model.fields import Shape
from workbench.model.kinds import ProbeKind, later
from workbench.probes.given import Origin, doubts_of_both, sources_in, uses_of_both


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


KIND = ProbeKind(
    name="infrastructure",
    about="resources of two plans or states of Terraform, and what was changed outside the code",
    config=InfrastructureProbe,
    load=later("workbench.probes.kinds.infrastructure.probing:InfrastructureProber"),
    category="infrastructure",
    deployed=True,
    refers={"sources": "source"},
    uses=uses_of_both,
    doubts=doubts_of_both,
)
