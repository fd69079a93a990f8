"""Releases, candidates and what became of them as commands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from workbench.gates.break_glass import BreakGlass
from workbench.gates.predictions import Prediction
from workbench.model.noun_fields import EDIT, PROPOSE, asked_by
from workbench.record import EntryView
from workbench.releases.changed_files import ChangedFiles
from workbench.releases.fields import CANDIDATE_FIELDS, FIELDS
from workbench.releases.model import Candidate, Release
from workbench.usecases.scripting.model import Act, Command, Line, Remark
from workbench.usecases.scripting.telling import Telling, before_of, command, options, said, value_of

_DESCRIBED = asked_by(FIELDS, EDIT)
_BUILT = asked_by(CANDIDATE_FIELDS, PROPOSE, "commit")
_NO_BUILD = Candidate(release="", number=0, commit="")
# In their order: what a shipped release is told with.
Ended = Callable[[Telling, Act, EntryView, Release], Command]


def releases(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """What was planned, edited, and what became of it."""
    if any(act.of("break_glass")):
        return  # which says all of it
    for entry in entries:
        value = value_of(entry, Release)
        tell = _TOLD.get(entry.verb)
        yield tell(telling, act, entry, value) if tell else Remark(f"release {value.version}: {entry.verb}")


def _planned(telling: Telling, act: Act, entry: EntryView, value: Release) -> Command:
    built = next((value_of(other, Candidate) for other in act.of("candidate")), None)
    build = ("--commit", built.commit, *options(_BUILT, _NO_BUILD, built, telling)) if built else ()
    described = options(_DESCRIBED, Release(version=""), value, telling)
    return command("release", "new", value.version, build, described)


def _edited(telling: Telling, act: Act, entry: EntryView, value: Release) -> Command:
    before = before_of(entry, Release) or Release(version="")
    return command("release", "edit", value.version, options(_DESCRIBED, before, value, telling))


def _shipped(telling: Telling, act: Act, entry: EntryView, value: Release) -> Command:
    earlier = "" if telling.soon_after(act, value.outcome_at) else telling.when(value.outcome_at, end=False)
    said_so = said(run=_run(entry, value), reason=entry.reason, at=earlier)
    return command("release", "shipped", value.version, said_so)


def break_glass(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """A release was let out past its gates."""
    for entry in entries:
        value = value_of(entry, BreakGlass)
        earlier = "" if telling.soon_after(act, value.at) else telling.when(value.at, end=False)
        said_so = said(reason=value.reason, at=earlier)
        yield command("break-glass", said_so, telling.of_release(value.release))


def predictions(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """What somebody said would hold in production."""
    for entry in entries:
        value = value_of(entry, Prediction)
        said_so = said(until=telling.when(value.until), part=value.part, of=value.of.value, note=value.words)
        yield command(
            "prediction", "add", value.benchmark, value.states, said_so, telling.of_release(value.release)
        )


def _rolled_back(telling: Telling, act: Act, entry: EntryView, value: Release) -> Command:
    earlier = "" if telling.soon_after(act, value.outcome_at) else telling.when(value.outcome_at, end=False)
    said_so = said(run=_run(entry, value), reason=entry.reason, at=earlier)
    return command("release", "rolled-back", value.version, said_so)


def _abandoned(telling: Telling, act: Act, entry: EntryView, value: Release) -> Command:
    return command("release", "abandon", value.version, said(reason=entry.reason))


def _reopened(telling: Telling, act: Act, entry: EntryView, value: Release) -> Command:
    return command("release", "not-shipped", value.version, said(reason=entry.reason))


def _run(entry: EntryView, value: Release) -> str:
    before = before_of(entry, Release)
    return (value.run or "") if before is None or value.run != before.run else ""


_TOLD: Mapping[str, Ended] = {
    "planned": _planned,
    "edited": _edited,
    "shipped": _shipped,
    "rolled_back": _rolled_back,
    "abandoned": _abandoned,
    "reopened": _reopened,
}


def candidates(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """A build is proposed, or it is said who wrote it; one that came with its release is told there."""
    if any(entry.verb == "planned" for entry in act.of("release")):
        return
    for entry in entries:
        before, value = before_of(entry, Candidate), value_of(entry, Candidate)
        if entry.verb == "withdrew":
            version = telling.of_release(value.release)
            yield command("release", "withdraw", said(reason=value.withdrawn_why), version)
            continue
        build = options(_BUILT, before or _NO_BUILD, value, telling)
        yield command("release", "candidate", value.commit, build, telling.of_release(value.release))


def changed_files(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """Which files a build changes; what git listed when the build was proposed is told there."""
    if any(act.of("candidate")):
        return
    for entry in entries:
        value = value_of(entry, ChangedFiles)
        release = str(telling.ever("candidate", value.candidate).get("release", ""))
        yield command("release", "touched", said(since=value.since), telling.of_release(release))
