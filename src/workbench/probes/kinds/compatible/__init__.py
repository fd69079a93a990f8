"""Whether the candidate works with what runs in production, and a rollback with what it changed (PP-14)."""

from typing import Any, Literal

from msgspec import field

from workbench.model.fields import PathPattern, Shape
from workbench.model.kinds import Doubt, ProbeKind, Uses, later
from workbench.probes.given import Origin, doubts_of, named_in, uses_of


class CompatibleProbe(Shape, frozen=True, kw_only=True):
    """The candidate's versions against those that are deployed in production."""

    staging: Origin | None = None
    """What the candidate consists of: a source's key, files with names and versions, or what gives these."""
    candidate: dict[str, Literal["version", "commit"]] = field(default_factory=dict)
    """Parts that the current release itself is a version of, and what tells which: ``{web: commit}``."""
    production: Origin
    """The same of what runs in production."""
    verified: PathPattern | list[PathPattern]
    """Files that say which versions were tried together: a table of pairs, or results of Pact."""
    ask: dict[str, str] = field(default_factory=dict)
    """Of a source of kind ``http``: names, and the path under which each tells its version; ``/version`` unless said."""
    pairs: list[str] = field(default_factory=list)
    """Who calls whom, as ``web -> api``; those of the table unless said."""
    schemas: list[str] = field(default_factory=list)
    """What cannot be rolled back with the rest, such as a database's schema: the old release has to work with the new one."""

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources that are asked."""
        return named_in(_told(self))

    @property
    def calls(self) -> tuple[tuple[str, str], ...]:
        """Who calls whom, as far as it is said here."""
        return tuple(
            (one[0].strip(), one[2].strip()) for pair in self.pairs if (one := pair.partition("->"))[1]
        )


def _told(config: CompatibleProbe) -> tuple[Origin, ...]:
    return (config.production,) if config.staging is None else (config.staging, config.production)


def uses(config: Any) -> Uses:
    """The commands that print versions."""
    return uses_of(_told(config))


def doubts(config: CompatibleProbe, project: Any) -> list[Doubt]:
    """What can be said of the pairs before anything is read."""
    found = list(doubts_of(config, ("production",) if config.staging is None else ("staging", "production")))
    if config.staging is None and not config.candidate:
        hint = "write staging: with files, or candidate: {web: commit}"
        found.append(Doubt("staging", "nothing says what the candidate consists of", hint, error=True))
    for pair in config.pairs:
        caller, arrow, called = (part.strip() for part in pair.partition("->"))
        if not (caller and arrow and called):
            found.append(
                Doubt("pairs", f"“{pair}” is no pair", "write who calls whom: web -> api", error=True)
            )
    return found


KIND = ProbeKind(
    name="compatible",
    about="the candidate with what runs in production, and a rollback: verified, not verified, unknown",
    config=CompatibleProbe,
    load=later("workbench.probes.kinds.compatible.probing:CompatibleProber"),
    category="services",
    refers={"sources": "source"},
    uses=uses,
    doubts=doubts,
)
