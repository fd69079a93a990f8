"""``workbench evidence``: one piece of evidence as it was kept, and what of it stays at the server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from workbench.cli import output, session
from workbench.cli.interrupting import CANCELLED
from workbench.cli.options import Settings, common, pass_settings
from workbench.cli.progress import AFTER, Progress
from workbench.model.errors import UsageError
from workbench.model.quantity import size_text
from workbench.usecases.output_files import write_new
from workbench.usecases.sharing import evidence as evidence_here
from workbench.usecases.views import evidence as views


@click.command()
@click.argument("ref", required=False)
@click.option("--to", type=click.Path(path_type=Path), metavar="FILE", help="Write its bytes to this file.")
@click.option("--overwrite", is_flag=True, help="Replace a file that is there already.")
@click.option("--fetch", is_flag=True, help="Fetch all evidence that is not here, to have it off-line.")
@common("project", "record", "json")
@pass_settings
def evidence(settings: Settings, ref: str | None, to: Path | None, overwrite: bool, fetch: bool) -> int:
    """Show a piece of evidence, or list what of the record's evidence is not here.

    REF is its digest, or its beginning. Of a shared record large attachments and raw answers stay at the server
    until somebody looks at them: then they are fetched, checked against their digest, and kept here.
    """
    if ref is None and to is not None:
        raise UsageError(
            "--to writes one piece of evidence: its digest is missing",
            hint="workbench evidence REF --to FILE",
        )
    if ref is not None and fetch:
        raise UsageError("--fetch is about all evidence", hint="workbench evidence REF fetches one piece")
    if ref is not None:
        return _show(settings, ref, to, overwrite)
    return _fetch(settings) if fetch else _list(settings)


def _show(settings: Settings, ref: str, to: Path | None, overwrite: bool) -> int:
    with session.keeping(settings, readonly=False) as context:
        digest = evidence_here.find(context, ref)
        with Progress(AFTER) as progress:
            looked = evidence_here.look(context, digest, _of_one(progress))
    blob = looked.blob
    if blob is not None and to is not None:
        write_new(to, blob.data, overwrite=overwrite)
    document = {
        "schema": "workbench.evidence.1",
        "digest": digest,
        "media": blob.media if blob else None,
        "size": len(blob.data) if blob else None,
        "file": str(to) if blob and to else None,
        "why": looked.why,
    }
    if settings.json:
        output.emit(document)
    elif blob is None:
        output.line(f"{digest[:12]}: {looked.why}")
    elif to is not None:
        output.line(f"wrote {to}: {len(blob.data):,} bytes")
    else:
        piece = views.piece_of(looked)
        output.talk(f"{digest}: {piece.what}")
        for line in piece.text.splitlines():
            output.say(line)
    return 0 if blob is not None else 1


def _of_one(progress: Progress) -> Callable[[str, int, int, str], None]:
    return lambda digest, done, size, note: progress.show(digest[:12], done // 1000, size // 1000, "kB")


def _fetch(settings: Settings) -> int:
    with session.keeping(settings, readonly=False) as context, Progress(AFTER) as progress:
        found = evidence_here.bring_all(context, _of_all(progress, context.record.count_absent()))
    stopped = evidence_here.STOPPED in found.missing.values()
    if settings.json:
        output.emit({"schema": "workbench.evidence-fetched.1"} | output.fields(found))
    else:
        output.lines(views.brought_lines(found))
        if stopped:
            output.talk("next: workbench evidence --fetch goes on")
    return CANCELLED if stopped else 1 if found.missing else 0


def _of_all(progress: Progress, total: int) -> Callable[[str, int, int, str], None]:
    """Tells how many pieces came of how many, and how far the present one is."""
    begun: dict[str, None] = {}

    def told(digest: str, done: int, size: int, note: str) -> None:
        begun[digest] = None
        whole = len(begun) if done >= size else len(begun) - 1
        progress.show("evidence", whole, total, f"{digest[:12]} {size_text(done)} of {size_text(size)}")

    return told


def _list(settings: Settings) -> int:
    with session.keeping(settings) as context:
        found = evidence_here.list_absent(context)
    if settings.json:
        output.emit(
            {"schema": "workbench.evidence-absent.1", "evidence": [output.fields(one) for one in found]}
        )
    else:
        output.lines(views.absent_lines(found))
        if any(not one.why for one in found):
            output.talk(
                "next: workbench evidence REF, or workbench evidence --fetch to have all of it off-line"
            )
    return 0
