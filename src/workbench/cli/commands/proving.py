"""``workbench prove`` and ``head``: proofs about the record, and its end for others to hold."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbench.cli import output, session
from workbench.cli.lazy import Family
from workbench.cli.options import WRITING, Settings, common, pass_settings
from workbench.model.errors import UsageError
from workbench.signoff.checkpoints import Note
from workbench.usecases.context import Context

if TYPE_CHECKING:
    from workbench.usecases.checkpoints import Held

_STDOUT = Path("-")


@click.command()
@click.argument("entry", required=False)
@click.option(
    "--to", type=click.Path(path_type=Path), metavar="FILE", help="Where the proof is written.  [default: -]"
)
@click.option("--digest-only", is_flag=True, help="Leave the entry's content out: only its digest is proven.")
@click.option(
    "--since",
    type=click.Path(path_type=Path),
    metavar="HEAD",
    help="Prove that the record continues this earlier head.",
)
@click.option(
    "--head",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The head that the proof leads to.  [default: the latest signed one, or the present end]",
)
@common("project", "record", "release", "json")
@pass_settings
def prove(
    settings: Settings,
    entry: str | None,
    to: Path | None,
    digest_only: bool,
    since: Path | None,
    head: Path | None,
) -> None:
    """Prove that one entry is in the record, or that the record continues an earlier head.

    ENTRY is a digest as workbench history --json shows it, a signature as GATE/PERSON, an overridden part, or a version that was shipped.
    The proof shows nothing else of the record, and workbench verify FILE needs none.
    """
    from workbench.usecases import checkpoints, proofs

    if (entry is None) == (since is None):
        raise UsageError(
            "what is to be proven?", hint="workbench prove ENTRY, or workbench prove --since HEAD"
        )
    with session.reading(settings) as context:
        leads_to = checkpoints.read_head(head) if head is not None else None
        if since is not None:
            proof = proofs.prove_continuation(context, checkpoints.read_head(since), leads_to)
        else:
            proof = proofs.prove(
                context, entry or "", digest_only=digest_only, head=leads_to, release=settings.release
            )
    if to is None or to == _STDOUT:
        output.text(proof.written.decode())
        return
    output.write(to, proof.written)
    document = {
        "schema": "workbench.proven.1",
        "file": str(to),
        "bytes": len(proof.written),
        "proves": proof.proves,
    }
    output.done(settings, f"wrote {to}: {len(proof.written)} bytes", document, hint=f"workbench verify {to}")


@click.group(cls=Family, invoke_without_command=True)
@click.option(
    "--to", type=click.Path(path_type=Path), metavar="FILE", help="Write it to a file, for others to sign."
)
@click.option(
    "--server", is_flag=True, help="The packs of the server of a shared record, as this desk read them."
)
@common("project", "record", "json")
@click.pass_context
def head(ctx: click.Context, to: Path | None, server: bool) -> None:
    """The end of the ledger in three lines, which others can sign and hold.

    Whoever holds a head can tell whether anything before it was changed or cut.  With --server it is over the packs
    that this desk has read of the server: two desks can compare theirs by a way that the server knows nothing of.
    """
    if ctx.invoked_subcommand is not None:
        return
    from workbench.usecases import checkpoints

    settings = ctx.ensure_object(Settings)
    with session.keeping(settings) as context:
        note = _server_note(context) if server else checkpoints.head_note(context)
        held = (
            [one for one in checkpoints.held_heads(context) if one.of_server == server] if to is None else []
        )
    unit = "packs" if server else "entries"
    if to is not None:
        output.write(to, note.written)
        hint = f"workbench head cosign {to} --ssh-key FILE signs it"
        output.done(
            settings, f"wrote {to}: the head with {note.checkpoint.size} {unit}", _document(note), hint=hint
        )
        return
    if settings.json:
        output.emit(_document(note, held))
        return
    output.text(note.text.decode())
    for one in held:
        where = "" if one.of_this or one.of_server else ", of another desk's ledger"
        output.line(
            f"held at {one.checkpoint.size} {unit} by {', '.join(one.by) or 'nobody in the list'}{where}"
        )


def _server_note(context: Context) -> Note:
    from workbench.usecases.sharing import heads

    return heads.server_note(context)


@head.command("cosign")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--ssh-key", required=True, metavar="FILE", help="The key that signs; `git` for git's.")
@click.option(
    "--name", default="", metavar="NAME", help="The name under which you sign.  [default: the key's person]"
)
@common("project", "json")
@pass_settings
def cosign(settings: Settings, file: Path, ssh_key: str, name: str) -> None:
    """Sign a head with your key; the signature is added to the file.  No record is needed."""
    from workbench.usecases import checkpoints
    from workbench.usecases.signers import signers_here
    from workbench.usecases.ssh_signing import signing_key

    note = checkpoints.read_head(file)
    signed = checkpoints.cosign(
        note,
        signing_key(ssh_key, Path.cwd()),
        signers_here(session.options_of(settings)).keys,
        name=name,
        asks=session.can_ask(),
        tell=output.talk,
    )
    output.write(file, signed.written)
    words = f"signed the head with {note.checkpoint.size} entries; keep a copy of {file}, and send it back"
    output.done(settings, words, _document(signed), hint=f"workbench head add {file}")


@head.command("add")
@click.argument("ref", metavar="FILE|tag:NAME")
@common(*WRITING)
@pass_settings
def add(settings: Settings, ref: str) -> None:
    """Keep a head that others signed, in the record and outside of it; verify compares the record with it.

    FILE is the signed head; a signature that ssh-keygen wrote beside it (FILE.sig) is taken as well. tag:NAME is the message of an annotated tag of git.
    """
    from workbench.usecases import checkpoints

    with session.acting(settings) as context:
        note = checkpoints.note_named(context, ref)
        held = checkpoints.add(context, note)
    where = "" if held.of_this else "; it is of another desk's ledger, with which this one cannot be compared"
    if held.of_server:
        where = "; verify compares what this desk has read of the server with it"
    unit = "packs" if held.of_server else "entries"
    words = f"kept the head with {held.checkpoint.size} {unit}, signed by {', '.join(held.by)}{where}"
    output.done(settings, words, _document(note, [held]), hint="workbench verify")


def _document(note: Note, held: Sequence[Held] = ()) -> dict[str, object]:
    return {
        "schema": "workbench.head.1",
        **output.fields(note.checkpoint),
        "names": [each.name for each in note.signatures],
        "note": note.written.decode(),
        "held": [
            {**output.fields(one.checkpoint), "by": list(one.by), "of_this_desk": one.of_this} for one in held
        ],
    }
