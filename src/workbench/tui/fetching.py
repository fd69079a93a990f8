"""Fetching from the app: in a thread with a record of its own, with a panel that fills."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.worker import WorkerCancelled, WorkerFailed, get_current_worker

from workbench.model.errors import NotTrusted, WorkbenchError
from workbench.model.text import safe_text
from workbench.tui.screens.trusting import open_trust
from workbench.tui.widgets.progress import Asked, ProgressPanel
from workbench.tui.working import Working
from workbench.usecases.fetching import Wanted
from workbench.usecases.fetching import fetch as fetch_all
from workbench.usecases.opening import open_context

if TYPE_CHECKING:
    from workbench.sources.reading import Summary


async def fetch(screen: Working, wanted: Wanted | None = None) -> None:
    """Ask the sources; what came is kept when the person stops it."""
    app = screen.work
    titles = {source.key: source.title or source.key for source in screen.view.definitions.project.sources}
    cancelled = threading.Event()
    remarks: list[str] = []
    panel = ProgressPanel("Measuring", (), cancel=cancelled.set)

    loop = asyncio.get_running_loop()

    def progress(source: str, done: int, total: int, note: str) -> None:
        # The loop is closed when the app was ended meanwhile: then there is nobody to tell.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(panel.set_line, _line(source, titles, done, total, note))

    def work() -> Summary:
        worker = get_current_worker()
        context = open_context(app.desk.options)
        try:
            return fetch_all(
                context,
                wanted,
                progress=progress,
                cancelled=lambda: cancelled.is_set() or worker.is_cancelled,
            )
        finally:
            remarks.extend(context.remarks)
            context.record.close()

    async def watch() -> None:
        worker = screen.app.run_worker(work, thread=True, group="fetch", exclusive=True, exit_on_error=False)
        try:
            summary = await worker.wait()
        except WorkerCancelled:  # the app is being left, or another fetch begins
            return
        except WorkerFailed:
            panel.dismiss(False)
            if isinstance(worker.error, NotTrusted):
                await open_trust(screen, lambda: fetch(screen, wanted))
                return
            app.tell(_as_ours(worker.error))
        else:
            panel.finish(_words(summary))
        app.tell_remarks(remarks)
        await app.reload()

    await screen.app.push_screen(panel)
    screen.app.run_worker(watch(), group="fetch-watch")


def _line(source: str, titles: Mapping[str, str], done: int, total: int, note: str) -> Asked:
    ended = bool(total) and done >= total
    return Asked(source, titles.get(source, source), "done" if ended else "asking", done, total, note)


def _as_ours(error: BaseException | None) -> WorkbenchError:
    if isinstance(error, WorkbenchError):
        return error
    return WorkbenchError(f"fetching stopped: {error or 'for no known reason'}")


def _words(summary: Summary) -> str:
    parts = [f"{summary.ok} of {summary.asked} answered"]
    if summary.missing:
        parts.append(f"{summary.missing} without data")
    if summary.errors:
        parts.append(f"{summary.errors} could not be asked")
    if summary.cancelled:
        parts.append("stopped; what arrived is kept")
    if summary.problems:
        parts.append(safe_text(summary.problems[0], 120))
    return " · ".join(parts)
