"""Isolation (PP-12): nothing in staging can write to production, and no production traffic reaches staging."""

from typing import Any

from msgspec import field

from workbench.model.fields import Shape
from workbench.model.kinds import Doubt, ProbeKind, Uses, later
from workbench.probes.given import Origin, doubts_of, sources_in, uses_of


class IsolationProbe(Shape, frozen=True, kw_only=True):
    """Credentials, endpoints and queues of one environment that stand in the configuration of the other."""

    staging: Origin
    """The configuration of the environment that is looked at."""
    production: Origin
    """That of production: what is secret in it may not stand in the other."""
    endpoints: list[str] = field(default_factory=list)
    """What is production's alone: hosts, queues, topics, buckets, numbers of accounts."""
    own: list[str] = field(default_factory=list)
    """What is staging's alone: no traffic of production may go there."""
    shared: list[str] = field(default_factory=list)
    """Parameters that may be the same in both, ``*`` allowed: the public key of a third party."""

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources that are asked."""
        return sources_in((self.staging, self.production))


def uses(config: Any) -> Uses:
    """The commands that print configuration."""
    return uses_of((config.staging, config.production))


def doubts(config: IsolationProbe, project: Any) -> list[Doubt]:
    """What can be said before anything is read."""
    found = list(doubts_of(config, ("staging", "production")))
    for name in ("endpoints", "own"):
        short = [text for text in getattr(config, name) if len(text.strip()) < 4]
        if short:
            found.append(
                Doubt(name, f"“{short[0]}” would be found in too much", "write the whole name", error=True)
            )
    if not config.endpoints:
        found.append(
            Doubt(
                "endpoints",
                "it names no host, queue or bucket of production, so only those whose names say so are looked for",
                "list them: endpoints: [api.shop.example, orders-queue]",
            )
        )
    return found


KIND = ProbeKind(
    name="isolation",
    about="credentials, endpoints and queues of production in staging's configuration, and the other way round",
    config=IsolationProbe,
    load=later("workbench.probes.kinds.isolation.probing:IsolationProber"),
    category="security",
    refers={"sources": "source"},
    uses=uses,
    doubts=doubts,
)
