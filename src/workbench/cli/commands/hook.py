"""``workbench hook``: what the project calls when something has happened."""

from __future__ import annotations

import click

from workbench.cli import output, session
from workbench.cli.lazy import Family
from workbench.cli.options import Settings, common, pass_settings
from workbench.definitions.hooks import HookEvent
from workbench.model.times import moment_text
from workbench.usecases import hooks
from workbench.usecases.reminding import Reminded, remind
from workbench.usecases.views.hooks import read_hooks, told_words
from workbench.usecases.views.marks import Mark


@click.group(cls=Family)
def hook() -> None:
    """Hooks: what is called when something has happened, so that people are told."""


@hook.command("list")
@common("project", "record", "json")
@pass_settings
def list_(settings: Settings) -> None:
    """List the project's hooks, and what came of each the last time."""
    with session.reading(settings) as context:
        found, zone = read_hooks(context), context.zone
    if settings.json:
        rows = [{**output.fields(line), "mark": line.mark.word} for line in found.lines]
        output.emit({"schema": "workbench.hooks.1", "trusted": found.trusted, "hooks": rows})
        return
    output.table(
        ("", "hook", "kind", "called on", "last", "about", "what came of it"),
        [
            (
                line.mark.symbol,
                line.key,
                line.kind,
                ", ".join(line.on),
                moment_text(line.at, zone) if line.at else "",
                line.about,
                line.came,
            )
            for line in found.lines
        ],
        empty="no hooks; list them under hooks: in workbench.yaml",
    )
    if found.lines and not found.trusted:
        output.talk("none of them is called on this machine: workbench trust")


@hook.command("due")
@common("project", "record", "as_person", "release", "json")
@pass_settings
def due(settings: Settings) -> None:
    """Tell people of what the clock has made due, each thing once: run it every few minutes.

    Criteria for rolling back that hold, blockers beyond their time, what waits for approval or a signature, reviews, routines and actions that are overdue.
    """
    with session.acting(settings) as context:
        found = remind(context)
    if settings.json:
        rows = [
            {
                **output.fields(one.reminder),
                "before": one.before,
                "told": [output.fields(told) for told in one.told],
            }
            for one in found
        ]
        output.emit({"schema": "workbench.reminders.1", "reminders": rows})
        return
    output.table(
        ("", "what", "told"),
        [(_due_mark(one).symbol, one.reminder.title, _told_words(one)) for one in found],
        empty="nothing is due",
    )


def _due_mark(one: Reminded) -> Mark:
    if one.before or any(told.worked for told in one.told):
        return Mark.DONE
    return Mark.WARNS if one.told else Mark.OPEN


def _told_words(one: Reminded) -> str:
    if one.before:
        return "told before"
    return "; ".join(told_words(one.told)) or f"no hook is called on {one.reminder.event.words}"


@hook.command("test")
@click.argument("key")
@click.option(
    "--event",
    metavar="EVENT",
    type=click.Choice([one.value for one in HookEvent]),
    help="The event that it is told; its first one if omitted.",
)
@common("project", "record", "as_person", "json")
@pass_settings
def test(settings: Settings, key: str, event: str | None) -> int:
    """Call one hook with a document that says that it is a test; nothing is recorded."""
    with session.acting(settings) as context:
        told = hooks.try_hook(context, key, HookEvent(event) if event else None)
    document = {"schema": "workbench.hook-test.1", **output.fields(told)}
    output.done(settings, f"{told.hook}: {told.words}", document)
    return 0 if told.worked else 3
