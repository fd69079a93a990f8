"""``purge --server`` in the app: what was purged here is blanked at the server, pack by pack."""

from __future__ import annotations

from workbench.tui.jobs import Cancelled, Job, Progress, run_job
from workbench.tui.widgets.progress import Asked
from workbench.tui.working import Working
from workbench.usecases.context import Context
from workbench.usecases.sharing import purging
from workbench.usecases.sharing.purging import Remains


async def purge_at_server(screen: Working) -> None:
    """Blanks it, as the command does, and says what was there."""

    def do(context: Context, progress: Progress, cancelled: Cancelled) -> Remains:
        progress("server", 0, 1, "sends and receives first")
        done = purging.blank(context, lambda number: progress("server", 0, 1, f"looked at pack {number:,}"))
        progress("server", 1, 1, purging.said(done))
        return done

    def line(key: str, done: int, total: int, note: str) -> Asked:
        return Asked(key, "server", "done" if done >= total else "asking", note=note)

    def words(done: Remains) -> str:
        return f"{purging.said(done)}; {purging.LEFT}" if done.words else purging.said(done)

    await run_job(
        screen,
        Job(
            title="Purging at the server",
            name="purge",
            do=do,
            line=line,
            words=words,
            stopped="purging at the server stopped",
            again=lambda: purge_at_server(screen),
        ),
    )
