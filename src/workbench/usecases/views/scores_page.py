"""DB-4: every score over time in one list: flows and environments build by build, and what probes measured."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

import msgspec

from workbench.benchmarks.charted import ChartPoint, ControlChart
from workbench.gates.score import FULL
from workbench.model.text import number_of
from workbench.model.times import moment_text
from workbench.probes.scores import score_text
from workbench.usecases.context import Context
from workbench.usecases.views import build_scores, scores
from workbench.usecases.views.build_scores import BuildScores
from workbench.usecases.views.marks import Fact, Mark, Phrase
from workbench.usecases.views.scores import Course

BUILDS, PROBES = "builds", "probes"
MOST = 1000  # benchmarks that are judged again, build by build
_MOST = 12  # builds or runs that are told one by one


class ScoreRow(msgspec.Struct, frozen=True, kw_only=True):
    """One score: where it stands, how it moved, and its course.

    ``section`` is :data:`BUILDS` or :data:`PROBES`; ``opens`` names the probe, or the benchmarks that failed with
    the latest build.
    ``facts`` tell each build or run, the latest first.
    """

    key: str
    section: str
    opens: tuple[str, ...]
    mark: Mark
    title: str
    now: str
    of: str
    bars: str
    moved: str
    course: ControlChart
    facts: tuple[Fact, ...]


def read_score_rows(context: Context) -> list[ScoreRow]:
    """Flows and environments first, the lowest score of each section first.

    Of more than :data:`MOST` benchmarks the builds are left out: judging all of them again takes too long.
    """
    zone = context.zone
    many = len(context.definitions.project.benchmarks) > MOST
    return [
        *(_of_builds(one) for one in ([] if many else build_scores.read_build_scores(context))),
        *(_of_probe(context, one, zone) for one in scores.read_scores(context)),
    ]


def _of_builds(found: BuildScores) -> ScoreRow:
    line = build_scores.line_of(found)
    facts = [
        Fact(point.build, _told(point), Mark.DONE if point.value == FULL else Mark.WARNS)
        for point in reversed(found.points[-_MOST:])
    ]
    points = tuple(ChartPoint(each.at, each.value, "", each.build, "counts") for each in found.points)
    return ScoreRow(
        key=f"{BUILDS}/{found.key}",
        section=BUILDS,
        opens=found.latest.failed,
        mark=line.mark,
        title=found.title if found.flow else f"{found.title}, benchmarks of no flow",
        now=line.value,
        of=f"{line.judged} judged",
        bars=line.bars,
        moved=line.moved,
        course=_course(found.title, "", points),
        facts=tuple(facts),
    )


def _told(point: build_scores.BuildScore) -> str:
    failed = f"; {', '.join(point.failed)} failed" if point.failed else ""
    return f"{build_scores.shown(point.value)} of 100, {point.judged} of {point.of} judged{failed}"


def _of_probe(context: Context, found: Course, zone: tzinfo) -> ScoreRow:
    line, latest = scores.line_of(found, context.now), found.latest
    points = tuple(ChartPoint(each.at, each.value, "", "", "counts") for each in found.points)
    course = _course(found.title, latest.unit if latest.unit in _UNITS else "", points)
    higher = latest.better == "higher"
    limit = {"limit_low" if higher else "limit_high": latest.limit} if latest.limit is not None else {}
    facts = [
        Fact(moment_text(each.at, zone), score_text(each.value, latest.unit, latest.limit))
        for each in reversed(found.points[-_MOST:])
    ]
    facts = [Fact("Why", line.words, line.mark), *facts] if line.words else facts
    return ScoreRow(
        key=f"{PROBES}/{line.key}",
        section=PROBES,
        opens=(found.probe,),
        mark=line.mark,
        title=f"{line.title}, {line.place}" if line.place else line.title,
        now=line.value,
        of=line.limit,
        bars=line.bars,
        moved=line.moved,
        course=msgspec.structs.replace(course, **limit),
        facts=tuple(facts),
    )


_UNITS = ("%", "s", "ms", "share")


def _course(title: str, unit: str, points: tuple[ChartPoint, ...]) -> ControlChart:
    return ControlChart(key="", title=title, unit=unit, scale="linear", points=points, said="")


def summary(rows: Sequence[ScoreRow]) -> list[Phrase]:
    """How many there are, how many fell, and how many are not whole."""
    fell = sum("fell" in row.moved for row in rows)
    warns = sum(row.mark is Mark.WARNS for row in rows)
    parts = [Phrase(number_of(len(rows), "score"))]
    parts += [Phrase(f"{warns} not met or below 100", Mark.WARNS)] if warns else []
    return [*parts, Phrase(f"{fell} fell with the latest build", Mark.WARNS)] if fell else parts
