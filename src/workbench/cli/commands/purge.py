"""``workbench purge``: get out of the record what slipped into it."""

from __future__ import annotations

import click

from workbench.cli import output, session
from workbench.cli.options import WRITING, Settings, common, pass_settings, ssh_key
from workbench.model.errors import UsageError


@click.command()
@click.argument("ref", required=False)
@click.option("--reason", metavar="TEXT", help="Why it has to go; it stays beside the tombstone.")
@click.option(
    "--server", is_flag=True, help="Blank what was purged in the packs and the evidence at the server."
)
@ssh_key
@common(*WRITING)
@pass_settings
def purge(settings: Settings, ref: str | None, reason: str | None, server: bool, ssh_key: str | None) -> None:
    """Remove a piece of evidence, or the content of a replaced entry, for good.

    REF is its digest, or its beginning. The first person proposes it, a second one approves it: with the same
    command, or with workbench approve. Of a shared record a keeper's desk blanks it at the server, too: at once, or
    later with `purge --server`.
    """
    if server:
        if ref is not None or reason is not None:
            raise UsageError("--server blanks all that was purged here", hint="workbench purge --server")
        _blank(settings)
        return
    if ref is None or reason is None:
        missing = "REF" if ref is None else "--reason"
        raise UsageError(f"{missing} is missing", hint="workbench purge REF --reason WHY")
    from workbench.usecases import purging
    from workbench.usecases.evaluate import evaluate
    from workbench.usecases.sharing.purging import after

    with session.acting(settings, ssh_key) as context:
        asked = purging.purge(context, evaluate(context), ref, reason)
        at_server = after(context) if asked.done else ""
    if asked.done:
        words, hint = f"purged: {asked.title}; a tombstone stays", "workbench verify"
    else:
        words = f"proposed to purge {asked.title}: waiting for approval by {asked.waits_for}"
        hint = f"workbench approve {asked.digest[:12]} --as PERSON"
    if asked.copies is not None:
        output.talk(f"copies of the record made before hold the bytes still: {asked.copies}")
    if at_server:
        output.talk(at_server)
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


def _blank(settings: Settings) -> None:
    from workbench.usecases.sharing import purging

    with session.acting(settings) as context:
        done = purging.blank(context)
    document = {"schema": "workbench.purge-server.1", "packs": done.packs, "evidence": done.evidence}
    output.done(settings, purging.said(done), document, hint=purging.LEFT if done.words else "")
