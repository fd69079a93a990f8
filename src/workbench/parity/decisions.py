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
    NO_MATTER = "no_matter"


# Nothing is done about the difference: of a high one that is for two people to say.
LEFT_AS_IT_IS = (Decision.ACCEPT, Decision.NO_MATTER)


def needs_second_person(severity: Severity, decision: Decision) -> bool:
    """Whether a decision counts only when a second person approves it."""
    return severity is Severity.HIGH and decision in LEFT_AS_IT_IS


def lacks(
    decision: Decision, *, grave: bool, reason: str, mitigation: str, owner: str, ends: bool
) -> dict[str, UsageError]:
    """PM-3: what a decision still needs, by field.

    Accepting needs a reason and an end (``ends``), mitigating says how.  Of a high difference
    (``grave``) every decision has an end, closing an owner, and that it does not matter a reason.
    """
    missing_fields = needed(
        decision, grave=grave, reason=reason, mitigation=mitigation, owner=owner, ends=ends
    )
    missing = {name: UsageError(_ASKED[name].format(_DOING[decision])) for name in missing_fields}
    if decision is Decision.ACCEPT or (grave and decision is Decision.NO_MATTER):
        try:
            readable_reason(reason, _DOING[decision])
        except UsageError as error:
            missing.pop("reason", None)
            missing = {"reason": error, **missing}  # told first
    return missing


_DOING = {
    Decision.CLOSE: "closing a high difference",
    Decision.MITIGATE: "mitigating a high difference",
    Decision.ACCEPT: "accepting",
    Decision.NO_MATTER: "“no matter” for a high difference",
}
_ASKED = {
    "reason": "{} needs a reason",
    "mitigation": "say how it is mitigated: a test, a throttle, a watch in production …",
    "owner": "{} needs an owner: who closes it?",
    "until": "{} needs an end: 2026-12-01, or 30d for in 30 days",
}
# The same as nouns.
NEEDED = {"reason": "a reason", "mitigation": "a word on how", "owner": "an owner", "until": "an end"}


def needed(
    decision: Decision, *, grave: bool, reason: str, mitigation: str, owner: str, ends: bool
) -> list[str]:
    """The fields that a decision needs and that say nothing."""
    asked = (_NEEDED_OF_HIGH if grave else _NEEDED_OF_ANY).get(decision)
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
    Decision.NO_MATTER: ("reason", "until"),
}
