"""``workbench backup`` and ``excerpt``: copies of the record, whole and in part."""

from __future__ import annotations

from pathlib import Path

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings, ssh_key
from workbench.model.errors import UsageError
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
@ssh_key
@common("project", "record", "as_person", "release")
@pass_settings
def excerpt(settings: Settings, to: str | None, ssh_key: str | None) -> None:
    """Write what CI and a second machine need.

    A deterministic text file; `workbench gate --excerpt FILE` judges from it.  One that
    ends in .excerpt.jsonl beside the project also guards the ledger's end.  Its digest is
    told: whoever has that can tell whether the file is the one that was written.  --ssh-key
    seals it: the signature stands beside it, in FILE.sig, and gate refuses one that was edited.
    """
    if ssh_key is not None and to in (None, "-"):
        raise UsageError("the seal is a file beside the excerpt", hint="--output FILE")
    with session.reading(settings) as context:
        data = excerpts.excerpt(context)
        name = excerpts.default_name(context)
        seal = None
        if ssh_key is not None:
            seal = excerpts.seal(context, data, ssh_key, asks=session.can_ask(), tell=output.talk)
    if to is None or to == "-":
        output.write(Path("-"), data)
        return
    place = output_files.place_of(to)
    target = place / name if place.is_dir() else place
    beside = excerpts.seal_of(target)
    if seal is None and beside.exists():
        raise UsageError(
            f"{beside} seals the excerpt that was written before",
            hint="--ssh-key FILE seals this one; or remove it",
        )
    output.write(target, data)
    if seal is not None:
        output.write(beside, seal)
        output.talk(f"wrote {beside}, which seals it")
    output.talk(f"wrote {target}; workbench gate --excerpt {target} judges from it")
    output.talk(f"its digest: {excerpts.digest_of(data)}")
