"""Answering checklist items: what the list and the walk have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from workbench.checklists.model import ItemState, ItemView
from workbench.model.steps import Job
from workbench.releases.model import Outcome
from workbench.tui.actions import Action
from workbench.tui.registry import BY_ID, showing
from workbench.tui.screens.base import WorkScreen
from workbench.tui.widgets.prose import Block, Pair
from workbench.usecases.answering import Walked
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.views.checklists import item_key, source_of

if TYPE_CHECKING:
    from workbench.tui.widgets.form import Values
# Readiness answers items, too, and is shown first: forms and what they do are imported when one opens.

# What can be said of an item, in the list and on the walk.
ITEM_ACTIONS = (
    Action("tick", "y", "mark the item done; asks for evidence if it needs any", 9),
    Action("failed", "F", "mark the item failed, and say what was found", 5),
    Action("not_applicable", "x", "mark the item not applicable, and say why", 4),
    Action("attach", "a", "attach evidence: a link, a file, a note, or evidence of an earlier build", 6),
    Action("comment_item", "c", "comment on the item without answering it", 3),
    Action("reopen_item", "delete", "remove the answer; the item is open again", 2),
)
ANSWERS = tuple(action.id for action in ITEM_ACTIONS)


class Answering(WorkScreen):
    """A screen on which the item in hand can be answered."""

    MODE: ClassVar[str] = ""

    incident: str | None = None  # the id of the incident whose lists are answered; none: the release in hand

    def item(self) -> ItemView | None:
        """The item in hand; screens say which."""
        raise NotImplementedError

    def walked(self) -> Walked | None:
        """What the lists are walked for, as it was read last."""
        return self.evaluation

    def item_by_key(self, key: str | None) -> ItemView | None:
        """An item by ``checklist/item``."""
        found = self.walked()
        if found is None or key is None:
            return None
        checklist = key.partition("/")[0]
        for view in found.checklists.get(checklist, ()):
            if item_key(view) == key:
                return view
        return None

    def obstacle(self, id: str) -> str | None:
        if id not in ANSWERS:
            return None
        found, view = self.walked(), self.item()
        if view is None or found is None:
            return "there is no item under the cursor"
        if isinstance(found, Evaluation) and found.held.release.outcome is not Outcome.OPEN:
            return "the release has ended: its answers can no longer change"
        if id == "tick":
            return self._why_not_done(view)
        if id == "reopen_item" and (view.answer is None or view.answer.state is ItemState.OPEN):
            return "it has no answer to remove"
        return None

    def _why_not_done(self, view: ItemView) -> str | None:
        if view.by_itself and not view.complete:
            assert view.fact is not None
            return f"answered automatically from {place_words(view)}: {view.fact.why}"
        if view.complete:
            return "already answered; delete to remove the answer"
        if view.fact is not None and not view.fact.holds:
            return f"the record contradicts that: {view.fact.why}"
        return None

    # --- answers -------------------------------------------------------------------------

    async def do_tick(self) -> None:
        """Done; an item that needs evidence asks for it in the same breath."""
        view = self.item()
        if view is None:
            return
        if view.lacks_evidence:
            self._ask_evidence(view, tick=True)
        elif await self.act("", _answer, self.incident, item_key(view), ItemState.DONE):
            self.answered(view)

    def do_failed(self) -> None:
        """Failed: what was found."""
        self._ask_reason("What was found?", ItemState.FAILED, "mark failed")

    def do_not_applicable(self) -> None:
        """Not applicable: why."""
        self._ask_reason("Why is this not applicable?", ItemState.NOT_APPLICABLE, "mark not applicable")

    def do_comment_item(self) -> None:
        """Say something about the item, which answers nothing."""
        from workbench.tui.widgets.form import Field, FormScreen

        view = self.item()
        if view is None:
            return

        async def submit(values: Values) -> None:
            await self.submit(_comment, self.incident, item_key(view), values["comment"])
            self.say(f"commented; the item is {'answered' if view.complete else 'open'} as before")

        self.app.push_screen(
            FormScreen(
                "Comment",
                (Field("comment", "Comment", required=True, hint="does not answer the item"),),
                intro=[Pair("Item", view.item.title)],
                submit=submit,
                save_label="comment",
            )
        )

    async def do_reopen_item(self) -> None:
        """Take the answer back."""
        view = self.item()
        if view is not None:
            await self.act(
                f"open again: {view.item.title}", _answer, self.incident, item_key(view), ItemState.OPEN
            )

    def do_attach(self) -> None:
        """Attach a link, a file, a note, or what an earlier build had."""
        view = self.item()
        if view is not None:
            self._ask_evidence(view, tick=False)

    def _ask_reason(self, title: str, state: ItemState, label: str) -> None:
        from workbench.tui.widgets.form import Field, FormScreen

        view = self.item()
        if view is None:
            return

        async def submit(values: Values) -> None:
            await self.submit(_answer, self.incident, item_key(view), state, reason=values["reason"])
            self.answered(view)

        before = view.answer.reason if view.answer and view.answer.state is state else ""
        field = Field("reason", "Reason", value=before, required=True)
        self.app.push_screen(
            FormScreen(
                title, (field,), intro=[Pair("Item", view.item.title)], submit=submit, save_label=label
            )
        )

    def _ask_evidence(self, view: ItemView, *, tick: bool) -> None:
        from workbench.tui.screens.attaching import check_evidence, evidence_fields
        from workbench.tui.widgets.form import FormScreen

        async def submit(values: Values) -> None:
            await self.submit(_attach, self.incident, item_key(view), values, tick)
            if tick:
                self.answered(view)

        self.app.push_screen(
            FormScreen(
                "Attach evidence and mark done" if tick else "Attach evidence",
                evidence_fields(view.earlier),
                intro=[Pair("Item", view.item.title), *_wanted(view)],
                check=check_evidence,
                submit=submit,
                save_label="attach and mark done" if tick else "attach",
            )
        )

    def answered(self, view: ItemView) -> None:
        """An answer was given; the walk goes on from here."""

    async def go_to_source(self, view: ItemView) -> None:
        """To what an automatic item is answered from."""
        step = view.fact.step if view.fact else None
        await self.go(showing(source_of(view)), step.subject if step and step.job is Job.DRILL else None)


def place_words(view: ItemView) -> str:
    """Where an automatic item is answered from: ``2 Parity``."""
    mode = BY_ID[showing(source_of(view))]
    return f"{mode.key} {mode.title}".strip()


def _wanted(view: ItemView) -> list[Block]:
    return [Pair("Accepts", view.item.evidence)] if view.item.evidence else []


def _comment(context: Context, incident: str | None, ref: str, text: str) -> None:
    from workbench.usecases import answering, commenting
    from workbench.usecases.incident_checklists import read_walk

    found = read_walk(context, incident)
    commenting.comment(context, found, answering.find_item(found, ref), text)


def _answer(context: Context, incident: str | None, ref: str, state: ItemState, *, reason: str = "") -> None:
    from workbench.usecases import answering
    from workbench.usecases.incident_checklists import read_walk

    found = read_walk(context, incident)
    answering.answer(context, found, answering.find_item(found, ref), state, reason=reason)


def _attach(context: Context, incident: str | None, ref: str, values: Values, tick: bool) -> None:
    from workbench.usecases import answering
    from workbench.usecases.evidence_typed import read_evidence
    from workbench.usecases.incident_checklists import read_walk

    found = read_walk(context, incident)
    view = answering.find_item(found, ref)
    if values.get("earlier"):
        piece = answering.earlier_piece(view, int(values["earlier"]))
        evidence = answering.taken_over(context, found, view, piece)
    else:
        given, subject = read_evidence(values["what"]), answering.subject_of(found, view)
        evidence = answering.evidence_for(
            context,
            subject,
            link=given.link,
            file=given.file,
            note=given.note,
            title=values["title"].strip(),
        )
    if tick:
        answering.answer(context, found, view, ItemState.DONE, evidence=evidence)
    else:
        answering.attach(context, found, view, evidence)
