"""New phases, and baselines that were pinned or marked invalid, as commands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workbench.benchmarks.phases import Phase
from workbench.benchmarks.pinned import PinnedBaseline
from workbench.record import EntryView
from workbench.usecases.scripting.measuring_commands import named
from workbench.usecases.scripting.model import Act, Line
from workbench.usecases.scripting.telling import Telling, command, said, value_of


def phases(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """A benchmark's history began anew."""
    for entry in entries:
        value = value_of(entry, Phase)
        begins = telling.when(value.begins, end=False)
        yield command("benchmark", "phase", value.benchmark, said(_from=begins, reason=value.reason))


def baselines(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """A baseline was pinned, or does not count any more."""
    for entry in entries:
        value = value_of(entry, PinnedBaseline)
        if entry.verb.startswith("invalidated"):
            options = said(name=value.name, reason=entry.reason)
            yield command("baseline", "invalidate", value.benchmark, options)
            continue
        options = said(
            measurement=named(telling, value.measurement, entry), name=value.name, reason=value.reason
        )
        yield command("baseline", "pin", value.benchmark, options)
