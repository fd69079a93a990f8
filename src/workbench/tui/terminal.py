"""The terminal we are in: whether the app can draw there, in which colours, and how it is left.

Textual draws on standard error and waits forever without a terminal, so this is asked
before the app is even imported.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import msgspec

from workbench.model.errors import UsageError

if TYPE_CHECKING:
    from textual.app import App

LEAST_WIDTH, LEAST_HEIGHT = 60, 15


class Terminal(msgspec.Struct, frozen=True):
    """How the app should look here.

    ``ansi`` goes to ``App(ansi_color=…)`` as it is: ``True`` keeps the terminal's own
    colours, ``None`` leaves it to the theme.
    """

    theme: str
    ansi: bool | None
    no_color: bool


def check(*, environ: Mapping[str, str] | None = None, streams: Mapping[str, bool] | None = None) -> Terminal:
    """The terminal of this process; ``UsageError`` when no app can be drawn in it.

    ``streams`` says of ``stdin``, ``stdout`` and ``stderr`` whether each is a terminal.
    """
    environ = os.environ if environ is None else environ
    streams = _streams() if streams is None else streams
    missing = [name for name in ("stdin", "stdout", "stderr") if not streams.get(name)]
    if missing:
        raise UsageError(
            "the app needs a terminal",
            where=f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not a terminal here",
            hint="run it in a terminal without redirections; for scripts there is `workbench gate`",
        )
    if environ.get("TERM", "").lower() in ("dumb", "unknown"):
        raise UsageError(
            "this terminal cannot place text on the screen",
            where=f"TERM={environ['TERM']}",
            hint="open another terminal, or set TERM to what yours really is, such as xterm-256color",
        )
    return choose(environ)


def choose(environ: Mapping[str, str]) -> Terminal:
    """Theme and colours by the usual variables: NO_COLOR, COLORTERM, TERM, COLORFGBG, TEXTUAL_COLOR_SYSTEM."""
    if "NO_COLOR" in environ:  # Textual asks for its presence, too
        return Terminal("workbench-ansi", True, True)
    if not _has_many_colours(environ):
        return Terminal("workbench-ansi", True, False)
    return Terminal("workbench-light" if _is_light(environ) else "workbench-dark", None, False)


def _streams() -> dict[str, bool]:
    found = {"stdin": sys.__stdin__, "stdout": sys.__stdout__, "stderr": sys.__stderr__}
    return {name: _is_terminal(stream) for name, stream in found.items()}


def _is_terminal(stream: object) -> bool:
    try:
        return bool(stream is not None and stream.isatty())  # type: ignore[attr-defined]
    except ValueError:  # closed
        return False


def _has_many_colours(environ: Mapping[str, str]) -> bool:
    system = environ.get("TEXTUAL_COLOR_SYSTEM", "").lower()
    if system in ("standard", "256", "truecolor"):  # Textual asks it before anything else
        return system != "standard"
    if environ.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return True
    term = environ.get("TERM", "").lower()
    if not term:
        return os.name == "nt" or "WT_SESSION" in environ
    return term.endswith(("-256color", "-direct", "-truecolor")) or "kitty" in term


def _is_light(environ: Mapping[str, str]) -> bool:
    """COLORFGBG is "foreground;background"; backgrounds 7 and 9 to 15 are light."""
    background = environ.get("COLORFGBG", "").rpartition(";")[2]
    return background.isdigit() and int(background) in (7, *range(9, 16))


def install_signals(app: App, leave: Callable[[int], None] | None = None) -> None:
    """Leave the terminal in order when we are told to go.  Call this in ``on_mount``.

    ``app.return_code``, and what ``leave`` is called with, is then 128 and the number of the signal, as
    shells have it.
    """
    import asyncio

    go = leave or (lambda code: app.exit(return_code=code))

    loop = asyncio.get_running_loop()
    # ctrl+c is a key here, so that an interruption only comes from outside.
    for name in ("SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT"):
        number = getattr(signal, name, None)
        if number is not None:
            # Windows and loops outside the main thread know no handlers; there is nothing to restore there.
            with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                loop.add_signal_handler(number, go, 128 + number)


def too_small(width: int, height: int) -> bool:
    """Whether no screen of ours can be read at this size."""
    return width < LEAST_WIDTH or height < LEAST_HEIGHT
