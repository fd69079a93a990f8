"""What a project's YAML may say.  One struct per thing; the JSON Schema is made from them.

Text fields that hold a duration, a unit, a criterion, a date or a key are annotated, so
that the reader checks them where they stand.  The line below a field tells people what it
is: editors show it (``words.py``).
"""

from enum import StrEnum
from typing import Annotated, ClassVar, Literal, TypeAlias

import msgspec
from msgspec import Meta, field

from workbench.definitions.environments import BuildQuestion as BuildQuestion
from workbench.definitions.environments import Environment as Environment
from workbench.definitions.environments import EnvironmentKind as EnvironmentKind
from workbench.definitions.environments import StagingKind as StagingKind
from workbench.definitions.hooks import Hook as Hook
from workbench.definitions.hooks import HookEvent as HookEvent
from workbench.definitions.kinded import Kinded
from workbench.definitions.notes_template import NotesTemplate
from workbench.definitions.routines import Routine as Routine
from workbench.definitions.routines import Sprint as Sprint
from workbench.definitions.runbooks import Playbook, Runbook
from workbench.model.changes import ChangeMeasure
from workbench.model.fields import DateText, DurationText, Key, Shape, ShareText, SteadyText

# As in model.fields, the titles say how a piece of text is to be checked.
AgeText = Annotated[str, Meta(title="age", examples=["24h", "this candidate"])]
UnitText = Annotated[str, Meta(title="unit", examples=["ms", "s", "%", "/s"])]
CriterionText = Annotated[str, Meta(title="criterion", examples=["within 20% of baseline"])]
VariantLabel = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", examples=["m6.large"])]
ProjectPath = Annotated[str, Meta(title="path", examples=["flows.csv"])]


class Tier(StrEnum):
    """How much a flow matters."""

    CRITICAL = "critical"
    IMPORTANT = "important"
    BEST_EFFORT = "best_effort"


class Dimension(StrEnum):
    """The five quality dimensions of a flow."""

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


class Category(StrEnum):
    """PM-1: what a difference is about."""

    INFRASTRUCTURE = "infrastructure"
    CONFIGURATION = "configuration"
    DATA = "data"
    PIPELINE = "pipeline"
    SERVICES = "services"
    SECURITY = "security"
    OBSERVABILITY = "observability"
    TRAFFIC = "traffic"
    CODE = "code"
    UNSORTED = "unsorted"


class AutomaticFact(StrEnum):
    """What the record answers automatically, so that a checklist item need not be ticked."""

    PARITY_REVIEWED = "parity_reviewed"
    DIFFERENCES_DECIDED = "differences_decided"
    TESTS_GREEN = "tests_green"
    BENCHMARKS_MET = "benchmarks_met"
    ROLLBACK_PLANNED = "rollback_planned"
    WATCH_PLANNED = "watch_planned"
    QUARANTINES_COUNTED = "quarantines_counted"
    PROBES_RUN = "probes_run"
    DATA_FRESH = "data_fresh"
    DATA_MASKED = "data_masked"
    RUNBOOK_REHEARSED = "runbook_rehearsed"
    ROLLBACK_REHEARSED = "rollback_rehearsed"
    RESTORE_REHEARSED = "restore_rehearsed"
    INCIDENT_FROZEN = "incident_frozen"
    OWNERS_TOLD = "owners_told"
    RUNBOOK_EXECUTED = "runbook_executed"
    CAUSE_REVIEWED = "cause_reviewed"
    INCIDENT_LEARNT = "incident_learnt"


# What the record answers of an incident: only a list that is walked for one can ask it, and nothing else.
OF_INCIDENTS = frozenset(
    {
        AutomaticFact.INCIDENT_FROZEN,
        AutomaticFact.OWNERS_TOLD,
        AutomaticFact.RUNBOOK_EXECUTED,
        AutomaticFact.CAUSE_REVIEWED,
        AutomaticFact.INCIDENT_LEARNT,
    }
)


class WalkedFor(StrEnum):
    """What a checklist is walked for."""

    RELEASE = "release"
    INCIDENT = "incident"


