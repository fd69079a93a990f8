"""Versions of services, packages and images in both environments (PP-6), and how far apart they are."""

from typing import Any, Literal

from msgspec import field

from workbench.model.fields import Shape
from workbench.model.kinds import Doubt, ProbeKind, Uses, later
from workbench.probes.given import Origin, doubts_of, sources_in, uses_of


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
        """The sources that are asked for whole tables."""
        return sources_in((self.staging, self.production))


def uses(config: Any) -> Uses:
    """The commands that print versions."""
    return uses_of((config.staging, config.production))


def doubts(config: VersionsProbe, project: Any) -> list[Doubt]:
    """Fields that name nothing."""
    known, found = (
        {source.key for source in project.sources},
        list(doubts_of(config, ("staging", "production"))),
    )
    for side in ("staging", "production"):
        where = getattr(config, side)
        if isinstance(where, str) and where not in known and not looks_like_file(where):
            hint = "name a source, or files: deploy/staging/*.yaml"
            found.append(Doubt(side, f"there is no source {where}", hint, error=True))
    return found


def looks_like_file(text: str) -> bool:
    """Whether a text that is no source's key can name files."""
    return any(mark in text for mark in "./*")


KIND = ProbeKind(
    name="versions",
    about="versions of services, packages and images, and how far apart they are",
    config=VersionsProbe,
    load=later("workbench.probes.kinds.versions.probing:VersionsProber"),
    category="services",
    deployed=True,
    refers={"sources": "source"},
    uses=uses,
    doubts=doubts,
)
