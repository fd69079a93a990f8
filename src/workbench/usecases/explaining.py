"""Why a source found no test run: what the checkout around the project tells of it."""

from __future__ import annotations

from functools import cache

import msgspec

from workbench.sources.kinds import KINDS
from workbench.sources.proposing import Explanation
from workbench.sources.reading import Batch, Reading
from workbench.usecases.checkouts import checkout
from workbench.usecases.context import Context


def explained(context: Context, batch: Batch) -> Batch:
    """A batch whose missing test runs say why, as far as the checkout knows.

    The fact ``edit`` names the field of the source that has to be edited, where asking again cannot help.
    """
    source = context.definitions.source(batch.source)
    explain = KINDS[source.kind].explain if source else None
    if source is None or explain is None:
        return batch
    look = cache(lambda: checkout(context.root))  # git is asked only where there is something to explain
    readings = tuple(
        _with(reading, explain(source.config, reading.facts, look))
        if reading.role == "tests" and reading.state == "missing"
        else reading
        for reading in batch.readings
    )
    return msgspec.structs.replace(batch, readings=readings)


def _with(reading: Reading, explanation: Explanation | None) -> Reading:
    if explanation is None:
        return reading
    facts = {**reading.facts, "edit": explanation.field} if explanation.field else reading.facts
    return msgspec.structs.replace(reading, why=f"{reading.why}; {explanation.why}", facts=facts)
