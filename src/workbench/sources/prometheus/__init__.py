"""Prometheus, and what speaks its HTTP API: Thanos, Mimir, VictoriaMetrics."""

from __future__ import annotations

from typing import Any

from msgspec import field

from workbench.model.fields import DurationText, SecretText, Shape
from workbench.model.kinds import NOTHING, SourceKind, Uses
from workbench.sources import server


class PrometheusConfig(server.Server, frozen=True, kw_only=True):
    """A server that speaks Prometheus' HTTP API.

    ``timeout`` is for one request.  ``tenant`` is sent as ``X-Scope-OrgID``.
    """

    headers: dict[str, SecretText] = field(default_factory=dict)
    tenant: str | None = None


class PrometheusMeasure(Shape, frozen=True, kw_only=True):
    """One PromQL query whose answer is one number.

    ``samples`` is a query that counts the observations behind the value; ``trend`` says
    how far back the course of the value is kept, in steps of ``trend_step``.
    """

    query: str
    samples: str | None = None
    trend: DurationText | None = None
    trend_step: DurationText | None = None


def uses(config: Any) -> Uses:
    """The server with its secrets; a query names no variable of the environment."""
    return server.uses(config, config.headers.values()) if isinstance(config, PrometheusConfig) else NOTHING


def load() -> Any:
    """What asks."""
    from workbench.sources.prometheus.ask import Prometheus

    return Prometheus


KIND = SourceKind(
    name="prometheus",
    about="Prometheus, and what speaks its API: Thanos, Mimir, VictoriaMetrics",
    config=PrometheusConfig,
    measure=PrometheusMeasure,
    load=load,
    uses=uses,
)
