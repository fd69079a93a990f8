"""What a project's YAML may say of runbooks, whose steps are walked, and of playbooks, in which is decided."""

from enum import StrEnum

from msgspec import field

from workbench.model.fields import DateText, DurationText, Key, Shape

STALE_AFTER = "90d"


class Purpose(StrEnum):
    """What a runbook is for."""

    FORWARD = "forward"
    ROLLBACK = "rollback"
    RESTORE = "restore"
    SERVICE = "service"
    INCIDENT = "incident"


class RunbookStep(Shape, frozen=True):
    """One step of a runbook."""

    do: str
    """What is done."""
    expect: str = ""
    """What one sees when it went well."""
    target: DurationText | None = None
    """How long it may take."""


class Runbook(Shape, frozen=True):
    """How something is done when it has to be done: steps to walk, or a link to them."""

    key: Key
    """What drills and incidents call it."""
    title: str
    """Its name for people."""
    for_: Purpose = field(name="for", default=Purpose.SERVICE)
    """What it is for: a deployment (``forward``), a ``rollback``, a ``restore``, a ``service``, an ``incident``."""
    about: str | None = None
    """When it is used; for people."""
    steps: list[RunbookStep] = field(default_factory=list)
    """What is done, in order."""
    link: str | None = None
    """Where its steps stand, if not here."""
    owner: str | None = None
    """Who keeps it; for people."""
    changed: DateText | None = None
    """The day on which it was changed last."""
    stale_after: DurationText = STALE_AFTER
    """How long a drill that worked counts."""
    detect_within: DurationText | None = None
    """How soon after the beginning somebody has to notice."""
    mitigate_within: DurationText | None = None
    """How soon after the beginning it has to be mitigated."""
    services: list[str] = field(default_factory=list)
    """The services that it is about, as flows call them."""
    flows: list[Key] = field(default_factory=list)
    """The flows that it is about."""
    playbook: Key | None = None
    """The playbook that decides when it is used."""


class PlaybookOption(Shape, frozen=True):
    """One way to decide."""

    choose: str
    """What is chosen."""
    when: str = ""
    """When it is the right choice."""
    runbook: Key | None = None
    """The runbook that does it."""


class PlaybookDecision(Shape, frozen=True):
    """One decision of a playbook."""

    question: str
    """What has to be decided."""
    options: list[PlaybookOption]
    """What one can choose from."""


class Playbook(Shape, frozen=True):
    """What has to be decided in a situation, and between what; runbooks carry it out."""

    key: Key
    """What runbooks and incidents call it."""
    title: str
    """Its name for people."""
    about: str | None = None
    """When it is opened; for people."""
    decisions: list[PlaybookDecision] = field(default_factory=list)
    """What is decided, in order."""
