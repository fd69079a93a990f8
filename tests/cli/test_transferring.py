"""What lasts is shown on a terminal, and ctrl+c ends it where nothing is half done."""

from __future__ import annotations

import signal
from typing import Any

import pytest

from workbench.cli.interrupting import Interrupt
from workbench.cli.progress import Progress


class Terminal:
    encoding = "utf-8"

    def __init__(self) -> None:
        self.text = ""

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> None:
        self.text += text

    def flush(self) -> None:
        pass


def on_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """From within a test: what is captured is set anew before it."""
    found = Terminal()
    monkeypatch.setattr("sys.stderr", found)
    return found


def test_nothing_is_shown_of_what_is_over_within_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on_terminal(monkeypatch)
    now = [0.0]
    with Progress(1.0, lambda: now[0]) as progress:
        progress.show("received", 1, 3, "packs")
        now[0] = 0.9
        progress.show("received", 3, 3, "packs")
    assert terminal.text == ""


def test_what_lasts_is_rewritten_in_place_and_the_last_line_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on_terminal(monkeypatch)
    now = [0.0]
    with Progress(1.0, lambda: now[0]) as progress:
        for seconds in (0.5, 1.5, 2.5):
            now[0] = seconds
            progress.show("received", int(seconds) + 1, 3, "packs")
    assert terminal.text == "\r\x1b[Kreceived  2 of 3  packs\r\x1b[Kreceived  3 of 3  packs\n"


@pytest.mark.parametrize("judged", [2, 3])
def test_nothing_stays_of_what_is_followed_by_all_of_it(monkeypatch: pytest.MonkeyPatch, judged: int) -> None:
    terminal = on_terminal(monkeypatch)
    with Progress(stays=False) as progress:
        progress.show("judged", judged, 3, "projects")
    assert terminal.text == f"\r\x1b[Kjudged  {judged} of 3  projects\r\x1b[K"


def test_ctrl_c_ends_a_wait_at_once() -> None:
    interrupt = Interrupt()
    with pytest.raises(KeyboardInterrupt):
        interrupt.handle(signal.SIGINT, None)


def test_what_is_done_as_a_whole_is_done_first() -> None:
    interrupt, done = Interrupt(), list[str]()
    with pytest.raises(KeyboardInterrupt):
        with interrupt.whole():
            interrupt.handle(signal.SIGINT, None)
            done.append("whole")
        done.append("and more")
    assert done == ["whole"]


def test_a_second_one_ends_that_too() -> None:
    interrupt = Interrupt()
    with pytest.raises(KeyboardInterrupt), interrupt.whole():
        interrupt.handle(signal.SIGINT, None)
        interrupt.handle(signal.SIGINT, None)


def test_what_went_wrong_meanwhile_is_told_rather_than_that_it_was_ended() -> None:
    interrupt = Interrupt()
    with pytest.raises(ZeroDivisionError), interrupt.whole():
        interrupt.handle(signal.SIGINT, None)
        raise ZeroDivisionError


def test_the_signal_is_handled_as_before_afterwards() -> None:
    before: Any = signal.getsignal(signal.SIGINT)
    with Interrupt().heard():
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before
