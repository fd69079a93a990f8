"""The project's own files behind a command: who agrees to run it agrees to what they hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePath

from workbench.model import canonical
from workbench.model.files import read_regular

MOST_FILES = 1000  # of one folder that are looked at
# They read in a project's files what they are to run, so that no list of files would be whole.
RUNNERS = frozenset(
    [
        "make",
        "gmake",
        "npm",
        "npx",
        "pnpm",
        "yarn",
        "bun",
        "deno",
        "just",
        "task",
        "rake",
        "bundle",
        "tox",
        "nox",
        "invoke",
        "gradle",
        "gradlew",
        "mvn",
        "mvnw",
        "poetry",
        "pipenv",
        "pdm",
        "hatch",
        "uv",
        "direnv",
        "cargo",
    ]
)
_APART = re.compile(r"[\s;|&()<>=,:'\"`]+")


def _split(command: str) -> list[str]:
    """The words of a command; ``ValueError`` where a quote is not closed."""
    import shlex  # only for those who have a command

    return shlex.split(command)


def runner_of(command: str) -> str | None:
    """The program of a command that runs whatever the project's files tell it to; ``None`` for others."""
    try:
        words = _split(command)
    except ValueError:
        return None
    name = PurePath(words[0]).name.lower() if words else ""
    return name if name.removesuffix(".exe") in RUNNERS else None


def scripts_of(root: Path, command: str) -> dict[str, str]:
    """What each file of the project behind a command holds, by its path below ``root``, as SHA-256.

    Files that a word of the command names, and those that lie beside them: a script may read its
    neighbours.  Of the project's own folder only the named ones, for everything lies in it.
    """
    root = root.resolve()
    named = {path for word in _words(command) if (path := _in_project(root, word)) is not None}
    found = {path for path in named if path.is_file()}
    for folder in {path if path.is_dir() else path.parent for path in named} - {root}:
        found.update(_files_of(folder))
    return {_name(root, path): _content(path) for path in sorted(found)}


def _words(command: str) -> Iterator[str]:
    try:
        words = _split(command)
    except ValueError:
        words = command.split()
    for place, word in enumerate(words):
        if place or "/" in word:  # a bare first word is looked for in PATH
            yield word
            yield from _APART.split(word)
        if place and words[place - 1] == "-m":
            yield word.replace(".", "/") + ".py"
            yield word.replace(".", "/")


def _in_project(root: Path, word: str) -> Path | None:
    """The file or folder of the project that a word names, links not followed."""
    try:
        path = Path(root, word)
        path = path.parent.resolve() / path.name if path.name not in ("", "..") else path.resolve()
        real = path.resolve()
        if not word or path == root or not (root in path.parents or root in real.parents):
            return None
        return path if path.is_file() or path.is_dir() else None
    except (OSError, ValueError, RuntimeError):
        return None


def _files_of(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.is_file())[:MOST_FILES]
    except OSError:
        return []


def _name(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix() if root in path.parents else str(path)


def _content(path: Path) -> str:
    try:
        return canonical.sha256(read_regular(path))
    except OSError:
        return "cannot be read"
