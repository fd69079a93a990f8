"""Printing: data on standard output, talk on standard error, nothing that steers a terminal."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

import click
import msgspec

from workbench.cli.streams import writing
from workbench.model.canonical import plain
from workbench.model.ci_log import break_commands
from workbench.model.errors import UsageError
from workbench.model.files import write_pieces, write_whole
from workbench.model.json_text import escaped, json_text
from workbench.model.text import safe_lines, safe_text
from workbench.model.width import cells, fit

# What a terminal that only knows its own code page is shown instead.
_ASCII = str.maketrans(
    {
        "✓": "ok", "✗": "NO", "◐": "part", "⊘": "overridden", "▲": "!", "▸": ">", "●": "*", "○": "-", "–": "-", "—": "-",
        "…": "...", "“": '"', "”": '"', "‘": "'", "’": "'", "→": "->", "·": ".", "×": "x", "≥": ">=", "≤": "<=",
        "≠": "!=", "−": "-", "\u00a0": " ",
    }
)  # fmt: skip


def say(text: str = "") -> None:
    """A line of data that is safe already or made by us."""
    with writing():
        click.echo(printable(break_commands(text), sys.stdout))


def line(text: object) -> None:
    """A line of data with text from outside in it."""
    say(safe_text(text))


def lines(texts: Iterable[object]) -> None:
    """Several lines of data, each made safe."""
    for text in texts:
        line(text)


def text(document: str) -> None:
    """A whole document that is safe already, exactly as it is."""
    with writing():
        click.echo(printable(document, sys.stdout), nl=False)


def safe(text: object, limit: int = 200) -> str:
    """Text from outside for a prompt or a part of a line."""
    return safe_text(text, limit)


def talk(text: object) -> None:
    """A line for the person, on standard error."""
    talk_as_is(safe_text(text))


def talk_as_is(text: str) -> None:
    """The same for a line that is safe already; where it cannot be written, nobody reads it."""
    with contextlib.suppress(OSError):
        click.echo(printable(break_commands(text), sys.stderr), err=True)


def ask(text: str) -> None:
    """The beginning of a line for the person, who goes on writing in it."""
    with contextlib.suppress(OSError):
        click.echo(printable(safe_text(text), sys.stderr), nl=False, err=True)


def talk_lines(texts: Iterable[object]) -> None:
    """Several lines for the person."""
    for text in texts:
        talk(text)


def done(settings: Any, words: str, document: Mapping[str, Any], hint: str = "") -> None:
    """What an act changed: one sentence, or one object with ``--json``; then the next step."""
    if settings.json:
        emit({**document, "done": words})
        return
    line(words)
    if hint:
        talk(f"next: {hint}")


def fields(value: msgspec.Struct) -> dict[str, Any]:
    """Every field of a struct for ``--json``: always the same names, ``null`` for what is not filled in."""
    return {**dict.fromkeys(value.__struct_encode_fields__), **plain(value)}


def emit(document: Mapping[str, Any] | Sequence[Any]) -> None:
    """One JSON document, indented; invisible characters are escaped, numbers stay numbers."""
    text = json_text(document)
    try:
        text.encode(_encoding(sys.stdout))
    except UnicodeEncodeError:
        text = re.sub("[^\x00-\x7e]", escaped, text)
    with writing():
        click.echo(text)


def printable(text: str, stream: TextIO) -> str:
    """``text`` as ``stream`` can print it: where ``✗`` cannot be shown, a word stands for it."""
    encoding = _encoding(stream)
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(_ASCII).encode(encoding, "replace").decode(encoding)
    return text


def _encoding(stream: TextIO) -> str:
    return str(getattr(stream, "encoding", None) or "utf-8")


def colour(text: str, name: str, stream: TextIO | None = None) -> str:
    """``text`` in a colour, where the stream is a terminal and ``NO_COLOR`` is not set."""
    stream = stream or sys.stdout
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or not stream.isatty():
        return text
    return click.style(text, fg=name)


def table(head: Sequence[str], rows: Sequence[Sequence[object]], *, empty: str = "none") -> None:
    """Rows in columns; cells are made safe and cut to fit the terminal where there is one."""
    if not rows:
        talk(empty)
        return
    shown = [list(head), *([safe_text(value, 400) for value in row] for row in rows)]
    widths = [max(cells(row[i]) for row in shown) for i in range(len(head))]
    if (width := terminal_width()) is not None:
        widths = fitting(widths, width)
    for row in shown:
        padded = [fit(cell, width) for cell, width in zip(row, widths, strict=True)]
        say("  ".join(padded).rstrip())


def fitting(widths: Sequence[int], width: int) -> list[int]:
    """The widths of a table's columns on a line of ``width``: the widest give first, and keep at least 12."""
    room = width - 2 * (len(widths) - 1)
    most = max(widths)
    while most > 12 and sum(min(one, most) for one in widths) > room:
        most -= 1
    return [min(one, most) for one in widths]


