"""The page of a handover: what is open, whose move it is, what falls due, exceptions, drills."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from workbench.gates.needs import FREEZES, OVERRIDES, QUARANTINES
from workbench.incidents.model import all_incidents
from workbench.model.text import entries_of, number_of
from workbench.model.times import age_text, moment_text
from workbench.notes.as_markdown import markdown_of
from workbench.notes.blocks import Entries, Entry, Outline, Pairs, Paragraph, Row, Section, Table, Tone
from workbench.notes.moments import Moments
from workbench.notes.safe import made_safe
from workbench.releases import model as releases
from workbench.releases.model import Outcome
from workbench.usecases.blockers import Blocker, blockers
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation, evaluate
from workbench.usecases.exchanging import Overview, read_overview
from workbench.usecases.views.calendar import read_calendar, title_of
from workbench.usecases.views.drills import read_drills
from workbench.usecases.views.exchange import aside_name, desk_line

_DRILLS = 10


def page(context: Context, to: str, at: datetime) -> str:
    """The page as Markdown, of what the record says now."""
    zone = context.definitions.project.timezone
    return markdown_of(made_safe(outline(context, to, at)), Moments(zone))


def outline(context: Context, to: str, at: datetime) -> Outline:
    """The page before it has a format."""
    project = context.definitions.project
    judged = [
        evaluate(context, held.release.version)
        for held in releases.all_releases(context.record)
        if held.release.outcome is Outcome.OPEN
    ]
    open_parts = sum(len(blockers(context, one)) for one in judged)
    overview = read_overview(context)
    return Outline(
        project=project.title or project.project,
        version="handover",
        subject="handover",
        summary="",
        tone=Tone.WARN if open_parts else Tone.GOOD,
        headline=f"handed over to {to}: {number_of(len(judged), 'open release')}, {number_of(open_parts, 'open line')}",
        remarks=(),
        facts=Pairs(
            (
                ("Handed over", f"{moment_text(at, context.zone)} by {context.author().actor}"),
                ("Record", f"{overview.record}, {entries_of(overview.entries)}"),
            )
        ),
        sections=(
            *(_release(context, one) for one in judged),
            *([] if judged else [Section("releases", "Open releases", (Paragraph("none", Tone.QUIET),))]),
            _entries("due", "What falls due", _due(context)),
            _entries("exceptions", "Exceptions in force", _exceptions(context, judged)),
            _entries("incidents", "Open incidents", _incidents(context)),
            _entries("drills", "Drills", _drills(context)),
            _entries("desks", "Desks, and what waits", _desks(context, overview)),
        ),
    )


def _entries(key: str, title: str, entries: Iterable[Entry]) -> Section:
    found = tuple(entries)
    return Section(key, title, (Entries(found) if found else Paragraph("none", Tone.QUIET),))


def _release(context: Context, evaluation: Evaluation) -> Section:
    found = blockers(context, evaluation)
    about = Paragraph(f"{evaluation.held.title} is {evaluation.state.words}.")
    if not found:
        return Section("release", evaluation.held.title, (about, Paragraph("Nothing is open.", Tone.QUIET)))
    head = ("Open", "Gate", "Whose move", "Open for", "Promised", "Why")
    rows = tuple(Row(_cells(context, one)) for one in found)
    return Section("release", evaluation.held.title, (about, Table(head, rows)))


def _cells(context: Context, one: Blocker) -> tuple[str, ...]:
    owner = one.owner or ", ".join(one.waits_for) or "unassigned"
    promised = moment_text(one.promised, context.zone) if one.promised else ""
    return one.title, one.gate_title, owner, age_text(one.age(context.now)), promised, one.why


def _due(context: Context) -> Iterator[Entry]:
    found = read_calendar(context)
    late = {one.key for one in found.overdue}
    for one in found.events:
        tone = Tone.BAD if one.key in late else Tone.PLAIN
        words = [moment_text(one.at, context.zone), "overdue" if one.key in late else "", one.effect]
        yield Entry(tone, title_of(one), ", ".join(word for word in (*words, one.owner) if word))


def _exceptions(context: Context, judged: Sequence[Evaluation]) -> Iterator[Entry]:
    told: set[str] = set()
    for one in judged:
        facts = one.facts
        for found in (*facts(OVERRIDES), *facts(QUARANTINES)):
            key = f"{found.part} {found.at}"
            if found.until > context.now and key not in told:
                told.add(key)
                until = moment_text(found.until, context.zone)
                yield Entry(
                    Tone.EXCEPTED, found.title, f"until {until}, approved by {found.approver}: {found.reason}"
                )
        for ref, freeze in facts(FREEZES).items():
            if ref not in told:
                told.add(ref)
                yield Entry(Tone.BAD, "promotion is frozen", f"{freeze.reason}, by {freeze.by}")


def _incidents(context: Context) -> Iterator[Entry]:
    for _, value in all_incidents(context.record, only_open=True):
        yield Entry(
            Tone.BAD,
            value.title,
            f"{value.environment}, written down {moment_text(value.declared_at, context.zone)}",
        )


def _drills(context: Context) -> Iterator[Entry]:
    for line in read_drills(context)[:_DRILLS]:
        yield Entry(Tone.PLAIN, line.title, f"{line.result}, {line.when}, took {line.took}")


def _desks(context: Context, overview: Overview) -> Iterator[Entry]:
    for line in overview.desks:
        yield Entry(Tone.PLAIN, desk_line(line, context.zone))
    for one in (*overview.waiting, *overview.quarantined):
        yield Entry(Tone.WARN, f"{one.state}: {aside_name(one)}", one.why)
    if overview.contested:
        yield Entry(
            Tone.WARN, f"{number_of(overview.contested, 'thing')} with several versions: choose one of each"
        )
