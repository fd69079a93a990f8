"""``workbench status --all``: every release of every project, judged at the same time."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec

from workbench.cli import output
from workbench.cli.options import Settings, only_one
from workbench.cli.progress import AFTER, Progress
from workbench.model.errors import UsageError
from workbench.usecases.fleet.finding import Wanted
from workbench.usecases.fleet.looking import look, require_quarter
from workbench.usecases.views.fleet.document import document
from workbench.usecases.views.fleet.printing import lines, short_lines
from workbench.usecases.views.fleet.whole import advice


class Asked(msgspec.Struct, frozen=True):
    """What was said beside ``--all``."""

    short: bool
    folders: tuple[Path, ...]
    demonstrations: bool
    section: tuple[str, ...]
    quarter: str


def show_all(settings: Settings, asked: Asked) -> int:
    """Print the fleet; the exit code says whether all of it is ready."""
    _refuse(settings, asked)
    require_quarter(asked.quarter)
    wanted = Wanted(
        here=settings.project or Path.cwd(),
        folders=asked.folders,
        as_person=settings.as_person,
        now=settings.now,
        quarter=asked.quarter,
        demonstrations=asked.demonstrations,
    )
    with Progress(AFTER, stays=False) as progress:
        fleet = look(
            wanted, progress=lambda so_far: progress.show("judged", so_far.told, so_far.asked, "projects")
        )
    if settings.json:
        output.emit(document(fleet, settings.now or datetime.now(UTC)))
    elif asked.short:
        output.lines(short_lines(fleet))
    else:
        output.say("\n".join(lines(fleet, asked.section)))
        output.talk_lines(f"next: {text}" for text in advice(fleet))
    return 0 if fleet.all_ready else 1


def _refuse(settings: Settings, asked: Asked) -> None:
    """What is about one release or one record, and what contradicts another option."""
    for name, value in (("--release", settings.release), ("--record", settings.record)):
        if value is not None:
            raise UsageError(f"{name} is about one project", hint="leave it out, or --all")
    if asked.section:
        only_one({"section": True, "short": asked.short, "json": settings.json})
