"""Grafana Tempo, asked directly or through Grafana."""

from collections.abc import Iterable

from workbench.model.kinds import Approach, Asked, Doubt, Proof, SourceKind, later
from workbench.sources.traces.shapes import TraceServer, TracesMeasure, uses


class TempoConfig(TraceServer, frozen=True, kw_only=True):
    """A server that answers as Tempo's query frontend does."""

    tenant: str | None = None
    """Sent as ``X-Scope-OrgID``."""


class TempoMeasure(TracesMeasure, frozen=True, kw_only=True):
    """One number made of the traces of a flow."""


_DOUBTS = later("workbench.sources.traces.doubts:doubts")


def question_doubts(measure: TempoMeasure, asked: Asked) -> Iterable[Doubt]:
    """What can be said of a measure before anything is asked."""
    found: Iterable[Doubt] = _DOUBTS()(measure, asked)
    return found


KIND = SourceKind(
    name="tempo",
    about="Traces that Grafana Tempo keeps",
    config=TempoConfig,
    measure=TempoMeasure,
    load=later("workbench.sources.tempo.ask:Tempo"),
    uses=uses,
    question_doubts=question_doubts,
    approach=Approach.MONITORING,
    traces=True,
    proof=Proof.FIXTURES,
    signs=("tempo",),
)
