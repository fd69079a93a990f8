"""``workbench checklist``: answering items and attaching evidence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import msgspec

from workbench.checklists.model import ItemState, ItemView
from workbench.cli import output, session
from workbench.cli.commands.walking import of_incident, walk
from workbench.cli.evidence import evidence_options
from workbench.cli.lazy import Family
from workbench.cli.options import WRITING, Settings, common, only_one, pass_settings
from workbench.evidence.model import Attachment, Evidence
from workbench.model.errors import UsageError
from workbench.usecases import answering, commenting
from workbench.usecases.answering import Walked, evidence_for, find_item
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.incident_checklists import IncidentWalk, again, read_walk
from workbench.usecases.views.checklists import item_key, known, lists, mark_of, state_words
from workbench.usecases.views.clearing import item_command


@click.group(cls=Family)
def checklist() -> None:
    """Checklists: answer items, attach evidence."""


@checklist.command("list")
@of_incident
@common("project", "record", "now", "release", "json")
@pass_settings
def list_(settings: Settings, incident: str | None) -> None:
    """List the checklists and how far each is."""
    with session.reading(settings) as context:
        walked = read_walk(context, incident)
        found = lists(walked, context.definitions)
    if settings.json:
        rows = [
            {"checklist": line.key, "title": line.title, "items": [_document(view) for view in line.views]}
            for line in found
        ]
        output.emit({"schema": "workbench.checklists.1", **_walked_for(walked), "checklists": rows})
        return
    output.table(
        ("checklist", "title", "answered", "open", "failed"),
        [
            (
                line.key,
                line.title,
                line.how_far,
                line.count(ItemState.OPEN) or "",
                line.count(ItemState.FAILED) or "",
            )
            for line in found
        ],
        empty="this project has no checklists",
    )


@checklist.command("show")
@click.argument("ref")
@of_incident
@common("project", "record", "now", "release", "json")
@pass_settings
def show(settings: Settings, ref: str, incident: str | None) -> None:
    """Show a checklist, or one item with its why and how.  REF is a key, or CHECKLIST/ITEM."""
    with session.reading(settings) as context:
        walked = read_walk(context, incident)
        views = walked.checklists.get(ref)
        view = None if views is not None else find_item(walked, ref)
        past = commenting.past(context, walked, view) if view else commenting.Past()
    if views is not None:
        if settings.json:
            items = [_document(view) for view in views]
            output.emit({"schema": "workbench.checklist.1", "checklist": ref, "items": items})
            return
        output.line(walked.checklist_title(ref))
        output.lines(
            f"  {mark_of(view.state).symbol} {view.item.key}: {view.item.title} ({_why(view)})"
            for view in views
        )
        return
    assert view is not None
    if settings.json:
        output.emit({"schema": "workbench.item.1", **_document(view, past)})
        return
    _print_item(view)
    for said in past.comments:
        output.line(f"  comment   {said.text} (by {said.by})")


@checklist.command("tick")
@click.argument("ref")
@of_incident
@click.option("--done", is_flag=True, help="It is done (the default).")
@click.option("--failed", is_flag=True, help="It was checked and failed.")
@click.option("--not-applicable", is_flag=True, help="It is not applicable to this release.")
@click.option("--reopen", is_flag=True, help="Withdraw the answer.")
@click.option("--reason", default="", metavar="TEXT", help="Why; required for --not-applicable.")
@click.option("--comment", default="", metavar="TEXT", help="Comment; required for --failed.")
@evidence_options
@common(*WRITING)
@pass_settings
def tick(
    settings: Settings,
    /,
    ref: str,
    reason: str,
    comment: str,
    link: str,
    file: Path | None,
    note: str,
    title: str,
    incident: str | None,
    **answers: bool,
) -> None:
    """Answer an item for the current candidate; evidence may come along."""
    said = only_one(answers)
    if said is None and comment and not (link or file or note):
        raise UsageError(
            "a comment alone answers nothing",
            hint=f"--done with it says that it is done; `workbench checklist comment {ref} TEXT` only comments",
        )
    said = said or "done"
    chosen = ItemState.OPEN if said == "reopen" else ItemState(said)
    with session.acting(settings) as context:
        walked = read_walk(context, incident)
        view = answering.find_item(walked, ref)
        evidence = gathered(context, answering.subject_of(walked, view), link, file, note, title)
        answering.answer(context, walked, view, chosen, reason=reason, comment=comment, evidence=evidence)
        now = _afterwards(context, walked, view)
    output.done(
        settings,
        _answered(now.view, chosen),
        {"schema": "workbench.item.1", **_document(now.view, now.past)},
        hint=now.following,
    )


@checklist.command("attach")
@click.argument("ref")
@of_incident
@evidence_options
@click.option(
    "--earlier", type=int, metavar="N", help="Evidence N of an earlier build holds for this one, too."
)
@common(*WRITING)
@pass_settings
def attach(
    settings: Settings,
    ref: str,
    link: str,
    file: Path | None,
    note: str,
    title: str,
    earlier: int | None,
    incident: str | None,
) -> None:
    """Attach evidence to an item: a link, a copy of a file, a note, or what an earlier build had."""
    with session.acting(settings) as context:
        walked = read_walk(context, incident)
        view = answering.find_item(walked, ref)
        subject = answering.subject_of(walked, view)
        if earlier is not None:
            if link or file or note or title:
                raise UsageError("--earlier takes evidence over as it is", hint="attach anything else apart")
            piece = answering.earlier_piece(view, earlier)
            evidence = answering.taken_over(context, walked, view, piece)
        else:
            evidence = answering.evidence_for(context, subject, link=link, file=file, note=note, title=title)
        answering.attach(context, walked, view, evidence)
        now = _afterwards(context, walked, view)
    output.done(
        settings,
        f"attached to {view.item.title}",
        {"schema": "workbench.item.1", **_document(now.view, now.past)},
    )


@checklist.command("comment")
@click.argument("ref")
@click.argument("text")
@of_incident
@common(*WRITING)
@pass_settings
def comment(settings: Settings, ref: str, text: str, incident: str | None) -> None:
    """Say something about an item; it stays open, or answered, as it is."""
    with session.acting(settings) as context:
        walked = read_walk(context, incident)
        view = answering.find_item(walked, ref)
        commenting.comment(context, walked, view, text)
        now = _afterwards(context, walked, view)
    output.done(
        settings,
        f"commented on {view.item.title} ({state_words(view)})",
        {"schema": "workbench.item.1", **_document(now.view, now.past)},
    )


checklist.add_command(walk)


def _walked_for(walked: Walked) -> dict[str, str | None]:
    """The version of the release, or the id of the incident."""
    release = walked.held.release.version if isinstance(walked, Evaluation) else None
    incident = walked.stored.id if isinstance(walked, IncidentWalk) else None
    return {"release": release, "incident": incident}


def gathered(
    context: Context, subject: str, link: str, file: Path | None, note: str, title: str
) -> Evidence | None:
    """The evidence that was given with an act, if any."""
    if not (link or file or note):
        return None
    return evidence_for(context, subject, link=link, file=file, note=note, title=title)


class _After(msgspec.Struct, frozen=True):
    """An item after an act: as it is now, what was said and done, and what to do next."""

    view: ItemView
    past: commenting.Past
    following: str


def _afterwards(context: Context, before: Walked, view: ItemView) -> _After:
    """The item as it is now, and what to do next: what it still lacks, then the next one of its checklist."""
    now = again(context, before)
    views = now.checklists[view.checklist]
    fresh = next(item for item in views if item.item.key == view.item.key)
    past = commenting.past(context, now, fresh)
    if fresh.state is ItemState.OPEN and fresh.answer and fresh.answer.state is not ItemState.OPEN:
        return _After(fresh, past, item_command(fresh))
    last = "workbench gate" if isinstance(now, Evaluation) else ""
    left = (item for item in views if item.state is ItemState.OPEN and not item.by_itself)
    return _After(fresh, past, next((item_command(item) for item in left), last))


_ANSWERED = {
    ItemState.DONE: "done",
    ItemState.FAILED: "failed",
    ItemState.NOT_APPLICABLE: "not applicable",
    ItemState.OPEN: "open again",
}


def _answered(view: ItemView, chosen: ItemState) -> str:
    """What became of an item that was answered: it may still be open, and then why."""
    if view.state is ItemState.OPEN and chosen is not ItemState.OPEN:
        return f"still open: {view.item.title} ({view.why})"
    return f"{_ANSWERED[chosen]}: {view.item.title}"


def _why(view: ItemView) -> str:
    return known(view) or state_words(view)


def _print_item(view: ItemView) -> None:
    output.line(f"{mark_of(view.state).symbol} {view.item.title}  ({item_key(view)})")
    output.pairs(
        [
            ("  state", _why(view)),
            ("  why", view.item.why),
            ("  check", view.item.check),
            ("  evidence", view.item.evidence),
        ]
    )
    for piece in view.evidence:
        output.line(f"  attached  {_piece(piece)}")
    for number, piece in enumerate(view.earlier, 1):
        output.line(
            f"  earlier {number}  {_piece(piece)}; of a build before, --earlier {number} takes it over"
        )


def _piece(piece: Attachment) -> str:
    link = f" {piece.link}" if piece.link and piece.link != piece.title else ""
    return f"{piece.kind}: {piece.title}{link} (by {piece.by})"


def _document(view: ItemView, past: commenting.Past | None = None) -> dict[str, Any]:
    document = {
        "ref": item_key(view),
        "title": view.item.title,
        "state": view.state.value,
        "why": view.why,
        "answer": output.fields(view.answer) if view.answer else None,
        "answered_by_record": view.by_itself,
        "needs_evidence": view.item.needs_evidence,
        "evidence": [output.fields(item) for item in view.evidence],
        "earlier_evidence": [output.fields(item) for item in view.earlier],
    }
    if past is not None:
        document["comments"] = [output.fields(item) for item in past.comments]
    return document
