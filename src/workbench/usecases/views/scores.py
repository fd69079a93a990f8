"""DB-4: the scores of the environments over time, as both front ends show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from workbench.criteria.report import number
from workbench.definitions.shapes import Probe
from workbench.investigations import model as investigations
from workbench.model.times import relative_text, to_text
from workbench.probes.runs import KeptScore, ProbeRun, runs_of
from workbench.probes.scores import limit_text, score_text, score_title
from workbench.usecases.context import Context
from workbench.usecases.views.marks import Mark

MOST = 30  # runs of a probe that a course is made of
_BARS = "▁▂▃▄▅▆▇█"


class Point(msgspec.Struct, frozen=True):
    """A score at one run."""

    at: datetime
    value: Decimal


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """One score of an environment: ``points`` the earlier first, the last of them is ``latest``.

    ``investigation`` is the id of the open one that it opened, if one is.
    """

    probe: str
    environment: str
    region: str
    latest: KeptScore
    points: tuple[Point, ...]
    investigation: str = ""

    @property
    def title(self) -> str:
        return score_title(self.latest.key)

    @property
    def before(self) -> Decimal | None:
        """What it was at the run before."""
        return self.points[-2].value if len(self.points) > 1 else None


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A score in words: what it is, its limit, how it moved, and what lowers it."""

    key: str
    mark: Mark
    title: str
    place: str
    value: str
    limit: str
    bars: str
    moved: str
    when: str
    words: str
    investigation: str


def read_scores(context: Context, *, environment: str = "", name: str = "") -> list[Course]:
    """The scores that the project's probes give, those under their limits first; of one environment or one name."""
    known = {
        (value.probe, value.score): stored.id
        for stored, value in investigations.all_investigations(context.record, only_open=True)
        if value.probe
    }
    found = [
        course
        for probe in context.definitions.project.probes
        for course in _courses(context, probe, known)
        if environment in ("", course.environment) and name in ("", course.latest.key, course.probe)
    ]
    return sorted(found, key=lambda course: (course.latest.met, course.title, course.probe))


def _courses(context: Context, probe: Probe, known: dict[tuple[str, str], str]) -> Iterable[Course]:
    runs = [
        run
        for _, run in runs_of(context.record, probe.key, MOST)
        if run.state != "error" and run.at <= context.now and _counts(context, run)
    ]
    for score in runs[0].scores if runs else ():
        earlier = [(run.at, one) for run in reversed(runs) for one in run.scores if one.key == score.key]
        yield Course(
            probe=probe.key,
            environment=runs[0].environment,
            region=runs[0].region,
            latest=score,
            points=tuple(Point(at, one.value) for at, one in earlier if one.unit == score.unit),
            investigation=known.get((probe.key, score.key), ""),
        )


def _counts(context: Context, run: ProbeRun) -> bool:
    return context.demonstration is not None or run.mark != "replayed"


def line_of(course: Course, now: datetime) -> Line:
    """One score as a line."""
    score = course.latest
    sign = "at least" if score.better == "higher" else "at most"
    return Line(
        key=f"{course.probe}/{score.key}",
        mark=Mark.WARNS if not score.met else Mark.DONE if score.limit is not None else Mark.LEARNING,
        title=course.title,
        place=" ".join(filter(None, (course.environment, course.region))),
        value=score_text(score.value, score.unit, score.limit),
        limit=f"{sign} {limit_text(score.limit, score.unit)}" if score.limit is not None else "",
        bars=bars([point.value for point in course.points]),
        moved=moved_words(course),
        when=relative_text(course.points[-1].at, now),
        words=score.words,
        investigation=course.investigation[-12:],
    )


def moved_words(course: Course) -> str:
    """What it was before: ``was 97.5 %``; "" where it is the same, or there was no run before."""
    before, score = course.before, course.latest
    if before is None or before == score.value:
        return ""
    was = score_text(before, score.unit, score.limit)
    if was == score_text(score.value, score.unit, score.limit):
        return f"hardly {'up' if score.value > before else 'down'}"
    return f"was {was}"


def bars(values: Sequence[Decimal]) -> str:
    """The course as a row of bars, the lowest value the lowest bar; nothing where there is only one."""
    if len(values) < 2:
        return ""
    low, high = min(values), max(values)
    span = high - low
    places = (int((value - low) / span * (len(_BARS) - 1)) if span else 3 for value in values)
    return "".join(_BARS[place] for place in places)


def document(course: Course) -> dict[str, Any]:
    """What ``scores --json`` prints of one; its numbers are numbers."""
    score = course.latest
    return {
        "score": score.key,
        "title": course.title,
        "probe": course.probe,
        "environment": course.environment,
        "region": course.region,
        "value": number(score.value),
        "unit": score.unit,
        "of": score.of,
        "limit": number(score.limit),
        "better": score.better,
        "met": score.met,
        "words": score.words,
        "investigation": course.investigation or None,
        "course": [{"at": to_text(point.at), "value": number(point.value)} for point in course.points],
    }
