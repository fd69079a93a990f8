"""All projects together: copies of one record once, demonstrations apart, what needs somebody first, DORA's five over all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from enum import IntEnum

import msgspec

from workbench.learning import delivery
from workbench.learning.figure import Figure
from workbench.learning.past import Past
from workbench.learning.reading import Reading, read
from workbench.learning.several import together
from workbench.usecases.fleet.shapes import Due, Folder, Hold, IncidentSeen, Project, ReleaseSeen

_FIGURES = (
    delivery.frequency,
    delivery.lead_time,
    delivery.change_fail_rate,
    delivery.recovery_time,
    delivery.rework_rate,
)


class Level(IntEnum):
    """How soon a line needs somebody, the most urgent first."""

    NOT_JUDGED = 0
    OVERDUE = 1
    BLOCKED = 2
    WAITS = 3
    CLOCK = 4
    READY = 5
    PLANNED = 6
    OUT = 7
    NOTHING = 8


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the fleet: a release of a project, or a project without one."""

    project: Project
    level: Level
    release: ReleaseSeen | None = None

    @property
    def key(self) -> str:
        """The same for as long as the release is there."""
        return f"{self.project.root}|{self.release.id if self.release else ''}"


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """Another copy of a record that is shown from ``shown``: where it lies, and how far each of them reaches."""

    root: str
    entries: int
    shown: str
    shown_entries: int


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """DORA's five of one project, or of all together, where ``root`` is ""."""

    root: str
    name: str
    figures: tuple[Figure, ...]


class Fleet(msgspec.Struct, frozen=True, kw_only=True):
    """Every project that was looked at.

    ``projects`` are those that are shown, judged or not; ``gone`` were opened on this machine once;
    ``demonstrations`` and ``copies`` were left out; ``elsewhere`` are records that lie in no project's folder.
    ``folders`` are those that are kept, ``remark`` says why their list cannot be read.  ``asked`` is how many there are to judge, ``told`` how many have been.
    """

    projects: tuple[Project, ...] = ()
    gone: tuple[Project, ...] = ()
    demonstrations: tuple[Project, ...] = ()
    copies: tuple[Copy, ...] = ()
    elsewhere: tuple[str, ...] = ()
    folders: tuple[Folder, ...] = ()
    remark: str = ""
    more: int = 0
    asked: int = 0
    told: int = 0
    quarter: str = ""

    @property
    def rows(self) -> tuple[Row, ...]:
        """A line for each release and each project without one, what needs somebody first."""
        return tuple(sorted((row for one in self.projects for row in _rows(one)), key=_order))

    @property
    def judged(self) -> tuple[Project, ...]:
        """Those that could be judged."""
        return tuple(one for one in self.projects if one.judged)

    @property
    def not_judged(self) -> tuple[Project, ...]:
        """Those that could not, whatever stood in the way; a project without a record is none of them."""
        return tuple(one for one in self.projects if _level_of(one) is Level.NOT_JUDGED)

    @property
    def all_ready(self) -> bool:
        """Whether every project was judged, and every release that has a build passes all of its gates.

        Of no project at all nothing is known, so that it is not.
        """
        ready = (Level.READY, Level.PLANNED, Level.OUT, Level.NOTHING)
        known = bool(self.projects) and self.told == self.asked and not self.more
        return known and all(row.level in ready for row in self.rows)


def assemble(
    found: Sequence[Project],
    *,
    asked: int | None = None,
    elsewhere: tuple[str, ...] = (),
    folders: tuple[Folder, ...] = (),
    remark: str = "",
    more: int = 0,
    quarter: str = "",
) -> Fleet:
    """The fleet of the projects that have been judged so far, of ``asked``.

    Demonstrations that nobody asked for were not judged, and are left out.
    """
    gone = [one for one in found if _is_gone(one)]
    samples = [one for one in found if one.demonstration and not one.judged and one.trouble is None]
    rest = [one for one in found if one not in gone and one not in samples]
    shown, copies = _once(rest)
    return Fleet(
        projects=tuple(sorted(shown, key=lambda one: (one.name.casefold(), one.root))),
        gone=tuple(sorted(gone, key=lambda one: one.root)),
        demonstrations=tuple(sorted(samples, key=lambda one: one.root)),
        copies=tuple(copies),
        elsewhere=elsewhere,
        folders=folders,
        remark=remark,
        more=more,
        asked=len(found) if asked is None else asked,
        told=len(found),
        quarter=quarter,
    )


def _is_gone(one: Project) -> bool:
    """Whether it was opened here once, and nobody asks for it by name."""
    return one.trouble is not None and one.trouble.kind == "gone" and one.why == "opened"


