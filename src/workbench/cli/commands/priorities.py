"""``parity priority`` and ``parity regions``: what to close first, and where to roll out first."""

from __future__ import annotations

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, Whole, common, pass_settings
from workbench.usecases.views.parity import decision_of, short_id
from workbench.usecases.views.priorities import STATED, read_priorities, read_roll_out

_MOST_OF_A_VALUE = 40  # characters of a cost in the list


@click.command("priority")
@click.option("--undecided", is_flag=True, help="Only what somebody must still decide.")
@click.option("--limit", type=Whole(1), default=50, show_default=True, help="At most so many rows.")
@common("project", "record", "now", "json")
@pass_settings
def priority(settings: Settings, undecided: bool, limit: int) -> None:
    """List the differences in the order in which they are worth closing, each with the reason.

    The order is the same for everybody: how often the affected path runs times how badly it can
    fail, then what closing it costs, then when it was found.
    """
    with session.reading(settings) as context:
        found = read_priorities(context, undecided=undecided)
        now, zone = context.now, context.zone
    if settings.json:
        rows = [
            {
                "place": one.priority.place,
                "id": one.stored.id,
                "title": one.difference.title,
                "region": one.difference.region,
                "severity": one.difference.severity.value,
                "points": one.priority.points,
                "closing_days": None if one.priority.days is None else float(one.priority.days),
                "closing": one.closing,
                "failing": one.failing,
                "why": one.priority.words,
            }
            for one in found[:limit]
        ]
        output.emit({"schema": "workbench.priorities.1", "criteria": STATED, "total": len(found), "differences": rows})  # fmt: skip
        return
    output.table(
        ("", "id", "what differs", "closing costs", "failing costs", "decision", "why"),
        [
            (
                str(one.priority.place),
                short_id(one.stored.id),
                one.difference.title,
                output.safe(one.closing, _MOST_OF_A_VALUE),
                output.safe(one.failing, _MOST_OF_A_VALUE),
                decision_of(one.difference, now, zone),
                one.priority.words,
            )
            for one in found[:limit]
        ],
        empty="no differences; workbench parity add WHAT, or workbench probe to look for them",
    )
    if len(found) > limit:
        output.talk(f"{len(found) - limit} more; --limit {len(found)} shows all")
    output.talk(f"the order: {STATED}")


@click.command("regions")
@common("project", "record", "now", "json")
@pass_settings
def regions(settings: Settings) -> None:
    """List production's regions in the order of rollout: where it is most like staging comes first.

    Fewest high differences undecided first, then the least that differs there.
    """
    with session.reading(settings) as context:
        found = read_roll_out(context)
    if settings.json:
        output.emit({"schema": "workbench.regions.1", "regions": [output.fields(one) for one in found]})
        return
    output.table(
        ("", "region", "what differs there"),
        [(str(one.place), one.region, one.words) for one in found],
        empty="production has one region; say region: at its environments, or of a difference",
    )
