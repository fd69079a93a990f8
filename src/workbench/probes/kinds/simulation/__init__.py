"""A simulated service against recordings of the real one (BM-5): what it answers otherwise, and what it leaves out."""

from typing import Any

from msgspec import field

from workbench.model.fields import PathPattern, Percent, Shape
from workbench.model.kinds import Doubt, ProbeKind, later
from workbench.probes.given import named_in


class SimulationProbe(Shape, frozen=True, kw_only=True):
    """A simulation, and what the real service was recorded to answer."""

    staging: PathPattern
    """The source of kind ``http`` that stands for the simulation, or files with what it was recorded to answer."""
    production: PathPattern | list[PathPattern]
    """Files with requests and answers of the real service: pairs of our own, HAR, or mappings of WireMock."""
    endpoints: dict[str, list[int]] = field(default_factory=dict)
    """What the real service has beside what was recorded: ``GET /accounts/*`` and the statuses that it answers with."""
    openapi: PathPattern | None = None
    """An OpenAPI description of the real service, whose endpoints and statuses count as well."""
    same: list[str] = field(default_factory=list)
    """Places in the answers whose values have to be the same, too: ``currency``, ``items/*/sku``."""
    accuracy: Percent | None = None
    """The share of answers that have to agree, in percent."""
    coverage: Percent | None = None
    """The share of endpoints and their statuses that the simulation has to know, in percent."""

    @property
    def sources(self) -> tuple[str, ...]:
        """The source that stands for the simulation, if it is one."""
        return named_in((self.staging,))


def doubts(config: SimulationProbe, project: Any) -> list[Doubt]:
    """What can be said of the endpoints before anything is asked."""
    found = []
    for endpoint, statuses in config.endpoints.items():
        method, _, path = endpoint.partition(" ")
        if not (method.isupper() and path.startswith("/")):
            found.append(
                Doubt(
                    "endpoints",
                    f"“{endpoint}” is no endpoint",
                    "write method and path: GET /accounts/*",
                    error=True,
                )
            )
        elif not statuses:
            found.append(Doubt("endpoints", f"{endpoint} has no status", "list them: [200, 404]", error=True))
    return found


KIND = ProbeKind(
    name="simulation",
    about="a simulated service against recordings of the real one: accuracy, coverage, happy paths only",
    config=SimulationProbe,
    load=later("workbench.probes.kinds.simulation.probing:SimulationProber"),
    category="services",
    refers={"sources": "source"},
    doubts=doubts,
)
