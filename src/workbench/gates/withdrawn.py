"""GT-16: a build that somebody withdrew passes no gate, while its release waits for another one."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.gates.facts import Facts
from workbench.gates.model import Part, State
from workbench.gates.turn import ANYBODY
from workbench.model.steps import Job, Step
from workbench.releases.model import Outcome


def withdrawn_parts(facts: Facts) -> Iterator[Part]:
    """A line where the last build of an open release was withdrawn."""
    candidate = facts.candidate
    if candidate is None or candidate.withdrawn_at is None or facts.release.outcome is not Outcome.OPEN:
        return
    yield Part(
        key="candidate/withdrawn",
        title=f"{candidate.name} not withdrawn",
        state=State.NOT_MET,
        why=f"withdrawn by {candidate.withdrawn_by}: {candidate.withdrawn_why}",
        about="build",
        step=Step(Job.PROPOSE_CANDIDATE),
        turn=ANYBODY,
    )
