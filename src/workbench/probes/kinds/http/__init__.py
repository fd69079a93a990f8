"""The same requests to both environments (PP-1): status, response time, shape of the answer, error payloads."""

from typing import Annotated, Any, Literal

from msgspec import Meta, field

from workbench.model.fields import DurationText, Key, Percent, Shape
from workbench.model.kinds import Doubt, ProbeKind, later
from workbench.probes.routes import request_key
from workbench.sources.redact import Redactor
from workbench.sources.spellings import MARK

READS = ("GET", "HEAD", "OPTIONS")


def _without_token(path: str) -> str:
    """``/a?token`` for ``/a?token=…``: what a request is called goes on record."""
    return Redactor(()).text(path).replace(f"={MARK.decode()}", "")


class HttpRequest(Shape, frozen=True):
    """One request that is sent to both environments."""

    path: str
    """What follows the ``url`` of the sources; the environment's variables fill ``$name``."""
    key: str = ""
    """What its differences are listed under; ``api.orders.17`` for ``/api/orders/17`` unless said."""
    method: Literal["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"] = "GET"
    """How it is asked."""
    body: str | None = None
    """What is sent along, as it is."""
    media: str = "application/json"
    """The type of what is sent along."""
    headers: dict[str, str] = field(default_factory=dict)
    """Sent with this request, beside those of the source; no secrets."""
    harmless: str | None = None
    """Why a request that may write can be sent to production: a search, or a canary that production declares for it."""
    expect: Annotated[int, Meta(ge=100, le=599)] | None = None
    """The status that production answers with; one that begins with 2 or 3 unless said."""
    flow: Key | None = None
    """The flow that it is a part of; those of the probe unless said."""
    same: list[str] = field(default_factory=list)
    """Places in the answer whose values have to be the same, too: ``currency``, ``items/*/sku``."""

    @property
    def name(self) -> str:
        """What its differences are listed under."""
        return self.key or request_key(self.method, _without_token(self.path))

    @property
    def shown(self) -> str:
        """What it is called in a sentence."""
        path = _without_token(self.path)
        return self.key or (path if self.method == "GET" else f"{self.method} {path}")


class HttpProbe(Shape, frozen=True, kw_only=True):
    """The same requests to both environments."""

    staging: Key
    """The source of kind ``http`` that stands for the environment that is looked at."""
    production: Key
    """The source of kind ``http`` that it is compared with."""
    requests: list[str | HttpRequest]
    """What is asked: paths, or requests with more to say."""
    times: Annotated[int, Meta(ge=1, le=20)] = 5
    """How often each is sent, so that chance in response times can be told."""
    within: Annotated[int, Meta(ge=0, le=1000)] = 20
    """By how many percent a response time may be longer or shorter than production's."""
    least: DurationText = "0.05s"
    """Response times that are less than this apart are the same."""
    headers: list[str] = field(default_factory=list)
    """Headers whose values have to be the same, too."""
    parity: Percent | None = None
    """The share of answers of core flows that have to agree, in percent: 90, or 70 where staging is scaled down."""

    @property
    def asked(self) -> tuple[HttpRequest, ...]:
        """The requests, each in full."""
        return tuple(HttpRequest(path=one) if isinstance(one, str) else one for one in self.requests)


def doubts(config: HttpProbe, project: Any) -> list[Doubt]:
    """What can be said of the requests before they are sent."""
    found = []
    if not config.requests:
        found.append(
            Doubt("requests", "nothing is asked", "list paths: requests: [/health, /api/orders]", error=True)
        )
    names = [request.name for request in config.asked]
    for request in config.asked:
        if not request.path.startswith("/"):
            found.append(Doubt("requests", f"the path “{request.path}” has to begin with /", error=True))
        if request.method not in READS and not request.harmless:
            found.append(
                Doubt(
                    "requests",
                    f"{request.method} {request.path} may write, and it is sent to production, too",
                    "say in harmless: why that does no harm, or leave it out",
                    error=True,
                )
            )
        if any("${" in value for value in request.headers.values()):
            what = (
                f"a header of {request.shown} names a variable, which is filled in only in those of a source"
            )
            found.append(Doubt("requests", what, "move it to the headers of the source", error=True))
        if names.count(request.name) > 1:
            found.append(
                Doubt("requests", f"two requests are called {request.shown}", "give each a key", error=True)
            )
    kinds = {source.key: source.kind for source in project.sources}
    for side in ("staging", "production"):
        kind = kinds.get(getattr(config, side), "http")
        if kind != "http":
            found.append(
                Doubt(side, f"this source is of kind {kind}; requests go to one of kind http", error=True)
            )
    return list(dict.fromkeys(found))


KIND = ProbeKind(
    name="http",
    about="the same requests to both: status, response time, shape of the answer, error payloads",
    config=HttpProbe,
    load=later("workbench.probes.kinds.http.probing:HttpProber"),
    category="services",
    twice=True,
    refers={"staging": "source", "production": "source"},
    doubts=doubts,
)
