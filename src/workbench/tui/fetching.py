"""Fetching from the app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.model.text import safe_text
from workbench.tui.jobs import Cancelled, Job, Progress, run_job
from workbench.tui.widgets.progress import Asked
from workbench.tui.working import Working
from workbench.usecases.context import Context
from workbench.usecases.fetching import Wanted
from workbench.usecases.fetching import fetch as fetch_all

if TYPE_CHECKING:
    from workbench.sources.reading import Summary


async def fetch(screen: Working, wanted: Wanted | None = None) -> None:
    """Ask the sources; what came is kept when the person stops it."""
    titles = {source.key: source.title or source.key for source in screen.view.definitions.project.sources}

    def ask(context: Context, progress: Progress, cancelled: Cancelled) -> Summary:
        return fetch_all(context, wanted, progress=progress, cancelled=cancelled)

    def line(source: str, done: int, total: int, note: str) -> Asked:
        ended = bool(total) and done >= total
        return Asked(source, titles.get(source, source), "done" if ended else "asking", done, total, note)

    await run_job(
        screen,
        Job(
            title="Measuring",
            name="fetch",
            do=ask,
            line=line,
            words=_words,
            stopped="fetching stopped",
            again=lambda: fetch(screen, wanted),
        ),
    )


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
