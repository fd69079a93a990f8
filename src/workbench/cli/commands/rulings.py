"""``workbench benchmark false-alarm``, ``catch`` and ``rulings``: what it was worth that something stopped a build."""

from __future__ import annotations

import click

from workbench.cli import output, session
from workbench.cli.options import WRITING, Settings, common, pass_settings
from workbench.incidents.alarms import AlarmRuling
from workbench.model.times import moment_text
from workbench.usecases import rulings as acts
from workbench.usecases.evaluate import evaluate
from workbench.usecases.views.rulings import build_name, document, lines

SCHEMA = "workbench.alarm.1"
_candidate = click.option("--candidate", metavar="RC", help="The build that it stopped, if not the latest.")
_reason = click.option("--reason", required=True, metavar="TEXT", help="Why it was one.")


@click.command("false-alarm")
@click.argument("key")
@_reason
@_candidate
@click.option(
    "--hours", default="", metavar="HOURS", help="What it cost, in people's hours: 3, 90 min, 2 days."
)
@common(*WRITING)
@pass_settings
def false_alarm(settings: Settings, key: str, reason: str, candidate: str | None, hours: str) -> None:
    """Say that something stopped the build although nothing was wrong.

    KEY is a benchmark, or any other blocker by its key.  It changes no verdict: override it, or set another limit.
    """
    _rule(settings, key, AlarmRuling.FALSE_ALARM, reason, candidate, hours)


@click.command("catch")
@click.argument("key")
@_reason
@_candidate
@click.option(
    "--hours", default="", metavar="HOURS", help="What it saved, in people's hours: 3, 90 min, 2 days."
)
@common(*WRITING)
@pass_settings
def catch(settings: Settings, key: str, reason: str, candidate: str | None, hours: str) -> None:
    """Say that something stopped the build, and was right to.

    KEY is a benchmark, or any other blocker by its key.
    """
    _rule(settings, key, AlarmRuling.CATCH, reason, candidate, hours)


def _rule(
    settings: Settings, key: str, ruling: AlarmRuling, reason: str, candidate: str | None, hours: str
) -> None:
    with session.acting(settings) as context:
        evaluation = evaluate(context)
        value = acts.rule(
            context, evaluation, key, ruling,
            reason=reason, hours=acts.hours_of(context, hours), candidate=candidate,
        )  # fmt: skip
        title = build_name(context, value)
    output.done(
        settings,
        f"{value.title}: a {ruling.words} for {title}",
        {"schema": SCHEMA, **document(value)},
        hint="workbench benchmark rulings",
    )


@click.command("rulings")
@click.argument("key", required=False)
@click.option(
    "--open",
    "unsaid",
    is_flag=True,
    help="The builds that were stopped and of which nobody has said anything.",
)
@common("project", "record", "now", "json")
@pass_settings
def rulings(settings: Settings, key: str | None, unsaid: bool) -> None:
    """List what people said of what stopped them: false alarms and catches, with their hours.

    KEY is a benchmark, or any other line of a gate by its key.
    """
    if unsaid:
        _unruled(settings, key)
        return
    part = key if key is None or "/" in key else f"benchmark/{key}"
    with session.reading(settings) as context:
        found = lines(context, part=part)
    if settings.json:
        rows = [{**output.fields(line), "mark": line.mark.word} for line in found]
        output.emit({"schema": "workbench.alarms-ruled.1", "rulings": rows})
        return
    output.table(
        ("", "what", "for", "was", "hours", "reason", "by", "when"),
        [
            (
                line.mark.symbol,
                line.title,
                line.build,
                line.ruling,
                line.hours,
                line.reason,
                line.by,
                line.when,
            )
            for line in found
        ],
        empty="nobody has said of anything that it was a false alarm, or a catch",
    )


def _unruled(settings: Settings, key: str | None) -> None:
    with session.reading(settings) as context:
        found, zone = acts.unruled(context, evaluate(context)), context.zone
    wanted = [one for one in found if key is None or one.stop.part in (key, f"benchmark/{key}")]
    if settings.json:
        rows = [{**output.fields(one), "stop": output.fields(one.stop)} for one in wanted]
        output.emit({"schema": "workbench.unruled.1", "unruled": rows})
        return
    output.table(
        ("benchmark", "stopped", "measured", "why"),
        [
            (one.stop.part.removeprefix("benchmark/"), one.build, moment_text(one.at, zone), one.stop.why)
            for one in wanted
        ],
        empty="of everything that stopped a build somebody has said what it was worth",
    )


COMMANDS = (false_alarm, catch, rulings)
