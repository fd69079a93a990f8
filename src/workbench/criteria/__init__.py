"""The criterion language: read, print, check, evaluate.  Pure: no clock, no files, no network."""

from workbench.criteria.clause import Criterion, Earlier, Inputs, Need, Outcome
from workbench.criteria.evaluate import check, evaluate, fed, judge, not_judged
from workbench.criteria.figures import Charting, Figures, Fired, Limits
from workbench.criteria.lint import lint
from workbench.criteria.parse import parse
from workbench.criteria.report import as_json, text, tried
from workbench.criteria.tree import bounds_only_above, bounds_only_below, leaves, own_unit
from workbench.criteria.verdict import UNKNOWN, CriterionError, Verdict
from workbench.criteria.words import headline, sentence

__all__ = [
    "UNKNOWN",
    "Charting",
    "Criterion",
    "CriterionError",
    "Earlier",
    "Figures",
    "Fired",
    "Inputs",
    "Limits",
    "Need",
    "Outcome",
    "Verdict",
    "as_json",
    "bounds_only_above",
    "bounds_only_below",
    "check",
    "evaluate",
    "fed",
    "headline",
    "judge",
    "leaves",
    "lint",
    "not_judged",
    "own_unit",
    "parse",
    "sentence",
    "text",
    "tried",
]