class PersonKey(Shape, frozen=True):
    """A public SSH key of a person, and when what it signs counts."""

    key: str
    """The line of its ``.pub`` file: ``ssh-ed25519 AAAA… jo@laptop``."""
    from_: DateText | None = field(default=None, name="from")
    """The first day on which its signatures count; always unless said."""
    until: DateText | None = None
    """The last day on which its signatures count; for good unless said."""
    revoked: DateText | None = None
    """The day from which nothing that it signs counts: lost, or stolen."""


class Away(Shape, frozen=True):
    """Days on which a person cannot be asked; both ends are inclusive."""

    from_: DateText = field(name="from")
    """The first day."""
    until: DateText
    """The last day."""


class Person(Shape, frozen=True):
    """Somebody who may act."""

    key: Key
    """What other definitions, and ``--as``, call them."""
    name: str
    """Their name."""
    roles: list[Key] = field(default_factory=list)
    """What they may sign as, for example ``release-owner``."""
    email: str | None = None
    """Compared with git's ``user.email``, so that nobody has to say who they are."""
    also: list[str] = field(default_factory=list)
    """Further e-mail addresses of the same person."""
    timezone: str | None = None
    """Theirs, for example ``Europe/Berlin``."""
    hours: str | None = None
    """When they work, Monday to Friday: ``09:00-17:00`` unless said."""
    away: list[Away] = field(default_factory=list)
    """When they cannot be asked."""
    keys: list[PersonKey] = field(default_factory=list)
    """Their public SSH keys, with which what they say can be checked."""


class Source(Shape, frozen=True):
    """A source; ``config`` holds the fields of its kind."""

    KINDED: ClassVar = Kinded(kinds="sources")

    key: Key
    """What measures and requirements call it."""
    kind: str
    """What is asked: says which other fields there are."""
    title: str = ""
    """Its name for people."""
    recipe: str = ""
    """The recipe that it follows, if any."""
    checked: str = ""
    """How the team compared its answers with the real thing; until then those of an unproven source are advisory."""
    config: msgspec.Struct | None = None


class Probe(Shape, frozen=True):
    """A check that finds one kind of difference; ``config`` holds the fields of its kind."""

    KINDED: ClassVar = Kinded(kinds="probes")

    key: Key
    """What commands and the parity map call it."""
    kind: str
    """What is compared: says which other fields there are."""
    title: str = ""
    """A statement that is true when it passes."""
    about: str | None = None
    """Why it matters; for people."""
    environment: Key | None = None
    """The environment that is looked at; the project's staging unless said."""
    against: Key | None = None
    """The environment that it is compared with; production unless said."""
    region: str | None = None
    """Where it holds, if not everywhere."""
    flows: list[Key] = field(default_factory=list)
    """The flows that its differences put in doubt."""
    category: Category | None = None
    """What the differences that it proposes are about; the kind's unless said."""
    severity: Severity | None = None
    """How bad the differences that it proposes are; medium unless said."""
    ignore: list[str] = field(default_factory=list)
    """Paths whose differences are noise, ``*`` allowed."""
    twice: bool | None = None
    """Ask production twice: what differs between its two answers is noise.  The kind's habit unless said."""
    every: DurationText | None = None
    """How often it is to be run."""
    timeout: DurationText = "60s"
    """How long one run may take."""
    config: msgspec.Struct | None = None


class Measure(Shape, frozen=True):
    """What to ask for one value; ``ask`` holds the fields of the source's kind."""

    KINDED: ClassVar = Kinded(
        kinds="sources", through="source", shape="measure", holder="ask", gives="measurements"
    )

    source: Key
    """The source that is asked."""
    unit: UnitText = ""
    """The unit of the value: ``ms``, ``s``, ``%``, ``/s``; none for a count."""
    window: DurationText | None = None
    """The stretch of time that the value stands for; ``$window`` in queries."""
    environment: Key | None = None
    """Another environment than staging to measure in."""
    baseline_source: Key | None = None
    """The source that is asked for the baseline where another server answers for that environment; of the same kind."""
    ask: msgspec.Struct | None = None

    @property
    def counted(self) -> bool | None:
        """Whether an answer says how many observations it rests on; ``None`` where the kind does not say."""
        counted: bool | None = getattr(self.ask, "counted", None)
        return counted


