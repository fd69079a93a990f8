"""The releases of a record: in what state each is, and what is open of it."""

from __future__ import annotations

import msgspec

from workbench.gates.model import Weight
from workbench.releases import model as releases
from workbench.releases.model import CHANGE_KINDS, Held, Outcome, Release, ReleaseState
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation, evaluate
from workbench.usecases.views.marks import Mark

MOST_JUDGED = 20  # judging one takes some 15 ms; who has more open releases than that waits for none
_MARKS = {
    ReleaseState.PLANNED: Mark.OPEN,
    ReleaseState.IN_GATES: Mark.UNDER_WAY,
    ReleaseState.READY: Mark.DONE,
    ReleaseState.WATCHING: Mark.UNDER_WAY,
    ReleaseState.CLOSED: Mark.COMPLETE,
    ReleaseState.ROLLED_BACK: Mark.WARNS,
    ReleaseState.ABANDONED: Mark.NOT_APPLICABLE,
}


class ReleaseLine(msgspec.Struct, frozen=True):
    """A release with its state; how many parts of it are open is known of open ones."""

    held: Held
    state: ReleaseState
    blocks: int = 0
    to_do: int = 0
    to_sign: int = 0

    @property
    def mark(self) -> Mark:
        """The sign of its state."""
        return _MARKS[self.state]

    @property
    def open_words(self) -> str:
        """How much blocks, is to do, is to sign; ``nothing`` when it is ready."""
        counts = ((self.blocks, "block"), (self.to_do, "to do"), (self.to_sign, "to sign"))
        said = ", ".join(f"{count} {word}" for count, word in counts if count)
        return said or ("nothing" if self.state is ReleaseState.READY else "")

    @property
    def candidate_words(self) -> str:
        """The build under judgement: ``rc2 a1b2c3d``; nothing before there is one."""
        candidate = self.held.candidate
        return f"{candidate.name} {candidate.commit[:7]}" if candidate else ""


def read_releases(context: Context) -> list[ReleaseLine]:
    """Every release, newest first; the open ones are judged."""
    lines, judged = [], 0
    for held in releases.all_releases(context.record):
        if held.release.outcome is Outcome.OPEN and judged < MOST_JUDGED:
            judged += 1
            lines.append(_judged(evaluate(context, held.release.version)))
        else:
            state = releases.state(
                held.release, has_candidate=held.candidate is not None, through=False, now=context.now
            )
            lines.append(ReleaseLine(held, state))
    return lines


def _judged(found: Evaluation) -> ReleaseLine:
    counts = found.counts()
    return ReleaseLine(
        found.held, found.state, counts[Weight.BLOCKS], counts[Weight.TO_DO], counts[Weight.TO_SIGN]
    )


def changes_words(release: Release) -> str:
    """The kinds of change that a release brings."""
    return ", ".join(CHANGE_KINDS.get(key, key) for key in release.changes)
