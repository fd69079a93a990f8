"""``workbench repair``: what is quarantined, and a record that is damaged."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.model.errors import UsageError
from workbench.model.text import entries_of
from workbench.record import Aside
from workbench.usecases import exchanging, repairing
from workbench.usecases.repairing import Mended
from workbench.usecases.views import exchange as exchange_views
from workbench.usecases.views import repair as views


@click.command()
@click.option(
    "--from",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A copy, a pack, an excerpt or an old record to read from as well; repeatable.",
)
@click.option(
    "--server",
    "ask_server",
    is_flag=True,
    help="Ask the server of a shared record for everything again, and send what it lacks.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--drop", metavar="DIGEST", help="Drop an entry from the quarantine; needs --reason.")
@click.option(
    "--enter", metavar="DIGEST", help="Enter what a quarantined entry says in your own name; needs --reason."
)
@click.option("--reason", metavar="WHY", help="Why; it stays on record.")
@common("project", "record", "as_person", "json")
@pass_settings
def repair(
    settings: Settings,
    files: tuple[Path, ...],
    ask_server: bool,
    dry_run: bool,
    yes: bool,
    drop: str | None,
    enter: str | None,
    reason: str | None,
) -> int:
    """Show what is quarantined, or make a damaged record sound again.

    A sound record is built beside the damaged one, of all that proves itself in it, in your copies and in the files that you name.
    You are shown what it holds and what is lost, and asked; then it takes the place of the damaged one, which is kept.

    With --server the server of a shared record is one more source.  Of a sound record it is asked for everything again: what waits goes
    on, evidence that stayed there comes, and a keeper's desk sends what the server lacks of anybody's.
    """
    if drop is not None or enter is not None:
        if (drop is not None and enter is not None) or files or dry_run or ask_server:
            raise UsageError(
                "--drop and --enter stand alone", hint="workbench repair --drop DIGEST --reason WHY"
            )
        _one(settings, drop, enter, reason or "")
        return 0
    problem = repairing.problem_of(session.options_of(settings))
    if problem:
        return _mend(settings, files, ask_server=ask_server, dry_run=dry_run, yes=yes)
    if files:
        done = _bring(settings, files, dry_run=dry_run)
        return max(done, _ask(settings)) if ask_server else done
    if ask_server:
        return _ask(settings)
    _list(settings)
    return 0


def _one(settings: Settings, drop: str | None, enter: str | None, reason: str) -> None:
    with session.acting(settings) as context:
        if drop is not None:
            done, word = repairing.drop(context, drop, reason), "dropped"
        else:
            done, word = (repairing.enter(context, enter or "", reason),), "entered"
        found = exchanging.read_overview(context)
    first = exchange_views.aside_name(done[0])
    more = f", and {entries_of(len(done) - 1)} that waited for it" if len(done) > 1 else ""
    document = _document(None, found, applied=True, cleared=done)
    output.done(settings, f"{word}: {first}{more}", document, hint="workbench repair")


def _list(settings: Settings) -> None:
    with session.keeping(settings) as context:
        found = exchanging.read_overview(context)
    if settings.json:
        output.emit(_document(None, found))
        return
    if not found.quarantined and not found.waiting:
        output.line("nothing is damaged, nothing waits, nothing is quarantined")
        return
    output.lines(views.kept_aside_lines(found))
    output.talk_lines(views.ways(found))


def _bring(settings: Settings, files: tuple[Path, ...], *, dry_run: bool) -> int:
    """The record is sound: what the files hold and it lacks is imported."""
    if dry_run:
        raise UsageError(
            "the record is sound: there is nothing to repair", hint="workbench import FILE --dry-run"
        )
    quarantined = False
    with session.acting(settings) as context:
        for file in files:
            done = repairing.bring(context, file)
            quarantined = quarantined or bool(done.taken.new)
            if not settings.json:
                output.lines(exchange_views.imported_lines(done, file))
        found = exchanging.read_overview(context)
    if settings.json:
        output.emit(_document(None, found))
    return 1 if quarantined else 0


def _ask(settings: Settings) -> int:
    """The record is sound: the server is asked for all of it again, and gets what it lacks."""
    from workbench.usecases.sharing.asking_again import ask_again
    from workbench.usecases.views.sharing.server_again import asked_lines

    with session.acting(settings) as context:
        done = ask_again(context)
        found = exchanging.read_overview(context)
    if settings.json:
        output.emit(_document(None, found, server=output.fields(done)))
    else:
        output.lines(asked_lines(done))
        output.lines(views.kept_aside_lines(found))
        output.talk_lines(views.ways(found))
    return 1 if done.refused or done.synced.quarantined else 0


def _mend(settings: Settings, files: tuple[Path, ...], *, ask_server: bool, dry_run: bool, yes: bool) -> int:
    shown: list[Mended] = []

    def confirm(found: Mended) -> bool:
        shown.append(found)
        if not settings.json:
            output.lines(views.mended_lines(found))
        if dry_run or yes:
            return yes and not dry_run
        if settings.json or not sys.stdin.isatty():
            raise UsageError("nothing was changed: say that it is wanted", hint="workbench repair --yes")
        return click.confirm(
            "Put it in the place of the damaged one, which is kept?", default=False, err=True
        )

    done = repairing.mend(session.options_of(settings), files, confirm, ask_server=ask_server)
    if settings.json:
        output.emit(_document(done or shown[-1], None, applied=done is not None))
    elif done is None:
        output.talk("nothing was changed")
    else:
        output.line(f"repaired; the damaged record is kept as {output.safe(done.kept)}")
        output.talk("next: workbench verify")
    return 0


def _document(
    mended: Mended | None,
    found: exchanging.Overview | None,
    *,
    applied: bool = False,
    cleared: Sequence[Aside] = (),
    server: dict[str, Any] | None = None,
) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if mended is not None:
        fields = {
            "problem": mended.problem,
            "entries": mended.entries,
            "sound": mended.read.sound,
            "damaged": mended.read.damaged,
            "lost": mended.lost,
            "evidence_lost": mended.evidence_lost,
            "same_desk": mended.same_desk,
            "base": str(mended.base),
            "used": [{"file": str(one.file), "entries": one.entries} for one in mended.used],
            "kept": str(mended.kept) if mended.kept else None,
        }
    return {
        "schema": "workbench.repair.1",
        "applied": applied,
        "mended": fields or None,
        "cleared": cleared,
        "quarantined": found.quarantined if found else (),
        "waiting": found.waiting if found else (),
        "forks": found.forks if found else (),
        "server": server,
    }
