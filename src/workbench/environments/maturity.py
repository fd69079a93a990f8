"""ST-3: how far a project's staging has come, from its own record, and the next step."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import msgspec

from workbench.definitions.environments import DataStrategy, StagingPattern, Way
from workbench.definitions.shapes import Dimension
from workbench.environments.freshness import Validation, validation
from workbench.environments.looked import named, ran
from workbench.environments.seen import Seen, State
from workbench.model.text import number_of


class Level(StrEnum):
    """How far it has come."""

    BEGINNER = "beginner"
    INTERMEDIATE = "intermediate"
    ADVANCED = "advanced"


class Rung(msgspec.Struct, frozen=True):
    """One thing that a level asks for: whether it is there, what says so, and how to get there."""

    level: Level
    title: str
    state: State
    words: str
    step: str


class Maturity(msgspec.Struct, frozen=True):
    """The level, every rung, and the next step; none where all of them are there."""

    level: Level
    rungs: tuple[Rung, ...]

    @property
    def next(self) -> Rung | None:
        """The first rung that is not there, or of which nobody knows."""
        return next((one for one in self.rungs if one.state is not State.FINE), None)


_Found = tuple[bool | None, str]


class _Asked(msgspec.Struct, frozen=True):
    level: Level
    title: str
    step: str
    find: Callable[[Seen], _Found]


def maturity(seen: Seen) -> Maturity:
    """A level is reached once all that it asks for is there; what nobody knows is not there."""
    rungs = tuple(_rung(asked, seen) for asked in _ASKED)
    reached = Level.BEGINNER
    for level in (Level.INTERMEDIATE, Level.ADVANCED):
        if any(one.state is not State.FINE for one in rungs if one.level is level):
            break
        reached = level
    return Maturity(reached, rungs)


def _rung(asked: _Asked, seen: Seen) -> Rung:
    there, words = asked.find(seen)
    state = State.UNKNOWN if there is None else State.FINE if there else State.SEEN
    return Rung(asked.level, asked.title, state, words, asked.step)


def _promotion(seen: Seen) -> _Found:
    way = seen.environment.promotion
    if way is None:
        return None, "not stated (promotion)"
    return way is Way.AUTOMATIC, f"stated as {way.value}"


def _parity(seen: Seen) -> _Found:
    looked = ran(seen.probes)
    if looked and seen.gaps:
        return (
            True,
            f"{number_of(len(seen.gaps), 'difference')} on the map, {number_of(len(looked), 'probe')} looking",
        )
    lacks = [
        word
        for word, there in (("the map is empty", seen.gaps), ("no probe has looked", looked))
        if not there
    ]
    return False, " and ".join(lacks)


def _scrubbed(seen: Seen) -> _Found:
    strategy, data = seen.environment.data_strategy, seen.data
    if strategy is None:
        return None, "not stated (data_strategy)"
    if strategy is DataStrategy.SYNTHETIC:
        return True, "synthetic"
    if strategy is DataStrategy.UNMASKED_COPY:
        return False, "an unmasked copy"
    if data is None or data.refresh is None:
        return False, "no refresh is recorded"
    passed = validation(data.refresh) is Validation.PASSED
    return passed, "the last refresh was validated" if passed else "the last refresh is not validated"


def _telemetry(seen: Seen) -> _Found:
    measured = [one for one in seen.judged if one.measured_at is not None]
    if seen.project.measuring_sources and measured:
        return True, f"{number_of(len(measured), 'benchmark')} measured"
    return (
        False,
        "no source gives measurements" if not seen.project.measuring_sources else "nothing is measured yet",
    )


def _on_demand(seen: Seen) -> _Found:
    names = seen.project.ephemeral
    return bool(names), named(names) if names else "no ephemeral environment is listed"


def _replay(seen: Seen) -> _Found:
    patterns = StagingPattern.REPLAY in seen.environment.patterns
    looked = ran(seen.of_kinds("traffic"))
    if patterns and looked:
        return True, "; ".join(one.words for one in looked)
    return False, "stated, and no probe of kind traffic has looked" if patterns else "not among its patterns"


def _faults(seen: Seen) -> _Found:
    found = [
        one.title for one in seen.judged if one.dimension is Dimension.ERROR_HANDLING and one.measured_at
    ]
    return bool(found), named(found) if found else "no benchmark of error handling is measured"


def _objectives(seen: Seen) -> _Found:
    blocking = [one.title for one in seen.judged if one.blocking]
    return bool(blocking), named(blocking) if blocking else "no benchmark stops a release"


def _rollback(seen: Seen) -> _Found:
    way = seen.production.rollback if seen.production is not None else None
    if way is None:
        return None, "not stated (rollback of production)"
    if way is Way.MANUAL:
        return False, "stated as manual"
    if not seen.project.rollback_triggers:
        return False, "stated as automatic, and the release names no triggers"
    return True, "stated as automatic, with triggers"


_ASKED = (
    _Asked(Level.INTERMEDIATE, "automated promotion", "let the pipeline deploy to staging, and state promotion: automatic", _promotion),
    _Asked(Level.INTERMEDIATE, "watched parity", "put the known differences on the map and let probes look for more", _parity),
    _Asked(Level.INTERMEDIATE, "scrubbed data", "refresh from masked data, and record the refresh with its validation", _scrubbed),
    _Asked(Level.INTERMEDIATE, "basic telemetry", "add a source of measurements and a first benchmark", _telemetry),
    _Asked(Level.ADVANCED, "staging on demand", "list an ephemeral environment with a lifetime", _on_demand),
    _Asked(Level.ADVANCED, "traffic replay", "mirror 1 % of production's traffic for 48 hours, and add a probe of kind traffic", _replay),
    _Asked(Level.ADVANCED, "faults on purpose", "measure fault scenarios of a critical flow", _faults),
    _Asked(Level.ADVANCED, "objectives decide", "make a benchmark blocking", _objectives),
    _Asked(Level.ADVANCED, "automatic rollback", "let triggers roll back production, and state rollback: automatic", _rollback),
)  # fmt: skip
