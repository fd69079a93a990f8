"""``workbench break-glass``: one person lets a release out past its gates; another one reviews it soon after."""

from __future__ import annotations

from datetime import datetime, tzinfo

import click

from workbench.cli import output, session
from workbench.cli.options import WRITING, Settings, common, pass_settings, ssh_key
from workbench.gates.break_glass import BreakGlass
from workbench.model.errors import UsageError
from workbench.model.text import number_of
from workbench.model.times import moment_text
from workbench.usecases import breaking_glass, builds
from workbench.usecases.views.break_glass import BreakGlassLine, read_break_glass


@click.command("break-glass")
@click.option("--reason", default="", metavar="TEXT", help="Why it cannot wait for its gates; needed.")
@click.option("--at", metavar="TIME", help="When it went out, up to 24 h ago; now if omitted.")
@click.option("--new", metavar="VERSION", help="Plan this hotfix in the same breath; with --commit.")
@click.option(
    "--commit", metavar="SHA", help="The commit that goes out, of a hotfix that is not planned yet."
)
@click.option("--run", metavar="URL", help="The run that shipped it.")
@ssh_key
@common(*WRITING)
@pass_settings
def break_glass(
    settings: Settings,
    /,
    ssh_key: str | None,
    reason: str,
    at: str | None,
    new: str | None,
    commit: str | None,
    run: str | None,
) -> None:
    """Let a release out past its gates in an emergency, or list when that was done.

    Each line that is open is listed on its own.  Somebody else reviews it within two working days (workbench approve break-glass/VERSION --reason WORDS); overdue, that holds the next regular release.
    """
    if not reason:
        if at or new or commit or run:
            raise UsageError("why can it not wait for its gates?", hint="--reason WHY")
        _list(settings)
        return
    if bool(new) != bool(commit):
        raise UsageError(
            "a hotfix that is not planned yet needs its version and its commit",
            hint="--new VERSION --commit SHA",
        )
    with session.making(settings, ssh_key) as (context, _):
        moment = session.moment(context, at)
        if new and commit:
            breaking_glass.plan_at_night(context, new, builds.build_of(context, commit, {}))
        value = breaking_glass.break_glass(
            context, new or settings.release, reason=reason, at=moment, run=run
        )
        zone = context.zone
    document = {"schema": "workbench.break-glass.1", **output.fields(value)}
    if not settings.json:
        output.lines(_passed_over(value))
    words = f"{value.version} went out past its gates, {number_of(len(value.skipped), 'line')} open; to be reviewed until {moment_text(value.due, zone)}"
    output.done(settings, words, document, hint=f"workbench approve {value.part} --reason WORDS --as PERSON")


def _passed_over(value: BreakGlass) -> list[str]:
    return [f"open  {one.title}: {one.why}" for one in value.skipped]


def _list(settings: Settings) -> None:
    with session.reading(settings) as context:
        found, zone = read_break_glass(context), context.zone
    if settings.json:
        output.emit(
            {"schema": "workbench.break-glasses.1", "break_glass": [output.fields(one) for one in found]}
        )
        return
    output.table(
        ("", "release", "went out", "entered", "by", "reason", "open then", "review"),
        [_row(one, zone) for one in found],
        empty="no release went out past its gates",
    )


def _row(one: BreakGlassLine, zone: tzinfo) -> tuple[str, ...]:
    def shown(moment: datetime) -> str:
        return moment_text(moment, zone)

    value = one.value
    entered = "" if value.said_at == value.at else shown(value.said_at)
    return (
        one.mark.symbol,
        value.version,
        shown(value.at),
        entered,
        value.by,
        value.reason,
        str(len(value.skipped)),
        one.review,
    )
