"""How the overrides of a release stand: whether each covers what there is now, and whether it is still needed."""

from __future__ import annotations

from datetime import datetime

import msgspec

from workbench.gates.model import Part, State
from workbench.gates.overrides import ApprovedOverride, exceeded
from workbench.gates.probed import LATEST
from workbench.model.times import day_text
from workbench.releases.model import Candidate
from workbench.usecases.evaluate import Evaluation


class ExceptionStanding(msgspec.Struct, frozen=True, kw_only=True):
    """An override as it stands now.

    ``ended`` once its end has come; ``needed`` is false where its line is met without it, and ``covers`` where the
    line is worse than what was seen.  ``words`` say what there is to mind, "" for nothing.
    """

    override: ApprovedOverride
    ended: bool = False
    needed: bool = True
    covers: bool = True
    words: str = ""

    @property
    def to_lift(self) -> bool:
        """Whether somebody should lift it: it lasts, and nothing needs it."""
        return not self.needed and not self.ended


def read_exceptions(evaluation: Evaluation) -> list[ExceptionStanding]:
    """Every override of the release that counts or has ended, in the order in which they were proposed."""
    parts = {part.key: part for gate in evaluation.gates for part in gate.result.parts}
    latest = {one.part: one for one in evaluation.overrides if one.until > evaluation.facts.now}
    return [
        _standing(evaluation, one, parts.get(one.part), latest.get(one.part, one) is not one)
        for one in evaluation.overrides
    ]


def _standing(
    evaluation: Evaluation, override: ApprovedOverride, part: Part | None, replaced: bool
) -> ExceptionStanding:
    zone = evaluation.facts.zone
    found = ExceptionStanding(override=override, ended=override.until <= evaluation.facts.now)
    met = part is not None and part.state in (State.MET, State.NOT_APPLICABLE)
    if found.ended:
        then = "and it passes without it" if met else "and its line is open again"
        words = f"ended on {day_text(override.until, zone)}" + (f", {then}" if part is not None else "")
        return msgspec.structs.replace(found, needed=False, words=words)
    if part is None:
        return msgspec.structs.replace(found, needed=False, words="no gate asks for this any more: lift it?")
    if met:
        since = _since(evaluation, part)
        told = f" since {day_text(since, zone)}" if since is not None else ""
        return msgspec.structs.replace(found, needed=False, words=f"passes without it{told}: lift it?")
    if replaced:
        return msgspec.structs.replace(
            found, needed=False, words="a later override is in its place: lift it?"
        )
    if more := exceeded(override, part):
        return msgspec.structs.replace(found, covers=False, words=f"does not cover what there is now: {more}")
    return msgspec.structs.replace(found, words=_for_another(evaluation, override))


def _for_another(evaluation: Evaluation, override: ApprovedOverride) -> str:
    """What to mind where it was proposed on another build than the one that is judged."""
    held = evaluation.held
    if not override.candidate or override.candidate == held.candidate_id:
        return ""
    stored = evaluation.facts.record.get("candidate", override.candidate)
    then = stored.decode(Candidate).name if stored is not None else "another build"
    now = held.candidate.name if held.candidate else "no build"
    return f"was given for {then}; this is {now}"


def _since(evaluation: Evaluation, part: Part) -> datetime | None:
    """Since when a line is met, as far as its evidence tells: since its value was measured, or its probe looked."""
    noun, _, key = part.about.partition("/")
    if noun == "benchmark" and key.startswith("tests/"):
        reading = evaluation.tests.get(key.removeprefix("tests/"))
        return reading.measured_at if reading is not None else None
    if noun == "benchmark":
        judged = next((one for one in evaluation.judged if one.key == key), None)
        if judged is None or judged.value is None:
            return None
        return judged.looks.since or judged.value.measured_at
    if noun == "probe":
        _, run = evaluation.facts(LATEST).get(key, ("", None))
        return run.at if run is not None else None
    return None
