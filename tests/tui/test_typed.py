"""What comes from the terminal: keys, and pastes with anything in them."""

from __future__ import annotations

import pytest
from textual.events import Key, Paste

from workbench.tui.typed import TypedParser
from workbench.tui.widgets.fields import log_lines, pasted_log
from workbench.usecases.handed_in import LONGEST

LOG = "one \x1b[31mred\x1b[0m \x1b]0;title\x07 \x1bOA\r\nan \x1b at the end\x1b"
STREAM = f"a\x1b[200~{LOG}\x1b[201~\x1b[B\x1b[200~two\0\x1b[201~b\x1b[200~\x1b[201~"
COME = ["a", LOG, "down", "two", "b", ""]


def come_of(*reads: str) -> list[str]:
    """The keys and the pasted texts that came in these reads."""
    parser = TypedParser()
    events = [event for read in reads for event in parser.feed(read)]
    assert all(isinstance(event, Key | Paste) for event in events)
    return [event.key if isinstance(event, Key) else event.text for event in events]  # type: ignore[attr-defined]


def test_escape_codes_in_a_paste_are_not_keys_and_nothing_of_it_is_lost() -> None:
    assert come_of(STREAM) == COME


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 11])
def test_a_paste_may_come_in_any_pieces(size: int) -> None:
    assert come_of(*(STREAM[at : at + size] for at in range(0, len(STREAM), size))) == COME


def test_a_paste_that_has_not_ended_is_waited_for() -> None:
    assert come_of("a\x1b[200~as long as it takes \x1b[20") == ["a"]


def test_a_long_paste_is_one() -> None:
    log = "\x1b[31mred\x1b[0m\n" * 20_000
    reads = f"\x1b[200~{log}\x1b[201~"
    assert come_of(*(reads[at : at + 4096] for at in range(0, len(reads), 4096))) == [log]


def test_a_pasted_log_keeps_the_ends_of_its_lines_until_it_is_written_down() -> None:
    field = pasted_log("GET /pay\r\nAuthorization: \x1b[31mBearer\x1b[0m abc\n\nstatus 503\n")
    assert field == "GET /pay ⏎ Authorization: Bearer abc ⏎ status 503"
    assert log_lines(field) == "GET /pay\nAuthorization: Bearer abc\nstatus 503"


def test_a_log_that_is_too_long_is_not_cut_to_what_is_kept() -> None:
    assert len(pasted_log("x" * 19_000)) == 19_000
    assert len(pasted_log("x" * 50_000)) > LONGEST
