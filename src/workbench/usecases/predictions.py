"""Predictions: stated with an exception, scored by what is measured while the release is watched, and counted by kind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from workbench.benchmarks import measurements
from workbench.benchmarks.judge import judged
from workbench.benchmarks.measurements import Measurement
from workbench.criteria import Verdict
from workbench.definitions import Definitions
from workbench.definitions.project import environment_measured
from workbench.definitions.shapes import Benchmark, EnvironmentKind
from workbench.gates import predictions as room
from workbench.gates.facts import Facts
from workbench.gates.judging import context_of, resolve_one
from workbench.gates.predictions import Prediction, PredictionOf, Score
from workbench.learning.figure import About, Figure, Left, share
from workbench.model.errors import NotAllowed, UsageError
from workbench.model.keys import nearest
from workbench.model.text import safe_text
from workbench.record import Change, Commit
from workbench.releases import model as releases
from workbench.releases.model import Held, Outcome
from workbench.releases.shipment import went_out_at
from workbench.usecases.context import Context, commit, fresh_id, require_person
from workbench.usecases.handed_in import without_secrets_in

_MOST = 2000  # values of one benchmark that a score looks at, the newest
_ENDED = (Score.RIGHT, Score.WRONG, Score.UNKNOWN)


class Scored(msgspec.Struct, frozen=True, kw_only=True):
    """A prediction and what came of it: ``why`` in words, ``looks`` the values that were judged, ``at`` the one that decided."""

    id: str
    prediction: Prediction
    version: str
    score: Score
    why: str
    looks: int = 0
    at: datetime | None = None


def predict(
    context: Context,
    held: Held,
    benchmark: str,
    states: str,
    until: datetime,
    *,
    part: str = "",
    of: PredictionOf | None = None,
    words: str = "",
) -> Commit:
    """State that a benchmark of production will meet a rule until a moment, with an exception or with the release."""
    change = prediction_change(context, held, benchmark, states, until, part=part, of=of, words=words)
    return commit(context, [change])


def prediction_change(
    context: Context,
    held: Held,
    benchmark: str,
    states: str,
    until: datetime,
    *,
    part: str = "",
    of: PredictionOf | None = None,
    words: str = "",
) -> Change:
    """The change that keeps a prediction, for the act that it is stated with."""
    require_person(context)
    if held.release.outcome is not Outcome.OPEN:
        raise NotAllowed(
            f"{held.release.version} has gone out or ended: what is known already is no prediction"
        )
    found = _benchmark(context, benchmark)
    value = Prediction(
        release=held.id,
        benchmark=found.key,
        title=found.title,
        states=" ".join(states.split()),
        until=until,
        of=of or _kind(part),
        part=part,
        words=without_secrets_in(context, words),
        by=context.author().actor,
        at=context.now,
    )
    return room.predicted(fresh_id(context), value)


def stated(
    context: Context,
    held: Held,
    text: str,
    until: datetime,
    *,
    part: str = "",
    of: PredictionOf | None = None,
) -> Change:
    """The same from one text, as it is typed with an exception: ``checkout-live <= 0.8 s``."""
    benchmark, _, states = text.strip().partition(" ")
    if not states.strip():
        raise UsageError(
            f"“{safe_text(text, 60)}” says nothing that could be scored",
            hint="a benchmark of production and a rule: 'checkout-live <= 0.8 s'",
        )
    return prediction_change(context, held, benchmark, states, until, part=part, of=of)


def read_predictions(context: Context, version: str | None = None) -> list[Scored]:
    """Every prediction with its score, or those of one release, the newest first."""
    wanted = releases.find(context.record, version).id if version else None
    found = room.all_predictions(context.record, wanted)
    held = {one.id: one for one in releases.all_releases(context.record)} if found else {}
    return [
        _scored(context, row.id, value, held[value.release]) for row, value in found if value.release in held
    ]


def calibration(scored: Sequence[Scored]) -> tuple[Figure, ...]:
    """Of each kind of exception, how many of the predictions that ended were right, with Wilson's interval."""
    return tuple(
        _calibrated(kind, [one for one in scored if one.prediction.of is kind]) for kind in PredictionOf
    )


def of_production(definitions: Definitions) -> list[Benchmark]:
    """The benchmarks that are measured in production, of which alone something can be predicted."""
    return [one for one in definitions.project.benchmarks if _in_production(definitions, one)]


def _in_production(definitions: Definitions, benchmark: Benchmark) -> bool:
    place = environment_measured(benchmark, definitions.project)
    return place is not None and place.kind is EnvironmentKind.PRODUCTION


def _calibrated(kind: PredictionOf, scored: Sequence[Scored]) -> Figure:
    about = About(
        f"predictions_{kind.value}",
        f"Predictions with {_WITH[kind]}",
        "predictions that were right",
        "predictions that ended and could be scored",
        "higher",
    )
    right = [one.id for one in scored if one.score is Score.RIGHT]
    wrong = [one.id for one in scored if one.score is Score.WRONG]
    open_ = [one.id for one in scored if one.score not in _ENDED]
    left = (
        Left("nothing was measured", tuple(one.id for one in scored if one.score is Score.UNKNOWN)),
        Left("they have not ended", tuple(open_)),
    )
    behind = {one.prediction.release for one in scored if one.score in (Score.RIGHT, Score.WRONG)}
    return share(about, right, [*right, *wrong], left=left, rests_on=len(behind))


