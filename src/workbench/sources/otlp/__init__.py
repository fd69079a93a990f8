"""Files of traces: OTLP as JSON, and what Jaeger and Tempo hand out."""

from collections.abc import Iterable

from msgspec import field

from workbench.model.kinds import Approach, Asked, Doubt, Proof, SourceKind, later
from workbench.sources.files_config import FilesConfig
from workbench.sources.traces.shapes import TracesMeasure


class OtlpConfig(FilesConfig, frozen=True, kw_only=True):
    """Files of traces inside the project."""

    environments: dict[str, str] = field(default_factory=dict)
    """What the traces call an environment in ``deployment.environment.name``, where that is not its key: ``staging: stg``."""
    stubs: dict[str, str] | None = None
    """The attributes that a span has when a stub answered, each with its value or ``*`` for any; ``{}`` where nothing is stubbed."""
    link: str | None = None
    """Where a person looks at a trace: an address with ``$trace`` for its id."""


class OtlpMeasure(TracesMeasure, frozen=True, kw_only=True):
    """One number made of the traces of a flow."""


_DOUBTS = later("workbench.sources.traces.doubts:doubts")


def question_doubts(measure: OtlpMeasure, asked: Asked) -> Iterable[Doubt]:
    """What can be said of a measure before its files are read."""
    found: Iterable[Doubt] = _DOUBTS()(measure, asked)
    return found


KIND = SourceKind(
    name="otlp",
    about="Traces in files: OTLP as JSON from an SDK or a collector, and what Jaeger and Tempo hand out",
    config=OtlpConfig,
    measure=OtlpMeasure,
    load=later("workbench.sources.otlp.read:Otlp"),
    recognise=later("workbench.sources.otlp.read:recognise"),
    question_doubts=question_doubts,
    approach=Approach.MONITORING,
    traces=True,
    proof=Proof.REAL,
)
