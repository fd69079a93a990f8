"""Why a benchmark fails: what lies between its last pass and its first fail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from typing import Any, Literal, TypeAlias

import msgspec

from workbench.benchmarks.charted import Happening
from workbench.benchmarks.judge import Judged
from workbench.criteria import Verdict
from workbench.gates.replaying import Replayed
from workbench.model.text import joined_words, number_of
from workbench.model.times import clock_text, to_text
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation, verdict_of
from workbench.usecases.limit_edits import limit_edits
from workbench.usecases.looking_back import look_back
from workbench.usecases.views.benchmark import numbers, quantity, why_words
from workbench.usecases.views.happenings import proposed, read_happenings
from workbench.usecases.views.material import read_material
from workbench.usecases.views.standing import accepted, since_when

Turn: TypeAlias = Literal["failed", "passed", ""]
_COUNTED = {
    "deployment": "deployment", "refresh": "refresh", "configuration": "change of configuration",
    "limits": "edit of its limits", "phase": "new phase", "baseline": "new baseline",
    "occupancy": "occupancy", "override": "override",
}  # fmt: skip


class Stand(msgspec.Struct, frozen=True, kw_only=True):
    """A measured value and how it stood: ``build`` is what people call it, "" where none was on record."""

    at: datetime
    build: str
    ref: str
    value: str
    limit: str
    words: str
    met: bool


class Why(msgspec.Struct, frozen=True, kw_only=True):
    """When a benchmark turned, and what lies between.

    ``turned`` is ``failed`` or ``passed``, "" where it was the same ever since it was first measured;
    ``first`` is then the earliest value.  ``before`` is the last value on the other side.  ``said`` is
    all of it in one sentence, ``moved`` whether the value or its limit moved.  ``unjudged`` counts the
    measurements between the two that could not be judged.  ``course`` says what the course of the last
    hours shows where no earlier value was measured; ``between`` is then what happened in that time.
    """

    key: str
    title: str
    verdict: str
    turned: Turn
    before: Stand | None
    first: Stand | None
    between: tuple[Happening, ...]
    said: str
    moved: str = ""
    unjudged: int = 0
    course: str = ""


def read_why(context: Context, evaluation: Evaluation, key: str) -> Why:
    """When a benchmark last turned, by its rule of today; ``UsageError`` for an unknown key."""
    judged = verdict_of(evaluation, key)
    before, first, unjudged = _turn(look_back(context, judged.resolved, judged.evaluated_at))
    between = tuple(_between(context, judged, before, first)) if before and first else ()
    course = ""
    if before is None:
        course, between = _in_course(context, judged)
    turned: Turn = "" if before is None or first is None else "passed" if first.met else "failed"
    return Why(
        key=judged.key,
        title=judged.title,
        verdict=why_words(judged),
        turned=turned,
        before=_stand(before) if before else None,
        first=_stand(first) if first else None,
        between=between,
        said=_said(before, first, between if before else (), evaluation.now, context.zone) + _now(judged)
        if first
        else _never_judged(unjudged, judged),
        moved=_moved(before.judged, first.judged) if before and first else "",
        unjudged=unjudged if before else 0,
        course=course,
    )


def _in_course(context: Context, judged: Judged) -> tuple[str, tuple[Happening, ...]]:
    """Since when the value's own course is as it is, and what happened in the time of that course."""
    points = read_material(context, judged.key).staging if judged.value and judged.value.trend else ()
    words = since_when(judged, points, judged.evaluated_at, context.zone)
    if not words:
        return "", ()
    since, until = (datetime.fromtimestamp(points[place][0], UTC) for place in (0, -1))
    return words, read_happenings(context, judged.resolved, since, until)


def _turn(values: Iterable[Replayed]) -> tuple[Replayed | None, Replayed | None, int]:
    """The last value on the other side, the first on this one, and how many before that one could not be judged.

    ``values`` are the newest first; those that could not be judged are counted up to the other side.
    """
    first: Replayed | None = None
    unjudged = 0
    for one in values:
        if one.met is None:
            unjudged += 1
        elif first is None or one.met == first.met:
            first, unjudged = one, 0
        else:
            return one, first, unjudged
    return None, first, unjudged


def _between(context: Context, judged: Judged, before: Replayed, first: Replayed) -> Iterator[Happening]:
    """What happened after the one was measured and until the other one was, the earliest first."""
    found = list(read_happenings(context, judged.resolved, before.at, first.at))
    if first.build is not None and (before.build is None or before.build.id != first.build.id):
        made = proposed(context, first.build)  # another build was measured, whenever it was made
        found += [made] if made not in found else []
    found += [
        Happening(edit.at, "limits", f"its lines edited in {edit.commit}: {edit.subject}", edit.by)
        for edit in limit_edits(context, judged.key)
        if before.at < edit.at <= first.at
    ]
    yield from sorted(found, key=lambda one: one.at)


