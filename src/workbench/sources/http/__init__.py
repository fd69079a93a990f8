"""Any server that answers over HTTP: one number of its JSON, or whole answers for probes."""

from typing import Any, Literal

from msgspec import field

from workbench.model.fields import SecretText, Shape
from workbench.model.kinds import NOTHING, Approach, SourceKind, Uses, later
from workbench.sources import server


class HttpConfig(server.Server, frozen=True, kw_only=True):
    """A server that is asked over HTTP."""

    headers: dict[str, SecretText] = field(default_factory=dict)
    """Sent with each request; values may hold ``${NAME}``."""


class HttpMeasure(Shape, frozen=True, kw_only=True):
    """One number of a JSON answer."""

    path: str
    """What follows the source's ``url``; ``$environment``, ``$window`` and the environment's variables are filled in."""
    value: str
    """Where the number stands in the answer: ``data.p95``, ``items[0].total``, ``"a name"``."""
    samples: str | None = None
    """Where the count of the observations behind the value stands."""
    method: Literal["GET", "POST"] = "GET"
    """How it is asked."""

    @property
    def counted(self) -> bool:
        """Whether an answer says how many observations it rests on."""
        return self.samples is not None


def uses(config: Any) -> Uses:
    """The server with its secrets; a question names no variable of the machine."""
    return server.uses(config, config.headers.values()) if isinstance(config, HttpConfig) else NOTHING


KIND = SourceKind(
    name="http",
    about="Any server that answers over HTTP: a number of its JSON, and what probes ask",
    config=HttpConfig,
    measure=HttpMeasure,
    load=later("workbench.sources.http.ask:Http"),
    uses=uses,
    approach=Approach.MONITORING,
)
