"""The first week's plan and the three experiments: each task ticks itself from what the record shows.

Nothing is ticked by hand, and nothing is done until the record knows it; what is missing says how to get there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from workbench.benchmarks.baselines import PRODUCTION
from workbench.definitions.shapes import Category, Mode, Tier
from workbench.drills.model import DrillResult, all_drills
from workbench.flows.model import all_flows
from workbench.model.text import number_of
from workbench.model.times import day_text, duration_text
from workbench.usecases.figures.observability import ASPECTS
from workbench.usecases.views.guide_known import Known
from workbench.usecases.views.marks import Fact, Mark

GAPS = 5  # how many of the largest are listed on the first day
_DRIFT = (Category.CONFIGURATION, Category.INFRASTRUCTURE)
_OBJECTIVE_KINDS = ("objective_held", "error_budget")


def first_week(known: Known) -> Iterator[Fact]:
    """Five days: the inventory, observability, drift, a gate, a drill."""
    days = (gaps(known), observability(known), drift(known), objective_gate(known), drill(known))
    yield _how_far("The first week", days)
    yield from days


def experiments(known: Known) -> Iterator[Fact]:
    """Three experiments, each of which fits into a week."""
    tasks = (parity_check(known), mirror(known), freshness_promise(known))
    yield _how_far("Experiments", tasks)
    yield from tasks


def _how_far(label: str, tasks: Sequence[Fact]) -> Fact:
    done = sum(task.mark is Mark.DONE for task in tasks)
    following = next((task.label for task in tasks if task.mark is not Mark.DONE), None)
    words = f"{done} of {len(tasks)} done" + (f", next: {following}" if following else "")
    return Fact(label, words, Mark.DONE if following is None else Mark.UNDER_WAY if done else Mark.OPEN)


def _task(label: str, done: bool, words: str, missing: str, *, begun: bool = False) -> Fact:
    mark = Mark.DONE if done else Mark.UNDER_WAY if begun else Mark.OPEN
    return Fact(label, words if done else missing, mark)


# --- the first week -----------------------------------------------------------------------


def gaps(known: Known) -> Fact:
    """Five gaps on the map; fewer where somebody has reviewed it and there are no more."""
    rows = known.record.query(
        "SELECT title FROM e_difference WHERE decision <> 'no_matter' "
        "ORDER BY CASE severity WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END, title LIMIT ?",
        (GAPS,),
    )
    titles = ", ".join(str(row[0]) for row in rows)
    reviewed = bool(rows) and known.record.count("parity_review") > 0
    found = (
        f"{len(rows)} of {GAPS} gaps {'is' if len(rows) == 1 else 'are'} on the map"
        if rows
        else "the map is empty"
    )
    return _task(
        "Monday",
        len(rows) == GAPS or reviewed,
        f"the map's first: {titles}",
        f"{found}: workbench parity discover finds some, workbench parity add adds one",
        begun=bool(rows),
    )


def observability(known: Known) -> Fact:
    """Of every service of a critical flow it is said what staging records of it, and it is all of what production does."""
    listed = {one.key: one for one in known.project.observability}
    flows = [flow for _, flow in all_flows(known.record) if flow.tier is Tier.CRITICAL]
    needed = tuple(dict.fromkeys(name for flow in flows for name in flow.services))
    if not needed:
        return _task(
            "Tuesday", False, "", "no critical flow names a service: workbench flow edit KEY --service NAME"
        )
    missing = [name for name in needed if name not in listed]
    if missing:
        words = f"nobody has said what staging records of {_some(missing)}: list it under observability:"
        return _task("Tuesday", False, "", words, begun=len(missing) < len(needed))
    lacking = [name for name in needed if not all(getattr(listed[name], aspect) for aspect in ASPECTS)]
    return _task(
        "Tuesday",
        not lacking,
        f"staging records all of {number_of(len(needed), 'critical service')}",
        f"looked at; staging records less of {_some(lacking)} than production does",
        begun=True,
    )


def drift(known: Known) -> Fact:
    """A probe of configuration or infrastructure has looked."""
    probes = known.probes(*_DRIFT)
    ran = [known.runs[probe.key] for probe in probes if probe.key in known.runs]
    compared, differing = sum(run.compared for run in ran), sum(run.differing for run in ran)
    missing = (
        f"{number_of(len(probes), 'probe')} of it, and none has run: workbench probe"
        if probes
        else "no probe looks for it: workbench parity discover shows what it would find"
    )
    words = f"{number_of(compared, 'parameter')} compared, {differing} differ"
    return _task("Wednesday", bool(ran), words, missing, begun=bool(probes))


def objective_gate(known: Known) -> Fact:
    """An objective that a gate asks for, or that stops the release wherever benchmarks do."""
    gates = [
        gate.title
        for gate in known.project.gates
        if any(requirement.kind in _OBJECTIVE_KINDS for requirement in gate.requires)
    ]
    count = len(known.project.objectives)
    blocking = sum(objective.mode is Mode.BLOCKING for objective in known.project.objectives)
    asked = ", ".join(gates) if gates else f"{number_of(blocking, 'objective')} that can block"
    missing = (
        f"{number_of(count, 'objective')}, and no gate asks for one: add objective_held to a gate"
        if count
        else "no objective is listed under objectives:, so no gate asks for one"
    )
    return _task(
        "Thursday",
        bool(gates or blocking) and count > 0,
        f"an objective counts in {asked}",
        missing,
        begun=count > 0,
    )


def drill(known: Known) -> Fact:
    """One drill that was walked to its end, with the time that it took."""
    for _, value in all_drills(known.record):
        if value.ended_at is not None and value.result in (DrillResult.WORKED, DrillResult.FAILED):
            took = duration_text(value.ended_at - value.started_at)
            words = f"{value.title}: {value.result.value} in {took} on {day_text(value.started_at, known.context.zone)}"
            return _task("Friday", True, words, "")
    runbooks = len(known.project.runbooks)
    missing = (
        f"{number_of(runbooks, 'runbook')}, and none was drilled: workbench drill start RUNBOOK"
        if runbooks
        else "no runbook is listed under runbooks:, so none was drilled"
    )
    return _task("Friday", False, "", missing, begun=runbooks > 0)


# --- the three experiments ----------------------------------------------------------------


def parity_check(known: Known) -> Fact:
    """Something measured in staging was compared with production, and what differed most is told."""
    judged = known.judged.judged if known.judged else ()
    compared = [
        item
        for item in judged
        if item.baseline_value is not None
        and (item.resolved.benchmark.baseline or PRODUCTION.name) == PRODUCTION.name
    ]
    failing = [item for item in compared if item.outcome.verdict.value == "fail"]
    what = f"; {failing[0].title} differs too much" if failing else ""
    return _task(
        "A parity check",
        bool(compared),
        f"{number_of(len(compared), 'benchmark')} compared with production{what}",
        "nothing was compared yet: workbench fetch",
    )


def mirror(known: Known) -> Fact:
    """A probe has compared mirrored traffic with production's."""
    probes = known.probes(Category.TRAFFIC, kinds=("traffic",))
    ran = [probe for probe in probes if probe.key in known.runs]
    missing = (
        f"{number_of(len(probes), 'probe')} of traffic, and none has run: workbench probe"
        if probes
        else "no probe compares traffic: add one of the kind traffic"
    )
    words = (
        f"{number_of(len(ran), 'probe')} of traffic has run"
        if len(ran) == 1
        else f"{len(ran)} probes of traffic have run"
    )
    return _task("A mirror of 1 %", bool(ran), words, missing, begun=bool(probes))


def freshness_promise(known: Known) -> Fact:
    """It is said how old staging's data may be, and something looks whether that is kept."""
    staging = known.context.definitions.staging
    within = staging.fresh_within if staging else None
    watched = any(
        requirement.kind == "data_fresh" for gate in known.project.gates for requirement in gate.requires
    ) or any(probe.kind == "freshness" for probe in known.project.probes)
    missing = (
        f"at most {within} old, and nothing looks whether it is: add data_fresh to a gate"
        if within
        else "no one has said how old data may be: fresh_within of the environment"
    )
    return _task(
        "A promise about freshness",
        bool(within) and watched,
        f"at most {within} old, and it is checked",
        missing,
        begun=bool(within),
    )


def _some(names: Iterable[str]) -> str:
    """Some names, and how many more there are."""
    found = list(names)
    more = f" and {len(found) - 3} more" if len(found) > 3 else ""
    return ", ".join(found[:3]) + more