def _stand(one: Replayed) -> Stand:
    shown = numbers(one.judged)
    return Stand(
        at=one.at,
        build=one.build.name if one.build else "",
        ref=one.ref,
        value=shown.value,
        limit=shown.limit,
        words=one.judged.headline,
        met=bool(one.met),
    )


def _moved(before: Judged, first: Judged) -> str:
    """``the value rose from 0.45 s to 0.69 s, the limit stayed at 0.54 s``: which of the two it was."""
    values = before.outcome.inputs.value, first.outcome.inputs.value
    if values[0] is None or values[1] is None:
        return ""
    told = [f"the value {_from_to(values[0], values[1], first)}"]
    upper = any(_beyond(one) for one in (before, first))
    limits = [accepted(one)[1 if upper else 0] for one in (before, first)]
    if limits[0] is not None and limits[1] is not None:
        told.append(f"the limit {_from_to(limits[0], limits[1], first)}")
    return ", ".join(told)


def _beyond(judged: Judged) -> bool:
    """Whether the value lies above what is allowed."""
    value, high = judged.outcome.inputs.value, accepted(judged)[1]
    return value is not None and high is not None and value > high


def _from_to(one: Decimal, other: Decimal, judged: Judged) -> str:
    if one == other:
        return f"stayed at {quantity(one, judged)}"
    way = "rose" if other > one else "fell"
    return f"{way} from {quantity(one, judged)} to {quantity(other, judged)}"


def _said(
    before: Replayed | None,
    first: Replayed,
    between: tuple[Happening, ...],
    now: datetime,
    zone: tzinfo,
) -> str:
    state = "passes" if first.met else "fails"
    since = f"{_named(first)}, measured {clock_text(first.at, now, zone)}"
    if before is None:
        never = "failed" if first.met else "passed"
        return f"it {state} since {since}, and by its rule of today it never {never} before"
    return f"it {state} since {since}; {counted_words(between)} since {_named(before)}, which {'passed' if before.met else 'failed'}"


def _now(judged: Judged) -> str:
    """What was judged once may not count any more: it is too old, or of another build."""
    told = judged.verdict in (Verdict.PASS, Verdict.WARN, Verdict.FAIL)
    return "" if told else f"; it cannot be judged now: {judged.why}"


def _never_judged(measured: int, judged: Judged) -> str:
    if not measured:
        return "no value of it was ever judged"
    return f"none of its values ({measured} measured) could be judged yet: {why_words(judged)}"


def _named(one: Replayed) -> str:
    return one.build.name if one.build else "a value without a build"


def counted_words(between: tuple[Happening, ...]) -> str:
    """``1 deployment and 2 changes of configuration``; of nothing, what that means."""
    counts: dict[str, int] = {}
    for one in between:
        counts[one.what] = counts.get(one.what, 0) + 1
    told = [_number(count, _COUNTED[what]) for what, count in counts.items()]
    if not told:
        return "nothing on record happened"
    return joined_words(told)


def _number(count: int, noun: str) -> str:
    head, _, rest = noun.partition(" of ")
    return number_of(count, head) + (f" of {rest}" if rest else "")


def document(found: Why) -> dict[str, Any]:
    """What ``why --json`` prints."""
    sides = {"last_pass": None, "first_fail": None, "last_fail": None, "first_pass": None}
    told: dict[str, Any] = dict(sides)
    for place, stand in (("last", found.before), ("first", found.first)):
        if stand is not None and found.turned:
            told[f"{place}_{'pass' if stand.met else 'fail'}"] = _stand_document(stand)
    since = _stand_document(found.first) if found.first and not found.turned else None
    return {
        "schema": "workbench.why.1",
        "benchmark": found.key,
        "title": found.title,
        "verdict": found.verdict,
        "turned": found.turned or None,
        **told,
        "same_since": since,
        "between": [happening_document(one) for one in found.between],
        "moved": found.moved,
        "unjudged": found.unjudged,
        "course": found.course or None,
        "said": found.said,
    }


def _stand_document(stand: Stand) -> dict[str, Any]:
    return {
        "at": to_text(stand.at),
        "build": stand.build or None,
        "measurement": stand.ref,
        "value": stand.value,
        "limit": stand.limit or None,
        "why": stand.words,
    }


def happening_document(one: Happening) -> dict[str, Any]:
    """Something that happened, for ``--json``."""
    return {"at": to_text(one.at), "what": one.what, "words": one.words, "by": one.by or None}