def _once(found: Iterable[Project]) -> tuple[list[Project], list[Copy]]:
    """Of several copies of one record the one that is furthest on; one that was judged before one that was not."""
    groups: dict[str, list[Project]] = {}
    for one in found:
        groups.setdefault(one.record_id or one.root, []).append(one)
    shown, copies = [], []
    for group in groups.values():
        first, *others = sorted(group, key=_most_worth)
        shown.append(first)
        copies += [
            Copy(root=one.root, entries=one.entries, shown=first.root, shown_entries=first.entries)
            for one in others
        ]
    return shown, sorted(copies, key=lambda one: one.root)


def _most_worth(one: Project) -> tuple[bool, int, int, str]:
    return not one.judged, -one.entries, ("here", "named", "kept", "opened").index(one.why), one.root


# --- lines -----------------------------------------------------------------------------------


def _rows(project: Project) -> Iterable[Row]:
    if not project.releases:
        yield Row(project=project, level=_level_of(project))
    for release in project.releases:
        yield Row(project=project, release=release, level=_level(release))


def _level_of(project: Project) -> Level:
    """Of a project without a release to show."""
    nothing = project.judged or (project.trouble is not None and project.trouble.kind == "no record")
    return Level.NOTHING if nothing else Level.NOT_JUDGED


def _level(release: ReleaseSeen) -> Level:
    if not release.open:
        return Level.OUT
    if not release.candidate:
        return Level.OVERDUE if release.overdue else Level.PLANNED
    if release.overdue:
        return Level.OVERDUE
    first = release.first
    if first is None:
        return Level.READY if release.passed else Level.BLOCKED
    if first.move == "clock":
        return Level.CLOCK
    return Level.BLOCKED if first.blocks else Level.WAITS


_LATE = datetime.max.replace(tzinfo=UTC)


def _order(row: Row) -> tuple[object, ...]:
    """What needs somebody first: by level, one's own moves before others', what is planned next, what has waited longest."""
    release = row.release
    first = release.first if release else None
    return (
        row.level,
        first is None or first.move != "yours",
        (release.planned_at if release else None) or _LATE,
        (first.since if first else None) or _LATE,
        row.project.name.casefold(),
        row.project.root,
        release.id if release else "",
    )


# --- over all projects -----------------------------------------------------------------------


class Dated(msgspec.Struct, frozen=True, kw_only=True):
    """Something that falls due, and the project that it is of."""

    project: Project
    due: Due


def calendar(fleet: Fleet) -> tuple[Dated, ...]:
    """What is overdue and falls due in all of them, by its moment."""
    found = (Dated(project=one, due=due) for one in fleet.judged for due in one.due)
    return tuple(
        sorted(found, key=lambda one: (not one.due.overdue, one.due.at, one.project.root, one.due.key))
    )


def incidents(fleet: Fleet) -> tuple[tuple[Project, IncidentSeen], ...]:
    """The incidents that are open, the longest first."""
    found = ((one, each) for one in fleet.judged for each in one.incidents)
    return tuple(sorted(found, key=lambda pair: (pair[1].began, pair[0].root, pair[1].id)))


def holds(fleet: Fleet) -> tuple[tuple[Project, Hold], ...]:
    """The freezes in force, the longest first."""
    found = ((one, each) for one in fleet.judged for each in one.holds)
    return tuple(sorted(found, key=lambda pair: (pair[1].since, pair[0].root)))


def of_all(fleet: Fleet) -> Figures | None:
    """DORA's five over all projects: counted of everything together, never an average of ratios; ``None`` where nothing is known."""
    readings = _readings(fleet)
    if not readings:
        return None
    return Figures(root="", name="all together", figures=_five(together(readings)))


def of_each(fleet: Fleet) -> tuple[Figures, ...]:
    """DORA's five of each project."""
    readings = _readings(fleet)
    return tuple(
        Figures(root=one.root, name=one.name, figures=_five(readings[one.root]))
        for one in fleet.judged
        if one.root in readings
    )


def _readings(fleet: Fleet) -> Mapping[str, Reading]:
    return {one.root: _reading(one) for one in fleet.judged if one.delivered is not None}


def _reading(project: Project) -> Reading:
    found = project.delivered
    assert found is not None
    past = Past(
        now=found.now,
        zone=UTC,
        since=found.since,
        until=found.until,
        releases=found.releases,
        incidents=found.incidents,
    )
    if found.since is None:
        return read(past)
    whole = Past(now=found.now, zone=UTC, releases=found.whole_releases, incidents=found.whole_incidents)
    return read(past, whole)


def _five(reading: Reading) -> tuple[Figure, ...]:
    return tuple(figure(reading) for figure in _FIGURES)
