"""``workbench fetch``: measurements and test results from the sources."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from workbench.cli import output, session
from workbench.cli.interrupting import CANCELLED, interruptible
from workbench.cli.options import Settings, common, pass_settings, record_file_only
from workbench.cli.progress import Progress
from workbench.model.text import number_of
from workbench.sources.reading import Summary
from workbench.usecases.fetching import Wanted
from workbench.usecases.fetching import fetch as ask
from workbench.usecases.views.answers import answered


@click.command()
@click.option("--source", "sources", multiple=True, metavar="KEY", help="Only this source; may be repeated.")
@click.option("--benchmark", "benchmarks", multiple=True, metavar="KEY", help="Only this benchmark.")
@click.option("--flow", "flows", multiple=True, metavar="KEY", help="Only the benchmarks of this flow.")
@click.option("--environment", "environments", multiple=True, metavar="KEY", help="Only this environment.")
@click.option(
    "--keep-answers",
    "--record",
    "record_to",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Keep the answers as recordings in this folder (its old name --record is not the record's file, "
    "which is --record-file here); with --now nothing else is kept.",
)
@click.option(
    "--replay",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Answer from recordings; such measurements are marked.",
)
@common("project", "as_person", "now", "release", "json")
@record_file_only
@pass_settings
def fetch(
    settings: Settings,
    sources: tuple[str, ...],
    benchmarks: tuple[str, ...],
    flows: tuple[str, ...],
    environments: tuple[str, ...],
    record_to: Path | None,
    replay: Path | None,
) -> int:
    """Fetch measurements and test results from the sources.

    Each source's answers are kept when they have arrived; ctrl+c keeps what came.  Exits
    with 3 if nothing but errors came.
    """
    wanted = Wanted(sources=sources, benchmarks=benchmarks, flows=flows, environments=environments)
    # What was asked as of another moment is a recording, and no entry.
    opened = session.reading if settings.now and record_to else session.acting
    with opened(settings) as context, interruptible() as interrupted, Progress() as progress:
        summary = ask(
            context,
            wanted,
            record_to=record_to,
            replay=replay,
            progress=progress.show,
            cancelled=lambda: bool(interrupted),
        )
    _print(settings, summary)
    if summary.cancelled:
        return CANCELLED
    return 3 if summary.errors and not (summary.ok or summary.missing) else 0


def _print(settings: Settings, summary: Summary) -> None:
    if settings.json:
        output.emit(_document(summary))
        return
    parts = [f"{summary.ok} answered"]
    parts += [f"{summary.missing} without data"] if summary.missing else []
    parts += [f"{summary.errors} could not be asked"] if summary.errors else []
    questions = number_of(summary.asked, "question")
    output.line(f"{questions} to {', '.join(summary.sources) or 'nobody'}: {', '.join(parts)}")
    output.lines(f"  {problem}" for problem in summary.problems)
    if summary.skipped:
        output.talk(f"typed by people, not fetched: {', '.join(summary.skipped)}")
    if summary.cancelled:
        output.talk("cancelled; what had arrived is kept")
    else:
        output.talk("next: workbench gate")


def _document(summary: Summary) -> dict[str, Any]:
    """All that was measured, and apart from it what could not be asked, each with its question."""
    answers = [answered(reading) for reading in summary.readings]
    return {
        "schema": "workbench.fetch.2",
        "asked": summary.asked,
        "ok": summary.ok,
        "missing": summary.missing,
        "sources": summary.sources,
        "skipped": summary.skipped,
        "cancelled": summary.cancelled,
        "measurements": [one for one in answers if one.state != "error"],
        "errors": [one for one in answers if one.state == "error"],
    }
