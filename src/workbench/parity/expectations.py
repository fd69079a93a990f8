"""PM-7: what can be expected of an environment, and how a difference in it is judged."""

from __future__ import annotations

from workbench.definitions.shapes import Category, Environment, EnvironmentKind, Severity, StagingKind
from workbench.parity.model import Difference
from workbench.parity.rating import RISKS, points_of


def ephemeral(environment: Environment | None) -> bool:
    """Whether an environment lives for a short time, as one for each branch does."""
    if environment is None:
        return False
    return environment.kind is EnvironmentKind.EPHEMERAL or environment.staging_kind is StagingKind.EPHEMERAL


def severity_in(environment: Environment | None, category: Category, severity: Severity) -> Severity:
    """How severe a difference that a probe proposes is there: data is expected to differ in an ephemeral one."""
    return Severity.LOW if ephemeral(environment) and category is Category.DATA else severity


def expectation(value: Difference, environment: Environment | None) -> str:
    """What is to be kept in mind when a difference is judged, in words; "" for nothing.

    An ephemeral environment is judged on test reliability and deployment friction, a legacy one on
    whether its gaps are documented and their risk assessed, a third party on what stands in for it.
    """
    said = [_of_environment(value, environment), RISKS.get(value.third_party, "")]
    return "; ".join(text for text in said if text)


def _of_environment(value: Difference, environment: Environment | None) -> str:
    if ephemeral(environment):
        if value.category is Category.DATA:
            return "data is expected to differ in an ephemeral environment"
        return "an ephemeral environment is judged on test reliability and deployment friction"
    if environment is not None and environment.legacy:
        lacks = _not_assessed(value)
        if lacks:
            return f"a legacy environment: its risk is not assessed, {lacks} is missing"
        return "a legacy environment: documented and its risk assessed; it need not be closed"
    return ""


def _not_assessed(value: Difference) -> str:
    lacks = ["what can happen"] if not value.impact.strip() else []
    if points_of(value.frequency, value.harm) is None:
        lacks.append("how often and how badly")
    return " and ".join(lacks)
