"""What is said about a checklist item: how it stands, what it asks, its evidence, and what was said."""

from __future__ import annotations

from datetime import datetime

from workbench.checklists.model import ItemView
from workbench.model.times import relative_text
from workbench.tui.screens.answering import place_words
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.prose import Block, Gap, Pair, Paragraph, Title, pairs
from workbench.usecases.commenting import Past
from workbench.usecases.views.checklists import (
    evidence_words,
    kinds_of,
    mark_of,
    standing,
    state_words,
    waits_for_record,
)


def state_line(view: ItemView) -> tuple[Mark, str]:
    """How an item stands, in a few words: ``open · needs evidence``."""
    words = state_words(view)
    if view.by_itself:
        words += f" · automatic, from {place_words(view)}"
    elif waits_for_record(view):
        words += f" · waits for {place_words(view)}"
    elif view.item.needs_evidence and view.lacks_evidence and not view.complete:
        words += " · needs evidence"
    return mark_of(view.state), words


def asked(view: ItemView, now: datetime) -> list[Block]:
    """How it stands beyond its state, then what it asks and what it accepts."""
    item = view.item
    blocks = pairs(standing(view, now))
    if blocks:
        blocks.append(Gap())
    for label, text in (("Why", item.why), ("Check", item.check), ("Accepts", item.evidence)):
        if text:
            blocks += [Pair(label, text), Gap()]
    return blocks[:-1]


def beside(view: ItemView, past: Past | None, now: datetime, *, build: bool = True) -> list[Block]:
    """Evidence of this build and of builds before, comments, and what was answered; ``None`` is not read yet.

    Of an incident no ``build`` is in hand.
    """
    blocks: list[Block] = []
    if not view.by_itself:
        blocks += _evidence(view, past or Past(), now, "Evidence for this build" if build else "Evidence")
    if past is None:
        return blocks
    blocks += [Title("Comments", Role.ACCENT)]
    blocks += [Pair(_when(said.at, now), f"{said.by}: {said.text}") for said in past.comments] or [
        Paragraph("none", Role.MUTED)
    ]
    if past.acts:
        blocks += [Title("History", Role.ACCENT)]
        blocks += [Pair(_when(act.at, now), f"{act.by}: {act.words}") for act in past.acts]
    return blocks


def _evidence(view: ItemView, past: Past, now: datetime, title: str) -> list[Block]:
    blocks: list[Block] = [Title(title, Role.ACCENT)]
    blocks += [Paragraph(evidence_words(piece, now)) for piece in view.evidence]
    if not view.evidence:
        blocks.append(Paragraph("none yet", Role.MUTED))
    if view.earlier:
        blocks.append(Title("Evidence of earlier builds", Role.ACCENT))
        blocks += [
            Pair(
                past.builds.get(piece.candidate or "", "before"), evidence_words(piece, now), role=Role.MUTED
            )
            for piece in view.earlier
        ]
    return blocks


def in_short(view: ItemView, now: datetime) -> list[Block]:
    """An item below the list: how it stands, why it is asked and how it is checked, and what evidence there is."""
    blocks = pairs(standing(view, now))
    if view.evidence:
        blocks.append(
            Pair("Evidence", f"{kinds_of(view.evidence)}: {'; '.join(p.title for p in view.evidence)}")
        )
    elif view.item.needs_evidence and not view.complete:
        blocks.append(Pair("Evidence", "none for this build yet · a to attach it", role=Role.MUTED))
    if view.earlier and not view.complete:
        blocks.append(
            Pair("Earlier", f"{kinds_of(view.earlier)} of earlier builds · a to reuse it", role=Role.MUTED)
        )
    return [*blocks, Pair("Why", view.item.why), Pair("Check", view.item.check)]


def _when(at: datetime, now: datetime) -> str:
    return relative_text(at, now)
