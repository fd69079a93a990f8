"""Asking line by line: numbered answers, nothing repainted, for any terminal and for a screen reader.

Questions go to standard error, answers come from standard input.  Where the input ends, or ctrl+c is
pressed, :class:`Ended` rises: what was saved before is saved.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from workbench.cli import output, session
from workbench.model.errors import NotAllowed, UsageError
from workbench.model.text import safe_text

if TYPE_CHECKING:
    from workbench.usecases.context import Context

CANCELLED = 130


class Ended(Exception):
    """Nobody answers any more; ``code`` is the exit code that says why."""

    def __init__(self, words: str, code: int) -> None:
        super().__init__(words)
        self.words, self.code = words, code


def line(question: str) -> str:
    """What somebody types in answer to a question, without blanks around it."""
    try:
        output.ask(f"{question}: ")
        text = sys.stdin.readline()
    except KeyboardInterrupt:
        output.talk("")
        raise Ended("stopped", CANCELLED) from None
    if not text:
        output.talk("")
        raise Ended("the input has ended", 0)
    return text.strip()


def needed(question: str, why: str) -> str:
    """The same where an answer is needed."""
    while not (text := line(question)):
        output.talk(why)
    return text


def end(context: Context, question: str, why: str = "") -> datetime | None:
    """Until when, asked until it can be read; with ``why`` an answer is needed."""
    while True:
        text = needed(question, why) if why else line(question)
        try:
            return session.end(context, text)
        except UsageError as error:
            output.talk(f"{error.what}{f' ({error.hint})' if error.hint else ''}")


def choose(question: str, answers: Sequence[str]) -> int:
    """The place of one of some answers, which are numbered from 1: 0 for the first."""
    output.talk(question)
    for number, answer in enumerate(answers, 1):
        output.talk(f"  {number}  {answer}")
    while True:
        text = line(f"Number, 1 to {len(answers)}")
        if text.isascii() and text.isdigit() and 1 <= int(text) <= len(answers):
            return int(text) - 1
        output.talk(f"{safe_text(text, 40) or 'nothing'} is none of them")


def fits(act: Callable[[], object]) -> bool:
    """Whether an act was done; what is wrong with what was typed is told, and nothing is saved then."""
    try:
        act()
    except (UsageError, NotAllowed) as error:
        output.talk(f"Not saved: {error.what}{f' ({error.hint})' if error.hint else ''}")
        return False
    return True
