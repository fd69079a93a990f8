"""BM-15: how many of the releases that staging let pass had to be rolled back in production."""

from __future__ import annotations

from decimal import Decimal

from workbench.gates.overrides import Override
from workbench.releases import model as releases
from workbench.releases.model import WATCH, Outcome
from workbench.statistics.proportions import wilson
from workbench.usecases.figures.asked import Answer, Asking


def predictive_value(asking: Asking) -> Answer:
    """The share of the releases that went out without an exception and were rolled back.

    One that is still watched has no outcome yet.  What staging stopped has none either, so that nothing is
    said of false alarms.
    """
    record, now = asking.context.record, asking.context.now
    excepted = {value.release for row in record.all("override") if not (value := row.decode(Override)).lifted}
    ended = [held.release for held in releases.all_releases(record) if held.id not in excepted]
    bad = sum(one.outcome is Outcome.ROLLED_BACK for one in ended)
    good = sum(
        one.outcome is Outcome.SHIPPED and one.outcome_at is not None and one.outcome_at + WATCH <= now
        for one in ended
    )
    whole = bad + good
    if not whole:
        return asking.missing("no release has gone out without an exception and been watched to its end")
    low, high = (round(100 * bound, 1) for bound in wilson(bad, whole))
    note = f"{bad} of {whole} were rolled back; between {low} % and {high} % in the long run"
    return Answer(at=now, value=Decimal(bad) / whole, unit="share", note=note, of=whole)
