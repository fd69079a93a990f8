"""What a project's files would run, read and reach, and whether a person agreed to it.

The answer is kept outside of the repository, by the digest of everything that was shown:
a changed command, variable or host asks again, and so does a variable that is to be sent
to another host or without encryption, and a script of the project that a command runs.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path

import msgspec

from workbench.definitions.kinded import chosen
from workbench.definitions.project import Definitions
from workbench.definitions.scripts import scripts_of
from workbench.model import canonical
from workbench.model.files import read_regular, write_whole
from workbench.model.hosts import origin_of


class Use(msgspec.Struct, frozen=True):
    """What one source (or another place, named like ``benchmarks/checkout-p95``) would use.

    ``scripts`` are files of the project behind its commands, each with the SHA-256 of what it holds.
    """

    where: str
    commands: tuple[str, ...]
    variables: tuple[str, ...]
    hosts: tuple[str, ...]
    files: tuple[str, ...] = ()
    scripts: tuple[tuple[str, str], ...] = ()


class TrustRequest(msgspec.Struct, frozen=True):
    """All commands, environment variables, hosts (with scheme and port), files outside, scripts of the project."""

    commands: tuple[str, ...]
    variables: tuple[str, ...]
    hosts: tuple[str, ...]
    files: tuple[str, ...]
    digest: str
    uses: tuple[Use, ...]
    scripts: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Nothing is used, so nobody needs to be asked."""
        return not self.uses


def trust_request(definitions: Definitions) -> TrustRequest:
    """What everything in a project that is up to a kind would use, as the kinds declare it."""
    uses = [
        Use(
            one.where,
            _sorted(used.commands),
            _sorted(used.variables),
            _sorted(map(origin_of, used.hosts)),
            _sorted(used.files),
            _scripts(definitions, used.commands),
        )
        for one in chosen(definitions.project, definitions.kinds)
        if (used := one.kind.uses(one.config))
    ]
    return TrustRequest(
        commands=_sorted(command for use in uses for command in use.commands),
        variables=_sorted(name for use in uses for name in use.variables),
        hosts=_sorted(host for use in uses for host in use.hosts),
        files=_sorted(file for use in uses for file in use.files),
        digest=canonical.digest(sorted(map(_group, uses))),
        uses=tuple(sorted(uses, key=lambda use: use.where)),
        scripts=_sorted(name for use in uses for name, _ in use.scripts),
    )


def _scripts(definitions: Definitions, commands: Iterable[str]) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    for command in commands:
        found |= scripts_of(definitions.root, command)
    return tuple(sorted(found.items()))


def _group(use: Use) -> list[list[str]]:
    """What is used together."""
    scripts = [text for pair in use.scripts for text in pair]
    return [list(use.commands), list(use.variables), list(use.hosts), list(use.files), scripts]


def _sorted(texts: Iterable[str]) -> tuple[str, ...]:
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
            answer = msgspec.json.decode(read_regular(self._file(folder)), type=_Answer)
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
