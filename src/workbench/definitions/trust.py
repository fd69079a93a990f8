"""What a project's files would run, read and reach, and whether a person agreed to it.

The answer is kept outside of the repository, by the digest of everything that was shown:
a changed command, variable or host asks again, and so does a variable that is to be sent
to another host.
"""

from __future__ import annotations

import contextlib
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from workbench.definitions.checking import texts_in
from workbench.definitions.project import Definitions
from workbench.model import canonical
from workbench.model.files import write_whole
from workbench.model.tokens import VARIABLE

_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


class Use(msgspec.Struct, frozen=True):
    """What one source (or another place, named like ``benchmarks/checkout-p95``) would use."""

    where: str
    commands: tuple[str, ...]
    variables: tuple[str, ...]
    hosts: tuple[str, ...]


class TrustRequest(msgspec.Struct, frozen=True):
    """All commands, environment variables and hosts (with their ports), each sorted."""

    commands: tuple[str, ...]
    variables: tuple[str, ...]
    hosts: tuple[str, ...]
    digest: str
    uses: tuple[Use, ...]

    @property
    def empty(self) -> bool:
        """Nothing is used, so nobody needs to be asked."""
        return not self.uses


def trust_request(definitions: Definitions) -> TrustRequest:
    """What the sources, benchmarks and requirements of a project would use."""
    uses = [use for where, config in _configs(definitions) if (use := _use(where, config)) is not None]
    groups = sorted([list(use.commands), list(use.variables), list(use.hosts)] for use in uses)
    return TrustRequest(
        commands=_sorted(command for use in uses for command in use.commands),
        variables=_sorted(name for use in uses for name in use.variables),
        hosts=_sorted(host for use in uses for host in use.hosts),
        digest=canonical.digest(groups),
        uses=tuple(sorted(uses, key=lambda use: use.where)),
    )


def _configs(definitions: Definitions) -> Iterator[tuple[str, Any]]:
    project = definitions.project
    for source in project.sources:
        yield f"sources/{source.key}", source.config
    for benchmark in project.benchmarks:
        yield f"benchmarks/{benchmark.key}", benchmark.measure.ask
    for gate in project.gates:
        for requirement in gate.requires:
            yield f"gates/{gate.key}/{requirement.key}", requirement.config


def _use(where: str, config: Any) -> Use | None:
    commands: set[str] = set()
    variables: set[str] = set()
    hosts: set[str] = set()
    for value in _structs(config):
        for name in value.__struct_fields__:
            found = getattr(value, name)
            if name == "command" and found:
                commands.add(found if isinstance(found, str) else shlex.join(map(str, found)))
    for path, text in texts_in(config):
        variables.update(match[1] for match in VARIABLE.finditer(text))
        if _ADDRESS.match(text) or (path and path[-1] == "url"):
            hosts.add(host_of(text))
    if not (commands or variables or hosts):
        return None
    return Use(where, _sorted(commands), _sorted(variables), _sorted(hosts))


def _structs(value: Any) -> Iterator[msgspec.Struct]:
    if isinstance(value, msgspec.Struct):
        yield value
        for name in value.__struct_fields__:
            yield from _structs(getattr(value, name))
    elif isinstance(value, dict):
        for item in value.values():
            yield from _structs(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _structs(item)


def host_of(url: str) -> str:
    """Host and port of an address; the whole text where no host can be told from it."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return url
    if not host or "${" in parts.netloc:
        return url
    shown = f"[{host}]" if ":" in host else host
    return f"{shown}:{port}" if port else shown


def _sorted(texts: Any) -> tuple[str, ...]:
    return tuple(sorted(set(texts)))


class _Answer(msgspec.Struct, frozen=True):
    project: str
    digest: str


class TrustStore:
    """Which requests were agreed to, one small file for each project, in a folder outside of them."""

    def __init__(self, state: Path) -> None:
        self._folder = state / "trust"

    def is_trusted(self, folder: Path, request: TrustRequest) -> bool:
        """Whether exactly this request was agreed to for the project in ``folder``, or is empty."""
        if request.empty:
            return True
        try:
            answer = msgspec.json.decode(self._file(folder).read_bytes(), type=_Answer)
        except (OSError, msgspec.DecodeError):
            return False
        return answer.project == str(folder.resolve()) and answer.digest == request.digest

    def remember(self, folder: Path, request: TrustRequest) -> None:
        """Agree to ``request`` for the project in ``folder``; an earlier answer is replaced."""
        self._folder.mkdir(parents=True, exist_ok=True)
        answer = msgspec.json.encode(_Answer(str(folder.resolve()), request.digest))
        write_whole(self._file(folder), answer, private=True)

    def forget(self, folder: Path) -> None:
        """Take the answer back."""
        with contextlib.suppress(FileNotFoundError):
            self._file(folder).unlink()

    def _file(self, folder: Path) -> Path:
        return self._folder / f"{canonical.sha256(str(folder.resolve()).encode())}.json"
