"""``workbench contested`` and ``settle``: what several desks changed at once, and choosing a version."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.model.times import moment_text
from workbench.usecases.settling import Choice, find_contested, read_contested
from workbench.usecases.settling import settle as settle_for

_DIGITS = 12


@click.command()
@common("project", "record", "json")
@pass_settings
def contested(settings: Settings) -> None:
    """List what several desks changed at once, with its versions."""
    with session.reading(settings) as context:
        found, zone = read_contested(context), context.zone
    if settings.json:
        output.emit(_document(found))
        return
    for choice in found:
        output.line(f"{choice.words} of {choice.name}  ({choice.thing.id[-_DIGITS:]})")
        for version in choice.thing.versions:
            whose = ", yours" if version.desk == choice.mine else ""
            output.line(
                f"  {version.digest[:_DIGITS]}  {version.actor}{whose}, {moment_text(version.recorded_at, zone)}"
            )
            for field in choice.fields:
                output.line(f"      {field.replace('_', ' ')}: {choice.said(version, field) or 'nothing'}")
    if not found:
        output.talk("nothing has several versions")
    else:
        output.talk("next: workbench settle ID --take DIGEST, or --take mine")


@click.command()
@click.argument("ref")
@click.option("--take", required=True, metavar="DIGEST|mine", help="The version to keep.")
@common("project", "record", "as_person", "json")
@pass_settings
def settle(settings: Settings, ref: str, take: str) -> None:
    """Choose one of several versions; it replaces them all.

    REF is the id of what has several versions, the end of its id, or words of its title.
    """
    with session.acting(settings) as context:
        choice = find_contested(context, ref)
        settle_for(context, choice, take)
        left = read_contested(context)
    output.done(settings, f"chosen: {take} of {choice.name}", _document(left), hint="workbench gate")


def _document(found: Sequence[Choice]) -> dict[str, Any]:
    return {
        "schema": "workbench.contested.1",
        "contested": [
            {
                "entity": choice.thing.entity,
                "id": choice.thing.id,
                "name": choice.name,
                "fields": choice.fields,
                "versions": [
                    {"mine": version.desk == choice.mine, **output.fields(version)}
                    for version in choice.thing.versions
                ],
            }
            for choice in found
        ],
    }
