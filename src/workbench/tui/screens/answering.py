"""Answering checklist items: what the list and the walk have in common."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from workbench.checklists.model import ItemState, ItemView
from workbench.model.errors import UsageError
from workbench.releases.model import Outcome
from workbench.tui.actions import Action
from workbench.tui.screens.base import WorkScreen
from workbench.tui.theme import Role
from workbench.tui.widgets.form import Field, FormScreen, Values
from workbench.tui.widgets.prose import Block, Gap, Pair, Paragraph, Title, pairs
from workbench.usecases import answering
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation, evaluate
from workbench.usecases.views.checklists import evidence_words, item_key, standing

# What can be said of an item, in the list and on the walk.
ITEM_ACTIONS = (
    Action("tick", "y", "the item is done", 8),
    Action("not_applicable", "x", "the item does not concern this release", 5),
    Action("attach", "a", "attach a link, a file or a note as evidence", 6),
    Action("reopen_item", "delete", "take the answer back"),
)


class Answering(WorkScreen):
    """A screen on which the item in hand can be answered."""

    MODE: ClassVar[str] = ""

    def item(self) -> ItemView | None:
        """The item in hand; screens say which."""
        raise NotImplementedError

    def item_by_key(self, key: str | None) -> ItemView | None:
        """An item by ``checklist/item``."""
        found = self.evaluation
        if found is None or key is None:
            return None
        checklist = key.partition("/")[0]
        for view in found.checklists.get(checklist, ()):
            if item_key(view) == key:
                return view
        return None

    def obstacle(self, id: str) -> str | None:
        found, view = self.evaluation, self.item()
        if id in ("tick", "failed", "not_applicable", "attach", "reopen_item", "comment_item"):
            if view is None or found is None:
                return "choose an item"
            if found.held.release.outcome is not Outcome.OPEN:
                return "the release is frozen"
            if id == "tick" and view.complete:
                return "it is answered already; delete removes the answer"
            if id == "tick" and view.fact is not None and not view.fact.holds:
                return f"the record says otherwise: {view.fact.why}"
            if id == "reopen_item" and (view.answer is None or view.answer.state is ItemState.OPEN):
                return "it is open"
        return None

    # --- answers -------------------------------------------------------------------------

    async def do_tick(self) -> None:
        """Done; an item that needs evidence asks for it in the same breath."""
        view = self.item()
        if view is None:
            return
        if view.lacks_evidence:
            self._ask_evidence(view, tick=True)
        elif await self.act("", _answer, item_key(view), ItemState.DONE):
            self.answered(view)

    def do_failed(self) -> None:
        """Failed: what was found."""
        self._ask_reason("What was found?", ItemState.FAILED, "failed")

    def do_not_applicable(self) -> None:
        """Not applicable: why."""
        self._ask_reason("Why does this not concern the release?", ItemState.NOT_APPLICABLE, "not applicable")

    def do_comment_item(self) -> None:
        """Done, with a comment."""
        view = self.item()
        if view is None:
            return
        state = view.answer.state if view.answer else ItemState.DONE

        async def submit(values: Values) -> None:
            await self.submit(_answer, item_key(view), state, comment=values["comment"])
            self.answered(view)

        before = view.answer.comment if view.answer else ""
        field = Field("comment", "Comment", value=before, required=True)
        self.app.push_screen(FormScreen(view.item.title, (field,), submit=submit))

    async def do_reopen_item(self) -> None:
        """Take the answer back."""
        view = self.item()
        if view is not None:
            await self.act("open again", _answer, item_key(view), ItemState.OPEN)

    def do_attach(self) -> None:
        """Attach a link, a file or a note."""
        view = self.item()
        if view is not None:
            self._ask_evidence(view, tick=False)

    def _ask_reason(self, title: str, state: ItemState, label: str) -> None:
        view = self.item()
        if view is None:
            return

        async def submit(values: Values) -> None:
            await self.submit(_answer, item_key(view), state, reason=values["reason"])
            self.answered(view)

        before = view.answer.reason if view.answer and view.answer.state is state else ""
        field = Field("reason", "Reason", value=before, required=True)
        self.app.push_screen(
            FormScreen(
                title, (field,), intro=[Pair("Item", view.item.title)], submit=submit, save_label=label
            )
        )

    def _ask_evidence(self, view: ItemView, *, tick: bool) -> None:
        async def submit(values: Values) -> None:
            await self.submit(_attach, item_key(view), values["what"].strip(), values["title"].strip(), tick)
            if tick:
                self.answered(view)

        self.app.push_screen(
            FormScreen(
                "Evidence, and done" if tick else "Attach evidence",
                (
                    Field("what", "Evidence", required=True, hint="a link, the path of a file, or a note"),
                    Field("title", "Title", hint="may stay empty"),
                ),
                intro=[Pair("Item", view.item.title), *_wanted(view)],
                submit=submit,
                save_label="attach and done" if tick else "attach",
            )
        )

    def answered(self, view: ItemView) -> None:
        """An answer was given; the walk goes on from here."""

    # --- what is said about an item --------------------------------------------------------

    def item_blocks(self, view: ItemView, *, title: bool = True, tall: bool = True) -> list[Block]:
        """Everything known about an item, to read: how it stands first, then what it asks.

        A low window (not ``tall``) names the evidence in one line.
        """
        item, found = view.item, self.require()
        blocks: list[Block] = [Title(item.title)] if title else []
        blocks += self._standing(view, found, tall)
        if blocks and title:
            blocks.append(Gap())
        blocks += [Pair("Why", item.why), Pair("Check", item.check)]
        if item.evidence and (tall or title):
            blocks.append(Pair("Counts", item.evidence))
        return blocks + (_evidence(view, found) if tall else [])

    def _standing(self, view: ItemView, found: Evaluation, tall: bool) -> list[Block]:
        blocks = pairs(standing(view, found.now))
        if view.evidence and not tall:
            blocks.append(Pair("Evidence", "; ".join(piece.title for piece in view.evidence)))
        if view.item.needs_evidence and view.lacks_evidence and not view.complete:
            blocks.append(Pair("Evidence", "none yet for this build: a attaches some", role=Role.MUTED))
        return blocks


def _evidence(view: ItemView, found: Evaluation) -> list[Block]:
    blocks: list[Block] = [Gap(), Paragraph("Evidence", Role.HEADING)] if view.evidence else []
    for number, piece in enumerate(view.evidence, 1):
        blocks.append(Pair(f"  {number}", evidence_words(piece, found.now)))
    return blocks


def _wanted(view: ItemView) -> list[Block]:
    return [Pair("Counts", view.item.evidence)] if view.item.evidence else []


def _answer(context: Context, ref: str, state: ItemState, *, reason: str = "", comment: str = "") -> None:
    found = evaluate(context)
    answering.answer(context, found, answering.find_item(found, ref), state, reason=reason, comment=comment)


def _attach(context: Context, ref: str, what: str, title: str, tick: bool) -> None:
    found = evaluate(context)
    view = answering.find_item(found, ref)
    subject = answering.subject_of(found, view)
    link, file, note = kind_of_evidence(what)
    evidence = answering.evidence_for(context, subject, link=link, file=file, note=note, title=title)
    if tick:
        answering.answer(context, found, view, ItemState.DONE, evidence=evidence)
    else:
        answering.attach(context, found, view, evidence)


def kind_of_evidence(what: str) -> tuple[str, Path | None, str]:
    """What was typed: a link, a file that is there, or else a note."""
    if what.startswith(("http://", "https://")):
        return what, None, ""
    if len(what) < 1000 and "\n" not in what:
        path = Path(what).expanduser()
        if path.is_file():
            return "", path, ""
        if what.startswith(("/", "./", "~/", "../")):
            raise UsageError(f"there is no file {what}", hint="check the path; a note needs no slash")
    return "", None, what
