"""Versions of services, packages and images in both environments (PP-6), and how far apart they are."""

from typing import Literal

from msgspec import field

from workbench.model.fields import Shape
from workbench.model.kinds import ProbeKind, later
from workbench.probes.given import Origin, doubts_of_both, named_in, uses_of_both


class VersionsProbe(Shape, frozen=True, kw_only=True):
    """What runs in both environments."""

    staging: Origin
    """A source's key, files (manifests, Helm's values, lines such as ``postgres 15.4``), or what gives these."""
    production: Origin
    """The same for what it is compared with."""
    ask: dict[str, str] = field(default_factory=dict)
    """Of a source of kind ``http``: names, and the path under which each tells its version; ``/version`` unless said."""
    within: Literal["build", "patch", "minor", "major"] | None = None
    """How far apart versions may be: ``minor`` lets 1.27 stand beside 1.29; not at all unless said."""

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources that are asked."""
        return named_in((self.staging, self.production))


KIND = ProbeKind(
    name="versions",
    about="versions of services, packages and images, and how far apart they are",
    config=VersionsProbe,
    load=later("workbench.probes.kinds.versions.probing:VersionsProber"),
    category="services",
    deployed=True,
    refers={"sources": "source"},
    uses=uses_of_both,
    doubts=doubts_of_both,
)