def terminal_width() -> int | None:
    """How many cells a line has, where a terminal or ``WORKBENCH_COLUMNS`` tells; elsewhere nothing is to be lost."""
    said = os.environ.get("WORKBENCH_COLUMNS", "")
    if said.isascii() and said.isdigit():
        return int(said)
    if not sys.stdout.isatty():
        return None
    import shutil

    return shutil.get_terminal_size().columns


def pairs(rows: Iterable[tuple[str, object]]) -> None:
    """Names and values below one another; empty values are left out."""
    kept = [(name, value) for name, value in rows if value not in (None, "", (), [])]
    width = max((len(name) for name, _ in kept), default=0)
    for name, value in kept:
        say(f"{name:<{width}}  {safe_text(value)}")


def write(path: Path, data: bytes | str) -> None:
    """Write a file of the person's choosing; ``-`` is standard output.

    A file or a pipe gets every byte; a terminal gets what cannot steer it.
    """
    raw = data.encode() if isinstance(data, str) else data
    if str(path) == "-":
        if _is_terminal():
            document = raw.decode("utf-8", "replace").removesuffix("\n")
            say("\n".join(safe_lines(document, limit=len(document))))
        else:
            with writing():
                click.echo(raw, nl=False)
        return
    try:
        write_whole(path, raw)
    except OSError as error:
        raise _unwritten(path, error) from None


def write_lines(path: Path, pieces: Iterable[bytes]) -> None:
    """The same for lines that are written as they come: what they are together is never held."""
    if str(path) != "-":
        try:
            write_pieces(path, pieces)
        except OSError as error:
            raise _unwritten(path, error) from None
        return
    terminal = _is_terminal()
    with writing():
        for piece in pieces:
            click.echo(
                safe_text(piece.decode("utf-8", "replace"), len(piece)) if terminal else piece, nl=terminal
            )


def _unwritten(path: Path, error: OSError) -> UsageError:
    return UsageError(
        f"{path} cannot be written: {error.strerror}", hint="name a file in a folder that you can write to"
    )


def _is_terminal() -> bool:
    return sys.stdout.isatty()


def standard_input(limit: int = 50_000_000) -> bytes:
    """What stands on standard input; ``UsageError`` for a terminal, where somebody would have to type it."""
    if sys.stdin.isatty():
        raise UsageError("standard input is empty", hint="name a file, or send one: … - < FILE")
    data = sys.stdin.buffer.read(limit + 1)
    if len(data) > limit:
        raise UsageError(f"standard input is larger than {limit // 1_000_000} MB", hint="split it")
    return data


def read(path: Path, *, hint: str = "check the path", limit: int = 50_000_000) -> bytes:
    """The bytes of a file that a person names."""
    try:
        if path.stat().st_size > limit:
            raise UsageError(f"{path} is larger than {limit // 1_000_000} MB", hint="is it the right file?")
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}", hint=hint) from None