NOT_ASKED = Measure(source="")  # what stands where a benchmark has no measure


RunRule: TypeAlias = Literal[
    "western_electric", "western_electric_1", "western_electric_2", "western_electric_3", "western_electric_4",
    "nelson", "nelson_1", "nelson_2", "nelson_3", "nelson_4", "nelson_5", "nelson_6", "nelson_7", "nelson_8",
    "moving_average", "ewma",
]  # fmt: skip


class Agreed(Shape, frozen=True):
    """Who agreed to the limits of a benchmark, and when."""

    by: str
    """A person, as a rule the product owner of its flow."""
    on: DateText
    """The day."""


BaselineMark: TypeAlias = Literal[
    "old",
    "overlapping",
    "other_hours",
    "other_load",
    "other_map",
    "other_engine",
    "asked_otherwise",
    "first_week",
]


class Benchmark(Shape, frozen=True):
    """What is measured and judged.  What is left out is filled from its kind, the flow's tier and the dimension."""

    key: Key
    """What gates and commands call it."""
    kind: Annotated[str, Meta(title="benchmark kind", examples=["latency"])] | None = None
    """A built-in kind, which fills in what is left out."""
    title: str = ""
    """A statement that is true when it is met; its kind's unless said."""
    measure: Measure = NOT_ASKED
    """What to ask for its value; left out where its kind is answered by the record."""
    flow: Key | None = None
    """The flow that it is about; this or ``environment``."""
    environment: Key | None = None
    """The environment that it is about; this or ``flow``."""
    step: str | None = None
    """The step of the flow that it times, as the flow calls its operation or its service."""
    dimension: Dimension | None = None
    """Which quality of the flow it measures; fills in what is left out."""
    about: str | None = None
    """Why it matters; for people."""
    better: Better | None = None
    """Which way is good."""
    baseline: str | None = None
    """What the value is compared with: ``production`` unless said, an environment, ``last good release``, ``pinned`` or another."""
    each_region: bool = False
    """Judge it against each region of production alone: it becomes one benchmark for each."""
    pass_: CriterionText | None = field(default=None, name="pass")
    """The criterion that has to be met; from the dimension and the flow's tier unless said."""
    warn: CriterionText | None = None
    """Looked at once ``pass`` failed: met, it is a warning."""
    mode: Mode = Mode.ADVISORY
    """Whether it only informs or stops the release."""
    blocking_from: DateText | None = None
    """The day from which it stops the release."""
    max_age: AgeText | None = None
    """How old a measurement may be, or ``this candidate``; the review period unless said."""
    baseline_max_age: DurationText | None = None
    """The same for the baseline; an older one is used and marked."""
    min_samples: Annotated[int, Meta(ge=0)] | None = None
    """How many observations a value needs; 20 unless said, where the source counts them."""
    review: Literal["daily", "weekly", "monthly", "quarterly", "per release"] | None = None
    """How often somebody looks at it."""
    carry: bool = False
    """A new candidate does not need a new measurement."""
    chart: Literal["mean_3s", "xmr", "prediction", "moving_average", "ewma"] | None = None
    """How the limits of ``in control`` are drawn; ``mean_3s`` unless said."""
    points: Annotated[int, Meta(ge=2, le=200)] | None = None
    """How many earlier measurements a control chart needs; 8 unless said."""
    scale: Literal["linear", "log"] | None = None
    """Whether a chart looks at the values or at their logarithms; linear unless said."""
    run_rules: dict[RunRule, Literal["fail", "warn", "off"]] = field(default_factory=dict)
    """What run rules of a chart do when they fire: each of them, or a family."""
    steady: Annotated[int, Meta(ge=1, le=20)] | SteadyText | None = None
    """How long it has to pass before it counts: so many windows in a row, or a length of time such as ``30min``."""
    measures: list[ChangeMeasure] = field(default_factory=list)
    """What it measures of a kind of change that a release carries."""
    agreed: Agreed | None = None
    """Who agreed to its limits, and when; its flow's unless said."""
    tags: list[Key] = field(default_factory=list)
    """For gates that ask for some benchmarks only."""


