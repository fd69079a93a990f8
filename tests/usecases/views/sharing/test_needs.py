"""What needs a person in a shared record: a command of a line is one to run here, as it stands."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from workbench.record import Aside
from workbench.usecases.views.sharing.needs import aside_line

ONE = Aside(
    desk="0194f000-0000-7000-8000-00000000beef",
    desk_seq=7,
    digest="a" * 64,
    why="entry 6 of that desk is not here",
    received_at=datetime(2026, 9, 15, 10, tzinfo=UTC),
    title="cache [bold]size\x1b[31m",
)


@pytest.mark.parametrize(("word", "command"), [("waits", ""), ("quarantined", "workbench repair")])
def test_what_is_to_be_run_at_another_desk_is_no_command_of_this_one(word: str, command: str) -> None:
    line = aside_line(ONE, word)
    assert line.command == command and line.step
    assert ("workbench exchange --to FILE there" in line.step) is (word == "waits")
    assert "\x1b" not in line.what and "[bold]" in line.what
