"""Random keys, clicks, pastes and sizes of the window: the app neither ends nor says that it made a mistake.

What is pressed comes from a seed alone, so that a session that went wrong can be had again.
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec
from tests.fuzz.odd import WORDS
from tests.tui import driving
from tests.web_shop import copied_with_data
from textual import events
from textual.pilot import OutOfBounds, Pilot

from workbench.cli import run
from workbench.model.errors import OurMistake

SESSION = 250  # steps, after which the next one begins with a fresh record
_LETTERS = "abcdefghijklmnoprstuvwxyzACDEFGHIJKLMNOPRSTUVWXYZ0123456789"  # without q, which is rare
_NAMED = (
    "enter", "enter", "enter", "escape", "escape", "escape", "tab", "shift+tab", "up", "down", "left", "right", "pageup",
    "pagedown", "home", "end", "space", "backspace", "delete", "ctrl+s", "ctrl+s", "ctrl+p", "ctrl+r", "ctrl+c", "ctrl+a",
    "ctrl+e", "ctrl+k", "ctrl+u", "ctrl+z", "ctrl+v", "ctrl+o", "shift+down", "ctrl+right", "slash", "question_mark",
    "left_square_bracket", "right_square_bracket", "plus", "minus", "full_stop", "comma", "f1", "f5", "insert",
)  # fmt: skip
_SIZES = (
    (80, 24),
    (80, 24),
    (160, 50),
    (60, 15),
    (59, 14),
    (20, 5),
    (2, 2),
    (1, 1),
    (120, 15),
    (61, 60),
    (300, 80),
)
Step = tuple[Any, ...]


class Outcome(msgspec.Struct):
    """What was done and what came of it; ``wrong`` is empty where all is well."""

    done: Counter[str] = msgspec.field(default_factory=Counter)
    sessions: int = 0
    wrong: list[str] = []


def press_at_random(folder: Path, count: int, dice: random.Random) -> Outcome:
    """Presses ``count`` keys in the app, with all that comes between them."""
    found = Outcome()
    while found.done["key"] < count:
        steps = _steps(dice, min(SESSION, count - found.done["key"]))
        root = _fresh(folder / f"s{found.sessions}")
        mistakes: list[str] = []
        number, done, error = found.sessions, list[Step](), None
        with _noting(mistakes), patch.dict(os.environ, _surroundings(root)):
            try:
                asyncio.run(_session(root, steps, done))
            except Exception as raised:  # whatever ends the app
                error = raised
            if (code := run(["verify", "--project", str(root)])) != 0:
                mistakes.append(f"verify ends with {code}")
        found.sessions += 1
        found.done.update(str(step[0]) for step in done)
        if error is not None:
            mistakes.append(_in_words(error))
        found.wrong += [f"session {number}: {what}\n  after {done[-40:]}" for what in mistakes]
        shutil.rmtree(root.parent)
    return found


def _steps(dice: random.Random, keys: int) -> list[Step]:
    """What is done in one session; keys are most of it."""
    steps: list[Step] = []
    while keys > 0:
        chance = dice.random()
        if chance < 0.03:
            steps.append(("size", *dice.choice(_SIZES)))
        elif chance < 0.05:
            steps.append(("click", dice.randrange(90), dice.randrange(26), dice.choice((1, 1, 2))))
        elif chance < 0.06:
            steps.append(("paste", dice.choice(WORDS)))
        else:
            keys -= 1
            steps.append(("key", _key(dice)))
    return steps


def _key(dice: random.Random) -> str:
    chance = dice.random()
    if chance < 0.005:
        return dice.choice(("q", "ctrl+q"))
    return dice.choice(_NAMED) if chance < 0.5 else dice.choice(_LETTERS)


async def _session(root: Path, steps: list[Step], done: list[Step]) -> None:
    async with driving.driven(root) as pilot:
        for number, step in enumerate(steps):
            if pilot.app._exit:
                return
            done.append(step)
            await _do(pilot, step)
            if number % 6 == 5 and not pilot.app._exit:
                await driving.settle(pilot)


async def _do(pilot: Pilot[Any], step: Step) -> None:
    match step:
        case ("key", str(key)):
            await pilot.press(key)
        case ("size", int(width), int(height)):
            await pilot.resize_terminal(width, height)
        case ("click", int(x), int(y), int(times)):
            try:
                await pilot.click(offset=(x, y), times=times)
            except OutOfBounds:
                return
        case ("paste", str(text)):
            pilot.app.post_message(events.Paste(text))
            await pilot.pause()


def _fresh(folder: Path) -> Path:
    """A demonstration of its own, with its data folder."""
    return copied_with_data(folder)


def _surroundings(root: Path) -> dict[str, str]:
    return {"WORKBENCH_DATA": str(root.parent / "data"), "EDITOR": "true", "VISUAL": "true"}


@contextmanager
def _noting(mistakes: list[str]) -> Iterator[None]:
    """Note what the app calls a mistake of ours, beside telling it."""
    of = OurMistake.of

    def noted(error: BaseException) -> OurMistake:
        mistakes.append(_in_words(error))
        return of(error)

    with patch.object(OurMistake, "of", noted):
        yield


def _in_words(error: BaseException) -> str:
    """The error, and the last lines of ours that led to it."""
    import traceback

    lines = [
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    return f"{type(error).__name__}: {str(error)[:300]} ({' < '.join(reversed(lines[-8:]))})"
