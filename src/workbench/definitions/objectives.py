"""GT-4: objectives and their error budgets.  Each is measured and judged as a benchmark of the kind ``objective``.

The error budget is the share of events that may be bad over the window: of a target of 99.5 % it is 0.5 %.  The
burn rate says how many times as fast as it lasts it is used: 1 uses all of it in exactly the window.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from workbench.definitions.shapes import Benchmark, Objective, Project
from workbench.model.canonical import decimal_text
from workbench.model.quantity import find_unit, from_float, read_number, rescale
from workbench.model.times import parse_duration

KIND = "objective"
BURN = "burn_rate"
_USED = Decimal("0.02")  # of the budget within the short stretch: 14.4 times as fast, for 1 h of 30 d
_PERCENT = find_unit("%")


def target_of(objective: Objective) -> Decimal:
    """The share that has to be good, in percent."""
    return read_number(objective.target.strip().removesuffix("%").strip())


def budget_used(objective: Objective, good: Decimal) -> Decimal:
    """How much of the error budget is used, 1 for all of it, where ``good`` percent of the events were."""
    return (100 - good) / (100 - target_of(objective))


def burn_limit(objective: Objective) -> Decimal:
    """How many times as fast as it lasts the budget may burn over its short stretch."""
    if objective.burn_at_most is not None:
        return from_float(objective.burn_at_most)
    assert objective.burn is not None
    lengths = [
        Decimal(int(parse_duration(text).total_seconds())) for text in (objective.window, objective.burn)
    ]
    # A stretch of no length is told when the files are checked.
    return round(_USED * lengths[0] / lengths[1], 4).normalize() if lengths[1] else Decimal(0)


def benchmarks_of(objective: Objective) -> list[Benchmark]:
    """The benchmarks that measure an objective: the share over its window, and over the stretch of its burn rate."""
    found = [_benchmark(objective, objective.key, KIND, objective.window, target_of(objective))]
    if objective.burn is not None:
        least = 100 - burn_limit(objective) * (100 - target_of(objective))
        found.append(_benchmark(objective, burn_key(objective), BURN, objective.burn, max(least, Decimal(0))))
    return found


def burn_key(objective: Objective) -> str:
    """The key of the benchmark that measures the burn rate."""
    return f"{objective.key}-burn"


def _benchmark(objective: Objective, key: str, kind: str, window: str, least: Decimal) -> Benchmark:
    asked = objective.indicator
    unit = find_unit(asked.unit or "%")
    limit = rescale(least, _PERCENT, unit) if unit.kind == _PERCENT.kind else least
    amount = f"{decimal_text(limit)} {unit.symbol}".strip()
    whole = kind == KIND
    over = f"over {window}"
    return Benchmark(
        key=key,
        kind=kind,
        title=(objective.title if whole else "") or _title(objective, whole, over),
        measure=msgspec.structs.replace(asked, unit=unit.symbol, window=window),
        flow=objective.flow,
        environment=objective.environment,
        about=objective.about,
        pass_=f">= {amount}",
        mode=objective.mode,
        steady=1,  # the whole window is what it is about: no other one need pass beside it
    )


def _title(objective: Objective, whole: bool, over: str) -> str:
    about = (objective.flow or objective.environment or objective.key).replace("-", " ")
    name = about[:1].upper() + about[1:]
    if whole:
        return f"{name}: {objective.target} good {over}"
    return f"{name}: burn rate {over} at most {decimal_text(burn_limit(objective))}"


def with_benchmarks(project: Project) -> Project:
    """The project with a benchmark for each objective, behind its own; what could not be read is left out."""
    made = [
        benchmark
        for objective in project.objectives
        if None not in (objective.key, objective.indicator, objective.target, objective.window)
        for benchmark in benchmarks_of(objective)
    ]
    return msgspec.structs.replace(project, benchmarks=[*project.benchmarks, *made]) if made else project
