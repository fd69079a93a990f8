"""Questions to sources, and what comes back.  Light: the command line imports it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal, Protocol

import msgspec

from workbench.model.errors import SourceError
from workbench.model.quantity import find_unit, rescale

State = Literal["ok", "missing", "error"]
Basis = Literal["", "raw", "averaged", "buckets"]
Role = Literal["value", "baseline", "tests", "findings", "issues"]
Mark = Literal["", "replayed", "manual", "asserted"]


class SourceLike(Protocol):
    """What a source of the project looks like from here (``definitions.shapes.Source`` fits)."""

    @property
    def key(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def config(self) -> msgspec.Struct | None: ...


class SourceSpec(msgspec.Struct, frozen=True):
    """A source without a project around it."""

    key: str
    kind: str
    config: msgspec.Struct | None = None


# The fact that names every failing test of a run, as a JSON list, where nothing else of it is red.
ALL_FAILING = "all_failing"
# What of a commit is listed for a gate, one by one: findings of scanners, issues of a tracker.
LISTS: tuple[Role, ...] = ("findings", "issues")


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to ask one source.

    ``subject`` is a benchmark's key, ``tests/<source>``, ``findings/<source>`` or ``issues/<source>``; ``ask`` holds the
    fields of the source's kind (its ``measure``, or its ``tests`` where ``role`` is ``tests``).  The three
    ``build_`` fields are the environment's question for the build that runs there.
    """

    subject: str
    source: str
    at: datetime
    ask: msgspec.Struct | None = None
    role: Role = "value"
    environment: str | None = None
    commit: str | None = None
    unit: str = ""
    window: timedelta | None = None
    variables: Mapping[str, str] = {}
    build_source: str | None = None
    build_query: str | None = None
    build_label: str = "commit"


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """One answer.  ``why`` says in words what is missing or went wrong.

    ``measured_at`` is the moment the value stands for.  ``evidence`` holds digests of the
    batch's blobs.  ``trend`` is little-endian float64: t (Unix seconds), value, t, value, …
    ``data`` holds the samples behind the value in its unit, and ``basis`` what they are: ``raw``
    observations or ``averaged`` ones, one for each slice of time, as little-endian float64 without
    times; or the counts of ``buckets``, as a ``Histogram`` in JSON.  The fact ``selection`` says what
    the samples were chosen from; two sides that say different things cannot be compared.  The fact ``engine``
    names the program that computed the value, where another one would give another number.
    For ``role`` ``tests`` the value is 1 (green) or 0, and ``facts`` has ``green``
    (``yes``/``no``), ``commit_known`` (``asked``/``asserted``) and the counts.  A fact ``edit`` names the
    field of the definitions that has to be changed before asking again can help.  ``mark`` says how it came: out
    of a recording (``replayed``), typed (``manual``), or from a file that does not name the candidate's commit (``asserted``).
    """

    subject: str
    source: str
    role: Role
    state: State
    measured_at: datetime
    environment: str | None = None
    commit: str | None = None
    value: Decimal | None = None
    unit: str = ""
    why: str = ""
    window: str | None = None
    samples: int | None = None
    evidence: tuple[str, ...] = ()
    partial: str | None = None
    mark: Mark = ""
    build: str | None = None
    facts: Mapping[str, str | int] = {}
    trend: bytes | None = None
    data: bytes | None = None
    basis: Basis = ""


class Blob(msgspec.Struct, frozen=True):
    """Evidence: ``digest`` is the SHA-256 of ``data``, which holds no secret any more."""

    digest: str
    media: str
    data: bytes


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """What one source answered.  ``complete`` is false when the fetch was cancelled."""

    source: str
    asked_at: datetime
    readings: tuple[Reading, ...]
    server: str = ""
    blobs: tuple[Blob, ...] = ()
    complete: bool = True


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """How a fetch went, with all answers.  ``skipped`` are sources that a person answers for."""

    asked: int
    ok: int = 0
    missing: int = 0
    errors: int = 0
    cancelled: bool = False
    sources: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = ()


class Body(msgspec.Struct, frozen=True):
    """A raw answer as it came: evidence once it is redacted."""

    media: str
    data: bytes


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a source's module hands back for one question; secrets are removed later.

    ``mark`` is ``asserted`` where nothing says that the answer is of the candidate's build.
    """

    state: State
    measured_at: datetime
    value: Decimal | None = None
    unit: str | None = None
    why: str = ""
    samples: int | None = None
    partial: str | None = None
    facts: Mapping[str, str | int] = {}
    trend: bytes | None = None
    data: bytes | None = None
    basis: Basis = ""
    bodies: tuple[Body, ...] = ()
    mark: Mark = ""


class WrongQuestion(SourceError):
    """The question itself has to be changed; asking it again cannot help.  ``field`` is that of its kind."""

    def __init__(self, what: str, *, field: str, where: str | None = None, hint: str | None = None) -> None:
        super().__init__(what, where=where, hint=hint)
        self.field = field


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """One alert that a source has: its name, what it is about, since when, and whether it ``fires`` already."""

    name: str
    fires: bool
    since: datetime | None = None
    severity: str = ""
    summary: str = ""
    labels: Mapping[str, str] = {}


class Alerts(msgspec.Struct, frozen=True, kw_only=True):
    """What one source said of its alerts ``at`` a moment; ``why`` is why it could not be asked."""

    source: str
    at: datetime
    alerts: tuple[Alert, ...] = ()
    why: str = ""
    replayed: bool = False


class Asker:
    """One source, ready to be asked.

    A kind's ``load()`` returns ``connect(channel) -> Asker``; ``connect`` may also be
    ``None``, which says that a person answers for this kind.  What goes wrong is raised
    as ``SourceError``.
    """

    async def ask(self, question: Question) -> Found:
        """The answer to one question."""
        raise NotImplementedError

    async def server(self) -> str:
        """The server's name and version, as far as it tells them; files have none."""
        return ""

    @property
    def engine(self) -> str:
        """What computed the answers, once the server has told it; "" where any would compute the same."""
        return ""

    async def alerts(self) -> Sequence[Alert]:
        """The alerts of now, where its kind says that it has any."""
        raise NotImplementedError

    async def build(self, question: Question) -> str | None:
        """The commit that runs in the question's environment, where the source can tell."""
        return None


def window_of(question: Question, such_as: str) -> timedelta:
    """How far back a question looks; ``SourceError`` where it does not say so, with a window to write (``such_as``)."""
    if question.window is None:
        raise SourceError("the measure needs a window", hint=f"for example window: {such_as}")
    return question.window


def missing(question: Question, why: str, *, edit: str = "") -> Found:
    """The answer where there is none; ``edit`` names the field to change."""
    return Found(state="missing", measured_at=question.at, why=why, facts={"edit": edit} if edit else {})


def in_unit(value: Decimal, natural: str, wanted: str) -> tuple[Decimal, str]:
    """A value in the unit that the measure asks for; in its own where none is asked for."""
    if not wanted or wanted == natural:
        return value, natural
    own = find_unit(natural)
    try:
        unit = find_unit(wanted)
    except ValueError as error:
        raise SourceError(str(error)) from None
    if unit.kind != own.kind:
        raise SourceError(
            f"the value is a {own.kind}, which cannot be written in {wanted}",
            hint=f"give the measure unit: {natural or 'none'}",
        )
    return rescale(value, own, unit), unit.symbol
