"""docs/commands.md names every command and option, and its examples are commands."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from workbench.cli.options import EVERYTHING, common
from workbench.cli.running import COMMANDS, root

TEXT = (Path(__file__).parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")
HEADING = re.compile(r"^#{2,4} (.+)$", re.MULTILINE)


def flags(option: click.Parameter) -> list[str]:
    return [name for name in (*option.opts, *option.secondary_opts) if name.startswith("-")]


def shared() -> set[str]:
    @click.command()
    @common(*EVERYTHING)
    def every() -> None: ...

    return {flag for option in every.params for flag in flags(option)}


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, by its whole name."""
    context = click.Context(root)
    for name in root.list_commands(context):
        command = root.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            for below, found in command.commands.items():
                yield f"{name} {below}", found
        if not isinstance(command, click.Group) or command.invoke_without_command:
            yield name, command


def section(title: str) -> str:
    found = list(HEADING.finditer(TEXT))
    for number, match in enumerate(found):
        if match[1] == title:
            end = found[number + 1].start() if number + 1 < len(found) else len(TEXT)
            return TEXT[match.end() : end]
    raise AssertionError(f"docs/commands.md has no section “{title}”")


SHARED = shared()
ALL = dict(commands())
EXAMPLES = re.findall(r"^\$ workbench (.+)$", TEXT, re.MULTILINE)


@pytest.mark.parametrize("name", ALL)
def test_every_command_and_option_is_documented(name: str) -> None:
    text = section(f"workbench {name}")
    assert f"workbench {name} " in text or f"$ workbench {name}\n" in text
    said = re.search(r"^Common: (.+)\.$", text, re.MULTILINE)
    taken = [f[0] for o in ALL[name].params if (f := flags(o)) and set(f) <= SHARED]
    assert (re.findall(r"`([^`]+)`", said[1]) if said else []) == taken
    for option in ALL[name].params:
        for flag in flags(option):
            if not set(flags(option)) <= SHARED:
                assert f"`{flag}`" in text, f"{name} {flag}"


def test_no_section_without_a_command() -> None:
    titles = {
        match[1].removeprefix("workbench ") for match in HEADING.finditer(TEXT) if "workbench" in match[1]
    }
    families = {name for name in COMMANDS if name not in ALL}
    assert titles == set(ALL) | families


def test_shared_options_are_described_at_the_top() -> None:
    text = section("Options that commands share")
    assert all(f"`{flag}" in text for flag in SHARED)


def test_every_command_has_an_example() -> None:
    for name in ALL:
        assert any(f"{example} ".startswith(f"{name} ") for example in EXAMPLES), name


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_can_be_typed(example: str) -> None:
    words = shlex.split(example.partition(" >")[0])
    name = max((n for n in ALL if words[: len(n.split())] == n.split()), key=len)
    rest = words[len(name.split()) :]
    ALL[name].make_context(name, rest)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_line_in_the_help_is_the_commands_own(name: str) -> None:
    command = root.get_command(click.Context(root), name)
    assert command is not None
    assert command.get_short_help_str(200) == COMMANDS[name].summary
    assert all(option.help for option in command.params if isinstance(option, click.Option))


@pytest.mark.parametrize("name", ALL)
def test_every_option_has_help(name: str) -> None:
    assert all(option.help for option in ALL[name].params if isinstance(option, click.Option))
    assert ALL[name].help
