"""How commands are written for a shell, and that each noun of the record is told."""

from __future__ import annotations

import json
import shlex

import pytest

from workbench.usecases.nouns import NOUNS
from workbench.usecases.scripting.acts import SILENT, TELLERS
from workbench.usecases.scripting.map_commands import as_row
from workbench.usecases.scripting.model import Command, KeptFile
from workbench.usecases.scripting.shell import quoted, typed
from workbench.usecases.scripting.telling import command_on, said


def test_every_noun_of_the_record_is_told_or_known_to_say_nothing() -> None:
    assert {noun.name for noun in NOUNS} <= set(TELLERS) | SILENT
    assert not set(TELLERS) & SILENT


@pytest.mark.parametrize("word", ["plain", "two words", "it's", "$HOME", "`ls`", "a;b", "", "-x", "naïve"])
def test_plain_words_are_quoted_as_a_shell_reads_them(word: str) -> None:
    assert shlex.split(quoted(word)) == [word]


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("two\nlines", r"$'two\nlines'"),
        ("it's\tso", r"$'it\'s\tso'"),
        ("\x1b[31m", r"$'\u001b[31m'"),
        ("back\\slash\n", r"$'back\\slash\n'"),
        ("\u202eright", r"$'\u202eright'"),
        ("\U000e0001x", r"$'\U000e0001x'"),
    ],
)
def test_what_a_terminal_acts_on_is_written_in_letters(word: str, text: str) -> None:
    assert quoted(word) == text
    assert text.isprintable()


def test_rows_hold_nothing_that_a_terminal_acts_on() -> None:
    row = {"title": "\x1b]0;x\x07", "staging": "a\nb", "impact": "\u202e“quoted”"}
    assert as_row(row).isprintable()
    assert json.loads(as_row(row)) == row


def test_names_that_look_like_options_stand_at_the_end() -> None:
    assert command_on("parity remove", ["-x"], said(reason="gone")).words == (
        *("parity", "remove", "--reason", "gone"),
        *("--", "-x"),
    )
    assert command_on("parity remove", ["x"], said(reason="gone")).words[2] == "x"


def test_a_command_in_one_line_names_files_and_counts_rows() -> None:
    attached = Command(("checklist", "attach", "a/b", "--file", KeptFile("ab" * 32, "log.txt")))
    assert typed(attached) == "workbench checklist attach a/b --file evidence/abababababab/log.txt"
    assert typed(Command(("flow", "apply", "-"), ("{}", "{}"))) == (
        "workbench flow apply -  # 2 rows on standard input"
    )
