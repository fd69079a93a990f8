"""Configuration files and environment variables (PP-2), parameter by parameter."""

from workbench.model.fields import Shape
from workbench.model.kinds import ProbeKind, later
from workbench.probes.given import Origin, doubts_of_both, sources_in, uses_of_both


class ConfigurationProbe(Shape, frozen=True, kw_only=True):
    """Configuration files and environment variables."""

    staging: Origin
    """Files of the environment that is looked at, or a command or a source that gives them."""
    production: Origin
    """The same of the environment that it is compared with."""

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources that are asked."""
        return sources_in((self.staging, self.production))


KIND = ProbeKind(
    name="configuration",
    about="configuration files and environment variables, parameter by parameter",
    config=ConfigurationProbe,
    load=later("workbench.probes.kinds.configuration.probing:ConfigurationProber"),
    category="configuration",
    deployed=True,
    refers={"sources": "source"},
    uses=uses_of_both,
    doubts=doubts_of_both,
)
