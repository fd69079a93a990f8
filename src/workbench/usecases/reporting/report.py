"""``workbench.report.1``: everything that is shown of a release, in one document.

It is what a shipped release is shown from, by later versions too.  Beside what a gate's report
and Readiness show it holds what only the notes tell.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec

from workbench.benchmarks.charted import ControlChart
from workbench.notes.layout import LaidOut
from workbench.releases.change_lines import Changes
from workbench.releases.model import Artifact, ReleaseKind
from workbench.signoff.polls import PollResult, Vote
from workbench.usecases.reporting.judgement import DifferenceReport, Judgement

SCHEMA = "workbench.report.1"


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """A key with the words that people know it by: a person, a kind of change."""

    key: str
    title: str


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """How many of something."""

    of: str
    number: int


class ParityReport(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of the parity map.

    ``total`` counts every difference, also those that do not matter.  ``listed`` are the ids of
    those that stay, the most severe first; ``others`` are those among them that no gate asks about.
    """

    total: int = 0
    by_severity: tuple[Counted, ...] = ()
    by_category: tuple[Counted, ...] = ()
    undecided: int = 0
    no_matter: int = 0
    reviewed_by: str | None = None
    reviewed_at: datetime | None = None
    changed_since: int = 0
    listed: tuple[str, ...] = ()
    others: tuple[DifferenceReport, ...] = ()


class VoteReport(msgspec.Struct, frozen=True, kw_only=True):
    """What one person said in a poll, or that they were absent; ``entered_by`` sat at the terminal."""

    person: str
    role: str
    vote: Vote
    words: str = ""
    entered_by: str = ""


class PollReport(msgspec.Struct, frozen=True, kw_only=True):
    """A go/no-go poll of one gate: no signature."""

    gate: str
    candidate: str
    begun_at: datetime
    by: str
    result: PollResult
    ended_at: datetime | None = None
    words: str = ""
    votes: tuple[VoteReport, ...] = ()


class FreezeReport(msgspec.Struct, frozen=True, kw_only=True):
    """GT-8: a freeze in force."""

    reason: str
    by: str
    at: datetime


class IncidentReport(msgspec.Struct, frozen=True, kw_only=True):
    """An incident of the release; ``began`` is the earliest moment that is known of it, ``flows`` are names.

    ``frozen`` says that its own freeze is in force.
    """

    id: str
    title: str
    environment: str
    severity: str
    state: str
    began: datetime
    mitigated_at: datetime | None = None
    closed_at: datetime | None = None
    commander: str | None = None
    flows: tuple[str, ...] = ()
    frozen: bool = False
    ended_why: str = ""


class FreezeDates(msgspec.Struct, frozen=True, kw_only=True):
    """Dates on which nothing goes out; both days are included."""

    first: str
    last: str
    reason: str


class Making(msgspec.Struct, frozen=True, kw_only=True):
    """How the candidate came to be."""

    artifacts: tuple[Artifact, ...] = ()
    run: str | None = None
    author: str | None = None
    why: str = ""
    built_at: datetime | None = None


class RestedOn(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a thing was called that the basis goes by: its kind and key there."""

    kind: str
    key: str
    title: str


class OwnReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a person wrote into a section of the notes; ``by`` is a person's key.

    ``contested`` says that two desks wrote at once, and that nobody has chosen yet.
    """

    section: str
    text: str
    by: str
    at: datetime
    contested: bool = False


class HiddenReport(msgspec.Struct, frozen=True, kw_only=True):
    """A change that a person left out of the notes."""

    line: str
    title: str
    reason: str
    by: str
    at: datetime


class PredictionReport(msgspec.Struct, frozen=True, kw_only=True):
    """IN-7: what somebody said would hold in production."""

    id: str
    title: str
    states: str
    until: datetime
    by: str
    part: str = ""


class EscalationReport(msgspec.Struct, frozen=True, kw_only=True):
    """Who is told when a blocker of a gate has been open for too long; ``to`` is a role."""

    gate: str
    after: str
    to: str


class UnprovenReport(msgspec.Struct, frozen=True, kw_only=True):
    """Something whose word is not known to be worth anything: a probe, a source, a benchmark."""

    key: str
    title: str
    why: str


class CitedReport(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Where something that is told comes from; digests in full."""

    about: str
    kind: str
    name: str = ""
    digest: str = ""


class ChartReport(msgspec.Struct, frozen=True, kw_only=True):
    """A benchmark over time as it was drawn, without its limits; these as decimals, since a document holds no floats."""

    chart: ControlChart
    centre: Decimal | None = None
    lower: Decimal | None = None
    upper: Decimal | None = None


class Report(Judgement, frozen=True, kw_only=True):
    """A release as it was judged, whole.

    ``told`` is what git and fragments tell of what changes; reports of before have none.  ``own`` and ``hidden``
    are what people wrote into the notes and left out, ``layout`` the sections of these, ``cited`` where claims come from,
    ``watched`` the benchmarks that say to roll back.
    ``people`` are the project's people by key, ``rests_on`` the titles of what the last gate rests on.  ``record``, ``entries`` and ``definitions`` say
    from which record, after how many entries and by which definitions it was judged.
    """

    schema: str = SCHEMA
    people: tuple[Named, ...] = ()
    kind: ReleaseKind
    summary: str = ""
    words: str = ""
    changes: tuple[Named, ...] = ()
    told: Changes | None = None
    own: tuple[OwnReport, ...] = ()
    hidden: tuple[HiddenReport, ...] = ()
    layout: tuple[LaidOut, ...] = ()
    cited: tuple[CitedReport, ...] = ()
    predictions: tuple[PredictionReport, ...] = ()
    escalations: tuple[EscalationReport, ...] = ()
    unproven: tuple[UnprovenReport, ...] = ()
    watched: tuple[Named, ...] = ()
    owner: str | None = None
    previous: str | None = None
    making: Making | None = None
    charts: tuple[ChartReport, ...] = ()
    parity: ParityReport = ParityReport()
    freeze: FreezeReport | None = None
    further_freezes: tuple[FreezeReport, ...] = ()
    freeze_dates: tuple[FreezeDates, ...] = ()
    incidents: tuple[IncidentReport, ...] = ()
    polls: tuple[PollReport, ...] = ()
    watch: tuple[str, ...] = ()
    rollback_target: str | None = None
    rollback_plan: tuple[str, ...] = ()
    cannot_be_undone: tuple[str, ...] = ()
    rollback_triggers: tuple[str, ...] = ()
    rests_on: tuple[RestedOn, ...] = ()
    record: str
    entries: int
    definitions: str
