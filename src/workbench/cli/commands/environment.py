"""``workbench environment``: what the environments are, and what happens in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from workbench.cli import output, session
from workbench.cli.fields import options
from workbench.cli.lazy import Family
from workbench.cli.options import Settings, common, pass_settings
from workbench.environments.fields import END_FIELDS, OCCUPANCY_FIELDS, REFRESH_FIELDS
from workbench.environments.model import Occupied
from workbench.environments.needed import QUESTIONS
from workbench.model.errors import UsageError
from workbench.model.noun_fields import ADD, EDIT, Field, asked_by
from workbench.model.times import moment_text
from workbench.usecases import environments, filling
from workbench.usecases.context import Context
from workbench.usecases.environment_seen import release_in_hand
from workbench.usecases.needing import is_needed
from workbench.usecases.views import environment_judging as judging
from workbench.usecases.views import environments as views
from workbench.usecases.views.environment_judging import Section
from workbench.usecases.views.marks import Fact
from workbench.usecases.views.people import named

_key = click.argument("environment", metavar="[KEY]", required=False)


@click.group(cls=Family)
def environment() -> None:
    """Environments: data, occupancy, lifetime, and what they can tell."""


@environment.command("list")
@common("project", "record", "now", "json")
@pass_settings
def list_(settings: Settings) -> None:
    """List the environments: kind, age of the data, who uses each, when its life ends."""
    with session.reading(settings) as context:
        found, zone = views.read_environments(context), context.zone
    if settings.json:
        rows = [views.document(state) for state in found]
        output.emit({"schema": "workbench.environments.1", "environments": rows})
        return
    output.table(
        ("", "environment", "kind", "owner", "data", "occupied", "ends"),
        [
            (
                views.mark_of(state).symbol,
                state.key,
                views.kind_words(state.environment),
                state.environment.owner or "",
                views.data_words(state),
                views.occupied_words(state, zone),
                views.life_words(state, zone),
            )
            for state in found
        ],
        empty="no environments are listed; add them under environments: in workbench.yaml",
    )


@environment.command("show")
@_key
@common("project", "record", "now", "release", "json")
@pass_settings
def show(settings: Settings, environment: str | None) -> None:
    """Show one environment in full, and what its word is worth; staging unless one is named."""
    with session.reading(settings) as context:
        found = views.read_environment(context, environments.find_environment(context, environment))
        judged = judging.assess(context, found.environment, release_in_hand(context))
        zone, people = context.zone, context.definitions
    if settings.json:
        document = {**views.document(found), **judging.document(judged)}
        output.emit({"schema": "workbench.environment.1", **document})
        return
    output.line(f"{found.key}  {found.title}: {views.kind_words(found.environment)}")

    def who(key: str) -> str:
        return named(people, key)

    told = (*views.standing_facts(found, zone), *views.stated_facts(found.environment, who))
    output.pairs(_pair(fact) for fact in told)
    for _, refresh in found.refreshes[:5]:
        mark, words = views.refresh_words(refresh, zone, found.now, who)
        output.line(f"  {mark.symbol} refreshed {words}")
    for section in judging.sections(judged) if judged is not None else ():
        _print(section)


def _pair(fact: Fact) -> tuple[str, str]:
    return fact.label.lower(), f"{fact.mark.symbol} {fact.text}" if fact.mark else fact.text


def _print(section: Section) -> None:
    output.line("")
    colon = "" if section.title.endswith("?") else ":"
    output.line(f"{section.title}{colon} {section.said}" if section.said else section.title)
    output.pairs((f"  {label}", text) for label, text in map(_pair, section.facts))


def _asked(function: Any) -> Any:
    """A flag for each question about a change."""
    for one in reversed(QUESTIONS):
        flags = f"--{one.key}/--no-{one.key}"
        function = click.option(flags, one.key, default=None, help=one.text)(function)
    return function


@environment.command("needed")
@_asked
@common("project", "record", "now", "release", "json")
@pass_settings
def needed(settings: Settings, /, **said: bool | None) -> None:
    """Is staging needed for this change?  The answer with its reasoning.

    What the record knows of the current release counts unless you say otherwise; a question that
    nobody answers never makes staging optional.
    """
    with session.reading(settings) as context:
        evaluation = release_in_hand(context)
        found = is_needed(context, evaluation, said)
        version = evaluation.held.release.version if evaluation is not None else ""
    if settings.json:
        document = judging.needed_document(found)
        output.emit({"schema": "workbench.needed.1", "release": version or None, **document})
        return
    _print(judging.needed_section(found, version))
    output.line("")
    for one in QUESTIONS:
        known = found.answers[one.key]
        if known.answer is not None:
            by = f"  ({known.by})" if known.by else ""
            output.line(f"  {'yes' if known.answer else 'no ':<3}  {one.text}{by}")


@environment.command("refresh")
@_key
@options(asked_by(REFRESH_FIELDS, ADD))
@common("project", "record", "as_person", "json")
@pass_settings
def refresh(settings: Settings, /, environment: str | None, **given: Any) -> None:
    """Record that an environment's data was refreshed, and what its validation found.

    A refresh with a part that failed is held back: the data before it counts.
    """
    with session.acting(settings) as context:
        key = environments.find_environment(context, environment).key
        value = filling.change(context, REFRESH_FIELDS, environments.new_refresh(context, key), given)
        environments.record_refresh(context, value)
        _told(settings, context, key, f"recorded a refresh of {key}")


@environment.command("validate")
@_key
@options(asked_by(REFRESH_FIELDS, EDIT))
@common("project", "record", "as_person", "json")
@pass_settings
def validate(settings: Settings, /, environment: str | None, **given: Any) -> None:
    """Say what the validation of the latest refresh found."""
    with session.acting(settings) as context:
        key = environments.find_environment(context, environment).key
        stored, before = environments.last_refresh(context, key)
        value = filling.change(context, REFRESH_FIELDS, before, given)
        environments.validate_refresh(context, stored, value)
        _told(settings, context, key, f"validated the refresh of {key}")


@environment.command("occupy")
@_key
@options(OCCUPANCY_FIELDS)
@click.option("--maintenance", is_flag=True, help="It is a maintenance window: as --for maintenance.")
@common("project", "record", "as_person", "json")
@pass_settings
def occupy(settings: Settings, /, environment: str | None, maintenance: bool, **given: Any) -> None:
    """Record who uses an environment, from when, until when, and why.

    Measurements that overlap another team's work or maintenance are marked.
    """
    if maintenance:
        given["sort"] = Occupied.MAINTENANCE.value
    with session.acting(settings) as context:
        key = environments.find_environment(context, environment).key
        _need(OCCUPANCY_FIELDS, given)
        value = filling.change(context, OCCUPANCY_FIELDS, environments.new_occupancy(context, key), given)
        environments.occupy(context, value)
        until = f" until {moment_text(value.ends, context.zone)}" if value.ends else ""
        _told(settings, context, key, f"{value.who} occupies {key}{until}")


@environment.command("free")
@_key
@click.option("--who", default="", metavar="TEXT", help="Whose occupancy ends, where there are several.")
@click.option("--at", metavar="TIME", help="When it ended; now unless said.")
@common("project", "record", "as_person", "json")
@pass_settings
def free(settings: Settings, environment: str | None, who: str, at: str | None) -> None:
    """End an occupancy before its time; one that has not begun is called off."""
    with session.acting(settings) as context:
        key = environments.find_environment(context, environment).key
        moment = session.moment(context, at) or context.now
        stored, value = environments.find_occupancy(context, key, who, moment)
        environments.free(context, stored, value, moment)
        _told(settings, context, key, f"{key} is free of {value.who}")


@environment.command("end")
@_key
@options(END_FIELDS)
@common("project", "record", "as_person", "json")
@pass_settings
def end(settings: Settings, /, environment: str | None, **given: Any) -> None:
    """Bring the end of an environment's life forward; a later end is an edit of its file."""
    with session.acting(settings) as context:
        key = environments.find_environment(context, environment).key
        _need(END_FIELDS, given)
        value = filling.change(context, END_FIELDS, environments.new_end(context, key), given)
        environments.end_life(context, value)
        _told(settings, context, key, f"{key} ends on {moment_text(value.ends, context.zone)}")


def _need(fields: Sequence[Field], given: dict[str, Any]) -> None:
    for field in fields:
        if field.needed and not (given.get(field.name) or "").strip():
            name = field.option or field.name
            raise UsageError(f"--{name} is missing: {field.help[0].lower()}{field.help[1:].rstrip('.')}")


def _told(settings: Settings, context: Context, key: str, words: str) -> None:
    found = views.read_environment(context, environments.find_environment(context, key))
    document = {"schema": "workbench.environment-entry.1", **views.document(found)}
    output.done(settings, words, document, f"workbench environment show {key}")
