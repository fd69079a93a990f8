"""What a project's YAML may say of an environment: what it is, whose it is, and what its users may count on."""

from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta, field

from workbench.model.fields import DateText, DurationText, HoursText, Key, Shape


class EnvironmentKind(StrEnum):
    """What an environment is for."""

    PRODUCTION = "production"
    STAGING = "staging"
    PRE_PRODUCTION = "pre-production"
    EPHEMERAL = "ephemeral"
    CANARY = "canary"


class StagingKind(StrEnum):
    """How a staging environment is built."""

    FULL_CLONE = "full-clone"
    SCALED_DOWN = "scaled-down"
    VIRTUALISED = "virtualised"
    HYBRID = "hybrid"
    EPHEMERAL = "ephemeral"


class StagingPattern(StrEnum):
    """What a staging environment has beside the way in which it is built."""

    CLONE_ACCOUNT = "clone-account"
    MINIMAL_PARITY = "minimal-parity"
    REPLAY = "replay"
    CANARY = "canary-in-staging"
    SYNTHETIC_SUBSET = "synthetic-and-subset"
    OTHER_ARCHITECTURE = "other-architecture"


class DataStrategy(StrEnum):
    """Where the data of an environment comes from."""

    SCRUBBED_SNAPSHOT = "scrubbed-snapshot"
    SUBSET = "subset"
    SYNTHETIC = "synthetic"
    UNMASKED_COPY = "unmasked-copy"


class Way(StrEnum):
    """Whether a person does it, or the pipeline."""

    MANUAL = "manual"
    AUTOMATIC = "automatic"


class BuildQuestion(Shape, frozen=True):
    """How to ask an environment which build it runs."""

    source: Key
    """The source that is asked."""
    query: str
    """What to ask it."""
    label: str = "commit"
    """The label of the answer that holds the commit."""


class Stack(Shape, frozen=True):
    """What an environment runs on, as its team states it; probes look whether it is so."""

    database: str | None = None
    """Database engine and version, for example ``PostgreSQL 16.3``."""
    runtime: str | None = None
    """The application's runtime and version, for example ``Python 3.12``."""
    tiers: Annotated[int, Meta(ge=1, le=100)] | None = None
    """How many tiers a request passes."""
    cache: str | None = None
    """The cache and its version; ``none`` where there is none."""
    queue: str | None = None
    """The message queue and its version; ``none`` where there is none."""
    replicas: Annotated[int, Meta(ge=0, le=10_000)] | None = None
    """How many replicas the database has."""
    replicas_matter: bool | None = None
    """Whether replication lag or a quorum matters to the application."""


class RegularUse(Shape, frozen=True):
    """Somebody else who uses an environment, or maintenance, and when."""

    who: str
    """Whose work it is: a team, or a person of the project."""
    why: str
    """What they do there."""
    days: list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]] = field(default_factory=list)
    """On which days; every day unless said."""
    hours: HoursText | None = None
    """From when until when, in the project's time zone; ``22:00-02:00`` ends on the next day."""
    maintenance: bool = False
    """Whether it is a maintenance window."""


class Environment(Shape, frozen=True):
    """A place that builds run in."""

    key: Key
    """What other definitions call it."""
    kind: EnvironmentKind
    """What it is for."""
    title: str = ""
    """Its name for people."""
    staging_kind: StagingKind | None = None
    """How a staging environment is built."""
    patterns: list[StagingPattern] = field(default_factory=list)
    """What it has beside that."""
    region: str | None = None
    """Where it runs; for people."""
    owner: str | None = None
    """The owner; for people."""
    rota: str | None = None
    """Who is on duty for it, or where the rota stands; for people."""
    backlog: str | None = None
    """Where the work on it is listed; for people."""
    service_level: str | None = None
    """What its users may count on; for people."""
    data: str | None = None
    """What data it holds; for people."""
    data_strategy: DataStrategy | None = None
    """Where its data comes from."""
    fresh_within: DurationText | None = None
    """How old its data may be."""
    retention: DurationText | None = None
    """How long data may be kept there."""
    purge: str | None = None
    """How data is removed, and when; for people."""
    since: DateText | None = None
    """The day on which it was set up."""
    legacy: bool = False
    """Parity is not its aim any more: its gaps are documented, and their risk is assessed."""
    lifetime: DurationText | None = None
    """How long it may live, counted from ``since``."""
    ends: DateText | None = None
    """The last day of its life."""
    cost_per_day: str | None = None
    """What it costs, for example ``40 EUR``."""
    budget_per_day: str | None = None
    """What it may cost, in the same currency."""
    promotion: Way | None = None
    """How a build gets there."""
    rollback: Way | None = None
    """How a build that fails there is rolled back."""
    stack: Stack | None = None
    """What it runs on."""
    used_by: list[RegularUse] = field(default_factory=list)
    """Who else uses it, and when."""
    variables: dict[str, str] = field(default_factory=dict)
    """Fill ``$name`` in queries; ``$environment`` is the key itself."""
    build: BuildQuestion | None = None
    """How to ask which build runs there; a value of another build than the candidate counts as no data."""
