"""Upkeep, a server that looks each minute whether services answer: what it looks like in YAML."""

from typing import Any

from workbench.model.fields import Shape
from workbench.model.kinds import NOTHING, Approach, Proof, SourceKind, Uses, later
from workbench.sources import server


class UpkeepConfig(server.Server, frozen=True, kw_only=True):
    """An Upkeep server; its address, token, time limit and size limit are those of every server."""


class UpkeepMeasure(Shape, frozen=True, kw_only=True):
    """How often a service answered."""

    service: str
    """The service as Upkeep calls it; ``$environment`` and variables are filled in."""

    @property
    def counted(self) -> bool:
        """Whether an answer says how many observations it rests on."""
        return True


def uses(config: Any) -> Uses:
    """What people are asked about before anything is sent: the server, and the variables of its token."""
    return server.uses(config) if isinstance(config, UpkeepConfig) else NOTHING


KIND = SourceKind(
    name="upkeep",
    about="Upkeep: the share of looks at which a service answered",
    config=UpkeepConfig,
    measure=UpkeepMeasure,
    load=later("workbench_upkeep.ask:Upkeep"),
    uses=uses,
    approach=Approach.SYNTHETIC,
    proof=Proof.FIXTURES,
)
