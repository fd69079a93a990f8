"""``workbench flow``: the inventory of integration flows."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import click

from workbench.cli import output, session
from workbench.cli.commands.applying import apply_command, why_option
from workbench.cli.commands.flow_discovering import discover
from workbench.cli.fields import options
from workbench.cli.lazy import Family
from workbench.cli.options import Settings, common, pass_settings
from workbench.flows.approaches import Answers
from workbench.flows.fields import FIELDS
from workbench.flows.model import Flow
from workbench.model.errors import UsageError
from workbench.model.noun_fields import EDIT, asked_by, pairs
from workbench.record import Stored
from workbench.usecases import adoption, filling, mapping
from workbench.usecases.context import Context
from workbench.usecases.views.flows import TIER_WORDS, read_inventory

_fields = options(asked_by(FIELDS, EDIT))


@click.group(cls=Family)
def flow() -> None:
    """The inventory of integration flows."""


@flow.command("list")
@common("project", "record", "json")
@pass_settings
def list_(settings: Settings) -> None:
    """List all flows, critical ones first, with what is not covered."""
    with session.reading(settings) as context:
        found = read_inventory(context)
    if settings.json:
        rows = [_document(found.stored[key], item, found.gaps[key]) for key, item in found.flows.items()]
        output.emit({"schema": "workbench.flows.1", "flows": rows})
        return
    output.table(
        ("flow", "name", "tier", "core", "stage", "owner", "not covered"),
        [
            (
                key,
                item.name,
                TIER_WORDS[item.tier],
                "core" if item.core else "",
                item.stage.value,
                item.owner or "",
                "; ".join(found.gaps[key]),
            )
            for key, item in found.flows.items()
        ],
        empty="no flows yet; workbench flow add KEY --name NAME, or workbench import flows FILE",
    )
    if found.warning:
        output.talk(f"warning: {found.warning}")


@flow.command("show")
@click.argument("key")
@common("project", "record", "json")
@pass_settings
def show(settings: Settings, key: str) -> None:
    """Show one flow."""
    with session.reading(settings) as context:
        found, zone = read_inventory(context), context.zone
        stored, item = mapping.find_flow(context, key)
    gaps = found.gaps[item.key]
    if settings.json:
        output.emit({"schema": "workbench.flow.1", **_document(stored, item, gaps)})
        return
    output.line(f"{item.key}  {item.name}")
    told = pairs((field for field in FIELDS if field.name not in ("key", "name")), item, zone)
    output.pairs([*told, ("not covered", "; ".join(gaps))])


@flow.command("add")
@click.argument("key")
@_fields
@common("project", "record", "as_person", "json")
@pass_settings
def add(settings: Settings, /, key: str, **given: Any) -> None:
    """Add a flow.  KEY is short: lower-case letters, digits and dashes."""
    with session.acting(settings) as context:
        mapping.add_flow(context, filling.change(context, FIELDS, Flow(key=key, name=key), given))
        document = session.as_it_stands(context, lambda: _in_record(context, key))
    hint = f"workbench flow tier {key}" if given["tier"] is None else ""
    output.done(settings, f"added {key}", {"schema": "workbench.flow.1", **document}, hint)


@flow.command("edit")
@click.argument("key")
@_fields
@why_option
@common("project", "record", "as_person", "json")
@pass_settings
def edit(settings: Settings, /, key: str, why: str, **given: Any) -> None:
    """Edit a flow; a list that is given replaces the old one."""
    with session.acting(settings) as context:
        stored, item = mapping.find_flow(context, key)
        changed = filling.change(context, FIELDS, item, given)
        if changed == item:
            raise UsageError("nothing to change", hint="workbench flow edit --help lists what can be said")
        mapping.edit_flow(context, stored, changed, why)
        document = session.as_it_stands(context, lambda: _in_record(context, key))
    output.done(settings, f"edited {key}", {"schema": "workbench.flow.1", **document})


flow.add_command(apply_command("flows"))
flow.add_command(discover)


@flow.command("promote")
@click.argument("key")
@common("project", "record", "as_person", "json")
@pass_settings
def promote(settings: Settings, key: str) -> None:
    """Promote a flow to its next adoption stage: listed, selected, advisory, enforced."""
    with session.acting(settings) as context:
        before = mapping.find_flow(context, key)[1].stage
        stage = mapping.promote(context, *mapping.find_flow(context, key))
        document = session.as_it_stands(context, lambda: _in_record(context, key))
    words = (
        f"{key} is {stage.value}"
        if stage is not before
        else f"{key} is {stage.value} already, the last stage"
    )
    output.done(settings, words, {"schema": "workbench.flow.1", **document})


@flow.command("candidates")
@common("project", "record", "json")
@pass_settings
def candidates(settings: Settings) -> None:
    """Rank the flows that are not under watch yet, with the reasons: which to begin with."""
    with session.reading(settings) as context:
        found = adoption.read_candidates(context)
    if settings.json:
        output.emit(adoption.candidates_document(found))
        return
    output.table(
        ("", "flow", "points", "stage", "why"),
        [
            (
                "▸" if one.flow.key in found.chosen else "",
                one.flow.key,
                one.points,
                one.flow.stage.value,
                adoption.why_words(one),
            )
            for one in found.ranked
        ],
        empty="every flow is under watch",
    )
    if found.warning:
        output.talk(f"warning: {found.warning}")


@flow.command("advise")
@click.argument("key")
@click.option("--tracing/--no-tracing", default=None, help="Do traces pass from service to service?")
@click.option("--steady-traffic/--no-steady-traffic", default=None, help="Does staging have steady traffic?")
@click.option(
    "--routing/--no-routing",
    default=None,
    help="Can a share of the traffic go to a new version, and be switched back?",
)
@click.option(
    "--strict-compliance/--no-strict-compliance",
    default=None,
    help="Do strict rules forbid two versions side by side?",
)
@click.option("--operations/--no-operations", default=None, help="Is there somebody to run and watch it?")
@common("project", "record", "json")
@pass_settings
def advise(settings: Settings, /, key: str, **given: bool | None) -> None:
    """Say by which approach a flow is best measured, and why.

    What nobody answers counts as not there; whether steps are traced is taken from the flow.
    """
    with session.reading(settings) as context:
        _, item = mapping.find_flow(context, key)
    found = adoption.advise_on(item, Answers(**given))
    if settings.json:
        output.emit(adoption.advice_document(item, found))
        return
    output.lines(adoption.advice_lines(found))
    output.table(
        ("approach", "set-up", "coverage", "realism", "upkeep", "finds", "not for"),
        adoption.strengths(found),
    )
    if found[0].approach not in item.approach:
        output.talk(f"next: workbench flow edit {key} --approach {found[0].approach.value}")


@flow.command("tier")
@click.argument("key")
@click.option("--money/--no-money", default=None, help="Does money move in it?")
@click.option("--login/--no-login", default=None, help="Can nobody get in without it?")
@click.option("--customers/--no-customers", default=None, help="Do customers notice when it fails?")
@click.option(
    "--cost", metavar="COST", help="What five minutes of failure cost: 4,000 EUR; or low, medium, high."
)
@click.option("--dry-run", is_flag=True, help="Only say which tier the answers suggest.")
@common("project", "record", "as_person", "json")
@pass_settings
def tier(settings: Settings, /, key: str, cost: str | None, dry_run: bool, **answers: bool | None) -> None:
    """Find a flow's tier by plain questions, and by what its failure costs; asked here if not answered by options."""
    opened = session.reading(settings) if dry_run else session.acting(settings)
    with opened as context:
        stored, item = mapping.find_flow(context, key)
        asked = any(answer is None for answer in answers.values())
        answered = _three_answers(item.name, answers)
        if asked and cost is None:
            cost = click.prompt(
                _COST, default=item.failure_cost, show_default=bool(item.failure_cost), err=True
            )
        found = mapping.suggest_tier(context, item, cost=cost, **answered)
        proposed = found.flow.tier
        if found.flow != item and not dry_run:
            mapping.edit_flow(context, stored, found.flow)
        document = session.as_it_stands(context, lambda: _in_record(context, key))
    if not settings.json:
        output.talk_lines(filter(None, (*found.because, found.remark)))
    words = (
        f"{key} is {proposed.value.replace('_', ' ')}"
        if not dry_run
        else f"{key} would be {proposed.value.replace('_', ' ')}"
    )
    answer = {"proposed": proposed.value, "because": list(found.because), "remark": found.remark}
    output.done(settings, words, {"schema": "workbench.tier.1", **document, **answer})


_COST = "What do five minutes of failure cost? An amount, low, medium or high; empty if nobody knows"
_QUESTIONS = {
    "money": "Does money move in it?",
    "login": "Can nobody get in without it?",
    "customers": "Do customers notice when it fails?",
}


def _three_answers(name: str, given: Mapping[str, bool | None]) -> dict[str, bool]:
    if any(answer is None for answer in given.values()):
        if not sys.stdin.isatty():
            raise UsageError(
                "three answers are needed",
                hint="--money or --no-money, --login or --no-login, --customers or --no-customers",
            )
        output.talk(name)
    found = {}
    for key, question in _QUESTIONS.items():
        answer = given[key]
        found[key] = click.confirm(question, err=True) if answer is None else answer
    return found


def _in_record(context: Context, key: str) -> dict[str, Any]:
    stored, item = mapping.find_flow(context, key)
    return _document(stored, item, read_inventory(context).gaps[item.key])


def _document(stored: Stored, item: Flow, gaps: Sequence[str]) -> dict[str, Any]:
    steps = [output.fields(step) for step in item.every_step]
    return {"id": stored.id, "base": stored.base, **output.fields(item), "step_details": steps, "gaps": gaps}
