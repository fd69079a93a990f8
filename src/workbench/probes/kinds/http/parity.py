"""BM-4, behavioural parity: whether core flows answer in staging as they do in production."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from workbench.definitions.shapes import Probe, StagingKind
from workbench.probes import answers
from workbench.probes.captured import Change, Score, Snapshot, parts_of
from workbench.probes.kinds.http import HttpProbe
from workbench.probes.prober import Around

KEY = "behavioural_parity"
ASKED = Decimal("0.9")
SCALED_DOWN = Decimal("0.7")  # where tests on a full clone stand beside it


def parity_of(
    config: HttpProbe,
    probe: Probe,
    around: Around,
    staging: Snapshot,
    production: Snapshot,
    changes: Iterable[Change],
) -> Iterable[Score]:
    """The share of the answers of core flows that agree; none where no request belongs to a core flow.

    Of each request three things are counted: what it answers (status, redirects, content type, the shape of
    the answer or of its error), how long it takes, and, where values are compared, what was made of the data.
    """
    core = {
        request.name
        for request in config.asked
        if around.core & {request.flow or "", *_flows(request.flow, probe)}
    }
    if not core:
        return
    paths = {*staging.parameters, *production.parameters}
    counted = {aspect for path in paths if (aspect := _aspect(path)) and aspect[0] in core}
    apart = {aspect for change in changes if (aspect := _aspect(change.path)) and aspect in counted}
    value = Decimal(len(counted) - len(apart)) / len(counted)
    limit = ASKED if around.staging_kind != StagingKind.SCALED_DOWN else SCALED_DOWN
    if config.parity is not None:
        limit = Decimal(config.parity) / 100
    shown = {request.name: request.shown for request in config.asked}
    lowered = ", ".join(f"{shown[name]} ({what})" for name, what in sorted(apart))
    yield Score(
        key=KEY, value=value, of=len(counted), limit=limit, words=f"differs: {lowered}" if lowered else ""
    )


def _flows(own: str | None, probe: Probe) -> list[str]:
    return [] if own else probe.flows


def _aspect(path: str) -> tuple[str, str] | None:
    """What of a request's behaviour a parameter belongs to; other headers than the content type are none of it."""
    request, what, *below = parts_of(path)
    if what == answers.HEADER and below != ["content-type"]:
        return None
    return request, {answers.TIME: "time", answers.VALUE: "data"}.get(what, "answer")
