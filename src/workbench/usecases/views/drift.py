"""BM-3 as both front ends show it: how far each environment has drifted, since when, and unnoticed for how long."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any

import msgspec

from workbench.criteria.report import number
from workbench.definitions.shapes import Probe
from workbench.gates.deployed import Unrecorded
from workbench.gates.evaluate import kind_of
from workbench.gates.kinds.drift_budget import DriftBudgetConfig
from workbench.gates.needs import left_by_one
from workbench.gates.probed import category_of
from workbench.model.dates import end_text
from workbench.model.text import number_of
from workbench.model.times import age_text, clock_text, relative_text, to_text
from workbench.parity.drift import (
    Differing,
    Drift,
    Index,
    Map,
    able_runs,
    back,
    differing,
    drifts,
    index_of,
    watched,
)
from workbench.parity.model import short_id
from workbench.probes.runs import ProbeRun
from workbench.usecases.context import Context
from workbench.usecases.diary import unrecorded
from workbench.usecases.views.marks import Mark
from workbench.usecases.views.probes import change_words

MOST_POINTS = 60  # of the index over time


class Blind(msgspec.Struct, frozen=True):
    """A probe that says nothing of drift: it never ran, or could not look."""

    probe: str
    title: str
    why: str


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """An environment in a region ("" for everywhere): its index, and the oldest look that it rests on."""

    environment: str
    region: str
    index: Index
    looked_at: datetime | None


class Budget(msgspec.Struct, frozen=True, kw_only=True):
    """What a gate allows: ``words`` say of what, ``used`` how much of it is used, as far as anything ``looked``."""

    at_most: int
    used: int
    words: str
    looked: bool = True

    @property
    def kept(self) -> bool:
        """Whether it is kept; what nothing has looked at is not."""
        return self.looked and self.used <= self.at_most


class Point(msgspec.Struct, frozen=True):
    """How many parameters differed at a moment, intended ones among them."""

    at: datetime
    differing: int


class DriftView(msgspec.Struct, frozen=True, kw_only=True):
    """All drift of a project: ``drifts`` those that count, the latest first; ``intended`` the others."""

    index: Index
    places: tuple[Place, ...]
    drifts: tuple[Drift, ...]
    intended: tuple[Drift, ...]
    blind: tuple[Blind, ...]
    budgets: tuple[Budget, ...]
    course: tuple[Point, ...]
    unrecorded: tuple[Unrecorded, ...]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One drift in words.

    ``values`` are both sides, ``since`` when it appeared, ``unnoticed`` for how long nobody knew, ``row`` the
    short id of the difference on the map.
    """

    key: str
    mark: Mark
    title: str
    probe: str
    place: str
    category: str
    values: str
    since: str
    unnoticed: str
    row: str
    meant: str = ""


def read_drift(context: Context, *, environment: str = "", region: str = "") -> DriftView:
    """The drift of every environment that probes look at, or of one of them, or in one region."""
    record, now, replayed = context.record, context.now, context.demonstration is not None
    known = Map(
        rows=watched(record), waiting=left_by_one(record, context.definitions.project.people, now).keys()
    )
    found: list[tuple[ProbeRun, list[Drift]]] = []
    blind: list[Blind] = []
    for probe in context.definitions.project.probes:
        if not _asked(context, probe, environment, region):
            continue
        able = able_runs(record, probe.key, now, replayed=replayed)
        run = next(able, None)
        last = next((each for each in back(record, probe.key) if each.at <= now), None)
        if why := _blind(last, run):
            blind.append(Blind(probe.key, probe.title or probe.key, why))
        if run is not None:
            what = differing(record, run, probe, category_of(probe), known, now)
            found.append((run, drifts(record, run, able, what, known)))
    every = [drift for _, each in found for drift in each]
    every.sort(key=lambda drift: (drift.appeared.seen, drift.what.probe), reverse=True)
    return DriftView(
        index=_index(found),
        places=_places(found),
        drifts=tuple(drift for drift in every if not drift.what.intended),
        intended=tuple(drift for drift in every if drift.what.intended),
        blind=tuple(blind),
        budgets=tuple(
            _budgets(
                context,
                [drift.what for drift in every],
                {run.environment for run, _ in found if run.compared},
            )
        ),
        course=_course(context, environment, region),
        unrecorded=tuple(one for one in unrecorded(context) if environment in ("", one.environment)),
    )


def _asked(context: Context, probe: Probe, environment: str, region: str) -> bool:
    return environment in ("", _environment(context, probe)) and region in ("", probe.region or "")


def _environment(context: Context, probe: Probe) -> str:
    staging = context.definitions.staging
    return probe.environment or (staging.key if staging else "")


def _blind(last: ProbeRun | None, able: ProbeRun | None) -> str:
    if last is None:
        return "never run"
    if last.state == "error":
        return f"could not look: {last.why}"
    return "" if able is not None else "only replayed from a recording"


def _index(found: Iterable[tuple[ProbeRun, list[Drift]]]) -> Index:
    found = list(found)
    return index_of(
        sum(run.compared for run, _ in found), (drift.what for _, each in found for drift in each)
    )


def _places(found: Sequence[tuple[ProbeRun, list[Drift]]]) -> tuple[Place, ...]:
    keys = sorted({(run.environment, run.region) for run, _ in found})
    chosen = [[pair for pair in found if (pair[0].environment, pair[0].region) == key] for key in keys]
    return tuple(
        Place(
            environment=environment,
            region=region,
            index=_index(pairs),
            looked_at=min((run.at for run, _ in pairs), default=None),
        )
        for (environment, region), pairs in zip(keys, chosen, strict=True)
    )


