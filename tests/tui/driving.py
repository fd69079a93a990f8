"""Driving the whole app in tests: on a real record, by keys, with the desk at work.

root = web_shop(tmp_path, monkeypatch)
async with driven(root) as pilot:
    await press(pilot, "2", "a", *"a title", "ctrl+s")
    assert "a title" in shown(pilot)
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from tests.web_shop import copied_with_data
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.pilot import Pilot
from textual.worker import WorkerCancelled, WorkerFailed

from workbench.tui.app import WorkbenchApp
from workbench.tui.desk import Desk
from workbench.tui.terminal import Terminal
from workbench.tui.visiting import Visit
from workbench.tui.widgets.panel import PanelBox
from workbench.tui.widgets.rows import Cell, Row
from workbench.usecases.context import Context
from workbench.usecases.opening import open_context
from workbench.usecases.project import Options

DARK = Terminal("workbench-dark", None, False)


def web_shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a fresh demonstration, with the heads and backups beside it."""
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    return copied_with_data(tmp_path)


_read_styles = Stylesheet._parse_rules
_STYLES: dict[Hashable, list[RuleSet]] = {}


def _read_once(sheet: Stylesheet, *source: Hashable, **more: Hashable) -> list[RuleSet]:
    """The rules of one source of styles: each app reads the same ones, under the same few sets of colours."""
    key = (*source, *more.items(), *sheet._variables.items())
    if key not in _STYLES:
        _STYLES[key] = _read_styles(sheet, *source, **more)  # type: ignore[arg-type]
    return _STYLES[key]


@contextmanager
def opened(root: Path, person: str | None = None, visit: Visit | None = None) -> Iterator[WorkbenchApp]:
    """The app on a project, not running yet; its desk is closed at the end."""
    desk = Desk(visit.options if visit else Options(project=root, as_person=person))
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Stylesheet, "_parse_rules", _read_once)
            yield WorkbenchApp(desk, desk.start().result(), DARK, visit=visit)
    finally:
        desk.close()


@asynccontextmanager
async def driven(
    root: Path, size: tuple[int, int] = (80, 24), person: str | None = None, visit: Visit | None = None
) -> AsyncIterator[Pilot[None]]:
    """The app running on a project, at rest on its first screen; of a ``visit`` where that leads."""
    with opened(root, person, visit) as app, pytest.MonkeyPatch.context() as patch:
        # How long Textual's pilot looks whether all is still; workers and desk are waited for besides.
        patch.setattr("textual._wait.SLEEP_GRANULARITY", 0.005)
        patch.setattr("textual._wait.SLEEP_IDLE", 0.0005)
        async with app.run_test(size=size) as pilot:
            await settle(pilot)
            yield pilot


@contextmanager
def second_writer(root: Path, person: str | None = None) -> Iterator[Context]:
    """Somebody else who has the same record open."""
    context = open_context(Options(project=root, as_person=person))
    try:
        yield context
    finally:
        context.record.close()


async def settle(pilot: Pilot[Any]) -> None:
    """Wait until workers, desk and screens have nothing left to do."""
    app = pilot.app
    assert isinstance(app, WorkbenchApp)
    quiet = 0
    while quiet < 3:
        # Textual hands on a new size some milliseconds later.
        busy = any(not worker.is_finished for worker in app.workers) or app._resize_event is not None
        # What was shown or hidden is laid out when the screen is idle.
        busy = busy or app.screen._layout_required
        with suppress(WorkerFailed, WorkerCancelled):  # what fails is told by whoever waits for it
            await app.workers.wait_for_complete()
        await app.desk.idle()
        await pilot.pause()
        quiet = 0 if busy else quiet + 1


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Press keys; after each that is more than a letter of some text, let everything settle."""
    for place, key in enumerate(keys):
        await pilot.press(key)
        if len(key) > 1 or place == 0:
            await settle(pilot)
    await settle(pilot)


def pressing(*keys: str) -> Callable[[Pilot[Any]], Awaitable[None]]:
    """For ``snap_compare(run_before=…)``: press these keys and let everything settle."""

    async def run(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        await press(pilot, *keys)

    return run


def shown(pilot: Pilot[Any]) -> str:
    """The text on the screen, line by line."""
    return "\n".join(strip.text for strip in pilot.app.screen._compositor.render_strips())


def in_panel(pilot: Pilot[Any]) -> str:
    """The words in the dialog that is open, without its frame and what lies behind, on one line."""
    box = pilot.app.screen.query_one(PanelBox).region
    strips = pilot.app.screen._compositor.render_strips()[box.y + 1 : box.bottom - 1]
    return " ".join(" ".join(strip.crop(box.x + 1, box.right - 1).text for strip in strips).split())


def text_row(key: str, *texts: str) -> Row:
    """A row of plain cells."""
    return Row(key, tuple(Cell(text) for text in texts))
