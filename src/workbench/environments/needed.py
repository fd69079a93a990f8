"""ST-4: is staging needed for a change?  The questions, the rules, and the reasoning."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import msgspec


class Need(StrEnum):
    """Whether a change needs staging."""

    YES = "needed"
    OPTIONAL = "optional"
    LIGHT = "light"


class Fidelity(StrEnum):
    """How like production that staging has to be."""

    HIGH = "high, and for longer"
    USUAL = "as usual"
    LOWER = "lower is defensible"


class Question(msgspec.Struct, frozen=True):
    """Something that has to be known of a change; ``key`` is its option on the command line, ``short`` its label."""

    key: str
    short: str
    text: str


QUESTIONS = (
    Question("schema", "Schema", "Does it change a database schema?"),
    Question("api", "API", "Does it change an API between services?"),
    Question("regulated", "Personal data", "Is personal data or a regulation at stake?"),
    Question("scale", "Scale unknown", "Is its effect on performance or scale unknown?"),
    Question("risky", "Big or critical", "Is it a big change, or critical logic?"),
    Question("irreversible", "Hard to undo", "Is it hard to roll back?"),
    Question("rehearse", "Runbook", "Is there a runbook to rehearse?"),
    Question("stakes", "High stakes", "Is the team small, or is there an audit or money behind it?"),
    Question("flagged", "Behind a flag", "Is it small, behind a flag, and rolled out many times a day?"),
    Question("prototype", "Prototype", "Is it a prototype, a discovery phase or an internal tool?"),
    Question("isolated", "Isolated", "Is it isolated in a component that is not critical?"),
    Question("tests", "Unit tests pass", "Do its unit tests pass?"),
)


class Known(msgspec.Struct, frozen=True):
    """The answer to a question, ``None`` where nobody knows, and who says so."""

    answer: bool | None
    by: str = ""


NOBODY = Known(None)


class Needed(msgspec.Struct, frozen=True, kw_only=True):
    """The conclusion with its reasoning.

    ``because`` are the rules that decided, ``controls`` what goes with it, ``open`` the questions whose
    answers could still change it.
    """

    need: Need
    fidelity: Fidelity
    because: tuple[str, ...]
    controls: tuple[str, ...]
    open: tuple[Question, ...]
    answers: Mapping[str, Known]


# What alone makes staging needed, and what goes with it.
_YES = (
    ("regulated", "personal data or a regulation is at stake", "with controls on the data: masked, kept no longer than agreed"),
    ("scale", "its effect on performance or scale is unknown", "or a targeted performance test in its place"),
    ("risky", "it is a big change or critical logic", ""),
    ("irreversible", "it is hard to roll back", ""),
    ("rehearse", "a runbook is to be rehearsed", ""),
)  # fmt: skip
_KEEP = "schema and integrity checks stay"


def needed(answers: Mapping[str, Known]) -> Needed:
    """Whether a change needs staging; a question that nobody answered never makes it optional."""
    known = {one.key: answers.get(one.key, NOBODY) for one in QUESTIONS}
    said = {key: one.answer for key, one in known.items()}
    because, controls = _reasons(said)
    fidelity = _fidelity(said)
    if fidelity is Fidelity.LOWER:
        controls.append(_KEEP)
    if because:
        return _needed(Need.YES, fidelity, because, controls, (), known)
    unanswered = _unanswered(said)
    if said["prototype"] or (said["isolated"] and said["tests"]):
        if not unanswered:
            return _left_out(said, fidelity, controls, known)
        many = len(unanswered)
        open_ = "a question is open whose answer" if many == 1 else f"{many} questions are open whose answers"
        why = f"{open_} could make it necessary"
        return _needed(Need.YES, fidelity, [why], controls, unanswered, known)
    why = "nothing says that it can be left out"
    leave_out = tuple(
        one for one in QUESTIONS if one.key in ("prototype", "isolated", "tests") and said[one.key] is None
    )
    return _needed(Need.YES, fidelity, [why], controls, (*unanswered, *leave_out), known)


def _reasons(said: Mapping[str, bool | None]) -> tuple[list[str], list[str]]:
    because = (
        ["it touches a database schema and an API between services"] if said["schema"] and said["api"] else []
    )
    controls = []
    for key, words, control in _YES:
        if said[key]:
            because.append(words)
            controls += [control] if control else []
    return because, controls


def _fidelity(said: Mapping[str, bool | None]) -> Fidelity:
    if said["risky"] or said["irreversible"] or said["stakes"]:
        return Fidelity.HIGH
    if said["flagged"] and said["risky"] is False and said["irreversible"] is False:
        return Fidelity.LOWER
    return Fidelity.USUAL


def _unanswered(said: Mapping[str, bool | None]) -> tuple[Question, ...]:
    """The questions whose yes would make staging necessary, and that nobody has answered."""
    both = said["schema"] is not False and said["api"] is not False
    asked = {key for key, _, _ in _YES} | ({"schema", "api"} if both else set())
    return tuple(one for one in QUESTIONS if one.key in asked and said[one.key] is None)


def _left_out(
    said: Mapping[str, bool | None], fidelity: Fidelity, controls: list[str], known: Mapping[str, Known]
) -> Needed:
    if said["prototype"]:
        why = "it is a prototype, a discovery phase or an internal tool"
        return _needed(Need.LIGHT, fidelity, [why], controls or [_KEEP], (), known)
    why = "it is isolated in a component that is not critical, and its unit tests pass"
    return _needed(Need.OPTIONAL, fidelity, [why], controls, (), known)


def _needed(
    need: Need,
    fidelity: Fidelity,
    because: list[str],
    controls: list[str],
    open_: tuple[Question, ...],
    known: Mapping[str, Known],
) -> Needed:
    if fidelity is Fidelity.HIGH and known["stakes"].answer:
        because = [*because, "the team is small, or an audit or money is behind it: higher fidelity"]
    return Needed(
        need=need,
        fidelity=fidelity,
        because=tuple(because),
        controls=tuple(dict.fromkeys(controls)),
        open=open_,
        answers=known,
    )
