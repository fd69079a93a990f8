"""Makes the pictures of the guide from the running app on the demonstration: ``make pictures``."""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path

from textual.pilot import Pilot

from workbench.tui.app import WorkbenchApp
from workbench.tui.desk import Desk
from workbench.tui.terminal import Terminal
from workbench.usecases.project import Options
from workbench.usecases.demonstration import prepare

PICTURES = Path(__file__).parent / "pictures"
LOOK = Terminal(theme="workbench-dark", ansi=None, no_color=False)
# name, size, keys
SHOTS: tuple[tuple[str, tuple[int, int], tuple[str, ...]], ...] = (
    ("readiness", (80, 24), ()),
    ("readiness-wide", (130, 36), ()),
    ("benchmark", (100, 34), ("enter", "enter")),
    ("parity", (100, 30), ("2",)),
    ("walking", (80, 24), ("4", "w")),
    ("signing", (90, 30), ("s",)),
    ("notes", (100, 34), ("9",)),
)


async def settle(pilot: Pilot[None]) -> None:
    """Wait until the desk has nothing more to do and everything is drawn."""
    app = pilot.app
    assert isinstance(app, WorkbenchApp)
    for _ in range(4):
        await app.desk.call(lambda context: None)
        await app.workers.wait_for_complete()
        await pilot.pause()


async def shoot(project: Path, name: str, size: tuple[int, int], keys: Iterable[str]) -> None:
    """Press the keys and save what the screen shows."""
    desk = Desk(Options(project=project))
    try:
        app = WorkbenchApp(desk, desk.start().result(), LOOK)
        async with app.run_test(size=size) as pilot:
            await settle(pilot)
            for key in keys:
                await pilot.press(key)
                await settle(pilot)
            svg = app.export_screenshot(title=" ", simplify=True)
    finally:
        desk.close()
    (PICTURES / f"{name}.svg").write_text(self_contained(svg), encoding="utf-8")
    print(f"docs/pictures/{name}.svg")


def self_contained(svg: str) -> str:
    """Without fonts from elsewhere, and with names that do not change from run to run."""
    svg = re.sub(r"@font-face\s*\{.*?\}", "", svg, flags=re.DOTALL)
    svg = svg.replace("Fira Code", "DejaVu Sans Mono, Menlo, Consolas")
    svg = re.sub(r"terminal-\d+", "terminal", svg)
    return "\n".join(line.rstrip() for line in svg.splitlines() if line.strip()) + "\n"


def main() -> None:
    """Every picture, from a fresh demonstration."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["WORKBENCH_DATA"] = folder + "/data"
        project = prepare("web-shop", Path(folder) / "web-shop")
        for name, size, keys in SHOTS:
            asyncio.run(shoot(project, name, size, keys))


if __name__ == "__main__":
    main()
