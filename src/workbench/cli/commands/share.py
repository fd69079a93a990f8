"""``workbench share``: a record that other desks take up through a server."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.cli.transferring import transferring
from workbench.model.errors import UsageError
from workbench.model.text import joined_words
from workbench.usecases.sharing import leaving, moving, sharing, standing
from workbench.usecases.sharing.synced import Synced
from workbench.usecases.views.sharing import outcomes as views
from workbench.usecases.views.sharing import standing as standing_views
from workbench.usecases.views.sharing.needs import read_needs
from workbench.usecases.views.sharing.sync import exit_code


@click.command()
@click.argument("url", required=False)
@click.option("--check", is_flag=True, help="Look at the server: versions, rights, clock, size.")
@click.option(
    "--move",
    "move_to",
    metavar="URL",
    help="Move the record to another database, or follow where another desk moved it.",
)
@click.option(
    "--leave", is_flag=True, help="Send what is left, and go on alone with this copy; off-line, too."
)
@click.option(
    "--sql", is_flag=True, help="Print what an administrator runs for it; with --upgrade, for an upgrade."
)
@click.option("--upgrade", is_flag=True, help="Bring the server's tables up to date; for who owns them.")
@click.option("--reconnect", is_flag=True, help="Go on with a server that was put back or changed.")
@click.option("--reason", metavar="WHY", help="Why one goes on with it, for --reconnect.")
@click.option("--beside", is_flag=True, help="Even if the server has another record of the same project.")
@click.option(
    "--demonstration", is_flag=True, help="Even if the record is a demonstration, for trying it out."
)
@common("project", "record", "as_person", "json")
@pass_settings
def share(
    settings: Settings,
    url: str | None,
    check: bool,
    move_to: str | None,
    leave: bool,
    sql: bool,
    upgrade: bool,
    reconnect: bool,
    reason: str | None,
    beside: bool,
    demonstration: bool,
) -> int:
    """Share the record with other desks through a PostgreSQL database, or show how this desk stands to it.

    URL is the address of the database without a password, as postgresql://ROLE@HOST/DATABASE; the password comes from PGPASSWORD
    or ~/.pgpass.  Where it was interrupted, the same command goes on.  Without URL and options it says where the record is shared,
    how far this desk got, what is to be sent and what needs you, without asking the server.
    """
    asked = {
        "URL": url is not None and not sql,
        "--sql": sql and not upgrade,
        "--upgrade": upgrade,
        "--check": check,
        "--move": move_to is not None,
        "--leave": leave,
        "--reconnect": reconnect,
    }
    if sum(asked.values()) > 1:
        names = joined_words([name for name, is_asked in asked.items() if is_asked])
        raise UsageError(f"{names} are asked for at once", hint="ask for one of them")
    if url is not None and upgrade:
        raise UsageError("--upgrade is about the server that this record is shared at", hint="leave URL out")
    if (beside or demonstration) and url is None:
        name = "--beside" if beside else "--demonstration"
        raise UsageError(f"{name} goes with the address of a database", hint=f"workbench share URL {name}")
    if reason is not None and not reconnect:
        raise UsageError("only --reconnect takes a reason", hint="leave --reason out")
    if sql or upgrade:
        from workbench.cli.commands import share_sql

        if sql:
            return share_sql.print_upgrade(settings) if upgrade else share_sql.print_statements(settings, url)
        return share_sql.upgrade_tables(settings)
    if url is not None:
        return _share(settings, url, beside=beside, demonstration=demonstration)
    if move_to is not None:
        return _move(settings, move_to)
    if leave:
        return _leave(settings)
    if check:
        from workbench.cli.commands.share_check import check_server

        return check_server(settings)
    if reconnect:
        from workbench.cli.commands.share_reconnect import reconnect_server

        return reconnect_server(settings, reason or "")
    return _show(settings)


def _share(settings: Settings, url: str, *, beside: bool, demonstration: bool) -> int:
    with session.keeping(settings, readonly=False) as context, transferring() as steps:
        done = sharing.share(context, url, beside=beside, demonstration=demonstration, steps=steps)
    document = {
        "schema": "workbench.shared.1",
        "project": done.project,
        "url": done.url,
        "role": done.role,
        "desk": done.desk,
        "made": done.made,
        "found": done.found,
        "already": done.already,
        "entries": done.entries,
        "aside": done.aside,
        "absent": done.absent,
        **exchanged(done.synced),
    }
    _print(settings, document, views.shared_lines(done), views.shared_advice(done))
    return exit_code(done.synced)


def _move(settings: Settings, url: str) -> int:
    with session.keeping(settings, readonly=False) as context:
        done = moving.move(context, url, output.talk)
    document = {
        "schema": "workbench.moved.1",
        "project": done.project,
        "before": done.before,
        "url": done.url,
        "role": done.role,
        "closed": done.closed,
        "to_admit": done.to_admit,
        "evidence": done.evidence,
        "evidence_left": done.evidence_left,
        "unreached": done.unreached,
        "named": done.named,
        **exchanged(done.synced),
        "sent": done.sent,
        "received": done.received,
    }
    _print(settings, document, views.moved_lines(done), views.moved_advice(done))
    return exit_code(done.synced)


def _leave(settings: Settings) -> int:
    with session.keeping(settings, readonly=False) as context:
        done = leaving.leave(context)
    document = {
        "schema": "workbench.left.1",
        "project": done.project,
        "url": done.url,
        "told": done.told,
        "problem": done.problem,
        "to_send": done.unsent,
        "absent": done.absent,
        **exchanged(done.synced),
    }
    _print(settings, document, views.left_lines(done), views.left_advice(done))
    return 1 if done.problem else 0


def _show(settings: Settings) -> int:
    with session.keeping(settings) as context:
        found = standing.read_standing(context)
        needs = read_needs(context, found.shared)
        lines = list(standing_views.standing_lines(context, found, needs))
    document = {
        "schema": "workbench.sharing.1",
        "project": found.project,
        "url": found.shared.url,
        "role": found.shared.role,
        "desk": found.desk,
        "entries": found.entries,
        "desks": found.desks,
        "number": found.shared.number,
        "at": found.at,
        "to_send": found.unsent,
        "waiting": found.waiting,
        "quarantined": found.quarantined,
        "contested": found.contested,
        "absent": found.absent,
        "closed": found.closed,
        "needs_you": [
            {"what": one.what, "who": one.who, "step": one.step, "command": one.command or None}
            for one in needs
        ],
    }
    _print(settings, document, lines, standing_views.standing_advice(found, needs))
    return 0


def exchanged(synced: Synced) -> dict[str, Any]:
    """What was sent and received, for ``--json``."""
    return {
        "sent": synced.sent,
        "received": synced.received,
        "quarantined": synced.quarantined,
        "refused": synced.refused,
        "unsent": synced.unsent,
        "new_desk": synced.new_desk,
        "faults": synced.faults,
        "notes": synced.notes,
    }


def _print(settings: Settings, document: dict[str, Any], lines: Iterable[str], advice: Iterable[str]) -> None:
    first, *rest = lines
    if settings.json:
        output.emit({**document, "done": first})
        return
    output.lines([first, *rest])
    output.talk_lines(f"next: {text}" for text in advice)
