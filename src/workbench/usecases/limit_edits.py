"""Who edited a benchmark's lines in its file, and when, as far as git tells."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec

from workbench.model.text import safe_text
from workbench.usecases.context import Context
from workbench.usecases.git import ask_git_for_all

_RECORD, _FIELD = "\x1e", "\x1f"
_FORMAT = f"--format={_RECORD}%h{_FIELD}%an{_FIELD}%cI{_FIELD}%s"
_LONGEST = 60  # lines that a benchmark has at most, where nothing follows it
_MOST = 50  # edits


class Edit(msgspec.Struct, frozen=True):
    """A commit that changed the lines of a benchmark: when, who, which commit, and its first line."""

    at: datetime
    by: str
    commit: str
    subject: str


def limit_edits(context: Context, key: str) -> tuple[Edit, ...]:
    """The edits of a benchmark's lines, the latest first; none where git does not know the file.

    Only what is committed counts, and other lines near by may have been meant.
    """
    mark = context.definitions.mark("benchmark", key)
    if mark is None:
        return ()
    last = _last_line(context, mark.file, mark.line)
    if last is None:
        return ()
    place = f"-L{mark.line},{last}:./{mark.file}"
    printed = ask_git_for_all(
        context.root, "log", f"-n{_MOST}", "--no-patch", _FORMAT, place, between=_RECORD
    )
    return tuple(_edits(printed))


def _last_line(context: Context, file: str, first: int) -> int | None:
    """The last line of the benchmark that begins at ``first``: the one before the next benchmark."""
    marks = (context.definitions.mark("benchmark", one.key) for one in context.definitions.project.benchmarks)
    following = [mark.line for mark in marks if mark is not None and mark.file == file and mark.line > first]
    try:
        lines = len((context.root / file).read_bytes().splitlines())
    except OSError:
        return None
    return (
        max(first, min(*following, first + _LONGEST, lines + 1) - 1)
        if following
        else min(first + _LONGEST, lines)
    )


def _edits(printed: tuple[str, ...]) -> Iterator[Edit]:
    for text in printed:
        fields = text.partition("\n")[0].split(_FIELD)
        if len(fields) != 4:
            continue
        commit, by, at, subject = fields
        try:
            moment = datetime.fromisoformat(at)
        except ValueError:
            continue
        yield Edit(moment, safe_text(by, 80), safe_text(commit, 40), safe_text(subject, 200))
