"""What a fetch is told.  Light: the loop and the client are loaded with ``asking``, by the first fetch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec

from workbench.model.kinds import SourceKind
from workbench.model.times import Clock
from workbench.sources.exchanges import Exchange
from workbench.sources.handed import Handed
from workbench.sources.kinds import KINDS
from workbench.sources.reading import Batch, Question, SourceLike
from workbench.sources.secrets import Secrets
from workbench.sources.tuning import Tuning

Progress = Callable[[str, int, int, str], None]


def no_progress(source: str, done: int, total: int, note: str) -> None:
    """Nobody looks on."""


def never() -> bool:
    """Nobody cancels."""
    return False


def none_tracked(folder: Path, names: Sequence[str]) -> frozenset[str]:
    """Nothing is in version control."""
    return frozenset()


class Fetch(msgspec.Struct, frozen=True, kw_only=True):
    """One fetch: which sources are asked what, and with what in hand.

    ``root`` is the project's folder, for sources that are files; ``replay`` and ``record_to``
    are folders of recordings.  ``progress`` is called with (source, done, total, note).  When
    ``cancelled()`` turns true, what came so far is handed to ``on_batch`` in incomplete
    batches; ``heard`` is called with each request and its answer.  All of these are called in the thread that fetches.  ``tracked`` says which of some
    files below a folder are in version control, so that no run has made them.
    """

    sources: tuple[SourceLike, ...]
    questions: tuple[Question, ...]
    root: Path
    clock: Clock
    secrets: Secrets
    replay: Path | None = None
    record_to: Path | None = None
    progress: Progress = no_progress
    cancelled: Callable[[], bool] = never
    on_batch: Callable[[Batch], None] = lambda batch: None
    tracked: Callable[[Path, Sequence[str]], frozenset[str]] = none_tracked
    handed: tuple[Handed, ...] = ()
    heard: Callable[[Exchange], None] | None = None
    kinds: Mapping[str, SourceKind] = KINDS
    tuning: Tuning = Tuning()
