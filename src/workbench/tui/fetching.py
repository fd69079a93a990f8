"""Fetching from the app: in a thread with a record of its own, with a panel that fills."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING

from textual.worker import Worker, WorkerState

from workbench.model.errors import WorkbenchError
from workbench.model.text import safe_text
from workbench.tui.widgets.dialog import Asked, ProgressPanel
from workbench.usecases.context import Options, open_context
from workbench.usecases.fetching import Wanted
from workbench.usecases.fetching import fetch as fetch_all

if TYPE_CHECKING:
    from workbench.sources.reading import Summary
    from workbench.tui.screens.base import WorkScreen


async def fetch(screen: WorkScreen, wanted: Wanted | None = None) -> None:
    """Ask the sources; what came is kept when the person stops it."""
    app = screen.work
    titles = {source.key: source.title or source.key for source in screen.view.definitions.project.sources}
    cancelled = threading.Event()
    panel = ProgressPanel("Measuring", (), cancel=cancelled.set)

    def progress(source: str, done: int, total: int, note: str) -> None:
        ended = bool(total) and done >= total
        title = titles.get(source, source)
        line = Asked(source, title, "done" if ended else "asking", done, total, note)
        app.call_from_thread(panel.set_line, line)

    def work() -> Summary:
        context = open_context(_options(screen))
        try:
            return fetch_all(context, wanted, progress=progress, cancelled=cancelled.is_set)
        finally:
            context.record.close()

    def ended(worker: Worker[Summary]) -> None:
        if worker.state is WorkerState.SUCCESS and worker.result is not None:
            panel.finish(_words(worker.result))
        elif worker.state is WorkerState.ERROR:
            panel.dismiss(False)
            error = worker.error
            app.tell(
                error if isinstance(error, WorkbenchError) else WorkbenchError(f"fetching stopped: {error}")
            )

    await app.push_screen(panel)
    worker = app.run_worker(work, thread=True, group="fetch", exclusive=True, exit_on_error=False)

    async def watch() -> None:
        with contextlib.suppress(Exception):  # told by ended(): the worker keeps it
            await worker.wait()
        ended(worker)
        await app.reload()

    app.run_worker(watch(), group="fetch-watch")


def _options(screen: WorkScreen) -> Options:
    return screen.work.desk.options


def _words(summary: Summary) -> str:
    parts = [f"{summary.ok} of {summary.asked} answered"]
    if summary.missing:
        parts.append(f"{summary.missing} without data")
    if summary.errors:
        parts.append(f"{summary.errors} could not be asked")
    if summary.cancelled:
        parts.append("stopped; what came is kept")
    if summary.problems:
        parts.append(safe_text(summary.problems[0], 120))
    return " · ".join(parts)
