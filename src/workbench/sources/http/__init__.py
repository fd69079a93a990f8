"""Any server that answers over HTTP: one number of its JSON, or whole answers for probes."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Literal

from msgspec import field

from workbench.model.fields import HeaderText, Shape
from workbench.model.kinds import NOTHING, Approach, Asked, Doubt, Place, Proof, SourceKind, Uses, later
from workbench.sources import server


class HttpConfig(server.Server, frozen=True, kw_only=True):
    """A server that is asked over HTTP."""

    headers: dict[str, HeaderText] = field(default_factory=dict)
    """Sent with each request; values may hold ``${NAME}``."""


class HttpMeasure(Shape, frozen=True, kw_only=True):
    """One number of a JSON answer.

    Places in the answer are written in JMESPath. In all texts, and in the quotes of places, ``$environment``,
    ``$window``, the environment's variables and the ends of the window are filled in: ``$start`` and ``$end``
    (2026-11-20T12:00:00Z), ``$start_day``, ``$start_s``, ``$start_ms``, ``$start_ns`` and the same of the end.
    """

    path: str
    """What follows the source's ``url``."""
    value: str
    """Where the number stands in the answer: ``data.p95``, ``items[0].total``, ``sum(items[].total)``."""
    words: dict[str, Decimal] = field(default_factory=dict)
    """The number for each word that may stand at ``value``: ``{OK: 1, ERROR: 0}``; any other word is an error."""
    samples: str | None = None
    """Where the count of the observations behind the value stands."""
    method: Literal["GET", "POST"] | None = None
    """How it is asked: ``POST`` where there is a body or a form, else ``GET``."""
    params: dict[str, str | list[str]] = field(default_factory=dict)
    """What is asked for in the address, after ``?``; a list is sent as one parameter for each of its texts."""
    form: dict[str, str] = field(default_factory=dict)
    """What is sent along as a form."""
    body: str | None = None
    """The JSON that is sent along. A text that is only ``$start_ms`` or the like becomes a number."""
    error_if: str | None = None
    """Where an answer says that it is an error, whatever its status: ``errors[].message``."""
    missing_if: str | None = None
    """Where an answer says that nothing was measured: ``status == 'NONE'``."""
    partial_if: str | None = None
    """Where an answer says that it is not the whole one: ``timed_out``."""
    measured_at: str | None = None
    """Where the moment stands at which the value was measured: RFC 3339, or seconds, ms, µs or ns since 1970."""
    commit: str | None = None
    """Where the commit stands that the answer is about; that of another build is missing."""
    baseline_path: str | None = None
    """The ``path`` of what it is compared with, where ``$environment`` does not tell the two apart."""

    @property
    def counted(self) -> bool:
        """Whether an answer says how many observations it rests on."""
        return self.samples is not None


def uses(config: Any) -> Uses:
    """The server with its secrets; a question names no variable of the machine."""
    return server.uses(config, config.headers.values()) if isinstance(config, HttpConfig) else NOTHING


_DOUBTS = later("workbench.sources.http.doubts:doubts")
_BUILD_DOUBTS = later("workbench.sources.http.doubts:build_doubts")


def question_doubts(measure: HttpMeasure, asked: Asked) -> Iterable[Doubt]:
    """What can be said of a measure before it is asked."""
    found: Iterable[Doubt] = _DOUBTS()(measure, asked)
    return found


def build_doubts(query: str, place: Place) -> Iterable[Doubt]:
    """What can be said of the question which build runs in an environment."""
    found: Iterable[Doubt] = _BUILD_DOUBTS()(query, place)
    return found


KIND = SourceKind(
    name="http",
    about="Any server that answers over HTTP: a number of its JSON, and what probes ask",
    config=HttpConfig,
    measure=HttpMeasure,
    load=later("workbench.sources.http.ask:Http"),
    uses=uses,
    question_doubts=question_doubts,
    build_doubts=build_doubts,
    approach=Approach.MONITORING,
    proof=Proof.REAL,
)