def _budgets(context: Context, found: Sequence[Differing], looked: Collection[str]) -> Iterable[Budget]:
    """What gates allow, each once; ``looked`` are the environments of which anything was compared."""
    asked = (kind_of(one)[1] for gate in context.definitions.project.gates for one in gate.requires)
    budgets = [asks for asks in asked if isinstance(asks, DriftBudgetConfig)]
    staging = context.definitions.staging
    for asks in dict.fromkeys(map(_frozen, budgets)):
        environment = asks.environment or (staging.key if staging else "")
        used = sum(
            not each.intended
            and each.environment == environment
            and asks.category in (None, each.category)
            and asks.region in (None, each.region)
            for each in found
        )
        what = [asks.category.value if asks.category else "", environment, asks.region or ""]
        words = " ".join(filter(None, what))
        yield Budget(at_most=asks.at_most, used=used, words=words, looked=environment in looked)


def _frozen(asks: DriftBudgetConfig) -> DriftBudgetConfig:
    return msgspec.structs.replace(asks, within=None)


_COURSE = (
    "SELECT probe, at, state, coalesce(json_extract(value, '$.differing'), 0) FROM e_probe_run "
    "WHERE at > ? AND state <> 'error' AND mark {} ORDER BY at"
)


def _course(context: Context, environment: str, region: str) -> tuple[Point, ...]:
    """How many parameters differed after each day's runs, the earlier first."""
    wanted = {
        probe.key
        for probe in context.definitions.project.probes
        if _asked(context, probe, environment, region)
    }
    marks = "IN ('', 'replayed')" if context.demonstration else "= ''"
    begins = to_text(context.now - timedelta(days=2 * MOST_POINTS))  # days on which nothing ran are no points
    present: dict[str, int] = {}
    days: dict[str, Point] = {}
    for probe, at, _, count in context.record.query(_COURSE.format(marks), (begins,)):
        moment = datetime.fromisoformat(at)
        if probe in wanted and moment <= context.now:
            present[probe] = int(count)
            days[at[:10]] = Point(moment, sum(present.values()))
    return tuple(days.values())[-MOST_POINTS:]


# --- in words ------------------------------------------------------------------------------------


def line_of(drift: Drift, now: datetime, zone: tzinfo) -> Line:
    """One drift as a line."""
    what = drift.what
    return Line(
        key=f"{what.probe}/{what.change.path}",
        mark=Mark.EXCEPTED if what.intended else Mark.OPEN if not what.row else Mark.WARNS,
        title=what.change.title or what.change.path,
        probe=what.probe,
        place=" ".join(filter(None, (what.environment, what.region))),
        category=what.category.value,
        values=change_words(what.change),
        since=since_words(drift, now, zone),
        unnoticed=unnoticed_words(drift),
        row=short_id(what.row) if what.row else "",
        meant=f"intended until {end_text(what.until, zone)}: {what.reason}" if what.until else "",
    )


_MOVED = {"staging": "staging changed", "production": "production changed", "both": "both changed"}


def since_words(drift: Drift, now: datetime, zone: tzinfo) -> str:
    """When it appeared: ``since yesterday 18:20, production changed``; of what was always there that it was."""
    when = drift.appeared
    if when.after is None:
        return f"there when it was first looked at, {clock_text(when.seen, now, zone)}"
    moved = f", {_MOVED[when.moved]}" if when.moved else ""
    begins, ends = clock_text(when.after, now, zone), clock_text(when.seen, now, zone)
    return f"between {begins} and {ends}{moved}" if begins != ends else f"{ends}{moved}"


def unnoticed_words(drift: Drift) -> str:
    """For how long nobody noticed, at most: ``up to 31 h``; "" where nobody can tell."""
    length = drift.unnoticed
    return "" if length is None else f"up to {age_text(length)}"


def head_words(view: DriftView) -> str:
    """The index in a sentence."""
    index = view.index
    if not index.compared:
        return "nothing was compared yet"
    words = f"{index.differing} of {number_of(index.compared, 'parameter')} drifted"
    return words + (f", {index.intended} more intended" if index.intended else "")


def place_words(place: Place, now: datetime) -> str:
    """An environment in a line."""
    index, where = place.index, f" in {place.region}" if place.region else ""
    looked = f", looked at {relative_text(place.looked_at, now)}" if place.looked_at else ""
    beside = f", {index.intended} intended" if index.intended else ""
    return f"{place.environment}{where}: {index.differing} of {index.compared:,}{beside}{looked}"


def budget_words(budget: Budget) -> str:
    """What is allowed, and how much of it is used."""
    if not budget.looked:
        return f"budget of {budget.words} not known: nothing was compared, {budget.at_most} allowed"
    state = "kept" if budget.kept else "exceeded"
    return f"budget of {budget.words} {state}: {budget.used} differ, {budget.at_most} allowed"


def index_document(index: Index) -> dict[str, Any]:
    """An index as ``drift --json`` prints it."""
    return {
        "index": index.differing,
        "compared": index.compared,
        "differing": index.differing,
        "intended": index.intended,
        "share": number(round(index.share, 4)),
        "by_category": index.by_category,
    }


def unrecorded_words(one: Unrecorded, now: datetime, zone: tzinfo) -> str:
    """A build that nobody put on record."""
    what = (
        f"{one.named} runs in {one.environment}, and no shipment of it is recorded"
        if one.named
        else f"{one.build[:12]} runs in {one.environment}, and no candidate is this build"
    )
    when = f"first seen {clock_text(one.first, now, zone)}"
    gone = "" if one.there else f", last seen {clock_text(one.last, now, zone)}"
    return f"{what if one.there else what.replace(' runs ', ' ran ')}: {when}{gone}"
