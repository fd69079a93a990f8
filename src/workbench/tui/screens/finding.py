"""``ctrl+p``: find anything by a few letters, and go to exactly that."""

from __future__ import annotations

from workbench.model.text import capitalised
from workbench.tui.screens.base import WorkScreen
from workbench.tui.screens.find_panel import FindPanel
from workbench.tui.shapes import shape_of
from workbench.usecases.finding import Sort, Thing

# The modes that show a thing, standing on its row.
_MODES = {
    Sort.RELEASE: "releases",
    Sort.FLOW: "flows",
    Sort.DIFFERENCE: "parity",
    Sort.BENCHMARK: "benchmarks",
    Sort.ENVIRONMENT: "environments",
    Sort.PROBE: "probes",
    Sort.RUNBOOK: "runbooks",
    Sort.INCIDENT: "incidents",
    Sort.ITEM: "checklists",
}


def open_find(screen: WorkScreen) -> None:
    """The panel over a screen; what was chosen is done, or gone to."""

    async def chosen(found: tuple[Thing, str] | None) -> None:
        if found is not None:
            await go_to(screen, *found)

    screen.app.push_screen(FindPanel(screen, _commands(screen)), chosen)


def _commands(screen: WorkScreen) -> list[Thing]:
    """What can be done on a screen: what it does, and its key; or why it cannot be done now."""
    found = []
    for action in screen.ACTIONS:
        key = screen.keyboard.spoken(action.key) if action.key else ""
        why_not = screen.why_not(action)
        command = f" · {shape}" if (shape := shape_of(action.id)) else ""
        about = f"not now: {why_not}" if why_not else action.help + command
        title = capitalised(action.label) + (f"  {key}" if key else "")
        found.append(Thing(Sort.COMMAND, action.id, title, about))
    return found


async def go_to(screen: WorkScreen, thing: Thing, text: str) -> None:
    """Do a command; stand on a record's row; open a page. ``text`` is what was typed to find it."""
    if thing.sort is Sort.COMMAND:
        await screen.action_do(thing.key)
    elif thing.sort is Sort.PAGE:
        from workbench.tui.screens.guide import open_page

        await open_page(screen, thing.key)
    elif thing.sort is Sort.PERSON:
        from workbench.tui.screens.person import open_person

        open_person(screen, thing.key)
    elif thing.sort is Sort.ENTRY:
        await screen.go("history", thing.key, searching=text)
    else:
        await screen.go(_MODES[thing.sort], thing.key)
