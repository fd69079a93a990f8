"""What every source of traces is told, and what can be measured in traces."""

from typing import Annotated, Literal, Protocol

from msgspec import Meta, field

from workbench.model.fields import SecretText, Shape
from workbench.model.kinds import NOTHING, Uses
from workbench.sources import server

StatisticText = Annotated[
    str, Meta(title="statistic", examples=["p95", "mean", "max", "count", "share above 0.5"])
]


class Known(Protocol):
    """What a source says of a team's traces, whichever kind it is."""

    @property
    def environments(self) -> dict[str, str]: ...
    @property
    def stubs(self) -> dict[str, str] | None: ...
    @property
    def link(self) -> str | None: ...


class TraceServer(server.Server, frozen=True, kw_only=True):
    """A server that is asked for traces."""

    headers: dict[str, SecretText] = field(default_factory=dict)
    """Further headers; values may hold ``${NAME}``."""

    environments: dict[str, str] = field(default_factory=dict)
    """What the traces call an environment in ``deployment.environment.name``, where that is not its key: ``staging: stg``."""
    stubs: dict[str, str] | None = None
    """The attributes that a span has when a stub answered, each with its value or ``*`` for any; ``{}`` where nothing is stubbed."""
    link: str | None = None
    """Where a person looks at a trace: an address with ``$trace`` for its id."""
    most_traces: Annotated[int, Meta(ge=1, le=2000)] = 200
    """How many traces are asked for at most; where as many came, the answer says that it is partial."""


def uses(config: object) -> Uses:
    """The server with its secrets; a measure names no variable of the machine."""
    return server.uses(config, config.headers.values()) if isinstance(config, TraceServer) else NOTHING


class TracesMeasure(Shape, frozen=True, kw_only=True):
    """One number made of the traces of a flow."""

    read: Literal[
        "duration", "error_rate", "errors_per_thousand", "count", "complete", "stubbed", "traced"
    ] = "duration"
    """How long it took, how often it failed, how often it ran, whether it was complete, stubbed, or traced at all."""
    begins: str | None = None
    """The span that begins the flow, as a step is written: ``gateway: POST /orders``; ``*`` stands for what varies."""
    step: str | None = None
    """One step of the flow, which is measured in place of the whole."""
    steps: list[str] = field(default_factory=list)
    """The steps that belong to the flow, for ``complete`` and ``traced``."""
    scenario: str | None = None
    """The attribute that names the scenario, for ``complete``; without it each run of the flow is one."""
    statistic: StatisticText = "p95"
    """The number to make of durations: ``p95`` or another percentile, ``mean``, ``min``, ``max``, ``share above 0.5``."""
    where: dict[str, str] = field(default_factory=dict)
    """Attributes that the first span of a run or its resource has; ``$environment`` and variables are filled in."""
    selection: str | None = None
    """What the traces were chosen from, such as ``1 % of requests``: two sides that say different things cannot be compared."""

    @property
    def counted(self) -> bool:
        """Whether an answer says how many observations it rests on."""
        return True
