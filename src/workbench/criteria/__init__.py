"""The criterion language: read, print, check, evaluate.  Pure: no clock, no files, no network."""

from workbench.criteria.evaluate import check, evaluate, judge
from workbench.criteria.lint import lint
from workbench.criteria.outcome import Inputs, Outcome
from workbench.criteria.parse import parse
from workbench.criteria.percentile import percentile
from workbench.criteria.plan import own_unit
from workbench.criteria.report import as_json, text, tried
from workbench.criteria.tree import Criterion
from workbench.criteria.verdict import UNKNOWN, CriterionError, Verdict

__all__ = [
    "UNKNOWN",
    "Criterion",
    "CriterionError",
    "Inputs",
    "Outcome",
    "Verdict",
    "as_json",
    "check",
    "evaluate",
    "judge",
    "lint",
    "own_unit",
    "parse",
    "percentile",
    "text",
    "tried",
]
