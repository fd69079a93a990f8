"""``workbench verify``: is the record intact, a bundle, or a proof?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.model.errors import UsageError
from workbench.model.text import number_of
from workbench.record import Report
from workbench.usecases import safekeeping
from workbench.usecases.bundling.reading import is_bundle
from workbench.usecases.context import Context
from workbench.usecases.proofs import is_proof_file
from workbench.usecases.views.sharing.server_trust import server_lines

if TYPE_CHECKING:
    from workbench.usecases.sharing.trusting import Trust

BROKEN = 4


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path), metavar="[BUNDLE|PROOF]")
@click.option(
    "--allowed-signers",
    "allowed",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Whose keys count, as ssh-keygen reads it.  [default: the people of the project here]",
)
@click.option(
    "--head",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A head that you have from elsewhere: the proof has to lead to it.",
)
@click.option(
    "--server",
    "ask_server",
    is_flag=True,
    help="Read again all that the server of a shared record holds, and compare it.",
)
@common("project", "record", "json")
@pass_settings
def verify(
    settings: Settings, file: Path | None, allowed: Path | None, head: Path | None, ask_server: bool
) -> int:
    """Is the record intact, a bundle, or a proof?

    The chain is computed again, every table compared with the ledger, every piece of
    evidence with its digest, and the ledger's end with the ends that are known outside of
    it and with the heads that others signed.  Exits with 0, or with 4 and the first thing that is wrong.

    Where the record is shared, it is also told whether the server is as this desk noted it and others saw it: off-line, of
    what came so far; with --server of everything that the server holds now.  4 where the server rewrote, reordered or
    withheld something, until somebody accepts that (workbench share --reconnect).

    A BUNDLE, in a folder or an archive, is checked without any record: 0 where it is intact and
    somebody on your list of signers signed it, 1 where it is intact and nobody vouches for it, 4
    where it is not intact.  A PROOF (workbench prove) needs none, either: 0 where it holds and somebody on your
    list signed its head, or --head FILE is that head; 1 where it holds, but nobody vouches for its head; 4 where it
    does not hold.
    """
    if ask_server and file is not None:
        raise UsageError("--server is for a record that is shared", hint="workbench verify --server")
    # A bundle holds proofs, and an archive their letters.
    if file is not None and not is_bundle(file) and is_proof_file(file):
        from workbench.cli.commands.verify_proof import verify_proof

        return verify_proof(settings, file, allowed, head)
    if head is not None:
        raise UsageError("--head is for a proof", hint="workbench verify PROOF --head FILE")
    if file is not None:
        from workbench.cli.commands.verify_bundle import verify_bundle

        return verify_bundle(settings, file, allowed)
    if allowed is not None:
        raise UsageError("--allowed-signers is for a bundle or a proof", hint="workbench verify FILE")
    with session.keeping(settings) as context:
        report = safekeeping.verify(context)
        trust = _trust(context, ask=ask_server) if report.ok else None
    good = report.ok and (trust is None or trust.ok)
    if settings.json:
        fields = {name: getattr(report, name) for name in report.__struct_fields__}
        server = output.fields(trust) if trust is not None else None
        output.emit({"schema": "workbench.verify.1", **fields, "server": server})
        return 0 if good else BROKEN
    checked = (
        f"{report.entries} entries, {report.rows} rows, {report.blobs} pieces of evidence, "
        f"compared with {ends_text(report.ends_compared)}{_cosigned(report)}"
    )
    output.line(f"intact: {checked}" if report.ok else f"NOT intact: {report.problem}")
    output.lines(f"  note: {note}" for note in (*report.notes, *safekeeping.about_desks(report)))
    if not report.ok:
        output.talk("next: keep this file as it is; workbench repair --dry-run shows what can be made of it")
    if trust is not None:
        output.lines(server_lines(trust))
        if not trust.ok:
            output.talk(
                "next: if it is known why, workbench share --reconnect --reason WHY accepts it, and goes on"
            )
    return 0 if good else BROKEN


def _trust(context: Context, *, ask: bool) -> Trust | None:
    """How the server of a shared record stands; ``None`` where it is not shared."""
    from workbench.usecases.sharing import SHARED

    if not ask and not context.record.noted(SHARED):
        return None
    from workbench.usecases.sharing import trusting

    return trusting.judge(context, ask=ask)


def ends_text(count: int) -> str:
    """How many ends that are known outside of the record it was compared with."""
    if count == 0:
        return "no end that was noted outside: that nothing was cut, nobody can tell"
    return f"{number_of(count, 'end')} that {'were' if count > 1 else 'was'} noted outside"


def _cosigned(report: Report) -> str:
    """With how many heads it was compared that people signed, and who they are."""
    if not report.cosigned:
        return ""
    people = ", ".join(report.cosigned_by) or "nobody in the list of people"
    return f", and with {number_of(report.cosigned, 'head')} signed by {people}"
