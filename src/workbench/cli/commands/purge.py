"""``workbench purge``: get out of the record what slipped into it."""

from __future__ import annotations

import click

from workbench.cli import output, session
from workbench.cli.options import WRITING, Settings, common, pass_settings, ssh_key


@click.command()
@click.argument("ref")
@click.option(
    "--reason", required=True, metavar="TEXT", help="Why it has to go; it stays beside the tombstone."
)
@ssh_key
@common(*WRITING)
@pass_settings
def purge(settings: Settings, ref: str, reason: str, ssh_key: str | None) -> None:
    """Remove a piece of evidence, or the content of a replaced entry, for good.

    REF is its digest, or its beginning. The first person proposes it, a second one approves it: with the same
    command, or with workbench approve.
    """
    from workbench.usecases import purging
    from workbench.usecases.evaluate import evaluate

    with session.acting(settings, ssh_key) as context:
        asked = purging.purge(context, evaluate(context), ref, reason)
    if asked.done:
        words, hint = f"purged: {asked.title}; a tombstone stays", "workbench verify"
    else:
        words = f"proposed to purge {asked.title}: waiting for approval by {asked.waits_for}"
        hint = f"workbench approve {asked.digest[:12]} --as PERSON"
    if asked.copies is not None:
        output.talk(f"copies of the record made before hold the bytes still: {asked.copies}")
    document = {
        "schema": "workbench.purge.1",
        "digest": asked.digest,
        "title": asked.title,
        "purged": asked.done,
        "waits_for": asked.waits_for,
        "copies": str(asked.copies) if asked.copies else None,
        "change": asked.change,
    }
    output.done(settings, words, document, hint=hint)
