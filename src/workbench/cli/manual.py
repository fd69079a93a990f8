"""Manual pages and shell completions, made from the commands: setup.py writes them into what it builds."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

import workbench
from workbench.cli.completing import source
from workbench.cli.running import root
from workbench.model.files import write_whole

SECTION = "share/man/man1"
# Where each shell looks for the completions of programs.
COMPLETIONS = {
    "bash": "share/bash-completion/completions/workbench",
    "zsh": "share/zsh/site-functions/_workbench",
    "fish": "share/fish/vendor_completions.d/workbench.fish",
}
_ENVIRONMENT = {
    "WORKBENCH_AS": "Like --as.",
    "WORKBENCH_DATA": "The folder for backups, agreements and the ends of ledgers.",
    "WORKBENCH_KEYS": "The file with your own keys.",
    "NO_COLOR": "Nothing is coloured.",
}


def files() -> Mapping[str, str]:
    """Every file by its place below the folder that programs are installed in."""
    pages = {f"{SECTION}/{name}.1": text for name, text in pages_of(root)}
    return pages | {place: f"{source(root, shell)}\n" for shell, place in COMPLETIONS.items()}


def write(folder: Path) -> list[Path]:
    """Write all of them below a folder; returns where."""
    written = []
    for place, text in files().items():
        target = folder / place
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(target, text.encode())
        written.append(target)
    return written


def pages_of(group: click.Group) -> Iterator[tuple[str, str]]:
    """A page for the program and one for each of its commands, which tells those below it, too."""
    with click.Context(group, info_name="workbench") as context:
        yield "workbench", _program(context, group)
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command is not None
            with click.Context(command, info_name=name, parent=context) as below:
                yield f"workbench-{name}", _page(below, command)


def _program(context: click.Context, group: click.Group) -> str:
    lines = [
        *_head("workbench", _short(group)),
        ".SH SYNOPSIS",
        ".B workbench",
        "[OPTIONS] [COMMAND] [ARGS]...",
    ]
    lines += [".SH DESCRIPTION", *_paragraphs(group.help), ".SH COMMANDS"]
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        lines += [".TP", f".BR workbench\\-{_roff(name)} (1)", _roff(command.get_short_help_str(200))]
    lines += [".SH OPTIONS", *_options(context, group), ".SH EXIT STATUS", *_paragraphs(group.epilog)]
    lines += [".SH ENVIRONMENT"]
    for name, text in _ENVIRONMENT.items():
        lines += [".TP", f".B {_roff(name)}", _roff(text)]
    return "\n".join(lines) + "\n"


def _page(context: click.Context, command: click.Command) -> str:
    name = f"workbench-{context.info_name}"
    lines = [*_head(name, _short(command)), ".SH SYNOPSIS", *_synopsis(context, command)]
    lines += [".SH DESCRIPTION", *_paragraphs(command.help)]
    if not isinstance(command, click.Group) or command.invoke_without_command:
        lines += [".SH OPTIONS", *_options(context, command)]
    if isinstance(command, click.Group):
        lines += [".SH COMMANDS"]
        for below in command.list_commands(context):
            found = command.get_command(context, below)
            assert found is not None
            with click.Context(found, info_name=below, parent=context) as inner:
                lines += [f".SS {_roff(inner.command_path)}", *_synopsis(inner, found)]
                lines += [".PP", *_paragraphs(found.help), *_options(inner, found)]
    return "\n".join([*lines, ".SH SEE ALSO", ".BR workbench (1)"]) + "\n"


def _head(name: str, short: str) -> list[str]:
    title = f'.TH "{_roff(name.upper())}" 1 "" "workbench {_roff(workbench.__version__)}" "Workbench manual"'
    return [title, ".SH NAME", f"{_roff(name)} \\- {_roff(short)}"]


def _short(command: click.Command) -> str:
    return command.get_short_help_str(200).rstrip(".")


def _synopsis(context: click.Context, command: click.Command) -> list[str]:
    usage = " ".join(command.collect_usage_pieces(context))
    return [f".B {_roff(context.command_path)}", _roff(usage)]


def _paragraphs(text: str | None) -> list[str]:
    lines: list[str] = []
    for part in re.split(r"\n\s*\n", inspect.cleandoc(text or "").replace("\b", "")):
        lines += [".PP", _roff(" ".join(part.split()))] if part.strip() else []
    return lines[1:]


def _options(context: click.Context, command: click.Command) -> list[str]:
    lines = []
    for param in command.get_params(context):
        record = param.get_help_record(context) if isinstance(param, click.Option) else None
        if record is not None:
            lines += [".TP", f".B {_roff(record[0])}", _roff(record[1] or "-")]
    return lines


def _roff(text: str) -> str:
    """Text that roff prints as it is, also at the beginning of a line."""
    plain = " ".join(text.split()).replace("\\", "\\e").replace("-", "\\-")
    plain = plain.replace("'", "\\(aq").replace("`", "\\(ga")
    plain = plain.replace("|", " | ")  # a long choice is broken there
    return f"\\&{plain}" if plain.startswith((".", "\\(aq")) else plain
