"""``workbench handover``: giving the record to somebody else, whole, with what is open."""

from __future__ import annotations

from pathlib import Path

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.model.errors import UsageError
from workbench.model.text import entries_of
from workbench.model.times import moment_text
from workbench.usecases import handing_over
from workbench.usecases.views import exchange as views


@click.command()
@click.option("--to", type=click.Path(path_type=Path), metavar="FILE", help="Write the record to this file.")
@click.option("--for", "whom", metavar="NAME", help="Who takes over.")
@click.option("--cancel", is_flag=True, help="Take the record up again here.")
@click.option("--reason", metavar="WHY", help="Why the handover is cancelled.")
@common("project", "record", "as_person", "json")
@pass_settings
def handover(settings: Settings, to: Path | None, whom: str | None, cancel: bool, reason: str | None) -> None:
    """Hand the record over to somebody, with a page of what is open.

    `handover --to FILE --for NAME` writes the whole record to FILE and the page to FILE.md; from then on this desk
    writes nothing any more.  The other person goes on with `workbench restore FILE`.  Without options it shows the last handover.
    """
    if cancel and (to is not None or whom is not None):
        raise UsageError("--cancel stands alone", hint="workbench handover --cancel --reason WHY")
    if whom is not None and to is None:
        raise UsageError(
            "--for goes with the file that is handed over: --to FILE is missing",
            hint="workbench handover --to FILE --for NAME",
        )
    if reason is not None and not cancel:
        raise UsageError("--reason says why a handover is cancelled", hint="add --cancel")
    if cancel:
        _cancel(settings, reason or "")
    elif to is not None:
        _hand_over(settings, to, whom)
    else:
        _show(settings)


def _hand_over(settings: Settings, to: Path, whom: str | None) -> None:
    with session.acting(settings) as context:
        if context.record.handover() is not None and whom is None:
            done = handing_over.write_again(context, to)
        else:
            done = handing_over.hand_over(context, whom or "", to)
    document = {
        "schema": "workbench.handed-over.1",
        "file": str(done.file),
        "page": str(done.page),
        "to": done.value.to,
        "at": done.value.at,
        "entries": done.entries,
        "evidence": done.evidence,
        "digest": done.digest,
    }
    holds = f"{entries_of(done.entries)}, {views.pieces_of(done.evidence)}"
    words = f"handed over to {output.safe(done.value.to)}: {done.file} ({holds}); what is open: {done.page}"
    output.done(settings, words, document, hint=f"at the other desk: workbench restore {done.file.name}")
    if not settings.json:
        output.talk(
            "this desk writes nothing any more; workbench handover --cancel takes the record up again"
        )


def _cancel(settings: Settings, reason: str) -> None:
    with session.acting(settings) as context:
        to = handing_over.require_handed_over(context).to
        handing_over.cancel(context, reason)
    words = f"the handover to {output.safe(to)} is cancelled: this desk writes again"
    output.done(settings, words, {"schema": "workbench.handover-cancelled.1", "to": to})
    if not settings.json:
        output.talk(
            "if somebody has begun with the file and nobody knows of it here, both went on: exchange joins the two"
        )


def _show(settings: Settings) -> None:
    with session.keeping(settings) as context:
        found, zone = handing_over.last_handover(context), context.zone
        here = context.record.handover() is not None
    if settings.json:
        value, page = found if found is not None else (None, "")
        output.emit(
            {
                "schema": "workbench.handover.1",
                "to": value.to if value else "",
                "by": value.by if value else "",
                "at": value.at if value else None,
                "cancelled": value.cancelled if value else False,
                "closed": here,
                "page": page,
            }
        )
        return
    if found is None:
        output.talk("the record was never handed over; workbench handover --to FILE --for NAME does it")
        return
    value, page = found
    words = (
        "cancelled since" if value.cancelled else "this desk writes no more" if here else "this desk went on"
    )
    output.line(f"handed over to {value.to} by {value.by}, {moment_text(value.at, zone)}; {words}")
    output.say()
    output.lines(page.splitlines())