class Objective(Shape, frozen=True):
    """A share of good events that has to be kept over a window; what may be missed is its error budget."""

    key: Key
    """What gates and commands call it."""
    indicator: Measure
    """What to ask for the share of good events in ``$window``, in percent unless it says another ``unit``."""
    target: ShareText
    """The share that has to be good."""
    window: DurationText
    """The stretch of time over which it is kept."""
    title: str = ""
    """A statement that is true when it is kept; made of the target and the window unless said."""
    flow: Key | None = None
    """The flow that it is about; this or ``environment``."""
    environment: Key | None = None
    """The environment that it is about; this or ``flow``."""
    about: str | None = None
    """Why it matters; for people."""
    mode: Mode = Mode.ADVISORY
    """Whether it stops the release wherever benchmarks do, beside a gate that asks for ``objective_held``."""
    burn: DurationText | None = None
    """A shorter stretch over which the error budget may not burn too fast."""
    burn_at_most: Annotated[float, Meta(gt=0)] | None = None
    """How many times as fast as it lasts; what would use 2 % of it in that stretch unless said."""


FaultName: TypeAlias = Literal[
    "downstream_500", "downstream_503", "timeout", "slow_response", "connection_refused", "queue_unavailable",
    "malformed_payload", "retry_exhaustion", "expired_credential", "duplicate_delivery", "late_circuit_breaker",
]  # fmt: skip


class FaultScenario(Shape, frozen=True):
    """DIM-5: a fault of the catalogue that a flow has to fail well under."""

    key: Key
    """What commands call it."""
    flow: Key
    """The flow that is put under it."""
    fault: FaultName
    """The fault, out of the catalogue."""
    step: str = ""
    """The step of the flow that it hits, if it is one."""
    expected: str = ""
    """What a person should see; the catalogue's words unless said."""


class ObservedService(Shape, frozen=True):
    """OP-5: what staging records of a service as production does; what is left out is not there."""

    key: Key
    """The service, as flows call it."""
    environment: Key | None = None
    """The environment that is looked at; the project's staging unless said."""
    metrics: bool = False
    """Whether it has production's metrics."""
    logs: bool = False
    """Whether it writes production's logs."""
    traces: bool = False
    """Whether its requests are traced as in production."""
    alerts: bool = False
    """Whether production's alerts fire there, too."""
    retention: bool = False
    """Whether what is recorded is kept as long as in production."""
    sampling: bool = False
    """Whether as many of its requests are sampled as in production."""


class Requirement(Shape, frozen=True):
    """One requirement of a gate; ``config`` holds the fields of its kind."""

    KINDED: ClassVar = Kinded(kinds="requirements", by_name=True)

    key: Key
    """What overrides and reports call it; made from what it asks for unless said."""
    kind: str
    """Which kind of requirement it is."""
    title: str = ""
    """Its name for people."""
    satisfies: list[str] = field(default_factory=list)
    """The controls that it serves as evidence for, for example ``soc2/CC8.1``."""
    config: msgspec.Struct | None = None


class RoleCount(Shape, frozen=True):
    """How many people of a role must sign."""

    role: Key
    """The role that signs."""
    count: Annotated[int, Meta(ge=1, le=20)] = 1
    """How many people of that role must sign."""
    people: list[Key] = field(default_factory=list)
    """Only these of them may sign; all who have the role unless said."""


