"""A gate as a flat list of checks, each with its outcome: what every format for machines is written from.

One check is one line of the gate.  What is not known, could not be asked, or was let past without being
judged has an outcome of its own, and no format calls it passed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum

import msgspec

from workbench.criteria import Verdict
from workbench.gates.model import GateState, Origin, Part, RequirementState, State, Weight
from workbench.model.ci_log import break_anywhere
from workbench.model.text import safe_text
from workbench.usecases.reporting.judgement import GateReport, Judgement, OverrideReport
from workbench.usecases.views.clearing import command
from workbench.usecases.views.next_step import NextSteps

MOST_TEXT = 4000  # characters of one reason in a format


class Outcome(StrEnum):
    """How one line of a gate stands: only ``PASSED`` is a pass."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"  # a source could not be asked: nobody knows
    EXCEPTED = "excepted"  # overridden, or quarantined: an exception is no pass
    WAITING = "waiting"  # for a signature, where the gate is ready otherwise
    UNJUDGED = "not judged"  # let through by its rule without a judgement: learning, no baseline
    LEFT_OUT = "not applicable"


STOPS = frozenset({Outcome.FAILED, Outcome.ERROR})


class Place(msgspec.Struct, frozen=True):
    """Where a requirement stands: a file, relative to the checkout, with ``/``; line and column from 1."""

    file: str
    line: int
    column: int


class Exception_(msgspec.Struct, frozen=True, kw_only=True):
    """Who let a check past, and why."""

    sort: str
    reason: str
    author: str
    approver: str
    at: datetime
    until: datetime


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a gate.  Its texts are safe: one line each, without anything that steers a terminal or a CI log.

    ``key`` is what overrides name (unique within the gate), ``rule`` the key of the requirement it belongs
    to, ``kind`` the requirement's kind, ``rule_title`` what that is called, ``about`` the thing it speaks
    of as ``noun/id``.  ``fix`` is a command, or empty.
    """

    key: str
    kind: str
    rule: str
    rule_title: str
    title: str
    about: str
    outcome: Outcome
    why: str
    fix: str = ""
    place: Place | None = None
    exception: Exception_ | None = None

    @property
    def named(self) -> str:
        """The requirement with the line's own title, where that is another."""
        return self.rule_title if self.title in ("", self.rule_title) else f"{self.rule_title}: {self.title}"


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """A gate with its checks, as every format is written from it.

    ``exit_code`` is what the gate deserves, whether or not ``advisory`` turns it into 0.
    """

    found: Judgement
    gate: GateReport
    checks: tuple[Check, ...]
    exit_code: int
    advisory: bool = False

    @property
    def blocked(self) -> bool:
        return self.gate.state is GateState.BLOCKED

    @property
    def subject(self) -> str:
        """Project, release and gate in a few words."""
        return safe(f"{self.found.project} {self.found.title}: {self.gate.title}")

    def count(self, *outcomes: Outcome) -> int:
        return sum(check.outcome in outcomes for check in self.checks)


def safe(text: object, limit: int = MOST_TEXT) -> str:
    """Text from outside for a document of CI."""
    return break_anywhere(safe_text(text, limit))


def checked(
    found: Judgement,
    gate: GateReport,
    places: Mapping[str, Place],
    *,
    advisory: bool = False,
    reader: str = "",
    exit_code: int | None = None,
) -> Checked:
    """The checks of a gate in their order.

    ``places`` are those of the gate's requirements by key; "" is the place of the gate itself.  ``exit_code`` is
    what whoever asks has worked out, where it is not that of any gate.
    """
    checks = tuple(_each(found, gate, places, reader))
    blocked = gate.state is GateState.BLOCKED
    if blocked and not any(check.outcome in STOPS for check in checks):
        checks = (*checks, _whole(gate, places, Outcome.FAILED, "blocked"))
    if not checks:
        why = "not set up: it asks for nothing, so nothing was judged"
        checks = (_whole(gate, places, Outcome.LEFT_OUT, why),)
    code = found.exit_code(gate) if exit_code is None else exit_code
    return Checked(found=found, gate=gate, checks=checks, exit_code=code, advisory=advisory)


def _whole(gate: GateReport, places: Mapping[str, Place], outcome: Outcome, why: str) -> Check:
    title = safe(gate.title)
    return Check(
        key=f"gate/{gate.key}", kind="gate", rule=gate.key, rule_title=title, title=title,
        about="gate", outcome=outcome, why=why, place=places.get(""),
    )  # fmt: skip


def _each(found: Judgement, gate: GateReport, places: Mapping[str, Place], reader: str) -> Iterator[Check]:
    steps = NextSteps(found, reader)
    exceptions = _exceptions(found)
    unjudged = {
        f"benchmark/{item.key}": item.verdict
        for item in found.verdicts_of(gate)
        if item.verdict not in (Verdict.PASS, Verdict.WARN)
    }
    seen: set[str] = set()
    for requirement in gate.requirements:
        place = places.get(requirement.key, places.get(""))
        for part in requirement.parts or (_of_itself(requirement),):
            # Two requirements of a gate may ask for the same line: it is told under each.
            key = part.key if part.key not in seen else f"{requirement.key}/{part.key}"
            seen.add(key)
            outcome = _outcome(requirement, part, unjudged.get(part.key))
            stops = outcome in STOPS or outcome is Outcome.WAITING
            verdict = (
                f" ({unjudged[part.key].value.replace('_', ' ')})" if outcome is Outcome.UNJUDGED else ""
            )
            yield Check(
                key=safe(key, 300),
                kind=requirement.kind,
                rule=safe(requirement.key, 200),
                rule_title=safe(requirement.title, 200),
                title=safe(part.title, 300),
                about=safe(part.about, 300),
                outcome=outcome,
                why=safe(part.why) + verdict,
                fix=safe(command(part.step) if found.kept else steps.of(part).command, 500) if stops else "",
                place=place,
                exception=exceptions.get(part.key) if outcome is Outcome.EXCEPTED else None,
            )


def _of_itself(requirement: RequirementState) -> Part:
    """The line of a requirement without lines."""
    return Part(
        key=requirement.key,
        title=requirement.title,
        state=requirement.state,
        why=requirement.why,
        about=requirement.key,
        step=requirement.step,
    )


def _outcome(requirement: RequirementState, part: Part, verdict: Verdict | None) -> Outcome:
    if part.state is State.OVERRIDDEN:
        return Outcome.EXCEPTED
    if part.state is State.NOT_APPLICABLE:
        return Outcome.LEFT_OUT
    if part.state is State.MET:
        return Outcome.UNJUDGED if verdict is not None else Outcome.PASSED
    if part.unasked:
        return Outcome.ERROR
    signing = requirement.origin is Origin.SIGNATURES and part.weight is Weight.TO_SIGN
    return Outcome.WAITING if signing else Outcome.FAILED


def _exceptions(found: Judgement) -> dict[str, Exception_]:
    given = [item for item in (*found.overrides, *found.quarantines) if not getattr(item, "ended", False)]
    return {
        item.part: Exception_(
            sort="override" if isinstance(item, OverrideReport) else "quarantine",
            reason=safe(item.reason),
            author=safe(item.author, 100),
            approver=safe(item.approver, 100),
            at=item.at,
            until=item.until,
        )
        for item in given
    }
