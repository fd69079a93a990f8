"""``workbench checklist walk``: the open items of checklists, one question after the other."""

from __future__ import annotations

import sys
from functools import partial

import click

from workbench.checklists.model import ItemState, ItemView
from workbench.cli import output, plain, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.evidence.model import Evidence
from workbench.model.errors import UsageError
from workbench.usecases import answering
from workbench.usecases.answering import Walked
from workbench.usecases.context import Context
from workbench.usecases.evidence_typed import read_evidence
from workbench.usecases.incident_checklists import again, read_walk
from workbench.usecases.views.checklists import evidence_words, item_key, known, state_words

_ANSWERS = ("done", "failed", "not applicable", "leave it open", "stop")
_STATES = (ItemState.DONE, ItemState.FAILED, ItemState.NOT_APPLICABLE)
_STOP = len(_ANSWERS) - 1


of_incident = click.option(
    "--incident", metavar="REF", help="The checklist of this incident, instead of the release's."
)


@click.command()
@click.argument("checklist", required=False)
@of_incident
@click.option(
    "--plain",
    "plainly",
    is_flag=True,
    help="Numbered answers, also without a terminal; nothing is repainted.",
)
@common("project", "record", "as_person", "release")
@pass_settings
def walk(settings: Settings, checklist: str | None, plainly: bool, incident: str | None) -> int:
    """Walk the open items of a checklist, or of all, one at a time.

    One line follows another, and answers are numbered.  Each answer is saved when it is given.  Items
    that the record answers are left out.
    """
    if not plainly and not sys.stdin.isatty():
        raise UsageError(
            "walking needs a terminal",
            hint="--plain takes answers from standard input; workbench checklist tick CHECKLIST/ITEM answers one",
        )
    saved: list[str] = []
    with session.acting(settings) as context:
        walked = read_walk(context, incident)
        refs = [item_key(view) for view in _open(walked, checklist)]
        ended = plain.Ended("", 0)
        try:
            _walk(context, walked, refs, saved)
        except plain.Ended as end:
            ended = end
        left = len(_open(again(context, walked), checklist))
    _tell(saved, left, ended.words)
    return ended.code


def _open(walked: Walked, checklist: str | None) -> list[ItemView]:
    if checklist is not None and checklist not in walked.checklists:
        known_lists = ", ".join(walked.checklists)
        raise UsageError(f"there is no checklist “{checklist}”", hint=f"known: {known_lists}")
    chosen = [checklist] if checklist is not None else list(walked.checklists)
    views = (view for key in chosen for view in walked.checklists[key])
    return [view for view in views if not view.complete and not view.item.automatic]


def _walk(context: Context, before: Walked, refs: list[str], saved: list[str]) -> None:
    for number, ref in enumerate(refs, 1):
        walked = again(context, before)
        view = answering.find_item(walked, ref)
        output.talk("")
        output.talk(f"{walked.checklist_title(view.checklist)}, open item {number} of {len(refs)}")
        _say(context, view)
        while (chosen := plain.choose("How is it?", _ANSWERS)) < len(_STATES):
            if plain.fits(partial(_answer, context, walked, view, _STATES[chosen])):
                saved.append(f"{_ANSWERS[chosen]}: {view.item.title}")
                output.talk(f"Saved: {saved[-1]}")
                break
        if chosen == _STOP:
            return


def _say(context: Context, view: ItemView) -> None:
    output.talk(view.item.title)
    told = (
        ("State", known(view) or state_words(view)),
        ("Why", view.item.why),
        ("Check", view.item.check),
        ("Accepts", view.item.evidence),
        ("Needs evidence", "yes" if view.item.needs_evidence else ""),
    )
    output.talk_lines(f"{label}: {text}" for label, text in told if text)
    output.talk_lines(f"Evidence: {evidence_words(piece, context.now)}" for piece in view.evidence)


def _answer(context: Context, walked: Walked, view: ItemView, state: ItemState) -> None:
    """Ask what the answer needs, and save it."""
    reason = comment = ""
    evidence: Evidence | None = None
    if state is ItemState.NOT_APPLICABLE:
        reason = plain.needed("Why does it not concern this release", "enter a reason")
    elif state is ItemState.FAILED:
        comment = plain.needed("What was found", "a comment is required")
    else:
        evidence = _evidence(context, answering.subject_of(walked, view))
        comment = plain.line("Comment, or nothing")
    answering.answer(context, walked, view, state, reason=reason, comment=comment, evidence=evidence)


def _evidence(context: Context, subject: str) -> Evidence | None:
    text = plain.line("Evidence: a link, the path of a file, or words; nothing for none")
    if not text:
        return None
    given = read_evidence(text)
    return answering.evidence_for(context, subject, link=given.link, file=given.file, note=given.note)


def _tell(saved: list[str], left: int, why: str) -> None:
    if why:
        output.talk(f"{why}; nothing that was saved is lost")
    output.line(f"{len(saved)} saved, {left} open")
    output.lines(f"  {one}" for one in saved)
