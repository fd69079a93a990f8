"""``workbench.learning.1``: every figure with its numerator, denominator, interval, and the ids it rests on."""

from __future__ import annotations

from typing import Any

from workbench.criteria.report import number
from workbench.learning.differences import Hurt, Spent
from workbench.learning.fidelity import Fidelity
from workbench.learning.figure import ENOUGH
from workbench.learning.holding_up import Hours
from workbench.learning.limits import Limit
from workbench.learning.months import Month
from workbench.model.times import to_text
from workbench.usecases.answer_times import Typical
from workbench.usecases.views.figure_words import figure_document
from workbench.usecases.views.learning import Learning, advice_words, evidence, prevented_words, suggestion


def document(found: Learning) -> dict[str, Any]:
    """What ``learn --json`` prints; shares are from 0 to 1, hours are hours."""
    past = found.past
    return {
        "schema": "workbench.learning.1",
        "at": to_text(past.now),
        "period": {"name": found.period, "since": _moment(past.since), "until": _moment(past.until)}
        if found.period
        else None,
        "releases": {
            "went_out": [one.id for one in past.releases],
            "watched": found.ended,
            "enough": ENOUGH,
        },
        "figures": [figure_document(one, "staging") for one in found.staging]
        + [figure_document(one, "delivery") for one in found.delivery],
        "months": [_month(one) for one in found.months],
        "differences": [_hurt(one) for one in found.hurting],
        "reviews": [figure_document(one) for one in found.reviews],
        "limits": [_limit(one) for one in found.limits],
        "held_up": {
            "total": _hours(found.held_total),
            **{f"by_{by}": [_hours(one) for one in found.held[by]] for by in found.held},
        },
        "predictions": [figure_document(one) for one in found.predictions],
        "answers": [_answers(one) for one in found.answers],
        "fidelity": [_fidelity(one) for one in found.fidelity],
        "advice": {
            "what": found.advice.what,
            "incidents": found.advice.incidents,
            "tolerated": found.advice.tolerated if found.advice.within else None,
            "days": round(found.advice.within.total_seconds() / 86400, 3) or None,
            "words": advice_words(found.advice),
        },
        "prevented": {
            "incidents": found.prevented.incidents,
            "of": found.prevented.of,
            **_spent(found.prevented.spent),
            "tests": found.prevented.tests,
            "tests_cost": _spent(found.prevented.tests_spent),
            "not_reviewed": found.prevented.not_reviewed,
            "words": prevented_words(found.prevented),
        },
        "names": dict(found.names),
    }


def _moment(at: Any) -> str | None:
    return to_text(at) if at is not None else None


def _spent(spent: Spent) -> dict[str, Any]:
    return {
        "hours": number(spent.hours),
        "money": [{"amount": number(one.amount), "currency": one.currency} for one in spent.money],
        "nobody_said": spent.silent,
    }


def _month(one: Month) -> dict[str, Any]:
    return {
        "month": one.key,
        "figures": [figure_document(each) for each in one.figures],
        "missed_faults_cost": _spent(one.missed_spent),
        "false_alarm_hours": number(one.alarm_hours),
        "false_alarms_without_hours": one.silent_alarms,
    }


def _hurt(one: Hurt) -> dict[str, Any]:
    return {
        "difference": one.difference,
        "title": one.title,
        "incidents": one.incidents,
        "tests": one.tests,
        **_spent(one.spent),
        "share": figure_document(one.share),
    }


def _limit(one: Limit) -> dict[str, Any]:
    return {
        "benchmark": one.benchmark.key,
        "title": one.benchmark.title,
        "limit": one.benchmark.limit,
        "unit": one.benchmark.unit,
        "fit": one.fit,
        "evidence": evidence(one),
        "failing": figure_document(one.failing),
        "missed": one.missed,
        "stood": one.stood,
        "false_alarms": one.false_alarms,
        "catches": one.catches,
        "would_have_wanted": number(one.would),
        "would_stop": one.would_stop,
        "worst_that_stood": number(one.worst_that_stood),
        "try": suggestion(one) or None,
    }


def _hours(one: Hours) -> dict[str, Any]:
    return {
        "name": one.name,
        "hours": one.hours,
        "releases": one.releases,
        "ids": one.ids,
        "going_on": one.going_on,
    }


def _fidelity(one: Fidelity) -> dict[str, Any]:
    return {
        "score": one.score.key,
        "title": one.score.title,
        "unit": one.score.unit,
        "well": [{"release": id, "value": number(value)} for id, value in one.well],
        "trouble": [{"release": id, "value": number(value)} for id, value in one.trouble],
        "median_well": one.median_well,
        "median_trouble": one.median_trouble,
        "p": one.p,
        "too_few": one.too_few,
    }


def _answers(one: Typical) -> dict[str, Any]:
    return {
        "by": one.by,
        "who": one.who,
        "first_days": round(one.first, 3),
        "answers": one.answers,
        "decided_days": round(one.decided, 3) if one.decided is not None else None,
        "decisions": one.decisions,
    }
