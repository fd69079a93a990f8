"""Asking the sources.  Light: the loop and the client are loaded by the first fetch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from workbench.model.kinds import SourceKind
from workbench.model.times import Clock
from workbench.sources.kinds import all_kinds
from workbench.sources.reading import Batch, Question, SourceLike, Summary
from workbench.sources.secrets import Secrets
from workbench.sources.tuning import Tuning

Progress = Callable[[str, int, int, str], None]


def fetch(
    sources: Iterable[SourceLike],
    questions: Sequence[Question],
    *,
    root: Path,
    clock: Clock,
    secrets: Secrets,
    replay: Path | None = None,
    record_to: Path | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    on_batch: Callable[[Batch], None] | None = None,
    kinds: Mapping[str, SourceKind] | None = None,
    tuning: Tuning | None = None,
) -> Summary:
    """Asks all questions and hands each source's batch to ``on_batch`` once it is complete.

    Blocks, with an event loop of its own: call it from the command line or from a worker
    thread.  ``root`` is the project's folder, for sources that are files.  ``progress`` is
    called with (source, done, total, note).  When ``cancelled()`` turns true, what came so
    far is handed over in incomplete batches.  A source that fails costs its own questions
    (readings in state ``error``), never the fetch.  Callbacks run in the calling thread.

    Raises ``SourceError`` only for a ``replay`` folder that is no recording.
    """
    import asyncio

    from workbench.sources.asking import Asking

    asking = Asking(
        tuple(sources),
        tuple(questions),
        root=root,
        clock=clock,
        secrets=secrets,
        replay=replay,
        record_to=record_to,
        progress=progress or (lambda source, done, total, note: None),
        cancelled=cancelled or (lambda: False),
        on_batch=on_batch or (lambda batch: None),
        kinds=kinds if kinds is not None else all_kinds(),
        tuning=tuning or Tuning(),
    )
    return asyncio.run(asking.run())
