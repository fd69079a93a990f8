"""What is shown of a release: the one place that every front end asks.

A release that went out is shown from the report that was kept with its shipment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import msgspec

from workbench.releases.model import Outcome
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.reporting.judgement import Judgement
from workbench.usecases.reporting.making import judgement_of_gate, judgement_of_lines

if TYPE_CHECKING:
    from workbench.usecases.reporting.report import Report

J = TypeVar("J", bound=Judgement)


def shown_gate(context: Context, evaluation: Evaluation, key: str | None) -> Judgement:
    """What the report of one gate shows; without a key, of the first that has not passed."""
    found = _kept(context, evaluation) or _anew(evaluation, judgement_of_gate(evaluation, key))
    if not context.excerpt:
        return found
    return msgspec.structs.replace(found, unsealed=not context.sealed, sealed=context.sealed)


def shown_lines(context: Context, evaluation: Evaluation) -> Judgement:
    """What Readiness shows."""
    return _kept(context, evaluation) or _anew(evaluation, judgement_of_lines(evaluation))


def shown_report(context: Context, evaluation: Evaluation) -> Report:
    """What the notes show."""
    from workbench.usecases.reporting.whole import report_of  # what only the notes tell: no gate needs it

    return _kept(context, evaluation) or _anew(evaluation, report_of(context, evaluation))


def _anew(evaluation: Evaluation, found: J) -> J:
    """A judgement of today; of a release that went out it is said that its report is not here."""
    if evaluation.held.release.outcome in (Outcome.OPEN, Outcome.ABANDONED):
        return found
    return msgspec.structs.replace(found, kept="The report of its shipping is not kept here: judged anew")


def _kept(context: Context, evaluation: Evaluation) -> Report | None:
    if evaluation.held.release.outcome is Outcome.OPEN:
        return None
    from workbench.usecases.reporting.kept import kept_report  # most releases that are looked at are open

    return kept_report(context, evaluation)
