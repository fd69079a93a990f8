"""Scanners that look for secrets found none in this commit."""

from workbench.gates.kinds.findings import Sources, require_sources
from workbench.model.fields import DurationText, Shape
from workbench.model.kinds import RequirementKind


class NoSecretsConfig(Shape, frozen=True, kw_only=True):
    """Scanners that look for secrets found none in this commit."""

    source: Sources
    """The source whose scanner looks for secrets, or a list of them."""
    max_age: DurationText | None = None
    """How old a scan may be; any age unless said."""

    def __post_init__(self) -> None:
        require_sources(self.source)


KIND = RequirementKind(
    name="no_secrets",
    about="no secret was found in this commit",
    config=NoSecretsConfig,
    shorthand="source",
    refers={"source": "secrets"},
)
