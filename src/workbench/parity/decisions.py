"""PM-3: what is decided about a difference, and what a decision needs to count."""

from __future__ import annotations

from enum import StrEnum

from workbench.definitions.shapes import Severity
from workbench.model.errors import UsageError
from workbench.model.reasons import readable_reason


class Decision(StrEnum):
    """PM-3: what is done about a difference."""

    UNDECIDED = "undecided"
    CLOSE = "close"
    MITIGATE = "mitigate"
    ACCEPT = "accept"
    IRRELEVANT = "no_matter"  # the word that ledgers hold


# Nothing is done about the difference: of a high one that is for two people to say.
LEFT_AS_IT_IS = (Decision.ACCEPT, Decision.IRRELEVANT)


def needs_second_person(severity: Severity, decision: Decision) -> bool:
    """Whether a decision counts only when a second person approves it."""
    return severity is Severity.HIGH and decision in LEFT_AS_IT_IS


def lacks(
    decision: Decision, *, high: bool, reason: str, mitigation: str, owner: str, ends: bool
) -> dict[str, UsageError]:
    """PM-3: what a decision still needs, by field.

    Accepting needs a reason and an end (``ends``), mitigating says how.  Of a high difference
    (``high``) every decision has an end, closing has an owner, and marking it irrelevant a reason.
    """
    missing_fields = needed(decision, high=high, reason=reason, mitigation=mitigation, owner=owner, ends=ends)
    missing = {name: UsageError(_ASKED[name].format(_DOING[decision])) for name in missing_fields}
    if decision is Decision.ACCEPT or (high and decision is Decision.IRRELEVANT):
        try:
            readable_reason(reason, _DOING[decision])
        except UsageError as error:
            missing.pop("reason", None)
            missing = {"reason": error, **missing}  # told first
    return missing


_DOING = {
    Decision.CLOSE: "closing a high-severity difference",
    Decision.MITIGATE: "mitigating a high-severity difference",
    Decision.ACCEPT: "accepting",
    Decision.IRRELEVANT: "marking a high-severity difference irrelevant",
}
_ASKED = {
    "reason": "{} needs a reason",
    "mitigation": "say how it is mitigated: a test, a throttle, monitoring in production …",
    "owner": "{} needs an owner: who will close it?",
    "until": "{} needs an end date: 2026-12-01, or 30d (30 days from now)",
}
# The same as nouns.
NEEDED = {"reason": "a reason", "mitigation": "a mitigation", "owner": "an owner", "until": "an end date"}


def needed(
    decision: Decision, *, high: bool, reason: str, mitigation: str, owner: str, ends: bool
) -> list[str]:
    """The fields that a decision needs and that say nothing."""
    asked = (_NEEDED_OF_HIGH if high else _NEEDED_OF_ANY).get(decision)
    if asked is None:
        return []
    said = {
        "reason": bool(reason.strip()),
        "mitigation": bool((mitigation or reason).strip()),
        "owner": bool(owner.strip()),
        "until": ends,
    }
    return [name for name in asked if not said[name]]


_NEEDED_OF_ANY: dict[Decision, tuple[str, ...]] = {
    Decision.ACCEPT: ("reason", "until"),
    Decision.MITIGATE: ("mitigation",),
}
_NEEDED_OF_HIGH: dict[Decision, tuple[str, ...]] = {
    Decision.CLOSE: ("owner", "until"),
    Decision.MITIGATE: ("mitigation", "until"),
    Decision.ACCEPT: ("reason", "until"),
    Decision.IRRELEVANT: ("reason", "until"),
}
