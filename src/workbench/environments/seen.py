"""What the record shows of an environment, gathered for those who judge it: plain values, from anywhere."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

import msgspec

from workbench.definitions.environments import Environment
from workbench.definitions.shapes import Category, Dimension, Severity
from workbench.environments.freshness import DataAge
from workbench.environments.life import Life
from workbench.environments.looked import Looked


class State(StrEnum):
    """What came of looking for something: only ``FINE`` is good, and only what was looked at can be."""

    FINE = "fine"
    SEEN = "seen"
    UNKNOWN = "not known"
    NOT_APPLICABLE = "not applicable"


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """A difference of the map, as far as it is judged here; ``open`` until somebody has decided."""

    title: str
    category: Category
    severity: Severity
    open: bool
    probe: str = ""
    found_at: datetime | None = None


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """A benchmark's verdict, as far as it is judged here; ``overlaps`` says that others were at work."""

    title: str
    flow: str | None
    dimension: Dimension | None
    blocking: bool
    through: bool
    measured_at: datetime | None
    relative: bool = False
    overlaps: bool = False


class Mocked(msgspec.Struct, frozen=True):
    """A flow, and its steps that are not real in staging."""

    flow: str
    steps: tuple[str, ...]


class Pair(msgspec.Struct, frozen=True):
    """One parameter as a probe of a kind saw it in both environments; ``None`` where it is not there."""

    path: str
    kind: str
    staging: str | None
    production: str | None
    seen_by: str


class Project(msgspec.Struct, frozen=True, kw_only=True):
    """What the project has, beside its environments: what its gates ask and what its releases record."""

    ci_sources: tuple[str, ...] = ()
    measuring_sources: tuple[str, ...] = ()
    ephemeral: tuple[str, ...] = ()
    rollback_triggers: bool = False
    shipped: tuple[datetime, ...] = ()


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that an environment is judged from, at one moment.

    ``pairs`` are parameters that probes saw of both environments; ``teams`` are those whose work is
    recorded or regular there; ``sinking`` says that data consistency has sunk since the last refresh; ``clashes`` counts occupancies of different teams at the same time.
    """

    environment: Environment
    production: Environment | None
    now: datetime
    data: DataAge | None = None
    sinking: str = ""
    life: Life = Life(None, "no end is stated")
    probes: tuple[Looked, ...] = ()
    gaps: tuple[Gap, ...] = ()
    judged: tuple[Judgement, ...] = ()
    mocked: tuple[Mocked, ...] = ()
    pairs: tuple[Pair, ...] = ()
    teams: frozenset[str] = frozenset()
    clashes: int = 0
    project: Project = Project()

    @property
    def title(self) -> str:
        return self.environment.title or self.environment.key

    def of_kinds(self, *kinds: str) -> list[Looked]:
        """The probes of these kinds."""
        return [one for one in self.probes if one.kind in kinds]

    def score(self, key: str) -> Decimal | None:
        """The last figure of that name that a probe gave."""
        return next((one.scores[key] for one in self.probes if key in one.scores), None)

    def open_gaps(self, *categories: Category) -> list[Gap]:
        """The undecided differences of these categories."""
        return [one for one in self.gaps if one.open and one.category in categories]
