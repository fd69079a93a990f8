"""Which sections release notes have, in which order, for whom: ``notes:`` in ``workbench.yaml``."""

from collections import Counter
from enum import StrEnum

from workbench.definitions.telling import Tell
from workbench.model.fields import Shape


class NotesPart(StrEnum):
    """A section of the release notes, in the order in which they stand unless a template says otherwise."""

    SINCE = "since"
    CHANGES = "changes"
    COMMITS = "commits"
    OPEN = "open"
    GATES = "gates"
    BENCHMARKS = "benchmarks"
    STATEMENT = "statement"
    PARITY = "parity"
    OVERRIDES = "overrides"
    QUARANTINES = "quarantines"
    CHECKLISTS = "checklists"
    SIGNATURES = "signatures"
    FREEZE = "freeze"
    INCIDENTS = "incidents"
    UNPROVEN = "unproven"
    WATCH = "watch"
    ROLLBACK = "rollback"
    EVIDENCE = "evidence"
    PROOF = "proof"


class Audience(StrEnum):
    """Who notes are written for: the team that releases, or everyone who uses what is released."""

    TEAM = "team"
    EVERYONE = "everyone"


# What everyone is told unless the template says otherwise; the team is told all of it.
FOR_EVERYONE = frozenset((NotesPart.CHANGES, NotesPart.COMMITS, NotesPart.PROOF))
# What the team's notes never leave out: a template that does not name them has them at its end.
NEVER_LEFT_OUT = (NotesPart.SINCE, NotesPart.OPEN, NotesPart.OVERRIDES, NotesPart.QUARANTINES)


class NotesSection(Shape, frozen=True):
    """One section of the notes."""

    section: NotesPart
    """Which one."""
    title: str = ""
    """Its heading; the usual one unless said."""
    audience: Audience | None = None
    """``everyone`` or only the ``team``; ``changes``, ``commits`` and ``proof`` are for everyone unless said."""


class NotesTemplate(Shape, frozen=True):
    """How release notes are laid out."""

    sections: list[NotesSection]
    """The sections in their order; what is not named is left out, but for what is open, overridden or quarantined."""


def check_template(template: NotesTemplate, tell: Tell) -> None:
    """Tell of a section that stands twice, and of a template without any."""
    listed = [one.section for one in template.sections or () if one.section is not None]
    if not listed:
        tell("sections", "no section stands here", "leave notes: out for the usual ones")
    counts = Counter(listed)
    told: set[NotesPart] = set()
    for place, part in enumerate(listed):
        if counts[part] > 1 and part in told:
            tell(f"sections.{place}", f"the section {part} stands twice", "take one of them away")
        told.add(part)
