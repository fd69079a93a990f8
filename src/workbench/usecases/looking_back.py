"""Looking back: what a project's benchmarks say of the builds that were measured before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from workbench.benchmarks.resolve import Resolved
from workbench.gates.replaying import Build, Replayed, replayed
from workbench.usecases.context import Context


def look_back(
    context: Context,
    resolved: Resolved,
    now: datetime,
    *,
    last_of_each: bool = False,
    builds: Mapping[str, Build] | None = None,
) -> Iterator[Replayed]:
    """The verdict on each value that was measured up to ``now``, the newest first, one after the other.

    ``last_of_each`` and ``builds`` as :func:`~workbench.gates.replaying.replayed` has them.
    """
    return replayed(
        context.record,
        resolved,
        now=now,
        demonstration=context.demonstration is not None,
        last_of_each=last_of_each,
        builds=builds,
    )
