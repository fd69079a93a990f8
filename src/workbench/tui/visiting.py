"""From one project into another, to the place that one is needed at, and back to where one was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from workbench.usecases.project import Options
from workbench.usecases.sitting import Place

if TYPE_CHECKING:
    from workbench.usecases.fleet.looking import Looking


class Aim(msgspec.Struct, frozen=True, kw_only=True):
    """Where one comes to in a project: where the line ``part`` of its release is cleared, else a screen.

    On the screen ``mode`` it is the row ``row``, or how the table there was left: ``place``.
    """

    part: str = ""
    mode: str = ""
    row: str | None = None
    place: Place | None = None


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """A project to open, and what to say then; ``back`` is where ``esc`` leads from its first screen.

    ``failed`` says that another one was to be opened, and could not be.
    ``fleet`` is what was known of all projects when one left.
    """

    options: Options
    aim: Aim | None = None
    said: str = ""
    failed: bool = False
    back: Visit | None = None
    fleet: Looking | None = None

    @property
    def name(self) -> str:
        """The folder of the project."""
        return str(self.options.project)
