"""What reports say in a terminal and in Markdown; the signs that a report of what was kept is read with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import tzinfo

from workbench.definitions.shapes import Severity
from workbench.flows.coverage import Uncovered, by_gap
from workbench.gates.model import GateState, Part, RequirementState, State
from workbench.parity.touching import Touching
from workbench.usecases.reporting.judgement import VerdictReport

MARK = {State.MET: "✓", State.NOT_MET: "✗", State.OVERRIDDEN: "⊘", State.NOT_APPLICABLE: "–"}
UNSEALED = "unsealed: judged from an excerpt, which nobody has signed"
ADVISORY = "advisory: this report stops nothing, the exit code is 0 whatever it says"
SINCE = "Since it was shipped"
CANNOT_TELL = "What staging cannot tell us"
NOT_COVERED = "Flows that are not covered"
MOST_FLOWS = 8  # so many are named
_STATE = {GateState.BLOCKED: "✗ blocked", GateState.READY: "✓ ready", GateState.SIGNED: "✓ signed"}


def state_words(state: GateState, set_up: bool) -> str:
    """The state of a gate that was kept, as it was said then."""
    return _STATE[state] if set_up else "– not set up"


def cannot_tell(
    verdicts: Iterable[VerdictReport], zone: tzinfo, most: int | None = None
) -> list[tuple[str, str]]:
    """Which differences put which benchmarks in doubt, the most severe first: both in words.

    Where it is all benchmarks they are counted; otherwise they are named, or ``most`` of them.
    """
    every = list(verdicts)
    found: dict[Touching, list[str]] = {}
    for item in every:
        for difference in item.cannot_tell:
            found.setdefault(difference, []).append(item.title)
    order = sorted(found, key=lambda each: (_SEVERITIES.index(each.severity), not each.undecided, each.title))
    told = [(each.words(zone), _named(found[each], len(every), most)) for each in order]
    more = max((item.cannot_tell_more for item in every), default=0)
    return [*told, ("further differences", f"{more} on one benchmark")] if more else told


def not_covered(found: Sequence[Uncovered], most: int = MOST_FLOWS) -> list[tuple[str, str]]:
    """FI-5: what is not covered, and of which flows, ``most`` of them named: both in words."""
    return [(what, named(names, most)) for what, names in by_gap(found).items()]


_SEVERITIES = (Severity.HIGH, Severity.MEDIUM, Severity.LOW)


def _named(titles: Sequence[str], of: int, most: int | None) -> str:
    return f"all {of} benchmarks" if len(titles) == of > 2 else named(titles, most)


def named(titles: Sequence[str], most: int | None) -> str:
    """Titles in a row, or ``most`` of them and how many more there are."""
    if most is not None and len(titles) > most + 1:
        return f"{', '.join(titles[:most])} and {len(titles) - most} more"
    return ", ".join(titles)


def short_why(requirement: RequirementState) -> str:
    """Why a requirement stands as it does; of one with many lines how many are open, since each is shown."""
    if len(requirement.parts) <= 1:
        return requirement.why
    total = len(requirement.parts)
    unmet = sum(part.state is State.NOT_MET for part in requirement.parts)
    if unmet:
        return f"{unmet} of {total} not met"
    aside = any(part.quarantined for part in requirement.parts)
    return f"all {total} met, overridden or quarantined" if aside else f"all {total} met or overridden"


def shown_parts(requirement: RequirementState) -> list[Part]:
    """The lines of a requirement with many that people are shown: those that are open or overridden."""
    if len(requirement.parts) <= 1:
        return []
    return [part for part in requirement.parts if part.state in (State.NOT_MET, State.OVERRIDDEN)]
