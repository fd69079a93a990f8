"""``workbench backup`` and ``excerpt``: copies of the record, whole and in part."""

from __future__ import annotations

from pathlib import Path

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.usecases import excerpts, output_files, safekeeping


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@common("project", "record", "json")
@pass_settings
def backup(settings: Settings, file: Path | None) -> None:
    """Make a safe copy of the record.

    Into FILE, which must not exist, or into your data folder, where the newest 20 stay.
    """
    with session.keeping(settings) as context:
        path = safekeeping.backup(context, file)
        head = context.record.head
    document = {"schema": "workbench.backup.1", "file": str(path), "ledger_head": head.chain}
    output.done(settings, f"copied to {path}", document)


@click.command()
@click.option(
    "--output",
    "to",
    metavar="FILE",
    help="A file, or a folder: one that ends in / is made.  [default: standard output]",
)
@common("project", "record", "release")
@pass_settings
def excerpt(settings: Settings, to: str | None) -> None:
    """Write what CI and a second machine need.

    A deterministic text file; `workbench gate --excerpt FILE` judges from it.  One that
    ends in .excerpt.jsonl beside the project also guards the ledger's end.  Its digest is
    told: whoever has that can tell whether the file is the one that was written.
    """
    with session.reading(settings) as context:
        data = excerpts.excerpt(context)
        name = excerpts.default_name(context)
    if to is None or to == "-":
        output.write(Path("-"), data)
        return
    place = output_files.place_of(to)
    target = place / name if place.is_dir() else place
    output.write(target, data)
    output.talk(f"wrote {target}; workbench gate --excerpt {target} judges from it")
    output.talk(f"its digest: {excerpts.digest_of(data)}")
