"""Fetches, typed values, and measurements that do not count, as commands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import PurePosixPath
from typing import Any

import msgspec

from workbench.benchmarks import measurements
from workbench.benchmarks.faults import FaultTrial
from workbench.benchmarks.measurements import Invalidation
from workbench.definitions.variants import APART, benchmark_in
from workbench.evidence.model import Attachment
from workbench.evidence.results import ResultFile
from workbench.model.errors import WorkbenchError
from workbench.model.text import number_of
from workbench.record import EntryView
from workbench.releases import model as releases
from workbench.usecases.fetching import questions
from workbench.usecases.scripting.checklist_commands import given
from workbench.usecases.scripting.model import Act, Command, KeptFile, Line, Remark, Word
from workbench.usecases.scripting.telling import Telling, command, command_on, said, value_of

_ONE_FETCH = timedelta(minutes=30)
Batch = Mapping[str, Any]


def batches(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """A value that was typed, or what came of asking sources."""
    if _of_a_file(act):
        return
    values = [entry.value or {} for entry in entries]
    if all(_typed(value) for value in values):
        for value in values:
            yield _entered(telling, act, value)
        return
    for entry in entries:
        yield Remark(came(entry))
    yield fetched(telling, values)


def result_files(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """Files that were imported, or invalidated."""
    for entry in entries:
        value = value_of(entry, ResultFile)
        release = telling.of_release(_release_of(act))
        if value.invalidated:
            yield command_on("import", [], said(invalidate=value.name, reason=value.invalidated), release)
            continue
        flags = said(name=value.name, environment=value.environment, commit=value.commit, reason=value.reason)
        sources = [word for key in value.sources for word in ("--source", key)]
        kept = KeptFile(value.digest, PurePosixPath(value.name).name)
        yield command(["import"], [kept], sources, ["--kind", value.kind], flags, release)


def _of_a_file(act: Act) -> bool:
    """Whether an act imports a file or takes one back: what was measured from it comes and goes with it."""
    return any(True for _ in act.of("result_file"))


def _release_of(act: Act) -> str:
    """The release that the answers of an import are kept with."""
    found = ((entry.value or {}).get("release") for entry in act.of("batch"))
    return next((str(one) for one in found if one), "")


def fault_trials(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """What came of fault scenarios, with the evidence that came along."""
    for entry in entries:
        value = value_of(entry, FaultTrial)
        pieces = [value_of(one, Attachment) for one in act.of("attachment")]
        evidence = [word for piece in pieces for word in given(telling, piece)]
        flags = said(passed=value.passed, failed=not value.passed)
        yield command_on("fault tried", [value.scenario], flags, evidence, telling.of_release(value.release))


def is_fetch(act: Act) -> bool:
    """Whether an act is nothing but what a source answered."""
    return all(entry.entity == "batch" and not _typed(entry.value or {}) for entry in act.entries)


def same_fetch(act: Act, later: Act) -> bool:
    """Whether both hold answers of one fetch: of other sources, at about the same time."""
    sources = {_source(one) for one in act.entries}
    return (
        is_fetch(later)
        and act.person == later.person
        and later.at - act.at < _ONE_FETCH
        and not sources & {_source(one) for one in later.entries}
    )


def _source(entry: EntryView) -> str:
    return str((entry.value or {}).get("source", ""))


def _typed(value: Batch) -> bool:
    readings = value.get("readings") or ()
    return bool(readings) and all(one.get("mark") == "manual" for one in readings)


def came(entry: EntryView) -> str:
    """What a source answered, in short: ``16 of 18 from metrics``."""
    readings = (entry.value or {}).get("readings") or ()
    good = sum(one.get("state") == "ok" for one in readings)
    values = number_of(len(readings), "value")
    missing = f", {len(readings) - good} without a number" if good != len(readings) else ""
    return f"{values} of {_source(entry)}{missing}"


def fetched(telling: Telling, values: Sequence[Batch]) -> Command:
    """The fetch that asks the same sources for the same benchmarks."""
    asked = {(str(value.get("source")), str(one["subject"])) for value in values for one in value["readings"]}
    release = next((str(value["release"]) for value in values if value.get("release")), "")
    wanted = _wanted(telling, asked, telling.version(release))
    # A source that could not be asked then may be asked now, and the other way round.
    return msgspec.structs.replace(command("fetch", wanted, telling.of_release(release)), may_end=3)


def _wanted(telling: Telling, asked: set[tuple[str, str]], version: str) -> list[str]:
    """Options that name less than everything: sources where all of theirs was asked, else benchmarks."""
    try:
        held = releases.find(telling.record, version or None)
        everything = {(one.source, one.subject) for one in questions(telling.context, held)}
    except WorkbenchError:  # the definitions ask something else today
        everything = set()
    sources = {source for source, _ in asked}
    of_these = {pair for pair in everything if pair[0] in sources}
    if of_these <= asked:
        every = {source for source, _ in everything}
        return [] if every <= sources else [word for key in sorted(sources) for word in ("--source", key)]
    keys = sorted({benchmark_in(key) for _, key in asked})
    return [word for key in keys for word in ("--benchmark", key)]


def _entered(telling: Telling, act: Act, value: Batch) -> Command:
    by_role = {str(one.get("role", "value")): one for one in value["readings"]}
    typed, baseline = by_role["value"], by_role.get("baseline")
    subject = str(typed["subject"])
    evidence: list[Word] = [
        word for entry in act.of("attachment") for word in given(telling, value_of(entry, Attachment))
    ]
    return command_on(
        "benchmark enter",
        [benchmark_in(subject), _number(typed)],
        said(
            variant=subject.partition(APART)[2],
            baseline=_number(baseline) if baseline else "",
            count=_count(typed),
            baseline_count=_count(baseline) if baseline else None,
        ),
        list(_sample_files(typed, baseline)),
        evidence,
        telling.of_release(str(value.get("release") or "")),
    )


def _sample_files(typed: Batch, baseline: Batch | None) -> Iterator[Word]:
    """The samples that were handed in with a value; a script writes them beside it."""
    for option, reading in (("--samples-file", typed), ("--baseline-samples-file", baseline or {})):
        if digest := reading.get("data"):
            yield from (option, KeptFile(str(digest), "samples.txt"))


def _count(reading: Batch) -> int | None:
    """How many observations were said; samples that were handed in are counted again."""
    return reading.get("samples") if not reading.get("data") else None


def _number(reading: Batch) -> str:
    return str(reading.get("value", ""))


def invalidations(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """A measurement was marked as invalid: named by its benchmark and its place among those of then."""
    if _of_a_file(act):
        return
    for entry in entries:
        reason = said(reason=value_of(entry, Invalidation).reason)
        yield command("benchmark", "invalidate", named(telling, entry.id, entry), reason)


def named(telling: Telling, ref: str, entry: EntryView) -> str:
    """A measurement as it is named on another record: by its benchmark, and its place when an entry was made."""
    found = measurements.place_of(telling.record, ref, _before(entry))
    if found is None:
        return ref
    subject, place = found
    return subject if place == 1 else f"{subject}:{place}"


def _before(entry: EntryView) -> str:
    """The least id of what was recorded after an entry."""
    milliseconds = int(entry.recorded_at.timestamp() * 1000) + 1
    digits = f"{milliseconds:012x}"
    return f"{digits[:8]}-{digits[8:12]}"
