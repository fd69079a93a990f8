"""Secrets: where they come from, and when they are refused."""

from __future__ import annotations

import shlex
import sys

import pytest

from workbench.model.errors import NotTrusted, SourceError
from workbench.sources.secrets import Secrets


def command(code: str) -> str:
    return shlex.join([sys.executable, "-c", code])


def test_variables_are_filled_and_remembered():
    secrets = Secrets(allow=True, environ={"TOKEN": " s3cret-value ", "USER_NAME": "release"})
    assert secrets.resolve("${USER_NAME}:${TOKEN}") == "release:s3cret-value"
    assert secrets.redactor().text("x s3cret-value y") == "x [redacted] y"
    assert secrets.resolve("$TOKEN stays") == "$TOKEN stays"
    assert secrets.has("${TOKEN}") and not secrets.has("${OTHER}")


@pytest.mark.parametrize("environ", [{}, {"TOKEN": ""}])
def test_a_variable_that_is_not_set_is_named(environ):
    with pytest.raises(SourceError, match="TOKEN is not set"):
        Secrets(allow=True, environ=environ).resolve("${TOKEN}")


@pytest.mark.parametrize("value", ["abc", "a secret\nwith a line"])
def test_values_that_cannot_be_kept_out_or_sent_are_refused(value):
    with pytest.raises(SourceError) as caught:
        Secrets(allow=True, environ={"TOKEN": value}).resolve("${TOKEN}")
    assert value not in str(caught.value)


def test_nothing_is_read_or_run_without_trust(tmp_path):
    secrets = Secrets(allow=False, environ={"TOKEN": "s3cret-value"})
    mark = tmp_path / "ran"
    with pytest.raises(NotTrusted, match="TOKEN"):
        secrets.resolve("${TOKEN}")
    with pytest.raises(NotTrusted):
        secrets.command(command(f"open({str(mark)!r}, 'w')"))
    assert not mark.exists()


def test_a_command_runs_once_and_without_a_shell(tmp_path):
    log = tmp_path / "runs"
    line = command(f"open({str(log)!r}, 'a').write('x'); print('from-$HOME;command'); print('more')")
    secrets = Secrets(allow=True, environ={})
    assert [secrets.command(line), secrets.command(line)] == ["from-$HOME;command"] * 2
    assert log.read_text() == "x"
    assert secrets.redactor().text("from-$HOME;command") == "[redacted]"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (command("import sys; print('s3cret'); sys.exit(3)"), "exit code 3"),
        ("no-such-program-anywhere", "could not be run"),
        ("'unbalanced", "could not be run"),
        ("", "could not be run"),
        (command("pass"), "fewer than 4 characters"),
    ],
)
def test_commands_that_fail_say_so_without_their_output(line, words):
    with pytest.raises(SourceError, match=words) as caught:
        Secrets(allow=True, environ={}).command(line)
    assert "s3cret\n" not in str(caught.value)


def test_a_command_that_waits_is_ended():
    line = command("import threading; threading.Event().wait()")
    with pytest.raises(SourceError, match="did not finish"):
        Secrets(allow=True, environ={}, command_seconds=0.2).command(line)


def test_a_command_runs_in_the_projects_folder_wherever_one_stands(tmp_path, monkeypatch):
    project, below = tmp_path / "project", tmp_path / "project" / "below"
    below.mkdir(parents=True)
    for folder, word in ((project, "right-one"), (below, "wrong-one")):
        (folder / "token.sh").write_text(f"#!/bin/sh\necho {word}\n")
        (folder / "token.sh").chmod(0o755)
    monkeypatch.chdir(below)
    assert Secrets(allow=True, environ={}, folder=project).command("./token.sh") == "right-one"
