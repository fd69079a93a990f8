"""What a project's YAML may say.  One struct per thing; the JSON Schema is made from them.

Text fields that hold a duration, a unit, a criterion, a date or a key are annotated, so
that the reader checks them where they stand.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta, field

from workbench.definitions.kinded import Kinded
from workbench.model.fields import DurationText, Key, Shape

# As in model.fields, the titles say how a piece of text is to be checked.
AgeText = Annotated[str, Meta(title="age", examples=["24h", "this candidate"])]
UnitText = Annotated[str, Meta(title="unit", examples=["ms", "s", "%", "/s"])]
CriterionText = Annotated[str, Meta(title="criterion", examples=["within 20% of baseline"])]
DateText = Annotated[str, Meta(title="date", examples=["2026-12-01"])]
ProjectPath = Annotated[str, Meta(title="path", examples=["flows.csv"])]


class EnvironmentKind(StrEnum):
    """RE-2: what an environment is for."""

    PRODUCTION = "production"
    STAGING = "staging"
    PRE_PRODUCTION = "pre-production"
    EPHEMERAL = "ephemeral"
    CANARY = "canary"


class StagingKind(StrEnum):
    """DOMAIN 8: how a staging environment is built."""

    FULL_CLONE = "full-clone"
    SCALED_DOWN = "scaled-down"
    VIRTUALISED = "virtualised"
    HYBRID = "hybrid"
    EPHEMERAL = "ephemeral"


class Tier(StrEnum):
    """How much a flow matters."""

    CRITICAL = "critical"
    IMPORTANT = "important"
    BEST_EFFORT = "best_effort"


class Dimension(StrEnum):
    """DIM-1 to DIM-5: the five quality dimensions of a flow."""

    DATA_FIDELITY = "data_fidelity"
    SERVICE_PARITY = "service_parity"
    FLOW_COMPLETENESS = "flow_completeness"
    LATENCY_CONSISTENCY = "latency_consistency"
    ERROR_HANDLING = "error_handling"


class Better(StrEnum):
    """Which way is good."""

    LOWER = "lower"
    HIGHER = "higher"
    NEITHER = "neither"


class Mode(StrEnum):
    """Whether a benchmark informs or stops the release."""

    ADVISORY = "advisory"
    BLOCKING = "blocking"


class Severity(StrEnum):
    """How badly a difference can hurt."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class AutomaticFact(StrEnum):
    """What the record knows by itself, so that a checklist item need not be ticked."""

    PARITY_REVIEWED = "parity_reviewed"
    DIFFERENCES_DECIDED = "differences_decided"
    TESTS_GREEN = "tests_green"
    BENCHMARKS_MET = "benchmarks_met"
    ROLLBACK_PLANNED = "rollback_planned"
    WATCH_PLANNED = "watch_planned"


class BuildQuestion(Shape, frozen=True):
    """How to ask an environment which build it runs."""

    source: Key
    query: str
    label: str = "commit"


class Environment(Shape, frozen=True):
    """RE-2.  ``variables`` fill ``$name`` in queries; ``$environment`` is the key itself."""

    key: Key
    kind: EnvironmentKind
    title: str = ""
    staging_kind: StagingKind | None = None
    region: str | None = None
    owner: str | None = None
    data: str | None = None
    cost_per_day: str | None = None
    variables: dict[str, str] = field(default_factory=dict)
    build: BuildQuestion | None = None


class Person(Shape, frozen=True):
    """Somebody who may act; ``email`` is matched with git's."""

    key: Key
    name: str
    roles: list[Key] = field(default_factory=list)
    email: str | None = None
    timezone: str | None = None


class Source(Shape, frozen=True):
    """A source; ``config`` holds the fields of its kind."""

    KINDED: ClassVar = Kinded(kinds="sources")

    key: Key
    kind: str
    title: str = ""
    config: msgspec.Struct | None = None


