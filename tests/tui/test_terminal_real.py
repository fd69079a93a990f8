"""The command in a terminal of its own: how it draws there, and how it leaves it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from threading import Event

import pytest
from tests.tui.driving import web_shop
from tests.tui.test_app import editor, hostile_shop
from tests.tui.test_fetching import Slow, project, quick, slow, trust
from textual.drivers._writer_thread import WriterThread

from workbench.tui.driver import TerminalDriver

__all__ = ["editor", "project", "quick", "slow"]  # fixtures
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo terminal")

ALTERNATE, NORMAL, CURSOR = b"\x1b[?1049h", b"\x1b[?1049l", b"\x1b[?25h"
READY = b"Payment faults"
SILENCE = 20.0  # seconds without a byte, after which a test stops waiting for its next step
Step = tuple[bytes, bytes | int]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return web_shop(tmp_path, monkeypatch)


def run(
    root: Path,
    steps: Sequence[Step],
    size: tuple[int, int] = (80, 24),
    *,
    inside: bool = False,
    **environ: str,
) -> tuple[bytes, int]:
    """Run the workbench in a terminal; what it wrote, and its exit code.

    It is told the project, or, ``inside``, run in that folder without a word.

    When the words of a step are on their way to the screen, after the step before it, its bytes are
    typed, or its signal is sent.  An empty value leaves a variable out.
    """
    import fcntl
    import pty
    import select
    import struct
    import termios

    parent, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
    given = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **environ}
    process = subprocess.Popen(
        [sys.executable, "-m", "workbench", *(() if inside else ("--project", str(root)))],
        cwd=root,
        stdin=child,
        stdout=child,
        stderr=child,
        env={name: value for name, value in given.items() if value},
        start_new_session=True,
    )
    os.close(child)
    written, left, since = b"", list(steps), 0
    try:
        while select.select([parent], [], [], SILENCE)[0]:
            try:
                data = os.read(parent, 65536)
            except OSError:
                break
            if not data:
                break
            written += data
            while left and left[0][0] in written[since:]:
                act, since = left.pop(0)[1], len(written)
                if act == signal.SIGCONT:
                    os.waitpid(process.pid, os.WUNTRACED)  # until it has stopped
                if isinstance(act, int):
                    process.send_signal(act)
                else:
                    os.write(parent, act)
        assert not left, f"never saw {left[0][0]!r}:\n{written[-3000:]!r}"
        return written, process.wait(20)
    finally:
        process.kill()
        os.close(parent)


def in_order(written: bytes) -> bool:
    """Whether the terminal is as it was: normal screen, cursor on, both said last."""
    return written.rindex(NORMAL) > written.rindex(ALTERNATE) and written.rindex(CURSOR) > written.rindex(
        b"\x1b[?25l"
    )


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_told_to_go_it_leaves_the_terminal_in_order(shop: Path, name: str) -> None:
    number = getattr(signal, name)
    written, code = run(shop, [(READY, number)])
    assert code == 128 + number
    assert in_order(written)


def test_q_leaves_the_terminal_in_order(shop: Path) -> None:
    written, code = run(shop, [(READY, b"q")])
    assert code == 0
    assert in_order(written)


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_told_to_go_it_prints_what_was_typed_and_not_saved(shop: Path, name: str) -> None:
    number = getattr(signal, name)
    written, code = run(
        shop,
        [
            (READY, b"2"),
            (b"log retention", b"\x1b[3~"),  # delete: the form asks why
            (b"no longer exists", b"half a re"),
            (b"half a re", number),
        ],
    )
    assert code == 128 + number
    said = written[written.rindex(NORMAL) :]
    assert b"typed but not saved" in said and b"half a re" in said


def test_stopped_and_continued_it_draws_the_whole_screen_again(shop: Path) -> None:
    steps: list[Step] = [(READY, signal.SIGTSTP), (NORMAL, signal.SIGCONT), (READY, b"q")]
    written, code = run(shop, steps)
    assert code == 0
    again = written[written.rindex(ALTERNATE) :]
    for line in (b"2.14.0", b"Checkout p95", b"help"):  # header, modes, keys
        assert line in again


def test_bytes_that_are_no_text_and_pasted_codes_do_not_end_it(shop: Path) -> None:
    pasted = b"\x1b[200~\x1b]0;a title that is long enough for it\x07qqq\x1b[201~"
    written, code = run(shop, [(READY, b"\xff\xe9" + pasted + b"2"), (b"payment gateway mocked", b"q")])
    assert code == 0
    assert b"Traceback" not in written and b"UnicodeDecodeError" not in written


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_terminal_that_is_closed_holds_nobody_up() -> None:
    class Closed(StringIO):
        def write(self, text: str) -> int:
            raise OSError(5, "Input/output error")

    driver = TerminalDriver.__new__(TerminalDriver)
    driver._writer_thread = WriterThread(Closed())
    driver._writer_thread.start()
    for _ in range(100):
        driver.write("x")
    driver.close()


def test_a_terminal_that_is_gone_is_read_once_and_ends_the_app(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    monkeypatch.setattr(os, "kill", lambda process, number: told.append(number))
    parent, child = os.openpty()
    os.close(child)
    reading, writing = os.pipe()
    os.close(writing)
    for gone in (parent, reading):
        driver = TerminalDriver.__new__(TerminalDriver)
        driver.fileno, driver._debug, driver.exit_event = gone, False, Event()
        driver.run_input_thread()
        os.close(gone)
    assert told == [signal.SIGHUP, signal.SIGHUP]


def test_told_to_go_in_the_middle_of_a_form_and_of_a_fetch(project: Path, slow: Slow) -> None:
    trust(project)
    written, code = run(project, [(b"fetch", b"f"), (b"Slow one", signal.SIGTERM)])
    assert code == 128 + signal.SIGTERM
    assert in_order(written)


def test_the_editor_gets_the_terminal_and_gives_it_back(shop: Path, editor: Path) -> None:
    written, code = run(shop, [(READY, b"E"), (b"Checkout, 95th", b"q")])
    assert code == 0
    assert written.count(ALTERNATE) == 2
    assert in_order(written)
    assert editor.read_text(encoding="utf-8").startswith("+")


def colours(written: bytes) -> set[bytes]:
    """The parameters of the sequences that set colours."""
    found = re.findall(rb"\x1b\[([\d;]*)m", written)
    return {codes for codes in found if re.search(rb"(^|;)(3[0-8]|4[0-8]|9\d|10\d)(;|$)", codes)}


def test_no_color_sends_no_colour(shop: Path) -> None:
    written, _ = run(shop, [(READY, b"q")], NO_COLOR="1")
    assert colours(written) == set()
    assert "✗".encode() in written


def test_sixteen_colours_are_the_terminals_own(shop: Path) -> None:
    written, _ = run(shop, [(READY, b"q")], TERM="xterm", COLORTERM="")
    assert colours(written)
    assert not any(re.search(rb"[34]8;[25];", codes) for codes in colours(written))


def test_a_dumb_terminal_is_refused_in_words(shop: Path) -> None:
    written, code = run(shop, [], TERM="dumb")
    assert code == 2
    assert b"this terminal cannot place text on the screen" in written
    assert ALTERNATE not in written


def test_without_a_terminal_it_says_so_and_ends(shop: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "workbench", "--project", str(shop)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert b"the app needs a terminal" in done.stderr
    assert b"Traceback" not in done.stderr


def test_hostile_words_send_nothing_to_the_terminal(shop: Path) -> None:
    hostile_shop(shop)
    steps: list[Step] = [(READY, b"2"), (b"log retention", b"4"), (b"not applicable", b"8"), (b"show", b"q")]
    written, code = run(shop, steps)
    assert code == 0
    written = written.replace(b"\x1b]22;default\x07", b"")  # the shape of the mouse pointer, from Textual
    for sent in (b"\x1b]0;", b"\x07", b"\x1b[31mred", "\u202e".encode()):
        assert sent not in written
    assert b"[@click=app.quit]" in written


# --- before there is a project to show ---------------------------------------------------------


def test_a_folder_without_a_project_is_set_up_with_one_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    bare = tmp_path / "bare"
    bare.mkdir()
    steps: list[Step] = [(b"There is no project", b"\r"), (b"created workbench.yaml", b"q")]
    written, code = run(bare, steps, inside=True)
    assert code == 0 and in_order(written)
    assert (bare / "workbench.yaml").is_file()


def test_leaving_a_folder_without_a_project_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    bare = tmp_path / "bare"
    bare.mkdir()
    written, code = run(bare, [(b"There is no project", b"q")], inside=True)
    assert code == 0 and in_order(written)
    assert list(bare.iterdir()) == []


def test_whoever_names_a_folder_without_a_project_is_told(tmp_path: Path) -> None:
    written, code = run(tmp_path, [(b"there is no workbench.yaml", b"")])
    assert code == 2 and ALTERNATE not in written


def test_files_with_mistakes_are_edited_and_the_app_opens(shop: Path, editor: Path) -> None:
    file = shop / "workbench.yaml"
    good = file.read_text(encoding="utf-8")
    file.write_text(good.replace("kind: junit", "kind: junitt"), encoding="utf-8")
    script = next(path for path in editor.parent.iterdir() if path.suffix == ".py")
    script.write_text(f"import pathlib; pathlib.Path({str(file)!r}).write_text({good!r})", encoding="utf-8")
    written, code = run(shop, [(b"1 mistake", b"E"), (READY, b"q")])
    assert code == 0 and in_order(written)


def test_leaving_with_mistakes_tells_them_once_more(shop: Path) -> None:
    file = shop / "workbench.yaml"
    text = file.read_text(encoding="utf-8").replace("kind: junit", "kind: junitt")
    file.write_text(text, encoding="utf-8")
    line = text[: text.index("kind: junitt")].count("\n") + 1
    written, code = run(shop, [(b"1 mistake", b"q")])
    assert code == 2 and in_order(written)
    assert f"workbench.yaml:{line}:11".encode() in written.rpartition(NORMAL)[2]
