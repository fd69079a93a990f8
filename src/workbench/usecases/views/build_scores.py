"""DB-4: how the benchmarks of each flow and environment stood, build by build, so that one sees when it drops."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any

import msgspec

from workbench.criteria import Verdict
from workbench.criteria.report import number
from workbench.gates.replaying import Build, Replayed, builds_of
from workbench.gates.score import FULL, WORTH
from workbench.model.times import to_text
from workbench.usecases.context import Context
from workbench.usecases.evaluate import resolve_all
from workbench.usecases.flow_names import flow_names
from workbench.usecases.looking_back import look_back
from workbench.usecases.views.marks import Mark
from workbench.usecases.views.scores import bars

BUILDS = 12  # the newest ones that are looked back on


class BuildScore(msgspec.Struct, frozen=True, kw_only=True):
    """One build: ``value`` is of 100, over the ``judged`` benchmarks among ``of``; ``failed`` are their keys."""

    build: str
    at: datetime
    value: Decimal
    judged: int
    of: int
    failed: tuple[str, ...] = ()


class BuildScores(msgspec.Struct, frozen=True, kw_only=True):
    """The scores of a flow, or of an environment's benchmarks without a flow; the earliest build first.

    A pass is worth 1, a warning a half, a failure nothing; what could not be judged does not count.
    """

    key: str
    title: str
    flow: bool
    points: tuple[BuildScore, ...]

    @property
    def latest(self) -> BuildScore:
        return self.points[-1]

    @property
    def before(self) -> BuildScore | None:
        """The build before the latest."""
        return self.points[-2] if len(self.points) > 1 else None

    @property
    def moved(self) -> str:
        """``fell from 100 with 2.14.0 rc2: checkout-p95 failed``; "" where it stayed."""
        before, latest = self.before, self.latest
        if before is None or before.value == latest.value:
            return ""
        way = "fell" if latest.value < before.value else "rose"
        words = f"{way} from {shown(before.value)} with {latest.build}"
        newly = [key for key in latest.failed if key not in before.failed]
        return f"{words}: {', '.join(newly)} failed" if newly and way == "fell" else words


def shown(value: Decimal) -> str:
    """A score with at most one decimal."""
    return f"{value.quantize(Decimal('0.1')).normalize():f}"


def read_build_scores(context: Context, *, flow: str = "", environment: str = "") -> list[BuildScores]:
    """Each flow's and environment's scores by the rules of today; of one flow or environment, if it is named.

    Those without a value that could be judged are left out, the lowest stand first.
    """
    builds = builds_of(context.record)
    grouped: dict[tuple[str, str], list[Sequence[Replayed]]] = {}
    for resolved in resolve_all(context, context.now):
        key, place = resolved.benchmark.flow or "", resolved.environment or ""
        if (flow and key != flow) or (environment and place != environment):
            continue
        values = look_back(context, resolved, context.now, last_of_each=True, builds=builds)
        grouped.setdefault((key, "" if key else place), []).append(list(islice(values, BUILDS)))
    names = flow_names(context)
    found = [_scores(key, place, values, names) for (key, place), values in grouped.items()]
    return sorted((one for one in found if one.points), key=lambda one: (one.latest.value, one.title))


def _scores(
    key: str, place: str, benchmarks: Sequence[Sequence[Replayed]], titles: Mapping[str, str]
) -> BuildScores:
    by_build: dict[str, list[Replayed]] = {}
    names: dict[str, Build] = {}
    for one in (value for values in benchmarks for value in values):
        if one.build is not None:
            by_build.setdefault(one.build.id, []).append(one)
            names[one.build.id] = one.build
    points = [_point(names[ident], values, len(benchmarks)) for ident, values in by_build.items()]
    ordered = sorted((point for point in points if point is not None), key=lambda point: point.at)
    return BuildScores(
        key=key or place,
        title=titles.get(key, key) if key else place,
        flow=bool(key),
        points=tuple(ordered[-BUILDS:]),
    )


def _point(build: Build, values: Iterable[Replayed], of: int) -> BuildScore | None:
    judged = [one for one in values if one.met is not None]
    if not judged:
        return None
    worth = sum((WORTH.get(one.judged.verdict, Decimal(0)) for one in judged), Decimal(0))
    return BuildScore(
        build=build.name,
        at=max(one.at for one in judged),
        value=FULL * worth / len(judged),
        judged=len(judged),
        of=of,
        failed=tuple(one.judged.key for one in judged if one.judged.verdict is Verdict.FAIL),
    )


class ScoreLine(msgspec.Struct, frozen=True, kw_only=True):
    """One row: what, its score now and of how many benchmarks, its builds as bars, and how it moved."""

    mark: Mark
    title: str
    value: str
    judged: str
    bars: str
    moved: str


def line_of(found: BuildScores) -> ScoreLine:
    """The scores of one flow or environment in words."""
    latest = found.latest
    return ScoreLine(
        mark=Mark.DONE if latest.value == FULL else Mark.WARNS,
        title=found.title,
        value=f"{shown(latest.value)} of 100",
        judged=f"{latest.judged} of {latest.of}",
        bars=bars([point.value for point in found.points]),
        moved=found.moved,
    )


def document(found: BuildScores) -> Mapping[str, Any]:
    """What ``scores --json`` prints of one."""
    return {
        "key": found.key,
        "title": found.title,
        "kind": "flow" if found.flow else "environment",
        "score": number(found.latest.value),
        "moved": found.moved or None,
        "builds": [
            {
                "build": point.build,
                "at": to_text(point.at),
                "score": number(point.value),
                "judged": point.judged,
                "of": point.of,
                "failed": point.failed,
            }
            for point in found.points
        ],
    }
