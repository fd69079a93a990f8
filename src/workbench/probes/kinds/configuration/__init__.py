"""Configuration files and environment variables (PP-2), parameter by parameter."""

from typing import Any

from workbench.model.fields import Shape
from workbench.model.kinds import Doubt, ProbeKind, Uses, later
from workbench.probes.given import Origin, doubts_of, sources_in, uses_of


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


def uses(config: Any) -> Uses:
    """The commands that print configuration."""
    return uses_of((config.staging, config.production))


def doubts(config: ConfigurationProbe, project: Any) -> list[Doubt]:
    """What can be said of the files before they are read."""
    return list(doubts_of(config, ("staging", "production")))


KIND = ProbeKind(
    name="configuration",
    about="configuration files and environment variables, parameter by parameter",
    config=ConfigurationProbe,
    load=later("workbench.probes.kinds.configuration.probing:ConfigurationProber"),
    category="configuration",
    deployed=True,
    refers={"sources": "source"},
    uses=uses,
    doubts=doubts,
)