class SignPolicy(Shape, frozen=True):
    """Who must sign a gate, and under which rules."""

    roles: list[RoleCount] = field(default_factory=list)
    """Which roles sign, and how many people of each."""
    own: bool = False
    """Whether an author may approve their own build."""
    newer_evidence: bool = True
    """Measured again with the same outcome, the signature still counts."""
    open_for: DurationText = "72h"
    """How long the measurements that were signed stay pinned."""
    meaning: str = "I have read the figures above and accept the stated gaps."
    """The sentence that is signed."""
    require_signature: bool = False
    """Whether only what was signed with an SSH key of the person counts."""
    apart_from: list[Key] = field(default_factory=list)
    """Gates: nobody who signed one of them signs this one."""


class Escalation(Shape, frozen=True):
    """When a blocker has been open for too long, and who is told then."""

    after: DurationText
    """How long a blocker may be open."""
    to: Key
    """The role whose people are told."""


ReleaseKindName: TypeAlias = Literal["regular", "hotfix", "rollback"]


class Gate(Shape, frozen=True):
    """A point that a release must pass, in order."""

    key: Key
    """What commands and other gates call it."""
    title: str
    """Its name for people."""
    about: str | None = None
    """What it is there for; for people."""
    for_: list[ReleaseKindName] = field(default_factory=list, name="for")
    """Which kinds of release pass it: ``regular``, ``hotfix``, ``rollback``; all but hotfixes unless said."""
    requires: list[Requirement] = field(default_factory=list)
    """Everything that has to hold before a release may pass."""
    sign: SignPolicy | None = None
    """Who signs it, and under which rules; nobody unless said."""
    escalate: Escalation | None = None
    """When a blocker of it is taken to somebody else, and to whom."""
    into: Key | None = None
    """The environment into which it guards the step; the release as a whole unless said."""
    satisfies: list[str] = field(default_factory=list)
    """The controls that it serves as evidence for, for example ``soc2/CC8.1``."""


class Item(Shape, frozen=True):
    """One item of a checklist."""

    key: Key
    """What commands call it."""
    title: str
    """A statement that is true when the item is done."""
    why: str
    """Why it matters."""
    check: str
    """How to check it."""
    evidence: str | None = None
    """What counts as evidence."""
    needs_evidence: bool = False
    """It is done only with evidence attached for this candidate."""
    carry: bool = False
    """A new candidate leaves it answered."""
    automatic: AutomaticFact | None = None
    """The fact of the record that answers it automatically."""
    needs_fact: AutomaticFact | None = None
    """The fact of the record without which nobody can tick it; what else it asks, a person answers."""
    role: Key | None = None
    """Whose answer counts, or whose approval of another person's answer."""


class Checklist(Shape, frozen=True):
    """A list of items that a person walks."""

    checklist: Key
    """Its key: what gates call it."""
    title: str
    """Its name for people."""
    version: int = 1
    """Counted up when its meaning changes."""
    about: str | None = None
    """When to walk it; for people."""
    walked_for: WalkedFor = WalkedFor.RELEASE
    """``release``, or ``incident``: then each incident has answers of its own, and no candidate opens them again."""
    items: list[Item] = field(default_factory=list)
    """What is walked, in order."""


class StartFrom(Shape, frozen=True):
    """Files that a new record starts from."""

    flows: ProjectPath | None = None
    """A CSV or YAML file of flows."""
    parity: ProjectPath | None = None
    """A CSV or YAML file of differences."""


class FreezeWindow(Shape, frozen=True):
    """Dates during which nothing is promoted; both ends are inclusive days."""

    first: DateText
    """The first day, included."""
    last: DateText
    """The last day, included."""
    reason: str
    """Why nothing goes out."""


class Variants(Shape, frozen=True):
    """Runs of the same thing in several settings, side by side: instance types, cache sizes."""

    key: Key
    """What commands call it."""
    of: list[VariantLabel]
    """The variants, each by a label: ``m6.large``."""
    benchmarks: list[Key]
    """What is measured in each variant; a variant meets the rules where all of these pass."""
    title: str = ""
    """Its name for people."""
    about: str | None = None
    """Why they are compared; for people."""
    cost: Key | None = None
    """The benchmark that says what a variant costs; the lower the cheaper."""
    now: VariantLabel | None = None
    """The variant that runs now."""


