"""``workbench bundle``: everything that an auditor needs of a release."""

from __future__ import annotations

from pathlib import Path

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.model.quantity import size_text
from workbench.model.text import number_of
from workbench.usecases.ssh_signing import signing_key


@click.command()
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    metavar="PATH",
    required=True,
    help="The folder to make; an archive where it ends in .zip or .tar.gz.",
)
@click.option(
    "--ssh-key",
    metavar="FILE",
    help="Sign the bundle's index with this SSH key; “git” is the one that git signs with.",
)
@click.option("--overwrite", is_flag=True, help="Replace a bundle that is there already.")
@common("project", "record", "as_person", "now", "release", "json")
@pass_settings
def bundle(settings: Settings, to: Path, ssh_key: str | None, overwrite: bool) -> None:
    """Write everything that an auditor needs of a release, to be checked anywhere.

    It holds the gates' reports, the definitions, the parity map, answers, evidence, what each person
    said and was shown, the entries of the record, and a README that says how a stranger checks it with
    sha256sum, ssh-keygen and jq.  The same record and moment give the same bytes.
    """
    from workbench.usecases.bundling.making import make

    with session.reading(settings) as context:
        key = signing_key(ssh_key, context.root) if ssh_key is not None else None
        made = make(context, to, overwrite=overwrite, key=key, tell=output.talk)
    signed = f", signed with {made.key}" if made.key else ""
    words = f"wrote {made.path}: {number_of(made.files, 'file')}, {size_text(made.size)}{signed}"
    document = {
        "schema": "workbench.bundled.1",
        "path": str(made.path),
        "release": made.index.release,
        "files": made.files,
        "size": made.size,
        "index": made.digest,
        "signed_with": made.key or None,
        "absent": len(made.index.absent),
    }
    if made.index.absent:
        output.talk(
            f"{number_of(len(made.index.absent), 'piece')} of evidence could not be put into it: index.json says which and why"
        )
    output.done(settings, words, document, hint=f"workbench verify {made.path}")
