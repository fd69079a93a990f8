"""PagerDuty: the incidents that are open now, and those of a window."""

from typing import Any, Literal

from msgspec import field

from workbench.model.fields import SecretText, Shape, Url
from workbench.model.kinds import NOTHING, Approach, Proof, SourceKind, Uses, later
from workbench.sources import server


class PagerDutyConfig(server.Server, frozen=True, kw_only=True):
    """An account: the incidents of its services."""

    url: Url = "https://api.pagerduty.com"
    """The API's address; of an account in Europe ``https://api.eu.pagerduty.com``."""
    token: SecretText | server.Command
    """A key of the REST API that may only read: ``${PAGERDUTY_TOKEN}``, or a command that prints it."""
    services: list[str] = field(default_factory=list)
    """Only incidents of these services, by their ids (``PABC123``); of all unless set."""
    urgency: Literal["high", "low"] | None = None
    """Only incidents of this urgency; of any unless said."""


class PagerDutyMeasure(Shape, frozen=True, kw_only=True):
    """A number about incidents."""

    read: Literal["open", "count", "time_to_resolve"]
    """Incidents that are open now, those that began in the window, or the median time until one of them was resolved."""
    services: list[str] = field(default_factory=list)
    """Other services than the source's."""
    urgency: Literal["high", "low"] | None = None
    """Another urgency than the source's."""


def uses(config: Any) -> Uses:
    """The API's host and the key."""
    return server.uses(config) if isinstance(config, PagerDutyConfig) else NOTHING


KIND = SourceKind(
    name="pagerduty",
    about="Incidents of PagerDuty: those that are open, how many, how long they took",
    config=PagerDutyConfig,
    measure=PagerDutyMeasure,
    load=later("workbench.sources.pagerduty.ask:PagerDuty"),
    uses=uses,
    approach=Approach.MONITORING,
    alerts=True,
    proof=Proof.FIXTURES,
)
