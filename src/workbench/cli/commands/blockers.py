"""``workbench blockers``: what is open, whose it is, for how long, and when it is taken to somebody else."""

from __future__ import annotations

from datetime import datetime, tzinfo

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.model.times import age_text, moment_text
from workbench.usecases.blockers import Blocker
from workbench.usecases.blockers import blockers as read_blockers
from workbench.usecases.evaluate import evaluate
from workbench.usecases.exceptions import read_exceptions
from workbench.usecases.outliving import outlived
from workbench.usecases.views.exceptions import TITLE
from workbench.usecases.views.marks import Mark


@click.command()
@common("project", "record", "now", "release", "json")
@pass_settings
def blockers(settings: Settings) -> None:
    """Show what is open with its owner, its age, and when it is escalated.

    What has been open for the longest stands first.  A gate says under escalate: after how long its blockers are taken to whom.
    """
    with session.reading(settings) as context:
        evaluation = evaluate(context)
        found, now, zone = read_blockers(context, evaluation), context.now, context.zone
        beyond = list(outlived(context))
        minded = [one for one in read_exceptions(evaluation) if one.words]
    if settings.json:
        rows = [
            {
                **output.fields(one),
                "hours": round(one.age(now).total_seconds() / 3600, 2),
                "overdue": one.overdue(now),
            }
            for one in found
        ]
        version = evaluation.held.release.version
        overrides = [
            {
                "part": one.override.part,
                "title": one.override.title,
                "needed": one.needed,
                "covers": one.covers,
                "ended": one.ended,
                "standing": one.words,
            }
            for one in minded
        ]
        document = {
            "schema": "workbench.blockers.1",
            "release": version,
            "blockers": rows,
            "outlived": beyond,
        }
        output.emit({**document, "overrides": overrides})
        return
    output.table(
        ("", "open", "gate", "owner", "open for", "since", "promised", "escalates"),
        [_row(one, now, zone) for one in found],
        empty="nothing is open",
    )
    output.lines(f"{Mark.OPEN.symbol} {words}" for words in beyond)
    if minded:
        output.lines([f"{TITLE}:", *(f"  {one.override.title}: {one.words}" for one in minded)])


def _row(one: Blocker, now: datetime, zone: tzinfo) -> tuple[str, ...]:
    mark = Mark.BLOCKS if one.overdue(now) else Mark.OPEN
    owner = one.owner or ", ".join(one.waits_for) or "unassigned"
    promised = moment_text(one.promised, zone) if one.promised else ""
    escalates = f"{moment_text(one.escalates_at, zone)} to {one.to}" if one.escalates_at else ""
    return (
        mark.symbol,
        one.title,
        one.gate_title,
        owner,
        age_text(one.age(now)),
        one.since_what,
        promised,
        escalates,
    )
