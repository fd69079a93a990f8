"""Who somebody of the project is, and what they sign."""

from __future__ import annotations

from workbench.tui.screens.reading import ReadingPanel
from workbench.tui.widgets.prose import pairs
from workbench.tui.working import Working
from workbench.usecases.views.people import about_person, named


def open_person(screen: Working, key: str) -> None:
    """Show a person of the project."""
    definitions = screen.view.definitions
    screen.app.push_screen(
        ReadingPanel(named(definitions, key), pairs(about_person(definitions, screen.evaluation, key)))
    )
