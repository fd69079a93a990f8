"""A piece of evidence in the app: shown at once where it is here, fetched with a bar where it stays at the server."""

from __future__ import annotations

from workbench.model.errors import WorkbenchError
from workbench.tui.jobs import Cancelled, Job, Progress, run_job
from workbench.tui.screens.reading import ReadingPanel
from workbench.tui.theme import Role
from workbench.tui.widgets.progress import Asked
from workbench.tui.widgets.prose import Block, Gap, Pair, Verbatim
from workbench.tui.working import Working
from workbench.usecases.context import Context
from workbench.usecases.views.evidence import Piece, fetch_piece, read_piece


async def show_evidence(screen: Working, title: str, digest: str) -> None:
    """Shows a piece of evidence; whoever does not want to wait for the server stops it."""
    try:
        piece = await screen.work.desk.call(read_piece, digest)
    except WorkbenchError as error:
        screen.work.tell(error)
        return
    if piece.stays:
        await _fetch(screen, title, digest)
    else:
        await _show(screen, title, digest, piece)


async def _show(screen: Working, title: str, digest: str, piece: Piece) -> None:
    blocks: list[Block] = [Pair("What", piece.what), Pair("SHA-256", digest, role=Role.MUTED), Gap()]
    await screen.app.push_screen(ReadingPanel(title, [*blocks, Verbatim(piece.text)], copies=piece.text))


async def _fetch(screen: Working, title: str, digest: str) -> None:
    def do(context: Context, progress: Progress, cancelled: Cancelled) -> Piece:
        return fetch_piece(context, digest, progress, cancelled)

    def line(key: str, done: int, total: int, note: str) -> Asked:
        ended = done >= total
        return Asked(
            key, f"evidence {key[:12]}", "done" if ended else "asking", done // 1000, total // 1000, "kB"
        )

    async def show(piece: Piece) -> None:
        await _show(screen, title, digest, piece)

    await run_job(
        screen,
        Job(
            title="Fetching from the server",
            name="evidence",
            do=do,
            line=line,
            words=lambda piece: piece.what,
            stopped="fetching stopped",
            again=lambda: show_evidence(screen, title, digest),
            then=show,
        ),
    )