_WITH = {
    PredictionOf.OVERRIDE: "overrides",
    PredictionOf.ACCEPTANCE: "accepted differences",
    PredictionOf.CONDITION: "conditions",
    PredictionOf.RELEASE: "releases",
}


def _benchmark(context: Context, key: str) -> Benchmark:
    known = {one.key: one for one in context.definitions.project.benchmarks}
    if key not in known:
        meant = nearest(key, list(known))
        raise UsageError(
            f"there is no benchmark “{key}”",
            hint=f"did you mean {meant}?" if meant else "workbench benchmark list",
        )
    if not _in_production(context.definitions, known[key]):
        raise UsageError(
            f"“{key}” is not measured in production, so nothing there could score it",
            hint="name a benchmark whose measure: names an environment of kind production",
        )
    return known[key]


def _kind(part: str) -> PredictionOf:
    if not part:
        return PredictionOf.RELEASE
    return PredictionOf.ACCEPTANCE if part.startswith("difference/") else PredictionOf.OVERRIDE


def _scored(context: Context, ident: str, value: Prediction, held: Held) -> Scored:
    shipped, now = went_out_at(context.record, held), context.now
    whole = Scored(
        id=ident, prediction=value, version=held.release.version, score=Score.WAITS, why="it has not gone out"
    )
    if held.release.outcome is Outcome.ABANDONED:
        return msgspec.structs.replace(whole, score=Score.UNKNOWN, why="the release was abandoned")
    benchmark = context.definitions.benchmark(value.benchmark)
    if held.release.outcome is Outcome.OPEN or shipped is None:
        ended = value.until < now
        return (
            msgspec.structs.replace(whole, score=Score.UNKNOWN, why="it did not go out in time")
            if ended
            else whole
        )
    if benchmark is None:
        return msgspec.structs.replace(
            whole, score=Score.UNKNOWN, why="the project has no such benchmark any more"
        )
    looks = _looks(context, held, value, benchmark, shipped)
    failed = next(((one, why) for one, verdict, why in looks if verdict is Verdict.FAIL), None)
    passed = [one for one, verdict, _ in looks if verdict in (Verdict.PASS, Verdict.WARN)]
    if failed is not None:
        found = msgspec.structs.replace(whole, score=Score.WRONG, why=failed[1], at=failed[0].measured_at)
    elif _rolled_back_before(held, value.until):
        found = msgspec.structs.replace(
            whole, score=Score.UNKNOWN, why="it was rolled back before the time was over"
        )
    elif value.until >= now:
        words = f"{len(passed)} values kept it" if passed else "nothing is measured yet"
        found = msgspec.structs.replace(whole, score=Score.HOLDS if passed else Score.WAITS, why=words)
    elif passed:
        found = msgspec.structs.replace(
            whole, score=Score.RIGHT, why=f"all {len(passed)} values kept it", at=passed[-1].measured_at
        )
    else:
        found = msgspec.structs.replace(
            whole, score=Score.UNKNOWN, why="nothing was measured of it in production"
        )
    return msgspec.structs.replace(found, looks=len(passed) + (failed is not None))


def _rolled_back_before(held: Held, until: datetime) -> bool:
    """Whether a build was taken back before it could be seen whether a prediction holds to its end."""
    at = held.release.outcome_at
    return held.release.outcome is Outcome.ROLLED_BACK and at is not None and at < until


def _looks(
    context: Context, held: Held, value: Prediction, benchmark: Benchmark, shipped: datetime
) -> list[tuple[Measurement, Verdict, str]]:
    """Each value of the build since it went out, the oldest first, judged by what was predicted."""
    stated = msgspec.structs.replace(benchmark, pass_=value.states, warn=None, max_age=None, steady=None)
    until = min(value.until, context.now)
    readings = [
        one
        for one, gone in measurements.history(context.record, value.benchmark, _MOST)
        if gone is None and one.candidate == held.candidate_id and shipped <= one.measured_at <= until
    ]
    found = []
    for one in sorted((one for one in readings if one.role == "value"), key=lambda one: one.measured_at):
        moment = one.measured_at + timedelta(seconds=1)
        facts = Facts(
            context.record,
            context.definitions,
            held,
            now=moment,
            demonstration=context.demonstration is not None,
        )
        base = next((each for each in readings if each.role == "baseline" and each.batch == one.batch), None)
        then = {(value.benchmark, "value"): one}
        if base is not None:
            then[value.benchmark, "baseline"] = base
        around = msgspec.structs.replace(context_of(facts), readings=then, candidate=None)
        outcome = judged(resolve_one(context.record, context.definitions, stated, moment), around)
        found.append((one, outcome.verdict, outcome.why))
    return found
