"""DB-6: five lines that a team can read aloud each morning."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from workbench.model.dates import begin_of, day_of
from workbench.model.text import capitalised, number_of
from workbench.model.times import full_date_text, in_zone, relative_text
from workbench.record import ActPart, ActView, EntryView, Record
from workbench.releases.model import Outcome
from workbench.usecases.nouns import find_noun
from workbench.usecases.scripting.acts import SILENT
from workbench.usecases.views.calendar import Calendar, Event, read_calendar
from workbench.usecases.views.dashboards.material import Material, counts
from workbench.usecases.views.dashboards.model import Line, Section
from workbench.usecases.views.history import Names, act, goes_along, names_for, sentence
from workbench.usecases.views.marks import Mark
from workbench.usecases.views.releases import state_mark
from workbench.usecases.views.scores_page import ScoreRow, read_score_rows
from workbench.usecases.views.status import status_of

TOLD = 3  # so many things of one line are named
STRAY = 50  # older acts in a row, behind which nothing of since then is looked for
# What is news to a team, the most pressing first.
NEWS = (
    "incident", "freeze", "break_glass", "release", "shipment", "candidate", "signoff", "override", "quarantine",
    "difference", "action", "drill",
)  # fmt: skip
_SATURDAY = 5


def sections(found: Material) -> Iterable[Section]:
    """One section of five lines, always the same five."""
    lines = (_release(found), _changed(found), _scores(found), _due(found), _first(found))
    return (Section(key="lines", title="To read aloud", lines=lines),)


def _release(found: Material) -> Line:
    evaluation = found.evaluation
    if evaluation is None:
        return Line(key="release", title="Release", text="No release is planned.")
    held = evaluation.held
    told = [f"{held.title} is {evaluation.state.words}"]
    told += [counts(evaluation)] if counts(evaluation) else []
    if held.release.planned_at is not None and held.release.outcome is Outcome.OPEN:
        told.append(f"planned {relative_text(held.release.planned_at, found.now)}")
    if found.incidents:
        told.append(f"{number_of(len(found.incidents), 'incident')} open")
    if found.freezes:
        told.append("promotion is frozen")
    mark = state_mark(evaluation.state, evaluation.counts())
    return Line(
        key="release", title="Release", text=f"{', '.join(told)}.", mark=mark, ref=f"release/{held.id}"
    )


# --- what changed ----------------------------------------------------------------------------


def since(now: datetime, found: Material) -> datetime:
    """The beginning of the last working day before today: of Friday on a Monday, and at a weekend."""
    day = day_of(now, found.zone) - timedelta(days=1)
    while day.weekday() >= _SATURDAY:
        day -= timedelta(days=1)
    return begin_of(day, found.zone)


def _changed(found: Material) -> Line:
    began = since(found.now, found)
    told = _told(_acts(found.context.record, began), found)
    day = full_date_text(in_zone(began, found.zone)).partition(" ")[0]
    yesterday = day_of(began, found.zone) == day_of(found.now, found.zone) - timedelta(days=1)
    when = "yesterday" if yesterday else day
    text = f"Since {when}: {_few(told)}." if told else f"Since {when} nothing was recorded."
    return Line(key="changed", title="Changed", text=text)


def _acts(record: Record, began: datetime) -> Iterator[ActView]:
    """The acts since then that stand, the latest first: what was undone is no news, nor is undoing it.

    What another desk brought stands where it came in, so that older acts lie between.
    """
    before, older = None, 0
    while older < STRAY and (page := record.history(limit=1, before_seq=before)):
        one = record.act(page[0].change_id)
        if one is None:
            return
        before = one.seq
        if (page[0].claimed_at or page[0].recorded_at) < began:
            older += 1
        elif one.undoes is None and not record.taken_back(page):
            older = 0
            yield one


def _told(acts: Iterable[ActView], found: Material) -> list[str]:
    """What was done, alike things counted together: what a team asks about first, then what was done most."""
    groups: dict[tuple[str, str], list[ActPart]] = {}
    for one in acts:
        for part in one.parts:
            if _is_news(part):
                groups.setdefault((act(part.first), part.entity), []).append(part)
    counts = {key: sum(part.count for part in parts) for key, parts in groups.items()}
    names = names_for(found.context, [parts[0].first for parts in groups.values()])
    ordered = sorted(groups, key=lambda key: (_rank(key[1]), -counts[key]))
    return [_words(key[0], groups[key][0].first, counts[key], names) for key in ordered]


def _words(did: str, first: EntryView, count: int, names: Names) -> str:
    """What was done to one thing, or to how many; the first of what has no name for many."""
    noun = find_noun(first.entity)
    if count > 1 and noun is not None and noun.plural:
        return f"{did} {count:,} {noun.plural}"
    told = sentence(first, names)
    return f"{told} and {count - 1:,} more" if count > 1 else told


def _is_news(part: ActPart) -> bool:
    """Whether a team wants to hear of it: an incident, not each line of its timeline; a drill, not each of its steps."""
    if part.entity in SILENT or goes_along(part.entity) or part.entity == "timeline_line":
        return False
    return part.entity != "drill" or part.verb == "ended"


def _rank(entity: str) -> int:
    return NEWS.index(entity) if entity in NEWS else len(NEWS)


def _few(told: Sequence[str]) -> str:
    more = f", and {len(told) - TOLD} more" if len(told) > TOLD else ""
    return f"{', '.join(told[:TOLD])}{more}"


# --- scores, what falls due, what comes first ------------------------------------------------


def _scores(found: Material) -> Line:
    rows: Sequence[ScoreRow] = read_score_rows(found.context)
    moved = [row for row in rows if row.moved]
    fell = [row for row in moved if "fell" in row.moved]
    if not rows:
        return Line(
            key="scores", title="Scores", text="No score is known yet.", mark=Mark.LEARNING, known=False
        )
    if not moved:
        return Line(key="scores", title="Scores", text="No score moved.")
    told = [f"{row.title} {row.moved}" for row in (*fell, *(row for row in moved if row not in fell))]
    return Line(
        key="scores",
        title="Scores",
        text=f"{capitalised(_few(told))}.",
        mark=Mark.WARNS if fell else None,
        ref="probe",
    )


def _due(found: Material) -> Line:
    today = day_of(found.now, found.zone)
    calendar = read_calendar(found.context, today, today + timedelta(days=1), found.evaluation)
    return Line(
        key="due", title="Due", text=due_words(calendar), mark=Mark.WARNS if calendar.overdue else None
    )


def due_words(calendar: Calendar) -> str:
    """What is overdue, and what falls due today and tomorrow, in a sentence each."""
    today, tomorrow = (_of(day.events) for day in calendar.days[:2])
    parts: Mapping[str, Sequence[str]] = {
        "Overdue": [one.title for one in calendar.overdue],
        "Today": today,
        "Tomorrow": tomorrow,
    }
    told = [f"{when}: {_few(what)}." for when, what in parts.items() if what]
    return " ".join(told) or "Nothing falls due today or tomorrow."


def _of(events: Iterable[Event]) -> list[str]:
    """What blocks first; what is overdue stands elsewhere."""
    due = [one for one in events if not one.overdue]
    return [one.title for one in sorted(due, key=lambda one: not one.blocks)]


def _first(found: Material) -> Line:
    """The incident that is open; else the first blocker, and who takes it."""
    urgent = [pair for pair in found.incidents if pair[1].mitigated_at is None]
    if urgent:
        stored, incident = urgent[0]
        leads = f"{incident.commander} leads it" if incident.commander else "nobody leads it"
        text = f"First: the incident {incident.title} in {incident.environment}, {leads}."
        return Line(key="next", title="First", text=text, mark=Mark.BLOCKS, ref=f"incident/{stored.id}")
    if found.judgement is None or found.judgement.ending is not None:
        return Line(key="next", title="First", text="Plan the next release.")
    status = status_of(found.judgement, "", found.context.author().actor)
    for points in status.points.values():
        for point in points:
            if not point.folded:
                who = f", {point.owner} takes it" if point.owner else ", nobody has taken it"
                return Line(
                    key="next",
                    title="First",
                    text=f"First: {point.title}, {point.why}{who}.",
                    mark=point.line.mark,
                    ref=point.key,
                )
    return Line(key="next", title="First", text="Nothing is open.", mark=Mark.DONE)
