"""What the app finds out about its terminal before it starts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from workbench.model.errors import UsageError
from workbench.tui.terminal import check, choose

TTY = {"stdin": True, "stdout": True, "stderr": True}


@pytest.mark.parametrize("name", ["stdin", "stdout", "stderr"])
def test_no_terminal_is_said_and_named(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        check(environ={"TERM": "xterm"}, streams={**TTY, name: False})
    assert name in str(caught.value)
    assert caught.value.hint


def test_a_dumb_terminal_is_refused() -> None:
    with pytest.raises(UsageError, match="cannot place text"):
        check(environ={"TERM": "dumb"}, streams=TTY)


@pytest.mark.parametrize(
    ("environ", "theme", "no_color"),
    [
        ({"TERM": "xterm-256color"}, "workbench-dark", False),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, "workbench-dark", False),
        ({"TERM": "xterm-256color", "COLORFGBG": "0;15"}, "workbench-light", False),
        ({"TERM": "xterm-256color", "COLORFGBG": "15;0"}, "workbench-dark", False),
        ({"TERM": "xterm-256color", "COLORFGBG": "15;default"}, "workbench-dark", False),
        ({"TERM": "xterm-256color", "TEXTUAL_COLOR_SYSTEM": "standard"}, "workbench-ansi", False),
        ({"TERM": "linux", "TEXTUAL_COLOR_SYSTEM": "truecolor"}, "workbench-dark", False),
        ({"TERM": "linux"}, "workbench-ansi", False),
        ({"TERM": "xterm"}, "workbench-ansi", False),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, "workbench-ansi", True),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, "workbench-ansi", True),
    ],
)
def test_the_theme_follows_the_terminal(environ: dict[str, str], theme: str, no_color: bool) -> None:
    found = choose(environ)
    assert (found.theme, found.no_color) == (theme, no_color)


def test_the_check_loads_no_textual() -> None:
    code = "import sys, workbench.tui.terminal; print('textual' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def in_a_terminal(
    environ: dict[str, str], *, until: bytes, send: bytes = b"", kill: int = 0
) -> tuple[bytes, int]:
    """What the gallery writes to a terminal of 80×24 of its own, and how it ends."""
    import fcntl
    import pty
    import struct
    import termios

    parent, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    root = Path(__file__).parents[2]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.tui.gallery"],
        stdin=child,
        stdout=child,
        stderr=child,
        cwd=root,
        env={**os.environ, **environ},
        start_new_session=True,
    )
    os.close(child)
    written = b""
    acted = False
    try:
        while True:
            try:
                data = os.read(parent, 65536)
            except OSError:
                break
            if not data:
                break
            written += data
            if until in written and not acted:
                acted = True
                if send:
                    os.write(parent, send)
                if kill:
                    process.send_signal(kill)
        return written, process.wait(20)
    finally:
        process.kill()
        os.close(parent)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo terminal")
@pytest.mark.parametrize("number", ["SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT"])
def test_told_to_go_it_leaves_the_terminal_in_order(number: str) -> None:
    sent = getattr(signal, number)
    written, code = in_a_terminal({}, until=b"Payment faults", kill=sent)
    assert code == 128 + sent
    assert b"\x1b[?1049l" in written  # back to the normal screen
    assert b"\x1b[?25h" in written  # with a cursor


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo terminal")
def test_no_color_sends_no_colour() -> None:
    import re

    written, _ = in_a_terminal({"NO_COLOR": "1"}, until=b"Payment faults", send=b"q")
    codes = {part for found in re.findall(rb"\x1b\[([\d;]*)m", written) for part in found.split(b";")}
    colours = {b"%d" % code for code in (*range(30, 39), *range(40, 49), *range(90, 98), *range(100, 108))}
    assert b"7" in codes  # the cursor is reversed instead
    assert not codes & colours
