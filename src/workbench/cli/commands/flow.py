"""``workbench flow``: the inventory of integration flows."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click
import msgspec

from workbench.cli import output, session
from workbench.cli.lazy import Family
from workbench.cli.options import Settings, common, pass_settings
from workbench.model.errors import UsageError

if TYPE_CHECKING:
    from workbench.flows.model import Flow
    from workbench.record import Stored

F = TypeVar("F", bound=Callable[..., Any])
_TIERS = click.Choice(["critical", "important", "best_effort"])
_FIELDS = (
    click.option("--name", metavar="TEXT", help="What people call it."),
    click.option("--tier", type=_TIERS, help="How much hangs on it."),
    click.option("--core/--not-core", default=None, help="Whether it is one of the core flows."),
    click.option("--owner", metavar="PERSON", help="Who looks after it."),
    click.option(
        "--service", "services", multiple=True, metavar="NAME", help="A service on its way; repeatable."
    ),
    click.option("--trigger", metavar="TEXT", help="What sets it off."),
    click.option("--outcome", metavar="TEXT", help="What is there in the end."),
    click.option("--step", "steps", multiple=True, metavar="TEXT", help="A step; repeatable, in order."),
    click.option(
        "--mocked", "mocked_steps", multiple=True, metavar="STEP", help="A step not real in staging."
    ),
    click.option("--staging-tests", metavar="TEXT", help="What tests it in staging."),
    click.option("--failure-cost", metavar="TEXT", help="What it costs when it fails."),
)


def _fields(function: F) -> F:
    for option in reversed(_FIELDS):
        function = option(function)
    return function


@click.group(cls=Family)
def flow() -> None:
    """The inventory of integration flows."""


@flow.command("list")
@common("project", "record", "json")
@pass_settings
def list_(settings: Settings) -> None:
    """List all flows, critical ones first, with what is not covered."""
    from workbench.usecases.views.flows import TIER_WORDS, read_inventory

    with session.reading(settings) as context:
        found = read_inventory(context)
    if settings.json:
        rows = [
            {**_document(found.stored[key], item), "gaps": found.gaps[key]}
            for key, item in found.flows.items()
        ]
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


@flow.command("show")
@click.argument("key")
@common("project", "record", "json")
@pass_settings
def show(settings: Settings, key: str) -> None:
    """Show one flow."""
    from workbench.flows import model as flows

    with session.reading(settings) as context:
        stored, item = flows.find(context.record, key)
        gaps = flows.gaps(item, context.definitions.project.benchmarks)
    if settings.json:
        output.emit({"schema": "workbench.flow.1", **_document(stored, item), "gaps": gaps})
        return
    output.line(f"{item.key}  {item.name}")
    output.pairs(
        [
            ("tier", item.tier.value.replace("_", " ")),
            ("core", "yes" if item.core else "no"),
            ("stage", item.stage.value),
            ("owner", item.owner),
            ("services", ", ".join(item.services)),
            ("trigger", item.trigger),
            ("steps", " → ".join(item.steps)),
            ("not real in staging", ", ".join(item.mocked_steps)),
            ("outcome", item.outcome),
            ("tests in staging", item.staging_tests),
            ("cost of failure", item.failure_cost),
            ("not covered", "; ".join(gaps)),
        ]
    )


@flow.command("add")
@click.argument("key")
@_fields
@common("project", "record", "as_person", "json")
@pass_settings
def add(settings: Settings, /, key: str, **given: Any) -> None:
    """List a flow.  KEY is short: lower-case letters, digits and dashes."""
    from workbench.flows.model import Flow, find
    from workbench.usecases import mapping

    with session.acting(settings) as context:
        mapping.add_flow(context, _changed(Flow(key=key, name=given["name"] or key), given))
        stored, item = find(context.record, key)
    hint = f"workbench flow tier {key}" if given["tier"] is None else ""
    output.done(
        settings, f"listed {item.key}", {"schema": "workbench.flow.1", **_document(stored, item)}, hint
    )


@flow.command("edit")
@click.argument("key")
@_fields
@common("project", "record", "as_person", "json")
@pass_settings
def edit(settings: Settings, /, key: str, **given: Any) -> None:
    """Edit a flow; a list that is given replaces the old one."""
    from workbench.flows.model import find
    from workbench.usecases import mapping

    with session.acting(settings) as context:
        stored, item = find(context.record, key)
        changed = _changed(item, given)
        if changed == item:
            raise UsageError("nothing to change", hint="workbench flow edit --help lists what can be said")
        mapping.edit_flow(context, stored, changed)
        stored, item = find(context.record, key)
    output.done(settings, f"edited {key}", {"schema": "workbench.flow.1", **_document(stored, item)})


@flow.command("promote")
@click.argument("key")
@common("project", "record", "as_person", "json")
@pass_settings
def promote(settings: Settings, key: str) -> None:
    """Take a flow one adoption stage further: listed, selected, advisory, enforced."""
    from workbench.flows.model import find
    from workbench.usecases import mapping

    with session.acting(settings) as context:
        before = find(context.record, key)[1].stage
        stage = mapping.promote(context, *find(context.record, key))
        stored, item = find(context.record, key)
    words = (
        f"{key} is {stage.value}"
        if stage is not before
        else f"{key} is {stage.value} already, the last stage"
    )
    output.done(settings, words, {"schema": "workbench.flow.1", **_document(stored, item)})


@flow.command("tier")
@click.argument("key")
@click.option("--money/--no-money", default=None, help="Does money move in it?")
@click.option("--login/--no-login", default=None, help="Can nobody get in without it?")
@click.option("--customers/--no-customers", default=None, help="Do customers notice when it fails?")
@click.option("--dry-run", is_flag=True, help="Only say which tier the answers suggest.")
@common("project", "record", "as_person", "json")
@pass_settings
def tier(
    settings: Settings,
    key: str,
    money: bool | None,
    login: bool | None,
    customers: bool | None,
    dry_run: bool,
) -> None:
    """Find a flow's tier by three plain questions; asked here if not answered by options."""
    from workbench.flows.model import find, proposed_tier
    from workbench.usecases import mapping

    opened = session.reading(settings) if dry_run else session.acting(settings)
    with opened as context:
        stored, item = find(context.record, key)
        answers = _three_answers(item.name, money, login, customers)
        proposed = proposed_tier(**answers)
        if proposed is not item.tier and not dry_run:
            mapping.edit_flow(context, stored, msgspec.structs.replace(item, tier=proposed))
            stored, item = find(context.record, key)
    words = (
        f"{key} is {proposed.value.replace('_', ' ')}" if not dry_run else f"{key} would be {proposed.value}"
    )
    document = {"schema": "workbench.flow.1", **_document(stored, item), "proposed": proposed.value}
    output.done(settings, words, document)


def _three_answers(
    name: str, money: bool | None, login: bool | None, customers: bool | None
) -> dict[str, bool]:
    asked = {
        "money": (money, "Does money move in it?"),
        "login": (login, "Can nobody get in without it?"),
        "customers": (customers, "Do customers notice when it fails?"),
    }
    if any(given is None for given, _ in asked.values()):
        if not sys.stdin.isatty():
            raise UsageError(
                "three answers are needed",
                hint="--money or --no-money, --login or --no-login, --customers or --no-customers",
            )
        output.talk(name)
    return {
        key: click.confirm(question, err=True) if given is None else given
        for key, (given, question) in asked.items()
    }


def _changed(item: Flow, given: dict[str, Any]) -> Flow:
    """A flow with what was given on the command line."""
    from workbench.definitions.shapes import Tier

    fields: dict[str, Any] = {}
    for name, value in given.items():
        if value is None or value == ():
            continue
        fields[name] = Tier(value) if name == "tier" else value
    return msgspec.structs.replace(item, **fields)


def _document(stored: Stored, item: Flow) -> dict[str, Any]:
    from workbench.model.canonical import plain

    return {"id": stored.id, "base": stored.base, **plain(item)}
