"""Enough of each error budget is left, and none burns too fast (GT-4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from workbench.benchmarks.judge import Judged
from workbench.criteria import Verdict
from workbench.definitions.objectives import budget_used, burn_key, burn_limit
from workbench.definitions.shapes import Objective
from workbench.gates.bound import LOWER, NOT_MEASURED, Bound, of_value
from workbench.gates.facts import Facts, Need
from workbench.gates.judging import JUDGED
from workbench.gates.kind import Alteration, Kind, Rest, Since
from workbench.gates.kinds.benchmarks.judging import clear
from workbench.gates.kinds.error_budget import KIND as ASKED
from workbench.gates.kinds.error_budget import ErrorBudgetConfig, fits
from workbench.gates.kinds.objective_held.judging import pinned
from workbench.gates.model import Part, State
from workbench.gates.turn import ANYBODY
from workbench.gates.unproven import as_risk
from workbench.model.quantity import find_unit, rescale, show

_PERCENT = find_unit("%")


class ErrorBudget(Kind[ErrorBudgetConfig]):
    asked = ASKED
    lists = True

    def needs(self, asks: ErrorBudgetConfig) -> Iterable[Need[Any]]:
        return (JUDGED,)

    def title(self, asks: ErrorBudgetConfig, facts: Facts) -> str:
        about = asks.objective or asks.flow
        kept = f"At most {asks.at_most} % of the error budget is used"
        return f"{kept} ({about})" if about else kept

    def parts(self, asks: ErrorBudgetConfig, facts: Facts) -> Iterable[Part]:
        by_key = {judged.key: judged for judged in facts(JUDGED)}
        for objective in _objectives(asks, facts):
            yield _budget(asks, objective, by_key[objective.key], facts)
            if objective.burn is not None:
                yield _burning(objective, by_key[burn_key(objective)], facts)

    def nothing(self, asks: ErrorBudgetConfig, facts: Facts) -> str:
        return "no objective has an error budget; list one under objectives:"

    def verdicts(self, asks: ErrorBudgetConfig, facts: Facts) -> Sequence[Judged]:
        keys = {key for each in _objectives(asks, facts) for key in (each.key, burn_key(each))}
        return [judged for judged in facts(JUDGED) if judged.key in keys]

    def pins(self, asks: ErrorBudgetConfig, facts: Facts) -> Mapping[str, Sequence[str]]:
        return pinned(self.verdicts(asks, facts))

    def rests(self, asks: ErrorBudgetConfig, facts: Facts) -> Iterable[Rest]:
        for part in self.parts(asks, facts):
            stands = {"met": part.state is State.MET, "at_most": asks.at_most}
            yield Rest(key=part.key, title=part.title, stands=stands)

    def change(self, old: Rest | None, new: Rest | None, since: Since) -> Alteration | None:
        one = new or old
        assert one is not None
        if old is None or new is None:
            return Alteration(f"the error budget “{one.title}” was {'added' if old is None else 'removed'}")
        if old.stands.get("at_most") != new.stands.get("at_most"):
            return Alteration(f"another share of the error budget “{new.title}” may be used")
        words = "is kept again" if new.stands.get("met") else "is no longer kept"
        return Alteration(f"the error budget “{new.title}” {words}", follows=since.new_candidate)


def _objectives(asks: ErrorBudgetConfig, facts: Facts) -> list[Objective]:
    return [objective for objective in facts.project.objectives if fits(asks, objective)]


def good_share(judged: Judged) -> Decimal | None:
    """The measured share of good events in percent, where there is a number that counts."""
    inputs = judged.outcome.inputs
    if inputs.value is None or inputs.value_state is not None:
        return None
    return rescale(inputs.value, judged.resolved.unit, _PERCENT)


def _budget(asks: ErrorBudgetConfig, objective: Objective, judged: Judged, facts: Facts) -> Part:
    good = good_share(judged)
    used = None if good is None else budget_used(objective, good) * 100
    met = used is not None and used <= asks.at_most
    why = _used_words(asks, objective, good, used, judged)
    return _part(f"budget/{objective.key}", f"Error budget of {objective.key}", judged, met, why, facts)


def _used_words(
    asks: ErrorBudgetConfig, objective: Objective, good: Decimal | None, used: Decimal | None, judged: Judged
) -> str:
    if good is None or used is None:
        return f"how much is used is not known: {judged.why}"
    told, _ = show(used, Decimal(asks.at_most), digits=3)
    (shown,) = show(good)
    of = f"{shown} % good of {objective.target} over {objective.window}"
    return f"{told} % of the error budget is used ({of}), at most {asks.at_most} %"


def _burning(objective: Objective, judged: Judged, facts: Facts) -> Part:
    good, most = good_share(judged), burn_limit(objective)
    met = judged.verdict is Verdict.PASS
    if good is None:
        why = f"how fast it burns is not known: {judged.why}"
    else:
        told, limit = show(budget_used(objective, good), most, digits=3)
        why = f"it burns {told} times as fast as it lasts over {objective.burn}, at most {limit} times"
    return _part(f"burn/{objective.key}", judged.title, judged, met, why, facts)


def _part(key: str, title: str, judged: Judged, met: bool, why: str, facts: Facts) -> Part:
    part = Part(
        key=key,
        title=title,
        state=State.MET if met else State.NOT_MET,
        why=why,
        about=f"benchmark/{judged.key}",
        step=None if met else clear(judged, facts),
        unasked=judged.unasked,
        turn=None if met else ANYBODY,
        bound=None if met else _bound(judged),
    )
    return as_risk(part, judged.resolved.unproven)


def _bound(judged: Judged) -> Bound:
    """The share of good events: less of it is worse."""
    good = good_share(judged)
    return Bound(stands=NOT_MEASURED) if good is None else of_value(good, _PERCENT, LOWER, "")


KIND = ErrorBudget()
