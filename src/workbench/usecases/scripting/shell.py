"""Acts as a shell script that does the same on a copy of the project."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import tzinfo

from workbench.model.text import number_of, safe_text
from workbench.model.times import moment_text
from workbench.usecases.scripting.model import Command, KeptFile, Line, Remark, ToldAct, Word

_BEGIN = "#!/usr/bin/env bash"
_HERE = 'here=$(cd "$(dirname "$0")" && pwd)'
_END_OF_ROWS = "ROWS"
_SHORT = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "'": "\\'", "\\": "\\\\"}


def script(told: Sequence[ToldAct], title: str, zone: tzinfo, names: Mapping[str, str]) -> str:
    """A script for bash: who did it and when stands above each act; it stops where a command fails.

    ``names`` are what people are called, by key.
    """
    lines = [_BEGIN, f"# {_comment(title)}", "# Run it in the folder of a copy of the project.", "set -eu"]
    if any(not isinstance(word, str) for item in told for line in item.commands for word in line.words):
        lines.append(_HERE)
    person = heading = ""
    for item in told:
        act = item.act
        above = f"# {moment_text(act.at, zone)}, {_comment(names.get(act.person, act.person))}"
        if above != heading:
            heading = above
            lines += ["", above]
        if item.commands and act.person != person:
            person = act.person
            lines.append(f"export WORKBENCH_AS={quoted(person)}")
        lines += (text for line in item.lines for text in _script_lines(line))
    return "\n".join(lines) + "\n"


def _script_lines(line: Line) -> Iterator[str]:
    if isinstance(line, Remark):
        yield f"# {_comment(line.text)}"
        return
    said = f"workbench {' '.join(_placed(word) for word in line.words)}"
    fine = f" || [ $? -eq {line.may_end} ]" if line.may_end else ""
    if not line.rows:
        yield said + fine
        return
    yield f"{said} <<'{_END_OF_ROWS}'{fine}"
    yield from line.rows
    yield _END_OF_ROWS


def _placed(word: Word) -> str:
    return quoted(word) if isinstance(word, str) else f'"$here"/{quoted(word.path)}'


def kept_files(told: Iterable[ToldAct]) -> list[KeptFile]:
    """The files that these acts name, each once."""
    words = (word for item in told for line in item.commands for word in line.words)
    return list(dict.fromkeys(word for word in words if isinstance(word, KeptFile)))


def typed(command: Command) -> str:
    """A command in one line, as one would type it; rows are told by their number."""
    words = (word if isinstance(word, str) else word.path for word in command.words)
    said = f"workbench {' '.join(quoted(word) for word in words)}"
    rows = number_of(len(command.rows), "row")
    return f"{said}  # {rows} on standard input" if command.rows else said


def quoted(word: str) -> str:
    """A word for the shell; what a terminal acts on, or nobody sees, is written in letters."""
    if word.isprintable():
        return shlex.quote(word)
    return "$'" + "".join(_letter(letter) for letter in word) + "'"


def _letter(letter: str) -> str:
    if letter in _SHORT:
        return _SHORT[letter]
    if letter.isprintable():
        return letter
    return f"\\u{ord(letter):04x}" if ord(letter) < 0x10000 else f"\\U{ord(letter):08x}"


def _comment(text: str) -> str:
    """A text that stays one line of comment."""
    return safe_text(text, 400)
