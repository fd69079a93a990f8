"""Secrets come from the environment or from a command, and are remembered to be removed."""

from __future__ import annotations

import os
import shlex
import threading
from collections.abc import Mapping
from pathlib import Path

from workbench.model.errors import NotTrusted, SourceError
from workbench.model.tokens import VARIABLE
from workbench.sources.redact import Redactor

SHORTEST = 4


class Secrets:
    """What ``${NAME}`` and commands stand for; every value given out is kept for redaction.

    ``allow`` is whether the project is trusted: without it nothing is read, run or sent.
    Commands run in ``folder``, the project's, wherever the workbench was started.
    """

    def __init__(
        self,
        *,
        allow: bool,
        environ: Mapping[str, str] | None = None,
        folder: Path | None = None,
        command_seconds: float = 20.0,
    ) -> None:
        self.allow = allow
        self._environ = os.environ if environ is None else environ
        self._folder = folder
        self._command_seconds = command_seconds
        self._known: dict[str, None] = {}
        self._commands: dict[str, str] = {}
        self._redactor = Redactor(())
        self._lock = threading.Lock()

    def resolve(self, text: str) -> str:
        """``text`` with each ``${NAME}`` replaced; ``SourceError`` where one is not set."""
        return VARIABLE.sub(lambda match: self._variable(match[1]), text)

    def has(self, text: str) -> bool:
        """Whether every ``${NAME}`` in ``text`` is set."""
        return all(self._environ.get(match[1]) for match in VARIABLE.finditer(text))

    def plain(self, name: str) -> str:
        """A variable that tells where the workbench runs, "" if it is not set.  It is sent nowhere."""
        return self._environ.get(name, "")

    def command(self, line: str) -> str:
        """The first line that a command prints.  It runs once, without a shell."""
        self._check(f"run “{line}”")
        with self._lock:
            if line not in self._commands:
                self._commands[line] = self._keep(self._run(line), f"the command “{line}”")
            return self._commands[line]

    def remember(self, value: str, where: str) -> None:
        """Keeps out of everything a part of what was given out, such as the password in an address."""
        self._keep(value, where)

    def redactor(self) -> Redactor:
        """What removes every value given out so far."""
        if len(self._redactor.secrets) != len(self._known):
            self._redactor = Redactor(tuple(self._known))
        return self._redactor

    def _variable(self, name: str) -> str:
        self._check(f"read the environment variable {name}")
        value = self._environ.get(name)
        if not value:
            raise SourceError(
                f"the environment variable {name} is not set",
                hint=f"set {name} in the shell that starts the workbench",
            )
        return self._keep(value.strip(), f"the environment variable {name}")

    def _keep(self, value: str, where: str) -> str:
        if len(value) < SHORTEST:
            raise SourceError(
                f"{where} gives fewer than {SHORTEST} characters",
                hint="something that short cannot be kept out of evidence safely; use a longer secret",
            )
        if not value.isprintable():
            raise SourceError(f"{where} gives characters that cannot be sent in a header")
        self._known[value] = None
        return value

    def _check(self, act: str) -> None:
        if not self.allow:
            raise NotTrusted(
                f"this project is not trusted to {act}", hint="look at what it asks for: workbench trust"
            )

    def _run(self, line: str) -> str:
        import subprocess

        try:
            parts = shlex.split(line)
            done = subprocess.run(
                parts,
                stdin=subprocess.DEVNULL,
                cwd=self._folder,
                capture_output=True,
                timeout=self._command_seconds,
                check=False,
            )
        except (ValueError, OSError, IndexError) as error:
            raise SourceError(f"the command “{line}” could not be run: {error}") from None
        except subprocess.TimeoutExpired:
            raise SourceError(
                f"the command “{line}” did not finish within {self._command_seconds:g} s",
                hint="a command that waits for a person cannot be used here",
            ) from None
        if done.returncode:  # what it printed may hold the secret: not shown
            raise SourceError(f"the command “{line}” failed with exit code {done.returncode}")
        lines = done.stdout.decode("utf-8", "replace").strip().splitlines()
        return lines[0].strip() if lines else ""
