"""A sitting comes back: the screen, its row, filter and order, and what was typed into a form and not sent."""

from __future__ import annotations

from typing import Any

from textual.app import App

from workbench.model.errors import WorkbenchError
from workbench.tui.registry import BY_ID
from workbench.tui.screens.base import WorkScreen
from workbench.tui.visiting import Aim
from workbench.tui.widgets.form import FormScreen
from workbench.tui.widgets.table import RecordTable
from workbench.tui.working import Workbench
from workbench.usecases.sitting import Draft, Place, Sitting, read_sitting

AT_ONCE = frozenset({"fetch", "undo", "redo", "done", "paste_cells", "fill_cells", "save_edits", "write"})
"""Actions that act without a form: a sitting's file never leads to one of them."""


def as_left(app: App[Any]) -> Sitting:
    """Where one is now, and was on the screens that one has seen."""
    places = {}
    for mode, stack in app._screen_stacks.items():
        if mode in BY_ID and stack and isinstance(first := stack[0], WorkScreen):
            places[mode] = place_of(first)
    return Sitting(app.current_mode, places, draft_of(app))


def place_of(screen: WorkScreen) -> Place:
    """Where one stands in the table of a screen, and what was made of it."""
    for table in screen.query(RecordTable):
        column, descending = table.sorted_by or ("", False)
        return Place(table.cursor_key or "", table.filter_text, column, descending)
    return Place()


def draft_of(app: App[Any]) -> Draft | None:
    """What stands in the open form, if it is one that can be opened again."""
    form = app.screen_stack[-1]
    below = [each for each in app.screen_stack if isinstance(each, WorkScreen)]
    if not isinstance(form, FormScreen) or not form.KEPT or len(below) != 1 or not form.filled_in:
        return None
    return Draft(below[0].last_action, place_of(below[0]).row, form.title_text, form.typed())


async def bring_back(app: App[Any], work: Workbench, aim: Aim | None = None) -> None:
    """Go to where this person was the last time, unless they have pressed a key already.

    Whoever comes with an ``aim`` goes there instead, unless a form was left with something typed into it.
    """
    at_first = app.screen
    try:
        sitting, remark = await work.desk.call(read_sitting)
    except WorkbenchError as error:
        sitting, remark = None, error.what
    if remark:
        work.tell_remarks([remark])
    if app.screen is not at_first or (work.touched and aim is None):
        return
    if sitting is not None:
        work.places.update(sitting.places)
        if isinstance(at_first, WorkScreen):
            at_first.come_back()
    if aim is not None and (sitting is None or sitting.draft is None):
        await _land(app, work, aim)
        return
    if sitting is None:
        return
    if sitting.mode in BY_ID and sitting.mode != app.current_mode:
        await app.switch_mode(sitting.mode)
    if sitting.draft is not None and isinstance(screen := app.screen, WorkScreen):
        screen.call_after_refresh(_open_again, app, screen, sitting.draft)


async def _land(app: App[Any], work: Workbench, aim: Aim) -> None:
    """Come to where one is needed, or to a table as it was left."""
    screen = app.screen
    if aim.place is not None:
        work.places[aim.mode] = aim.place
        await app.switch_mode(aim.mode)
    elif isinstance(screen, WorkScreen):
        await screen.come_to(aim)


async def _open_again(app: App[Any], screen: WorkScreen, draft: Draft) -> None:
    """Open the form again with what was typed; where that cannot be, show the words, so that none is lost."""
    await screen.up_to_date()
    if draft.row:
        screen.stand_on(draft.row)
    opens = draft.action in screen.ACTIONS and draft.action not in AT_ONCE
    if opens and screen.why_not(screen.ACTIONS[draft.action]) is None:
        await screen.action_do(draft.action)
    form = app.screen
    if isinstance(form, FormScreen) and form.title_text == draft.title:
        form.call_after_refresh(form.type_again, draft.words)
        screen.say("what you had typed is back; ctrl+s saves it")
        return
    from workbench.tui.screens.reading import ReadingPanel
    from workbench.tui.widgets.prose import Pair

    if isinstance(form, FormScreen):
        form.dismiss(None)
    text = "\n".join(draft.words.values())
    blocks = [Pair(name.replace("_", " "), words) for name, words in draft.words.items()]
    app.push_screen(ReadingPanel(f"Typed and not saved: {draft.title}", blocks, copies=text))
