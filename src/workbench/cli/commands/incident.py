"""``workbench incident``: what happens in staging or production, written down while it happens."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from workbench.cli import output, session
from workbench.cli.commands.incident_review import draft, review, surprises
from workbench.cli.evidence import evidence_options
from workbench.cli.fields import options
from workbench.cli.lazy import Family
from workbench.cli.options import Settings, common, pass_settings
from workbench.incidents.fields import FIELDS
from workbench.incidents.timeline import LineKind
from workbench.model.errors import UsageError
from workbench.model.noun_fields import ADD, EDIT, asked_by
from workbench.model.text import number_of
from workbench.usecases import filling, incident_corrections, incidents
from workbench.usecases.answering import evidence_for
from workbench.usecases.context import Context
from workbench.usecases.views.incident_documents import find_line, in_full, line_of
from workbench.usecases.views.incident_list import page, read_incidents
from workbench.usecases.views.incident_text import told_text
from workbench.usecases.views.incidents import read_lines

_NEEDED = ("title", "environment", "severity")
_at = click.option(
    "--at", metavar="WHEN", help="When it happened, if not just now: 14:05, 10min ago, a date."
)
_SCHEMA, _LINE = "workbench.incident.1", "workbench.incident-line.1"


@click.group(cls=Family)
def incident() -> None:
    """Incidents in staging and production: their timeline, their freeze, how they ended."""


for _of_reviews in (review, draft, surprises):
    incident.add_command(_of_reviews)


@incident.command("new")
@click.argument("title")
@click.option("--environment", required=True, metavar="KEY", help="Where it happens.")
@options([field for field in FIELDS if field.name == "severity"])
@options(asked_by(FIELDS, ADD), leave_out=_NEEDED)
@click.option("--candidate", metavar="RC", help="The build that it belongs to: rc2.")
@common("project", "record", "as_person", "release", "json")
@pass_settings
def new(settings: Settings, /, title: str, candidate: str | None, **given: Any) -> None:
    """Write a new incident down; one in staging freezes promotion in the same act."""
    with session.acting(settings) as context:
        if given["severity"] is None:
            raise UsageError("how bad is it?", hint="--severity critical, high, medium or low")
        value = filling.change(context, FIELDS, incidents.new(context), {"title": title, **given})
        ident = incidents.declare(context, incidents.placed(context, value, settings.release, candidate))
        document = _in_record(context, ident)
    frozen = bool(document.get("frozen"))
    words = f"declared {document.get('title', title)} ({ident[-12:]})"
    output.done(
        settings,
        f"{words}; promotion is frozen" if frozen else words,
        {"schema": _SCHEMA, **document},
        hint=f"workbench incident note {ident[-12:]} TEXT",
    )


@incident.command("list")
@click.option("--open", "only_open", is_flag=True, help="Only those that have not ended.")
@common("project", "record", "now", "json")
@pass_settings
def list_(settings: Settings, only_open: bool) -> None:
    """List incidents, those that are open first."""
    with session.reading(settings) as context:
        if settings.json:
            documents = read_incidents(context, only_open=only_open)
            output.emit({"schema": "workbench.incidents.1", "incidents": documents})
            return
        found = read_lines(context, only_open=only_open)
    output.table(
        ("", "id", "what", "where", "severity", "state", "leads", "next"),
        [
            (
                line.mark.symbol,
                line.id[-12:],
                line.title,
                line.environment,
                line.severity,
                line.state,
                line.lead,
                line.next,
            )
            for line in found
        ],
        empty="no incident is open" if only_open else "no incident was ever written down",
    )


@incident.command("show")
@click.argument("ref")
@click.option("--all", "every", is_flag=True, help="Every line of a long timeline.")
@common("project", "record", "now", "json")
@pass_settings
def show(settings: Settings, ref: str, every: bool) -> None:
    """Show one incident with its timeline.  REF is its id, its title, or a part of one."""
    with session.reading(settings) as context:
        stored, value = incidents.find_incident(context, ref)
        if settings.json:
            output.emit({"schema": _SCHEMA, **in_full(context, stored, value)})
            return
        found = page(context, stored, value, every=every)
    output.line(f"{value.title}  ({stored.id[-12:]})")
    output.pairs(found.pairs)
    output.say()
    output.table(("when", "by", "what"), found.lines, empty="nothing was written down yet")
    if found.left_out:
        output.talk(f"{found.left_out:,} earlier lines are left out: --all shows them")


@incident.command("note")
@click.argument("ref")
@click.argument("text", required=False)
@_at
@click.option("--runbook", is_flag=True, help="It says which runbook was executed, and how it went.")
@click.option(
    "--from",
    "file",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help="A whole timeline: a line for each thing, which begins with its time; - reads standard input.",
)
@common("project", "record", "as_person", "json")
@pass_settings
def note(
    settings: Settings, ref: str, text: str | None, at: str | None, runbook: bool, file: Path | None
) -> None:
    """Write a line into the timeline: what happened now, or at an earlier moment."""
    if (text is None) == (file is None):
        raise UsageError("say what happened", hint="a TEXT, or --from FILE with a whole timeline")
    if file is not None:
        if at is not None or runbook:
            raise UsageError(
                "--from takes the time of each line from the file", hint="leave --at and --runbook out"
            )
        _write_all(settings, ref, file)
        return
    kind = LineKind.RUNBOOK if runbook else LineKind.NOTE
    title, document = _write(settings, ref, text or "", at, kind)
    output.done(settings, f"written into the timeline of {title}", document)


def _write_all(settings: Settings, ref: str, file: Path) -> None:
    data = output.standard_input() if str(file) == "-" else output.read(file)
    with session.acting(settings) as context:
        stored, value = incidents.find_incident(context, ref)
        count = incidents.note_all(context, stored, data.decode("utf-8-sig", "replace"))
        document = _in_record(context, stored.id)
    words = f"{number_of(count, 'line')} written into the timeline of {value.title}"
    output.done(settings, words, {"schema": _SCHEMA, **document})


@incident.command("told")
@click.argument("ref")
@click.argument("text")
@_at
@common("project", "record", "as_person", "json")
@pass_settings
def told(settings: Settings, ref: str, text: str, at: str | None) -> None:
    """Write down who was told, and how; the checklist is answered from it."""
    title, document = _write(settings, ref, text, at, LineKind.TOLD)
    output.done(settings, f"written down who was told of {title}", document)


def _write(
    settings: Settings, ref: str, text: str, at: str | None, what: LineKind
) -> tuple[str, dict[str, Any]]:
    """Write a line; the title of the incident, and the line as a document."""
    with session.acting(settings) as context:
        stored, value = incidents.find_incident(context, ref)
        ident = incidents.note(context, stored, value, text, at=filling.past(context, at), what=what)
        document = session.as_it_stands(context, lambda: line_of(context, ident))
    return value.title, {"schema": _LINE, **document}


@incident.command("edit")
@click.argument("ref")
@options(asked_by(FIELDS, EDIT))
@common("project", "record", "as_person", "json")
@pass_settings
def edit(settings: Settings, /, ref: str, **given: Any) -> None:
    """Change what is said of an incident; a time that is corrected is a line of its timeline."""
    with session.acting(settings) as context:
        stored, value = incidents.find_incident(context, ref)
        changed = filling.change(context, FIELDS, value, given)
        if changed == value:
            raise UsageError("nothing to change", hint="workbench incident edit --help lists the fields")
        incidents.edit(context, stored, value, changed)
        document = _in_record(context, stored.id)
    output.done(settings, f"edited {changed.title}", {"schema": _SCHEMA, **document})


@incident.command("mitigated")
@click.argument("ref")
@_at
@click.option("--note", "words", default="", metavar="TEXT", help="What helped.")
@common("project", "record", "as_person", "json")
@pass_settings
def mitigated(settings: Settings, ref: str, at: str | None, words: str) -> None:
    """Say that nobody is affected any longer."""
    with session.acting(settings) as context:
        stored, value = incidents.find_incident(context, ref)
        incidents.mitigate(context, stored, value, at=filling.past(context, at), words=words)
        document = _in_record(context, stored.id)
    output.done(
        settings,
        f"{value.title} is mitigated",
        {"schema": _SCHEMA, **document},
        hint=f"workbench incident close {stored.id[-12:]} --reason WHY",
    )


@incident.command("close")
@click.argument("ref")
@_at
@click.option("--reason", default="", metavar="TEXT", help="How it ended.")
@common("project", "record", "as_person", "json")
@pass_settings
def close(settings: Settings, ref: str, at: str | None, reason: str) -> None:
    """Say that an incident is over.  Its freeze stays until a person lifts it."""
    with session.acting(settings) as context:
        stored, value = incidents.find_incident(context, ref)
        incidents.close(context, stored, value, at=filling.past(context, at), why=reason)
        document = _in_record(context, stored.id)
    frozen = bool(document.get("frozen"))
    output.done(
        settings,
        f"{value.title} is closed" + ("; promotion stays frozen" if frozen else ""),
        {"schema": _SCHEMA, **document},
        hint=f"workbench freeze --lift {stored.id[-12:]} --reason WHY" if frozen else "",
    )


@incident.command("reopen")
@click.argument("ref")
@click.option("--reason", required=True, metavar="TEXT", help="Why it is not over.")
@common("project", "record", "as_person", "json")
@pass_settings
def reopen(settings: Settings, ref: str, reason: str) -> None:
    """Open an incident again; one in staging that had ended freezes promotion again."""
    with session.acting(settings) as context:
        stored, value = incidents.find_incident(context, ref)
        incidents.reopen(context, stored, value, reason)
        document = _in_record(context, stored.id)
    output.done(settings, f"{value.title} is open again", {"schema": _SCHEMA, **document})


@incident.command("tell")
@click.argument("ref")
@common("project", "record", "now", "json")
@pass_settings
def tell(settings: Settings, ref: str) -> None:
    """Print an incident as text to paste where people read."""
    with session.reading(settings) as context:
        stored, value = incidents.find_incident(context, ref)
        text = told_text(context, stored, value)
    if settings.json:
        output.emit({"schema": "workbench.incident-text.1", "id": stored.id, "text": text})
        return
    output.lines(text.splitlines())
    output.talk(f"next: workbench incident told {stored.id[-12:]} WHOM")


@incident.command("attach")
@click.argument("ref")
@evidence_options
@_at
@common("project", "record", "as_person", "json")
@pass_settings
def attach(
    settings: Settings, ref: str, link: str, file: Path | None, note: str, title: str, at: str | None
) -> None:
    """Keep a link, a copy of a file or a note with an incident, as a line of its timeline."""
    with session.acting(settings) as context:
        stored, value = incidents.find_incident(context, ref)
        subject = incidents.evidence_subject(stored.id)
        evidence = evidence_for(context, subject, link=link, file=file, note=note, title=title)
        incidents.attach(context, stored, evidence, at=filling.past(context, at))
        document = _in_record(context, stored.id)
    output.done(settings, f"attached to {value.title}", {"schema": _SCHEMA, **document})


@incident.command("correct")
@click.argument("ref")
@click.argument("line")
@click.argument("text", required=False)
@_at
@click.option("--reason", required=True, metavar="TEXT", help="Why the line was wrong.")
@common("project", "record", "as_person", "json")
@pass_settings
def correct(settings: Settings, ref: str, line: str, text: str | None, at: str | None, reason: str) -> None:
    """Put other words or another time in a line's place.

    LINE is its id, its words, or a part of them.  The earlier version stays in the history.
    """
    with session.acting(settings) as context:
        stored, value = incidents.find_incident(context, ref)
        row, found = find_line(context, stored, line)
        incident_corrections.correct_line(
            context, row, found, words=text, at=filling.past(context, at), reason=reason
        )
        document = session.as_it_stands(context, lambda: line_of(context, row.id))
    output.done(settings, f"corrected a line of {value.title}", {"schema": _LINE, **document})


@incident.command("mistake")
@click.argument("ref")
@click.option("--reason", required=True, metavar="TEXT", help="Why it was none.")
@common("project", "record", "as_person", "json")
@pass_settings
def mistake(settings: Settings, ref: str, reason: str) -> None:
    """Say that there was no incident: it is kept, marked, and counted in nothing; its freeze is lifted."""
    with session.acting(settings) as context:
        stored, value = incidents.find_incident(context, ref)
        incident_corrections.mistake(context, stored, value, reason)
        document = _in_record(context, stored.id)
    output.done(settings, f"{value.title} was declared by mistake", {"schema": _SCHEMA, **document})


@incident.command("merge")
@click.argument("ref")
@click.option("--into", required=True, metavar="REF", help="The incident that it is part of.")
@click.option("--reason", default="", metavar="TEXT", help="Why they are one.")
@common("project", "record", "as_person", "json")
@pass_settings
def merge(settings: Settings, ref: str, into: str, reason: str) -> None:
    """Say that an incident is part of another one, whose timeline then holds the lines of both."""
    with session.acting(settings) as context:
        stored, value = incidents.find_incident(context, ref)
        other = incidents.find_incident(context, into)
        incident_corrections.merge(context, stored, value, other, reason)
        document = _in_record(context, other[0].id)
    output.done(settings, f"{value.title} is part of {other[1].title}", {"schema": _SCHEMA, **document})


@incident.command("split")
@click.argument("ref")
@click.argument("title")
@click.option("--line", "lines", multiple=True, metavar="LINE", help="A line that belongs to it; repeatable.")
@common("project", "record", "as_person", "json")
@pass_settings
def split(settings: Settings, ref: str, title: str, lines: tuple[str, ...]) -> None:
    """Make an incident of its own of a part of one, with some of its lines."""
    with session.acting(settings) as context:
        stored, value = incidents.find_incident(context, ref)
        chosen = [find_line(context, stored, line) for line in lines]
        ident = incident_corrections.split(context, stored, value, title, chosen)
        document = _in_record(context, ident)
    output.done(
        settings, f"split {title} ({ident[-12:]}) from {value.title}", {"schema": _SCHEMA, **document}
    )


def _in_record(context: Context, ident: str) -> dict[str, Any]:
    return session.as_it_stands(context, lambda: in_full(context, *incidents.find_incident(context, ident)))
