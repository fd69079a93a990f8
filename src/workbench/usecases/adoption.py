"""Taking flows under watch: which to take next, how each is best measured, and whether it all comes at once."""

from __future__ import annotations

from typing import Any

import msgspec

from workbench.definitions.shapes import Project
from workbench.flows.approaches import STRENGTHS, Advice, Answers, advise, beside
from workbench.flows.candidates import FIRST, Ranked, all_at_once, ranked
from workbench.flows.model import Flow, all_flows
from workbench.usecases.context import Context


class Candidates(msgspec.Struct, frozen=True, kw_only=True):
    """The flows that could be taken under watch next, the best first; ``chosen`` are those to begin with.

    ``warning`` says that everything is measured at once.
    """

    ranked: tuple[Ranked, ...]
    chosen: tuple[str, ...] = ()
    warning: str = ""


def read_candidates(context: Context) -> Candidates:
    """FI-2: the ranking of the inventory."""
    project = context.definitions.project
    return candidates_of([flow for _, flow in all_flows(context.record)], project)


def candidates_of(flows: list[Flow], project: Project) -> Candidates:
    """The ranking of some flows."""
    found = ranked(flows, project.failure_costs)
    under_watch = len(flows) - len(found)
    ready = [one.flow.key for one in found if not one.waits]
    return Candidates(
        ranked=tuple(found),
        chosen=tuple(ready[: max(FIRST - under_watch, 1)]),
        warning=all_at_once(flows, project.benchmarks),
    )


def why_words(one: Ranked) -> str:
    """The reasons of a ranking in a line, with their points: ``critical +3, stable +2; not said: how complex it is``."""
    told = ", ".join(f"{reason.words} +{reason.points}" for reason in one.reasons)
    unknown = f"not said: {', '.join(one.unknown)}" if one.unknown else ""
    return "; ".join(filter(None, (one.waits and f"wait: {one.waits}", told, unknown)))


def candidates_document(found: Candidates) -> dict[str, Any]:
    """``workbench.candidates.1``."""
    return {
        "schema": "workbench.candidates.1",
        "candidates": [
            {
                "flow": one.flow.key,
                "name": one.flow.name,
                "points": one.points,
                "reasons": [{"words": reason.words, "points": reason.points} for reason in one.reasons],
                "unknown": list(one.unknown),
                "waits": one.waits or None,
                "begin_with": one.flow.key in found.chosen,
            }
            for one in found.ranked
        ],
        "warning": found.warning or None,
    }


def advice_lines(advice: list[Advice]) -> list[str]:
    """SRC-1: the recommended approach and what goes along with it, in sentences, then why not the others."""
    best, also = advice[0], beside(advice)
    lines = [f"{best.approach.value}: {'; '.join(best.pros)}"]
    lines += [f"beside it {one.approach.value}: {'; '.join(one.pros)}" for one in also]
    for one in advice[1:]:
        if one not in also:
            lines.append(f"not {one.approach.value}: {_against(one)}")
    return lines


def _against(one: Advice) -> str:
    if not one.lacks:
        return "; ".join(one.cons) or "fits less well"
    needs = f"needs {' and '.join(one.lacks)}"
    if not one.unknown:
        return needs
    which = "" if one.unknown == one.lacks else f" {' and '.join(one.unknown)}"
    return f"{needs}; nobody has said whether there is{which}"


def strengths(advice: list[Advice]) -> list[tuple[str, ...]]:
    """Each approach with what it takes and gives: set-up, coverage, realism, upkeep, what it finds, what it is not for."""
    return [(one.approach.value, *msgspec.structs.astuple(STRENGTHS[one.approach])) for one in advice]


def advice_document(flow: Flow, advice: list[Advice]) -> dict[str, Any]:
    """``workbench.advice.1``."""
    also = [one.approach.value for one in beside(advice)]
    return {
        "schema": "workbench.advice.1",
        "flow": flow.key,
        "recommended": advice[0].approach.value,
        "beside": also,
        "approaches": [
            {
                "approach": one.approach.value,
                "possible": one.possible,
                "points": one.points,
                "for": list(one.pros),
                "against": list(one.cons),
                "needs": list(one.lacks),
                "unknown": list(one.unknown),
                **msgspec.to_builtins(STRENGTHS[one.approach]),
            }
            for one in advice
        ],
    }


def advise_on(flow: Flow, answers: Answers | None = None) -> list[Advice]:
    """By which approach a flow is best measured; without answers, by what the record says of it."""
    return advise(flow, answers or Answers())
