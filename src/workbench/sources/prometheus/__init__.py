"""Prometheus, and what speaks its HTTP API: Thanos, Mimir, VictoriaMetrics."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal

from msgspec import field

from workbench.model.fields import DurationText, SecretText, Shape
from workbench.model.kinds import NOTHING, Approach, Asked, Doubt, Place, Proof, SourceKind, Uses, later
from workbench.sources import server

if TYPE_CHECKING:
    from workbench.sources.proposing import Folder, Proposal


class PrometheusConfig(server.Server, frozen=True, kw_only=True):
    """A server that speaks Prometheus' HTTP API."""

    headers: dict[str, SecretText] = field(default_factory=dict)
    """Further headers; values may hold ``${NAME}``."""
    tenant: str | None = None
    """Whose data is asked for, sent as ``X-Scope-OrgID`` (Mimir) and ``THANOS-TENANT`` (Thanos); ``a|b`` for several of Mimir's."""
    params: dict[str, str] = field(default_factory=dict)
    """Sent with each query, such as ``max_source_resolution`` of Thanos or ``extra_label`` of VictoriaMetrics."""


class PrometheusMeasure(Shape, frozen=True, kw_only=True):
    """One PromQL query whose answer is one number, or how many alerts fire."""

    query: str | None = None
    """PromQL whose answer is one number."""
    alerts: dict[str, str] | None = None
    """Instead of a query: how many alerts fire of the alerting rules with these labels, such as ``{severity: page}``; of all with ``{}``."""
    samples: str | None = None
    """A query that counts the observations behind the value."""
    trend: DurationText | None = None
    """How far back the course of the value is kept."""
    trend_step: DurationText | None = None
    """The steps of the course; 240 of them unless said."""
    partial: Literal["show", "refuse"] | None = None
    """What becomes of a value of which the server says that data was missing; shown unless said."""
    slices: DurationText | None = None
    """Asks the query once for each slice of this length in the window: samples, each an average of its slice."""
    histogram: str | None = None
    """A query that gives one series for each bucket (``le``): the histogram behind the value."""
    selection: str | None = None
    """What the samples were chosen from, such as ``10 % of requests``."""

    def __post_init__(self) -> None:
        if (self.query is None) == (self.alerts is None):
            raise ValueError("a measure of Prometheus needs “query”, or “alerts” in its place")

    @property
    def counted(self) -> bool:
        """Whether an answer says how many observations it rests on."""
        return self.samples is not None or self.slices is not None or self.histogram is not None


def uses(config: Any) -> Uses:
    """The server with its secrets; a query names no variable of the environment."""
    return server.uses(config, config.headers.values()) if isinstance(config, PrometheusConfig) else NOTHING


def propose(folder: "Folder") -> "Proposal":
    """What a folder tells of it."""
    from workbench.sources.prometheus import found

    return found.propose(folder)


_DOUBTS = later("workbench.sources.prometheus.doubts:doubts")


def question_doubts(measure: PrometheusMeasure, asked: Asked) -> Iterable[Doubt]:
    """What can be said of a query before it is asked."""
    found: Iterable[Doubt] = _DOUBTS()(measure, asked)
    return found


_BUILD_DOUBTS = later("workbench.sources.prometheus.doubts:build_doubts")


def build_doubts(query: str, place: Place) -> Iterable[Doubt]:
    """What can be said of the query that tells which build runs at a place."""
    found: Iterable[Doubt] = _BUILD_DOUBTS()(query, place)
    return found


KIND = SourceKind(
    name="prometheus",
    about="Prometheus, and what speaks its API: Thanos, Mimir, VictoriaMetrics",
    config=PrometheusConfig,
    measure=PrometheusMeasure,
    load=later("workbench.sources.prometheus.ask:Prometheus"),
    propose=propose,
    uses=uses,
    question_doubts=question_doubts,
    build_doubts=build_doubts,
    approach=Approach.MONITORING,
    alerts=True,
    proof=Proof.REAL,
)
