"""Files that say how an environment is set up, and the same files of the environment it is compared with.

They lie in the project, and those in version control count: what is deployed is what stands there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from workbench.model.errors import SourceError
from workbench.model.files import open_regular
from workbench.model.kinds import Asked, Doubt
from workbench.model.text import safe_text
from workbench.sources.configuration.naming import common_names
from workbench.sources.files_config import ComparedFiles
from workbench.sources.filling import fill
from workbench.sources.project_files import find
from workbench.sources.reading import Question

LARGEST = 8_000_000  # bytes of one file
MOST = 64_000_000  # bytes of all of one side


class Named(msgspec.Struct, frozen=True):
    """One file: where it lies, what it is called in every environment, and what it holds."""

    file: str
    name: str
    data: bytes


def own_files(root: Path, config: ComparedFiles, question: Question) -> list[Named]:
    """The files of the environment that is asked about; none where nothing matches."""
    environment = question.environment or ""
    if question.role == "baseline":
        return _files(root, _of_other(config, question, environment))
    return _files(root, _filled(config.files, question, environment))


def other_files(root: Path, config: ComparedFiles, question: Question) -> list[Named]:
    """The files of the environment that it is compared with; ``SourceError`` where they are the same files."""
    ours = _filled(config.files, question, question.environment or "")
    theirs = _of_other(config, question, config.compared_with)
    if sorted(ours) == sorted(theirs):
        raise SourceError(
            f"the same files are read for {question.environment or 'the environment'} and {config.compared_with}",
            hint="write $environment in “files”, or name the others under “baseline_files”",
        )
    return _files(root, theirs)


def _of_other(config: ComparedFiles, question: Question, environment: str) -> list[str]:
    if config.baseline_files is not None:
        return _filled(config.baseline_files, question, environment, "baseline_files")
    return _filled(config.files, question, environment)


def _filled(
    patterns: str | list[str], question: Question, environment: str, field: str = "files"
) -> list[str]:
    values = {**question.variables, "environment": environment}
    return [fill(one, values, field) for one in ([patterns] if isinstance(patterns, str) else patterns)]


def _files(root: Path, patterns: Sequence[str]) -> list[Named]:
    top = root.resolve()
    paths = {path.relative_to(top).as_posix(): path for path in find(root, list(patterns))}
    names = common_names(list(paths), patterns)
    found, size = [], 0
    for file, path in paths.items():
        if not path.resolve().is_relative_to(top):
            raise SourceError(f"{safe_text(file, 200)} is a link that leads out of the project")
        data = _bytes(path, file)
        size += len(data)
        if size > MOST:
            raise SourceError(f"the files hold more than {MOST // 10**6} MB together")
        found.append(Named(file, names[file], data))
    return found


def _bytes(path: Path, file: str) -> bytes:
    try:
        with open_regular(path) as opened:
            data: bytes = opened.read(LARGEST + 1)
    except OSError as error:
        raise SourceError(f"{safe_text(file, 200)} cannot be read: {error.strerror}") from None
    if len(data) > LARGEST:
        raise SourceError(f"{safe_text(file, 200)} is larger than {LARGEST // 10**6} MB")
    return data


def doubts(config: ComparedFiles, asked: Asked) -> Iterable[Doubt]:
    """What can be proved before the files are read: that both sides are the same ones."""
    patterns = [config.files] if isinstance(config.files, str) else config.files
    if config.baseline_files is None and not any("$" in one for one in patterns):
        yield Doubt(
            "source",
            "its source reads the same files for every environment",
            "write $environment in its “files”, or name the others under “baseline_files”",
            error=True,
        )
