"""What the workbench prints and has signed about the sample shop is what it printed before.

A change that is meant to change it is made known by writing the files again and reading the difference:

    pytest tests/golden --update-golden
    git diff tests/golden
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from tests.golden.story import NAMES, STORY

from workbench.cli.running import COMMANDS, root

KEPT = Path(__file__).parent / "kept"
# One worker plays the story, for all of its files.
pytestmark = pytest.mark.xdist_group("golden")


@pytest.mark.parametrize("name", NAMES)
def test_it_is_as_it_was(played: dict[str, str], name: str, request: pytest.FixtureRequest) -> None:
    file = KEPT / name
    if request.config.getoption("--update-golden"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(played[name].encode())
    assert played[name] == file.read_bytes().decode(), "if that is meant: pytest tests/golden --update-golden"


def test_every_file_belongs_to_the_story(played: dict[str, str], request: pytest.FixtureRequest) -> None:
    files = {path.relative_to(KEPT).as_posix(): path for path in KEPT.rglob("*") if path.is_file()}
    if request.config.getoption("--update-golden"):
        for name in files.keys() - set(NAMES):
            files.pop(name).unlink()
    assert sorted(played) == sorted(NAMES)
    assert sorted(files) == sorted(NAMES)


WITH_A_KEY = ("head cosign", "head add")  # tests/cli/test_signing.py types these

WITH_A_SERVER = {"share", "join", "sync", "member list", "member add", "member remove", "evidence"}
"""``tests/sharing/test_documents.py`` types these."""


def commands_with_json() -> Iterator[str]:
    context = click.Context(root)
    for name in COMMANDS:
        command = root.get_command(context, name)
        below = [*command.commands.items()] if isinstance(command, click.Group) else [("", command)]
        if isinstance(command, click.Group) and command.invoke_without_command:
            below.append(("", command))
        for second, found in below:
            # A list of every key, which docs/keys.md keeps already.
            if (
                name != "keys"
                and f"{name} {second}" not in WITH_A_KEY
                and f"{name} {second}".strip() not in WITH_A_SERVER
                and found is not None
                and any("--json" in option.opts for option in found.params)
            ):
                yield f"{name} {second}".strip()


@pytest.mark.parametrize("command", commands_with_json())
def test_every_command_that_prints_json_is_in_the_story(command: str) -> None:
    assert any(f"{step.command} ".startswith(f"{command} ") and "--json" in step.command for step in STORY)
