"""``workbench exchange``: packs for other desks, and how this desk stands to them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.model.errors import UsageError
from workbench.model.text import entries_of
from workbench.usecases import exchanging
from workbench.usecases.exchanging import Imported, Overview
from workbench.usecases.views import exchange as views


@click.command()
@click.option("--to", type=click.Path(path_type=Path), metavar="FILE", help="Write a pack to this file.")
@click.option(
    "--since",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Only what the desk lacks that made this pack.",
)
@click.option(
    "--for",
    "for_desk",
    metavar="DESK",
    help="Only what this desk lacked when its last pack came: the end of its id, or who writes there.",
)
@common("project", "record", "as_person", "json")
@pass_settings
def exchange(settings: Settings, to: Path | None, since: Path | None, for_desk: str | None) -> None:
    """Exchange entries with another desk through files, without a server.

    `exchange --to FILE` writes a pack; the other desk imports it with `workbench import FILE`, and sends one back. Without
    options it shows the desks, what each holds, what waits, and what is quarantined.
    """
    if to is None:
        if since is not None or for_desk is not None:
            option = "--since" if since is not None else "--for"
            raise UsageError(
                f"{option} goes with a file to write: --to FILE is missing",
                hint="workbench exchange --to FILE …",
            )
        _show(settings)
        return
    if str(to) == "-":
        raise UsageError("a pack is written to a file", hint="workbench exchange --to FILE")
    with session.keeping(settings) as context:
        written = exchanging.write_pack(context, to, since=since, for_desk=for_desk)
    document = {
        "schema": "workbench.exchange-pack.1",
        "file": str(to),
        "entries": written.entries,
        "evidence": written.blobs,
        "bytes": written.size,
        "digest": written.digest,
    }
    holds = f"{entries_of(written.entries)}, {views.pieces_of(written.blobs)}"
    output.done(
        settings, f"wrote {to}: {holds}", document, hint=f"at the other desk: workbench import {to.name}"
    )


def _show(settings: Settings) -> None:
    with session.keeping(settings) as context:
        found, zone = exchanging.read_overview(context), context.zone
    if settings.json:
        output.emit(_overview_document(found))
        return
    output.lines(views.overview_lines(found, zone))
    if found.quarantined:
        output.talk("next: workbench repair")
    elif found.contested:
        output.talk("next: workbench contested")
    else:
        output.talk("next: workbench exchange --to FILE writes a pack for another desk")


def _overview_document(found: Overview) -> dict[str, Any]:
    return {
        "schema": "workbench.exchange.1",
        "record": found.record,
        "desk": found.desk,
        "entries": found.entries,
        "desks": [
            {**output.fields(line.seen), "heard": line.heard, "lacks": line.lacks} for line in found.desks
        ],
        "waiting": found.waiting,
        "quarantined": found.quarantined,
        "forks": found.forks,
        "contested": found.contested,
        "absent": found.absent,
    }


def import_pack(settings: Settings, path: Path, *, dry_run: bool) -> int:
    """``workbench import`` of a pack; exit code 1 where something of it is quarantined."""
    with session.acting(settings) as context:
        done = exchanging.take(context, path, dry_run=dry_run)
    if settings.json:
        output.emit(_imported_document(done, path))
    else:
        output.lines(views.imported_lines(done, path))
        if dry_run:
            output.talk("nothing was kept: --dry-run")
        else:
            output.talk_lines(f"next: {text}" for text in views.advice(done))
    return 1 if done.taken.new else 0


def _imported_document(done: Imported, path: Path) -> dict[str, Any]:
    taken = done.taken
    return {
        "schema": "workbench.pack-imported.1",
        "file": str(path),
        "applied": not done.dry_run,
        "desk": done.log.desk,
        "taken": taken.taken,
        "waiting": taken.waiting,
        "quarantined": taken.quarantined,
        "new": taken.new,
        "forks": done.forks,
        "contested": done.contested,
        "absent": taken.absent,
        "lacking": done.lacking,
        "new_desk": taken.new_desk,
        "notes": taken.notes,
    }
