"""Which files the patterns of a source name."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from workbench.model.errors import SourceError
from workbench.model.text import safe_text

MOST_FILES = 5_000

# The record lies there: no file of the project's own, and reading it would give up the locks on it.
RECORD_FOLDER = ".workbench"


def find(root: Path, patterns: str | list[str]) -> list[Path]:
    """The files that match, in order; a link that leads out of the project is named as it stands."""
    return sorted({path for paths in find_by_pattern(root, patterns).values() for path in paths})


def find_by_pattern(root: Path, patterns: str | list[str]) -> dict[str, set[Path]]:
    """The files that match each pattern; see :func:`find`.

    Raises ``SourceError`` for a pattern that leads out of the project, and for too many files.
    """
    top = root.resolve()
    return {
        pattern: _matching(top, pattern)
        for pattern in ([patterns] if isinstance(patterns, str) else patterns)
    }


def _matching(top: Path, pattern: str) -> set[Path]:
    posix = PurePosixPath(pattern.replace("\\", "/"))
    if posix.is_absolute() or ".." in posix.parts or not posix.parts or Path(pattern).drive:
        raise SourceError(
            f"“{safe_text(pattern, 200)}” leads out of the project",
            hint="write a path below the project file",
        )
    found: set[Path] = set()
    for path in top.glob(str(posix)):
        if path.is_file() and RECORD_FOLDER not in path.relative_to(top).parts:
            real = path.resolve()
            found.add(real if real.is_relative_to(top) else path)
        if len(found) > MOST_FILES:
            raise SourceError(f"more than {MOST_FILES:,} files match {safe_text(pattern, 200)}")
    return found