class Part(Shape, frozen=True):
    """A file that ``include`` names: more of the project's lists, and nothing else."""

    environments: list[Environment] = field(default_factory=list)
    """What is compared and deployed to."""
    sources: list[Source] = field(default_factory=list)
    """Where answers come from."""
    probes: list[Probe] = field(default_factory=list)
    """What looks for differences between environments."""
    people: list[Person] = field(default_factory=list)
    """Who may act, and in which roles."""
    benchmarks: list[Benchmark] = field(default_factory=list)
    """What is measured and judged."""
    objectives: list[Objective] = field(default_factory=list)
    """What has to be good over a window of time, each with its error budget."""
    variants: list[Variants] = field(default_factory=list)
    """What is measured in several settings, side by side."""
    faults: list[FaultScenario] = field(default_factory=list)
    """Faults that flows are put under, and have to fail well."""
    observability: list[ObservedService] = field(default_factory=list)
    """What staging records of each service as production does."""
    runbooks: list[Runbook] = field(default_factory=list)
    """How something is done when it has to be done, step by step."""
    playbooks: list[Playbook] = field(default_factory=list)
    """What has to be decided in a situation, and between what."""
    gates: list[Gate] = field(default_factory=list)
    """What a release has to pass, in order."""
    checklists: list[ProjectPath] = field(default_factory=list)
    """Files of the project, or bare names of the built-in lists."""
    change_freezes: list[FreezeWindow] = field(default_factory=list)
    """Days during which nothing is promoted."""
    hooks: list[Hook] = field(default_factory=list)
    """What is called when something has happened, so that people are told."""
    routines: list[Routine] = field(default_factory=list)
    """What is done again and again, beside the built-in routines or in their place."""


class FailureCosts(Shape, frozen=True):
    """What five minutes of failure in production have to cost to be dear, and to be cheap."""

    dear_from: str
    """From this amount on they are dear, for example ``1,000 EUR``."""
    cheap_below: str
    """Below this amount they are cheap; in the same currency."""


class Tolerance(Shape, frozen=True):
    """How many incidents in production a team can live with."""

    incidents: Annotated[int, Meta(ge=0, le=10_000)]
    """So many and no more."""
    within: DurationText
    """In this time, for example ``90d``."""


class Project(Part, frozen=True, kw_only=True):
    """The whole of ``workbench.yaml`` and the files that it includes."""

    project: Key
    """The project's key."""
    title: str = ""
    """Its name for people."""
    timezone: str = "UTC"
    """Dates begin at 00:00 there; UTC unless said."""
    about: str | None = None
    """What it is; for people."""
    include: list[ProjectPath] = field(default_factory=list)
    """Further files, ``*`` allowed."""
    refuse_baselines: list[BaselineMark] = field(default_factory=list)
    """What a baseline must not be: ``old``, ``overlapping``, ``other_hours``, ``other_load``, ``other_map`` and more."""
    rollback_when: list[Key] = field(default_factory=list)
    """Benchmarks measured in production: while a release is watched, one that fails says to roll it back."""
    start_from: StartFrom | None = None
    """Files that a new record starts from."""
    sprint: Sprint | None = None
    """When sprints begin and how long they are; two weeks from a Monday unless said."""
    tolerates: Tolerance | None = None
    """How many incidents in production the team can live with: once there are no more, it holds rather than invests."""
    failure_costs: FailureCosts | None = None
    """What five minutes of failure have to cost to be dear: the question for a flow's tier asks for it."""
    notes: NotesTemplate | None = None
    """How release notes are laid out: which sections, in which order, for whom."""


BUILT_IN = "built-in:"  # begins the file name of a mark in a checklist that comes with the workbench


class Mark(msgspec.Struct, frozen=True):
    """Where something stands: a file (relative to the project), line and column from 1."""

    file: str
    line: int
    column: int

    @property
    def built_in(self) -> bool:
        """Whether it stands in a checklist that comes with the workbench."""
        return self.file.startswith(BUILT_IN)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"
