"""The releases of a record: in what state each is, and what is open of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from workbench.gates.model import Weight
from workbench.gates.skipped import should_have_been, was_in_staging, went_out
from workbench.gates.words import open_words
from workbench.model.changes import change_title
from workbench.model.text import number_of
from workbench.releases import model as releases
from workbench.releases.model import Held, Outcome, Release, ReleaseState, Standing
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation, evaluate
from workbench.usecases.views.marks import Mark

MOST_PLANNED = 20  # judging one takes some 15 ms; what is open of a release without a candidate can wait
_MARKS = {
    ReleaseState.PLANNED: Mark.OPEN,
    ReleaseState.BLOCKED: Mark.BLOCKS,
    ReleaseState.READY: Mark.DONE,
    ReleaseState.SIGNED: Mark.DONE,
    ReleaseState.SHIPPED: Mark.UNDER_WAY,
    ReleaseState.WATCHING: Mark.UNDER_WAY,
    ReleaseState.CLOSED: Mark.COMPLETE,
    ReleaseState.ROLLED_BACK: Mark.WARNS,
    ReleaseState.ABANDONED: Mark.NOT_APPLICABLE,
}


def state_mark(state: ReleaseState, counts: Mapping[Weight, int]) -> Mark:
    """The sign of a release's state: what only has to be done or signed is under way."""
    open_ = any(count for weight, count in counts.items() if weight is not Weight.RISK)
    if counts.get(Weight.BLOCKS) or not open_:
        return _MARKS.get(state, Mark.UNDER_WAY)
    return Mark.UNDER_WAY if state in (ReleaseState.BLOCKED, ReleaseState.READY) else _MARKS[state]


class ReleaseLine(msgspec.Struct, frozen=True):
    """A release with its state; how many parts of it are open is known of open ones.

    ``through`` says that every gate of an open one is passed; ``in_staging`` of one that went out and is no
    rollback, whether anything of it was measured before production.
    """

    held: Held
    state: ReleaseState
    blocks: int = 0
    to_do: int = 0
    to_sign: int = 0
    through: bool = False
    in_staging: bool | None = None

    @property
    def mark(self) -> Mark:
        """The sign of its state."""
        return state_mark(self.state, self._counts)

    @property
    def _counts(self) -> dict[Weight, int]:
        return {Weight.BLOCKS: self.blocks, Weight.TO_DO: self.to_do, Weight.TO_SIGN: self.to_sign}

    @property
    def open_words(self) -> str:
        """How many blockers, how much to do and to sign; ``nothing`` when every gate is through."""
        return ", ".join(open_words(self._counts)) or ("nothing" if self.through else "")

    @property
    def candidate_words(self) -> str:
        """The build under judgement: ``rc2 a1b2c3d``; nothing before there is one."""
        candidate = self.held.candidate
        if candidate is None:
            return ""
        withdrawn = ", withdrawn" if candidate.withdrawn_at else ""
        return f"{candidate.name} {candidate.commit[:7]}{withdrawn}"


def read_releases(context: Context) -> list[ReleaseLine]:
    """Every release, newest first; the open ones are judged."""
    lines, planned = [], 0
    for held in releases.all_releases(context.record):
        if held.release.outcome is Outcome.OPEN and held.candidate is None:
            planned += 1
        if held.release.outcome is Outcome.OPEN and (held.candidate or planned <= MOST_PLANNED):
            lines.append(_judged(evaluate(context, held.release.version)))
        else:
            lines.append(_ended(context, held))
    return lines


def skipped_words(lines: Sequence[ReleaseLine]) -> str:
    """How many of those that went out skipped staging, and which; "" where none went out."""
    out = [line for line in lines if line.in_staging is not None]
    skipped = [line.held.release.version for line in out if not line.in_staging]
    if not out:
        return ""
    named = f": {', '.join(skipped[:6])}{' …' if len(skipped) > 6 else ''}" if skipped else ""
    back = sum(went_out(line.held) and line.in_staging is None for line in lines)
    left = f"; {number_of(back, 'rollback')} left out" if back else ""
    return f"{len(skipped)} of {number_of(len(out), 'release')} that went out skipped staging{named}{left}"


def _ended(context: Context, held: Held) -> ReleaseLine:
    asked = should_have_been(held)
    in_staging = was_in_staging(context.record, held, context.definitions.project) if asked else None
    return ReleaseLine(held, _unjudged(context, held), in_staging=in_staging)


def _unjudged(context: Context, held: Held) -> ReleaseState:
    """The state of a release that its gates have no say in."""
    has_candidate = held.candidate is not None
    return releases.state(held.release, has_candidate=has_candidate, gates=Standing.BLOCKED, now=context.now)


def _judged(found: Evaluation) -> ReleaseLine:
    counts = found.counts()
    return ReleaseLine(
        found.held,
        found.state,
        counts[Weight.BLOCKS],
        counts[Weight.TO_DO],
        counts[Weight.TO_SIGN],
        through=found.through,
    )


def changes_words(release: Release) -> str:
    """The kinds of change that a release brings."""
    return ", ".join(change_title(key) for key in release.changes)
