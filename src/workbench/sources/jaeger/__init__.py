"""Jaeger, by version 3 of its API or by the earlier one, and what answers as it does."""

from collections.abc import Iterable

from workbench.model.kinds import Approach, Asked, Doubt, Proof, SourceKind, later
from workbench.sources.traces.shapes import TraceServer, TracesMeasure, uses


class JaegerConfig(TraceServer, frozen=True, kw_only=True):
    """A server that answers as Jaeger does."""


class JaegerMeasure(TracesMeasure, frozen=True, kw_only=True):
    """One number made of the traces of a flow."""


_DOUBTS = later("workbench.sources.jaeger.ask:doubts")


def question_doubts(measure: JaegerMeasure, asked: Asked) -> Iterable[Doubt]:
    """What can be said of a measure before anything is asked."""
    found: Iterable[Doubt] = _DOUBTS()(measure, asked)
    return found


KIND = SourceKind(
    name="jaeger",
    about="Traces that Jaeger keeps",
    config=JaegerConfig,
    measure=JaegerMeasure,
    load=later("workbench.sources.jaeger.ask:Jaeger"),
    uses=uses,
    question_doubts=question_doubts,
    approach=Approach.MONITORING,
    traces=True,
    proof=Proof.FIXTURES,
    signs=("jaeger", "jaegertracing"),
)
