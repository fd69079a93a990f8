"""``workbench drift``: how far environments have drifted, since when, and what nobody put on record."""

from __future__ import annotations

from typing import Any

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.gates.deployed import Unrecorded
from workbench.model.times import to_text
from workbench.parity.drift import Drift
from workbench.usecases.views.drift import (
    DriftView,
    budget_words,
    head_words,
    index_document,
    line_of,
    place_words,
    read_drift,
    unrecorded_words,
)


@click.command()
@click.option("--environment", default="", metavar="KEY", help="Only this environment.")
@click.option("--region", default="", metavar="TEXT", help="Only this region.")
@common("project", "record", "now", "json")
@pass_settings
def drift(settings: Settings, environment: str, region: str) -> None:
    """Show how far staging has drifted from production, since when."""
    with session.reading(settings) as context:
        view, now, zone = (
            read_drift(context, environment=environment, region=region),
            context.now,
            context.zone,
        )
    if settings.json:
        output.emit(_document(view))
        return
    output.line(head_words(view))
    for place in view.places:
        output.line(f"  {place_words(place, now)}")
    for budget in view.budgets:
        output.line(f"  {budget_words(budget)}")
    categories = ", ".join(f"{name} {count}" for name, count in view.index.by_category.items())
    if categories:
        output.line(f"  by category: {categories}")
    for title, chosen in (("Drifted", view.drifts), ("Intended", view.intended)):
        if chosen:
            output.line("")
            output.line(title)
            lines = [line_of(each, now, zone) for each in chosen]
            output.table(
                ("", "what differs", "where", "values", "appeared", "unnoticed", "map"),
                [
                    (
                        line.mark.symbol,
                        line.title,
                        f"{line.place}, {line.probe}",
                        line.values,
                        line.meant or line.since,
                        line.unnoticed,
                        line.row or "–",
                    )
                    for line in lines
                ],
            )
    _rest(view, [unrecorded_words(one, now, zone) for one in view.unrecorded])


def _rest(view: DriftView, builds: list[str]) -> None:
    if builds:
        output.line("")
        output.line("Not on record")
        for words in builds:
            output.line(f"  {words}")
    if view.blind:
        output.line("")
        output.line("Not looked at")
        for one in view.blind:
            output.line(f"  {one.title}: {one.why}")
        output.talk("next: workbench probe")


def _document(view: DriftView) -> dict[str, Any]:
    return {
        "schema": "workbench.drift.1",
        **index_document(view.index),
        "environments": [
            {
                "environment": place.environment,
                "region": place.region,
                **index_document(place.index),
                "looked_at": to_text(place.looked_at) if place.looked_at else None,
            }
            for place in view.places
        ],
        "drifts": [_drift(each) for each in view.drifts],
        "intended_drifts": [_drift(each) for each in view.intended],
        "budgets": [
            {"of": each.words, "at_most": each.at_most, "used": each.used, "kept": each.kept}
            for each in view.budgets
        ],
        "course": [{"at": to_text(point.at), "differing": point.differing} for point in view.course],
        "unrecorded": [_unrecorded(one) for one in view.unrecorded],
        "not_looked": [{"probe": one.probe, "title": one.title, "why": one.why} for one in view.blind],
    }


def _drift(each: Drift) -> dict[str, Any]:
    what, when = each.what, each.appeared
    values = {"staging": what.change.staging, "production": what.change.production}
    if what.change.secret:
        values = {side: None if value is None else "secret" for side, value in values.items()}
    return {
        "probe": what.probe,
        "environment": what.environment,
        "region": what.region,
        "path": what.change.path,
        "title": what.change.title,
        "category": what.category.value,
        **values,
        "secret": what.change.secret,
        "appeared_after": to_text(when.after) if when.after else None,
        "appeared_by": to_text(when.seen),
        "moved": when.moved,
        "noticed": to_text(each.noticed),
        "unnoticed_seconds": None if each.unnoticed is None else int(each.unnoticed.total_seconds()),
        "difference": what.row or None,
        "until": to_text(what.until) if what.until else None,
        "reason": what.reason,
    }


def _unrecorded(one: Unrecorded) -> dict[str, Any]:
    return {
        "environment": one.environment,
        "build": one.build,
        "first": to_text(one.first),
        "last": to_text(one.last),
        "there": one.there,
        "candidate": one.named,
        "probe": one.probe,
    }
