"""Makes the pictures of the guide from the running app on the demonstration: ``make pictures``."""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import history_project
import msgspec
import shared_project
from textual.app import App
from textual.pilot import Pilot

from workbench.cli.typing_past import type_command
from workbench.model.errors import DefinitionError
from workbench.tui.app import WorkbenchApp
from workbench.tui.desk import Desk
from workbench.tui.first import BrokenScreen, FirstApp, FirstScreen, NoProjectScreen
from workbench.tui.keyboard import STANDARD
from workbench.tui.terminal import Terminal
from workbench.usecases import starting
from workbench.usecases.demonstration import prepare
from workbench.usecases.project import Options, read_definitions
from workbench.usecases.sharing.pacing import Phase

PICTURES = Path(__file__).parent / "pictures"
SHARED = "shared"  # needs a PostgreSQL; where there is none, its pictures stay as they are
SMALL, MIDDLE, WIDE = (80, 24), (100, 34), (160, 50)


class Shot(msgspec.Struct, frozen=True):
    """A picture: the keys that lead to it, in which project, as whom, and in which colours.

    Keys of one letter are pressed; longer ones are keys by name, or words where they hold a blank.
    ``home`` is the folder of a person who has projects of their own, and nothing else that was opened.
    """

    name: str
    size: tuple[int, int]
    keys: tuple[str, ...] = ()
    project: str = "web-shop"
    person: str | None = None
    theme: str = "workbench-dark"
    home: str = ""


def _to(screen: str) -> tuple[str, ...]:
    """The keys that lead to a screen without a number: it is found by its name."""
    return ("ctrl+p", f"{screen} ", "enter")


FLEET = (*_to("Fleet"), "ctrl+p", "sample projects ", "enter")

SHOTS = (
    Shot("readiness", SMALL),
    Shot("readiness-wide", WIDE),
    Shot("readiness-light", (100, 30), theme="workbench-light"),
    Shot("benchmark", MIDDLE, ("3", "enter")),
    Shot("benchmark-wide", WIDE, ("3", "enter")),
    Shot("matrix", MIDDLE, ("3", "X")),
    Shot("control-chart", SMALL, ("3", "enter"), project="history"),
    Shot("control-chart-wide", WIDE, ("3", "enter"), project="history"),
    Shot("histograms", MIDDLE, ("3", "down", "enter"), project="history"),
    Shot("parity", (100, 30), ("2",)),
    Shot("parity-editing", SMALL, ("2", "right", "e", "vendor's sandbox", "tab")),
    Shot("deciding", MIDDLE, ("2", "d")),
    Shot("reviewing", MIDDLE, ("2", "r")),
    Shot("walking", SMALL, ("4", "enter", "tab")),
    Shot("walking-wide", WIDE, ("4", "enter", "tab")),
    Shot("signing", (90, 30), ("s",)),
    Shot("signing-folded", SMALL, ("s",)),
    Shot(
        "poll",
        MIDDLE,
        ("ctrl+p", "poll ", "enter", "S", "plus", "minus", "the queue was not drained", "ctrl+s", "z"),
    ),
    Shot("comparing", MIDDLE, ("6", "D", "ctrl+s")),
    Shot("history", MIDDLE, ("8",)),
    Shot("notes", MIDDLE, ("9",)),
    Shot("probes", MIDDLE, _to("Probes"), project="payments"),
    Shot("probe", MIDDLE, (*_to("Probes"), "enter"), project="payments"),
    Shot("proposals", MIDDLE, ("2", "0", "enter"), project="payments"),
    Shot("environment", MIDDLE, (*_to("Environments"), "enter"), project="payments"),
    Shot("drift", MIDDLE, _to("Drift"), project="payments"),
    Shot("statement", MIDDLE, _to("Parity statement"), project="payments"),
    Shot("sources", MIDDLE, _to("Sources")),
    Shot("incidents", SMALL, ("5",), project="incident"),
    Shot("incident", MIDDLE, ("5", "enter"), project="incident"),
    Shot("incident-review", SMALL, ("5", "enter", "r"), project="incident"),
    Shot("runbook", MIDDLE, (*_to("Runbooks"), "enter"), project="incident"),
    Shot("learning", MIDDLE, _to("Learning"), project="incident"),
    Shot("calendar", MIDDLE, _to("Calendar")),
    Shot("routines", SMALL, _to("Routines"), project="incident"),
    Shot("on-call", MIDDLE, _to("On call"), project="incident"),
    Shot("fleet", SMALL, FLEET, project="fleet", home="home"),
    Shot("fleet-wide", WIDE, FLEET, project="fleet", home="home"),
    Shot("sharing", MIDDLE, _to("Sharing"), project=SHARED, person="kim"),
    Shot("sharing-versions", MIDDLE, (*_to("Sharing"), "enter"), project=SHARED, person="kim"),
    Shot("help", SMALL, ("question_mark",)),
    Shot("first-no-project", SMALL, project="empty"),
    Shot("first-mistake", SMALL, project="mistake"),
    Shot("first-no-release", SMALL, project="no-release"),
    Shot("first-no-candidate", SMALL, project="no-candidate"),
    Shot("first-not-measured", SMALL, ("6", "P", "ctrl+s", "1")),
    Shot("first-saying-no", (90, 30), ("s", "up", "up", "r"), person="kim"),
)


