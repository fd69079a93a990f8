"""Long work from the app: in a thread with a record of its own, with a panel that fills and can be stopped."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

import msgspec
from textual.worker import WorkerCancelled, WorkerFailed, get_current_worker

from workbench.model.errors import NotTrusted, WorkbenchError
from workbench.tui.screens.trusting import open_trust
from workbench.tui.widgets.progress import Asked, ProgressPanel
from workbench.tui.working import Working
from workbench.usecases.context import Context
from workbench.usecases.opening import open_context

T = TypeVar("T")
Progress = Callable[[str, int, int, str], None]
Cancelled = Callable[[], bool]


class Job(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """Work that takes long: ``do`` is run beside the desk, with what it tells its progress to and what stops it.

    ``line`` makes a line of the panel of (key, done, total, note); ``words`` say how it ended,
    ``so_far`` how far all of it is (done, total), and ``stopped`` what is said where it failed for no known reason.  ``again`` is done once the project
    has been trusted.  With ``then`` the panel closes where it went well, and that is done instead of telling the words.
    """

    title: str
    name: str
    do: Callable[[Context, Progress, Cancelled], T]
    line: Callable[[str, int, int, str], Asked]
    words: Callable[[T], str]
    stopped: str
    again: Callable[[], Awaitable[None]]
    so_far: Callable[[int, int], str] = lambda done, total: ""
    then: Callable[[T], Awaitable[None]] | None = None


async def run_job(screen: Working, job: Job[T]) -> None:
    """Run it; what came is kept when the person stops it."""
    app = screen.work
    cancelled = threading.Event()
    remarks: list[str] = []
    panel = ProgressPanel(job.title, (), cancel=cancelled.set)
    loop = asyncio.get_running_loop()

    def progress(key: str, done: int, total: int, note: str) -> None:
        def show() -> None:
            panel.set_line(job.line(key, done, total, note))
            if said := job.so_far(done, total):
                panel.say(said)

        # The loop is closed when the app was ended meanwhile: then there is nobody to tell.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(show)

    def work() -> T:
        worker = get_current_worker()
        context = open_context(app.desk.options)
        try:
            return job.do(context, progress, lambda: cancelled.is_set() or worker.is_cancelled)
        finally:
            remarks.extend(context.remarks)
            context.record.close()

    async def watch() -> None:
        worker = screen.app.run_worker(work, thread=True, group=job.name, exclusive=True, exit_on_error=False)
        try:
            done = await worker.wait()
        except WorkerCancelled:  # the app is being left, or another one begins
            return
        except WorkerFailed:
            panel.dismiss(False)
            if isinstance(worker.error, NotTrusted):
                await open_trust(screen, job.again)
                return
            app.tell(_as_ours(worker.error, job.stopped))
        else:
            if job.then is not None:
                panel.dismiss(False)
                await job.then(done)
            else:
                panel.finish(job.words(done))
        app.tell_remarks(remarks)
        await app.reload()

    await screen.app.push_screen(panel)
    screen.app.run_worker(watch(), group=f"{job.name}-watch")


def _as_ours(error: BaseException | None, stopped: str) -> WorkbenchError:
    if isinstance(error, WorkbenchError):
        return error
    return WorkbenchError(f"{stopped}: {error or 'for no known reason'}")
