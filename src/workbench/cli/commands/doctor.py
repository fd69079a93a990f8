"""``workbench doctor``: is everything here as the workbench needs it?"""

from __future__ import annotations

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.usecases import doctoring

_MARK = {"ok": "✓", "warn": "▲", "fail": "✗"}


@click.command()
@click.option("--ask", is_flag=True, help="Also ask each source of a trusted project one question.")
@common("project", "record", "json")
@pass_settings
def doctor(settings: Settings, ask: bool) -> int:
    """Check this machine, this project and its record.

    Changes nothing. Of a shared record the server is asked how this desk stands with it, for 3 seconds at most; sources are
    asked only with --ask.  Exits with 2 if something is wrong.
    """
    checks = doctoring.examine(session.options_of(settings), ask=ask)
    worst = doctoring.worst(checks)
    if settings.json:
        output.emit({"schema": "workbench.doctor.1", "state": worst, "checks": list(checks)})
    else:
        width = max(len(check.what) for check in checks)
        for check in checks:
            output.line(f"{_MARK[check.state]} {check.what:<{width}}  {check.why}")
            if check.fix and check.state != "ok":
                output.line(f"  {'':<{width}}  {check.fix}")
    return 2 if worst == "fail" else 0
