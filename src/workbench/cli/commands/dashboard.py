"""``workbench dashboard``: what executives, people on call and a team in the morning look at."""

from __future__ import annotations

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, only_one, pass_settings
from workbench.usecases.alerts import alert_question, read_alerts
from workbench.usecases.output_files import place_of, write_new
from workbench.usecases.views.dashboards.model import Dashboard, Which
from workbench.usecases.views.dashboards.printing import dashboard_document, dashboard_lines, dashboard_page
from workbench.usecases.views.dashboards.reading import read_dashboard


@click.command()
@click.argument("name", metavar="NAME", type=click.Choice([one.value for one in Which]))
@click.option("--html", "to", metavar="FILE", help="Write one HTML file without scripts; - prints it.")
@click.option("--overwrite", is_flag=True, help="Replace the file if it is there already.")
@common()
@pass_settings
def dashboard(settings: Settings, name: str, to: str | None, overwrite: bool) -> None:
    """Show the executive, on-call or stand-up dashboard.

    NAME is executive, on-call or stand-up.  For on-call the servers of a trusted project are asked for
    their alerts; nothing of that is recorded.
    """
    only_one({"html": to is not None, "json": settings.json})
    which = Which(name)
    with session.reading(settings) as context:
        alerts = read_alerts(alert_question(context)) if which is Which.ON_CALL else None
        found = read_dashboard(context, which, alerts)
    if to is not None:
        _write(found, to, overwrite=overwrite)
    elif settings.json:
        output.emit(dashboard_document(found))
    else:
        output.lines(dashboard_lines(found))


def _write(found: Dashboard, to: str, *, overwrite: bool) -> None:
    if to == "-":
        output.text(dashboard_page(found))
        return
    place = place_of(to)
    place = place / f"{found.which.value}.html" if place.is_dir() else place
    write_new(place, dashboard_page(found).encode(), overwrite=overwrite)
    output.talk(f"wrote {place}")
