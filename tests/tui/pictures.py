"""Pictures of screens without what all screens share, so that a new mode or key changes no picture but its own.

The frame (header, modes, footer) keeps its place but is not drawn; it has a picture of its own.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import pytest
from tests.tui.driving import pressing, settle
from textual.pilot import Pilot

from workbench.tui.screens.base import WorkScreen
from workbench.tui.widgets.footer import FooterLine
from workbench.tui.widgets.header import HeaderLine, ModeLine

SMALL, LARGE = (80, 24), (160, 50)
Before = Callable[[Pilot[Any]], Awaitable[None]]


def in_sizes(
    both: Mapping[str, Sequence[str]], small: Mapping[str, Sequence[str]] | None = None
) -> pytest.MarkDecorator:
    """A case for each picture by its name: the ``keys`` that lead to it, and the ``size``.

    ``both`` are taken small and large; what looks the same in a large window, such as a form, is
    only taken ``small``.
    """
    cases = [(name, keys, size) for size in (SMALL, LARGE) for name, keys in both.items()]
    cases += [(name, keys, SMALL) for name, keys in (small or {}).items()]
    return pytest.mark.parametrize(
        ("keys", "size"),
        [
            pytest.param(
                tuple(keys), size, id=f"{name}-{size[0]}x{size[1]}" if name else f"{size[0]}x{size[1]}"
            )
            for name, keys, size in cases
        ],
    )


def body(*keys: str) -> Before:
    """For ``snap_compare(run_before=…)``: press these keys, then show what the screen itself shows."""
    return without_frame(pressing(*keys))


def without_frame(run: Before) -> Before:
    """The same after anything else was done."""

    async def hide(pilot: Pilot[Any]) -> None:
        await run(pilot)
        for widget in _parts(pilot, frame=True):
            widget.visible = False
        await settle(pilot)

    return hide


async def frame(pilot: Pilot[Any]) -> None:
    """For ``snap_compare(run_before=…)``: the frame alone."""
    await settle(pilot)
    for widget in _parts(pilot, frame=False):
        widget.visible = False
    await settle(pilot)


def _parts(pilot: Pilot[Any], *, frame: bool) -> list[Any]:
    screens = [screen for screen in pilot.app.screen_stack if isinstance(screen, WorkScreen)]
    parts = [widget for screen in screens for widget in screen.children]
    return [part for part in parts if isinstance(part, HeaderLine | ModeLine | FooterLine) is frame]