class Measure(Shape, frozen=True):
    """What to ask for one value; ``ask`` holds the fields of the source's kind."""

    KINDED: ClassVar = Kinded(
        kinds="sources", through="source", shape="measure", holder="ask", gives="measurements"
    )

    source: Key
    unit: UnitText = ""
    window: DurationText | None = None
    environment: Key | None = None
    ask: msgspec.Struct | None = None


class Benchmark(Shape, frozen=True):
    """CRITERIA 1.  What is left out is filled from the flow's tier and the dimension."""

    key: Key
    title: str
    measure: Measure
    flow: Key | None = None
    environment: Key | None = None
    dimension: Dimension | None = None
    about: str | None = None
    better: Better | None = None
    baseline: str | None = None
    pass_: CriterionText | None = field(default=None, name="pass")
    warn: CriterionText | None = None
    mode: Mode = Mode.ADVISORY
    blocking_from: DateText | None = None
    max_age: AgeText | None = None
    baseline_max_age: DurationText | None = None
    min_samples: Annotated[int, Meta(ge=0)] | None = None
    review: Literal["daily", "weekly", "monthly", "quarterly", "per release"] | None = None
    carry: bool = False
    tags: list[Key] = field(default_factory=list)


class Requirement(Shape, frozen=True):
    """One requirement of a gate; ``config`` holds the fields of its kind."""

    KINDED: ClassVar = Kinded(kinds="requirements", by_name=True)

    key: Key
    kind: str
    title: str = ""
    config: msgspec.Struct | None = None


class RoleCount(Shape, frozen=True):
    """How many people of a role must sign."""

    role: Key
    count: Annotated[int, Meta(ge=1, le=20)] = 1


class SignPolicy(Shape, frozen=True):
    """GT-7.  Who must sign a gate, and under which rules."""

    roles: list[RoleCount] = field(default_factory=list)
    own: bool = False
    newer_evidence: bool = True
    open_for: DurationText = "72h"
    meaning: str = "I have read the figures above and accept the stated gaps."


class Gate(Shape, frozen=True):
    """GT-1.  An ordered point that a release must pass."""

    key: Key
    title: str
    about: str | None = None
    requires: list[Requirement] = field(default_factory=list)
    sign: SignPolicy | None = None


class Item(Shape, frozen=True):
    """One item of a checklist.  ``automatic`` names a fact that answers it by itself."""

    key: Key
    title: str
    why: str
    check: str
    evidence: str | None = None
    needs_evidence: bool = False
    carry: bool = False
    automatic: AutomaticFact | None = None
    role: Key | None = None


class Checklist(Shape, frozen=True):
    """CL: a list of items that a person walks."""

    checklist: Key
    title: str
    version: int = 1
    about: str | None = None
    items: list[Item] = field(default_factory=list)


class StartFrom(Shape, frozen=True):
    """Files that a new record starts from."""

    flows: ProjectPath | None = None
    parity: ProjectPath | None = None


class FreezeWindow(Shape, frozen=True):
    """GT-8: dates during which nothing is promoted; both ends are inclusive days."""

    first: DateText
    last: DateText
    reason: str


class Part(Shape, frozen=True):
    """A file that ``include`` names: more of the project's lists, and nothing else."""

    environments: list[Environment] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    benchmarks: list[Benchmark] = field(default_factory=list)
    gates: list[Gate] = field(default_factory=list)
    checklists: list[ProjectPath] = field(default_factory=list)
    change_freezes: list[FreezeWindow] = field(default_factory=list)


class Project(Part, frozen=True, kw_only=True):
    """The whole of ``workbench.yaml`` and the files that it includes."""

    project: Key
    title: str = ""
    timezone: str = "UTC"
    about: str | None = None
    include: list[ProjectPath] = field(default_factory=list)
    start_from: StartFrom | None = None


class Mark(msgspec.Struct, frozen=True):
    """Where something stands: a file (relative to the project), line and column from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"