# --- the projects ------------------------------------------------------------------------------


def make_projects(folder: Path) -> dict[str, Path]:
    """Every project that a picture is taken of."""
    found = {name: folder / name for name in ("empty", "mistake", "no-release", "no-candidate")}
    for path in found.values():
        path.mkdir()
    for name in ("web-shop", "payments", "incident"):
        found[name] = prepare(name, folder / name, type_command)
    found["history"] = history_project.make(folder / "history")
    starting.init(found["mistake"])
    file = found["mistake"] / "workbench.yaml"
    file.write_text(file.read_text("utf-8").replace("kind: github_actions", "kind: github_action"), "utf-8")
    file.write_text(file.read_text("utf-8") + "\nenviroments: []\n", "utf-8")
    (found["no-release"] / "workbench.yaml").write_text("project: bare\ntitle: Web shop\n", "utf-8")
    starting.init(found["no-candidate"])
    with at_home(folder, "home"):
        for name in ("web-shop", "payments", "platform", "incident"):
            prepare(name, folder / "home" / name, type_command)
    found["fleet"] = folder / "home" / "web-shop"
    return found


@contextmanager
def at_home(folder: Path, name: str) -> Iterator[None]:
    """The home of a person in ``folder``, with a data folder of their own; the usual one without a ``name``."""
    home = folder / name
    home.mkdir(exist_ok=True)
    data = {"WORKBENCH_DATA": str(home / ".data")} if name else {}
    with patch.dict(os.environ, {"HOME": str(home), **data} if name else {}):
        yield


# --- taking a picture ----------------------------------------------------------------------------


@contextmanager
def opened(shot: Shot, project: Path) -> Iterator[App[Any]]:
    """The app that the picture is taken of."""
    look = Terminal(theme=shot.theme, ansi=None, no_color=False)
    if (first := first_screen(shot, project)) is not None:
        yield FirstApp(first, look, STANDARD)
        return
    desk = Desk(Options(project=project, as_person=shot.person))
    try:
        app = WorkbenchApp(desk, desk.start().result(), look)
        yield app
        app.sharing.close()
    finally:
        desk.close()


def first_screen(shot: Shot, project: Path) -> FirstScreen | None:
    """What is shown where there is no project to open."""
    if shot.project == "empty":
        return NoProjectScreen(Path("/home/robin/web-shop"), None)
    try:
        read_definitions(Options(project=project))
    except DefinitionError as error:
        return BrokenScreen(error, project)
    return None


async def settle(pilot: Pilot[Any]) -> None:
    """Wait until the desk has nothing more to do and everything is drawn."""
    app = pilot.app
    for _ in range(4):
        if isinstance(app, WorkbenchApp):
            await app.desk.idle()
            await live(app)
        await app.workers.wait_for_complete()
        await pilot.pause()


async def live(app: WorkbenchApp) -> None:
    """Wait until a shared record is exchanged, and the server has told of its desks."""
    while app.sharing.is_on and not (
        app.standing and app.standing.phase is Phase.LIVE and app.standing.desks
    ):
        await asyncio.sleep(0.05)


async def shoot(shot: Shot, project: Path) -> None:
    """Press the keys and save what the screen shows."""
    with opened(shot, project) as app:
        async with app.run_test(size=shot.size) as pilot:
            await settle(pilot)
            for key in shot.keys:
                await pilot.press(*(key if " " in key else (key,)))
                await settle(pilot)
            svg = app.export_screenshot(title=" ", simplify=True)
    (PICTURES / f"{shot.name}.svg").write_text(self_contained(svg), encoding="utf-8")
    print(f"docs/pictures/{shot.name}.svg")


def self_contained(svg: str) -> str:
    """Without fonts from elsewhere, and with names that do not change from run to run."""
    svg = re.sub(r"@font-face\s*\{.*?\}", "", svg, flags=re.DOTALL)
    svg = svg.replace("Fira Code", "DejaVu Sans Mono, Menlo, Consolas")
    svg = re.sub(r"terminal-\d+", "terminal", svg)
    return "\n".join(line.rstrip() for line in svg.splitlines() if line.strip()) + "\n"


def main() -> None:
    """Every picture, from a fresh demonstration."""
    PICTURES.mkdir(exist_ok=True)
    shots = [shot for shot in SHOTS if shot.project != SHARED or shared_project.can_be_made()]
    kept = {shot.name for shot in SHOTS if shot not in shots}
    for old in PICTURES.glob("*.svg"):
        if old.stem not in kept:
            old.unlink()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["WORKBENCH_DATA"] = folder + "/data"
        projects = make_projects(Path(folder))
        for shot in shots:
            with at_home(Path(folder), shot.home), the_server(Path(folder), shot) as root:
                asyncio.run(shoot(shot, root or projects[shot.project]))


@contextmanager
def the_server(folder: Path, shot: Shot) -> Iterator[Path | None]:
    """What runs while a picture of a shared record is taken: a team and its server, made anew for each."""
    if shot.project != SHARED:
        yield None
        return
    with shared_project.made(folder / shot.name) as root:
        yield root


if __name__ == "__main__":
    main()
