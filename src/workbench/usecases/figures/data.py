"""BM-11 and OP-6: how old the data of an environment is, and how long its last refresh took."""

from __future__ import annotations

from decimal import Decimal

from workbench.environments.freshness import data_age as age_of
from workbench.environments.model import Refresh
from workbench.model.times import duration_text, parse_duration
from workbench.usecases.figures.asked import Answer, Asking, of_runs


def data_age(asking: Asking) -> Answer:
    """The age of the data: as a probe of kind freshness saw it, else since the last refresh that counts."""
    for probe in asking.probes("freshness"):
        run = asking.last_run(probe)
        if isinstance(run, Answer):
            return run
        given = next((one for one in run.scores if one.key == "data_freshness"), None)
        if given is None:
            return asking.missing(f"the probe {probe.key} did not learn how old the data is", probe=probe.key)
        answer = Answer(at=run.at, value=given.value, unit=given.unit, of=given.of, probe=probe.key)
        return of_runs([run], answer)
    found = age_of(_refreshes(asking), None, asking.context.now)
    if found.age is None:
        return asking.missing(f"its age is {found.words}")
    hours = Decimal(int(found.age.total_seconds())) / 3600
    return Answer(at=asking.context.now, value=round(hours, 2), unit="h", note=found.words)


def refresh_time(asking: Asking) -> Answer:
    """How long the last refresh took to copy and mask, as it was recorded."""
    refreshes = _refreshes(asking)
    if not refreshes:
        return asking.missing("no refresh is recorded: workbench environment refresh")
    last = refreshes[0]
    if not last.took:
        return asking.missing("the last refresh does not say how long it took")
    took = parse_duration(last.took)
    return Answer(
        at=last.at, value=Decimal(int(took.total_seconds())), unit="s", note=f"took {duration_text(took)}"
    )


def _refreshes(asking: Asking) -> list[Refresh]:
    rows = asking.context.record.all("refresh", "environment = ?", (asking.environment,), "at DESC")
    found = [row.decode(Refresh) for row in rows]
    return [one for one in found if one.at <= asking.context.now]
