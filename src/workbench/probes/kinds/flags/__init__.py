"""Feature flags (PP-7): a file of each environment, or what a flag service answers in JSON."""

from workbench.model.fields import Shape
from workbench.model.kinds import ProbeKind, later
from workbench.probes.given import Origin, doubts_of_both, sources_in, uses_of_both


class FlagsProbe(Shape, frozen=True, kw_only=True):
    """Feature flags: whether each is on, for whom, and how far it is rolled out."""

    staging: Origin
    """The flags of the environment that is looked at: a file, or a block with a source or a command."""
    production: Origin
    """The same of the environment that it is compared with."""

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources that are asked."""
        return sources_in((self.staging, self.production))


KIND = ProbeKind(
    name="flags",
    about="feature flags: whether each is on, for whom, and how far it is rolled out",
    config=FlagsProbe,
    load=later("workbench.probes.kinds.flags.probing:FlagsProber"),
    category="configuration",
    deployed=True,
    refers={"sources": "source"},
    uses=uses_of_both,
    doubts=doubts_of_both,
)
