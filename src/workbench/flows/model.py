"""FI-1 to FI-5: flows, their adoption and their coverage."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from workbench.definitions.shapes import Tier
from workbench.flows.steps import Step, steps_of
from workbench.model.canonical import plain
from workbench.model.errors import UsageError
from workbench.model.keys import is_slug, new_id
from workbench.record import Change, Column, EntityKind, Record, Stored, imported_rows, title_from


class Stage(StrEnum):
    """FI-2: how far a flow has been taken under watch."""

    LISTED = "listed"
    SELECTED = "selected"
    ADVISORY = "advisory"
    ENFORCED = "enforced"


STAGES = tuple(Stage)


class FlowKind(StrEnum):
    """FI-1: how the services of a flow work together."""

    API_ORCHESTRATION = "api_orchestration"
    EVENT_PIPELINE = "event_pipeline"
    SYNCHRONOUS_CHAIN = "synchronous_chain"
    BATCH = "batch"
    UNKNOWN = "unknown"


class TriggerKind(StrEnum):
    """FI-1: what sort of thing sets a flow off."""

    USER_ACTION = "user_action"
    EVENT = "event"
    SCHEDULE = "schedule"
    UNKNOWN = "unknown"


class Complexity(StrEnum):
    """How many parts have to work together in a flow."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    UNKNOWN = "unknown"


class Stability(StrEnum):
    """FI-2: whether a flow holds still long enough to be measured."""

    STABLE = "stable"
    CHANGING = "changing"
    FLAKY = "flaky"
    UNKNOWN = "unknown"


class Measuring(StrEnum):
    """SRC-1: the approaches by which a flow is measured."""

    SYNTHETIC = "synthetic"
    MONITORING = "monitoring"
    CANARY = "canary"


class Flow(msgspec.Struct, frozen=True, kw_only=True):
    """FI-1: an integration flow.

    ``steps`` are lines as ``workbench.flows.steps`` reads them; ``mocked_steps`` names those that are mocked in
    staging where their lines do not say it.  ``failure_cost`` is what five minutes of failure in production
    cost: an amount of money, or a class.  ``paths`` are patterns of files of the repository that belong to
    it.  ``agreed_by`` is who agreed to its limits, as a rule its product owner.
    """

    key: str
    name: str
    tier: Tier = Tier.IMPORTANT
    core: bool = False
    stage: Stage = Stage.LISTED
    owner: str | None = None
    services: tuple[str, ...] = ()
    trigger: str = ""
    outcome: str = ""
    steps: tuple[str, ...] = ()
    mocked_steps: tuple[str, ...] = ()
    staging_tests: str = ""
    failure_cost: str = ""
    kind: FlowKind = FlowKind.UNKNOWN
    trigger_kind: TriggerKind = TriggerKind.UNKNOWN
    complexity: Complexity = Complexity.UNKNOWN
    stability: Stability = Stability.UNKNOWN
    approach: tuple[Measuring, ...] = ()
    paths: tuple[str, ...] = ()
    agreed_by: str | None = None
    agreed_on: datetime | None = None

    @property
    def every_step(self) -> tuple[Step, ...]:
        """The steps, read."""
        return steps_of(self.steps, self.mocked_steps)


ENTITIES = (
    EntityKind(
        "flow",
        Flow,
        columns=(Column("key"), Column("name"), Column("tier"), Column("stage")),
        thing="flow",
        title=title_from("name", "key"),
        judged=True,
        excerpt=True,
    ),
    imported_rows("flow", named_by="name"),
)


def all_flows(record: Record, most: int | None = None) -> list[tuple[Stored, Flow]]:
    """Every flow, by tier and name; or the first ones of them."""
    rank = "CASE tier WHEN 'critical' THEN 0 WHEN 'important' THEN 1 ELSE 2 END"
    return [(stored, stored.decode(Flow)) for stored in record.all("flow", order=f"{rank}, name", limit=most)]


def tiers(record: Record) -> dict[str, Tier]:
    """The tier of each flow, by key: read from columns, for the hot path."""
    return {key: Tier(tier) for key, tier in record.query("SELECT key, tier FROM e_flow")}


def find(record: Record, key: str) -> tuple[Stored, Flow]:
    """The flow with that key."""
    found = record.all("flow", where="key = ?", args=(key,))
    if not found:
        raise UsageError(f"there is no flow “{key}” in this record", hint="workbench flow list shows them")
    return found[0], found[0].decode(Flow)


def new_flow(record: Record, flow: Flow, now: datetime, ident: str = "") -> Change:
    """The change that adds a flow; its key must be new and a slug."""
    if not is_slug(flow.key):
        raise UsageError(
            f"“{flow.key}” cannot be a key", hint="use lower-case letters, digits and -, for example checkout"
        )
    if record.count("flow", "key = ?", (flow.key,)):
        raise UsageError(f"there is a flow “{flow.key}” already", hint="edit it, or choose another key")
    return Change("flow", ident or new_id(now), "listed", plain(flow))


def edited(stored: Stored, flow: Flow, verb: str = "edited", reason: str | None = None) -> Change:
    """The change that replaces a flow's fields."""
    return Change("flow", stored.id, verb, plain(flow), stored.base, reason)


def next_stage(flow: Flow) -> Stage:
    """FI-2: the stage after this one; the last stays."""
    return STAGES[min(STAGES.index(flow.stage) + 1, len(STAGES) - 1)]
