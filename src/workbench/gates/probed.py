"""What probes found, as gates judge it: the last run of each, whether it counts, and what it leaves undecided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from workbench.benchmarks.judge import FUTURE, REPLAYED
from workbench.checklists.model import Fact
from workbench.definitions.shapes import Category, Probe
from workbench.gates.bound import NOT_MEASURED, Bound, of_things
from workbench.gates.facts import Facts, Need
from workbench.gates.kind import Alteration, Rest
from workbench.gates.model import Part, State
from workbench.gates.needs import LEFT_BY_ONE
from workbench.gates.turn import ANYBODY
from workbench.model.steps import Job, Step
from workbench.model.times import age_text, parse_duration, to_text
from workbench.parity.drift import Differing, Map, differing, watched
from workbench.probes import runs
from workbench.probes.kinds import KINDS
from workbench.probes.runs import KeptScore, ProbeRun, Seen, Trust
from workbench.probes.scores import score_text
from workbench.record import Record

NAMED = 3  # so many paths are named
DAY = timedelta(days=1)  # how old a run may be that nothing says anything else about


def _latest(facts: Facts) -> Mapping[str, tuple[str, ProbeRun]]:
    return latest_until(facts.record, facts.ended_at)


def latest_until(record: Record, until: datetime | None) -> Mapping[str, tuple[str, ProbeRun]]:
    """The last run of every probe with its id, by the probe's key; of those up to ``until`` where a release has ended then."""
    where, arguments = ("WHERE at <= ?", (to_text(until),)) if until is not None else ("", ())
    rows = record.all(
        "probe_run", f"id IN (SELECT max(id) FROM e_probe_run {where} GROUP BY probe)", arguments
    )
    return {(run := row.decode(ProbeRun)).probe: (row.id, run) for row in rows}


# The last run of each probe with its id, whatever came of it, by the probe's key.
LATEST: Need[Mapping[str, tuple[str, ProbeRun]]] = Need(("probe_run",), _latest)


def _trust(facts: Facts) -> Mapping[str, Trust]:
    proofs = runs.latest_proofs(facts.record)
    return {probe.key: runs.trust_in(facts.record, probe, proofs) for probe in facts.project.probes}


# Whether each probe is known to be able to fail.
PROVEN: Need[Mapping[str, Trust]] = Need(("probe_run", "probe_proof"), _trust)


def _map(facts: Facts) -> Map:
    return Map(rows=watched(facts.record), waiting=facts(LEFT_BY_ONE).keys())


def _differing(facts: Facts) -> Mapping[str, Sequence[Differing]]:
    known, found = _map(facts), {}
    for probe in facts.project.probes:
        _, run = facts(LATEST).get(probe.key, ("", None))
        if run is not None and run.state == "fail":
            told = differing(facts.record, run, probe, category_of(probe), known, facts.now)
            found[probe.key] = [*told, *_untold(run, probe, len(told))]
    return found


def _untold(run: ProbeRun, probe: Probe, told: int) -> Iterator[Differing]:
    """What a run found that is not in this record, as in an excerpt: it counts, and nobody has decided on it."""
    for number in range(told, run.differing):
        yield Differing(
            probe=probe.key,
            environment=run.environment,
            region=run.region,
            category=probe.category or category_of(probe),
            change=Seen(path=f"number {number + 1}, which is not in this record"),
        )


# What the last run of each probe found, with what the map says of it, by the probe's key.
DIFFERING: Need[Mapping[str, Sequence[Differing]]] = Need(("probe_run", "difference", "approval"), _differing)


def category_of(probe: Probe) -> Category:
    """What the differences of a probe are about, where it does not say so itself."""
    return Category(KINDS[probe.kind].category)


def undecided(facts: Facts, probe: str) -> list[Differing]:
    """What the last run of a probe found and nobody has decided on; it needs :data:`DIFFERING`."""
    return [each for each in facts(DIFFERING).get(probe, ()) if not each.decided]


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """What the last run of a probe is worth: ``run``, whose id is ``ident``, counts where ``wrong`` is empty.

    ``unasked`` says that it could not look; ``late`` that only its age is wrong.
    """

    probe: Probe
    run: ProbeRun | None
    ident: str = ""
    wrong: str = ""
    unasked: bool = False
    late: bool = False

    @property
    def title(self) -> str:
        return self.probe.title or self.probe.key


def look(probe: Probe, facts: Facts, within: timedelta | None = None) -> Look:
    """The last run of a probe, and why it does not count, if it does not.

    It may be as old as ``within`` says, or else as the probe is to be run (``every``), or else a day.
    """
    ident, run = facts(LATEST).get(probe.key, ("", None))
    if run is None:
        return Look(probe=probe, run=None, wrong="never run")
    if run.definition != runs.definition_of(probe):
        return Look(probe=probe, run=run, wrong="defined otherwise since it last ran")
    if run.state == "error":
        return Look(probe=probe, run=run, wrong=f"could not look: {run.why}", unasked=True)
    if run.mark == "replayed" and not facts.demonstration:
        return Look(probe=probe, run=run, wrong=REPLAYED)
    if run.at - facts.now > FUTURE:
        return Look(probe=probe, run=run, wrong="it ran in the future: a clock is wrong", unasked=True)
    age, limit = facts.now - run.at, within if within is not None else allowed(probe)
    if age > limit and pinned_as(probe) not in facts.pinned:
        wrong = f"too old: run {age_text(age)} ago, at most {age_text(limit)}"
        return Look(probe=probe, run=run, wrong=wrong, late=True)
    return Look(probe=probe, run=run, ident=ident)


def allowed(probe: Probe) -> timedelta:
    """How old the last run of a probe may be."""
    return parse_duration(probe.every) if probe.every else DAY


def pinned_as(probe: Probe) -> str:
    """What names a probe among the measurements that count while sign-off is open."""
    return f"probe/{probe.key}"


def pins(found: Iterable[Look], facts: Facts) -> Mapping[str, Sequence[str]]:
    """The runs that count while sign-off is open: they do not become too old meanwhile."""
    return {pinned_as(each.probe): [each.ident] for each in found if each.ident}


def turns_at(probes: Iterable[Probe], facts: Facts, within: timedelta | None) -> Iterable[datetime]:
    """When the last runs of these probes become too old."""
    for probe in probes:
        _, run = facts(LATEST).get(probe.key, ("", None))
        if run is not None:
            yield run.at + (within if within is not None else allowed(probe))


def of_kind(facts: Facts, *kinds: str, environment: str | None = None) -> list[Probe]:
    """The project's probes of some kinds; of one environment, where one is asked for."""
    return [
        probe
        for probe in facts.project.probes
        if probe.kind in kinds and environment in (None, looked_at(probe, facts))
    ]


def looked_at(probe: Probe, facts: Facts) -> str | None:
    """The environment that a probe looks at."""
    staging = facts.definitions.staging
    return probe.environment or (staging.key if staging is not None else None)


def score_of(run: ProbeRun, key: str) -> KeptScore | None:
    """A score that a run gave, if it gave that one."""
    return next((score for score in run.scores if score.key == key), None)


def part(
    found: Look,
    state: State,
    why: str,
    step: Step | None = None,
    *,
    key: str = "",
    bound: Bound | None = None,
) -> Part:
    """What a probe says as a line of a gate."""
    met = state is not State.NOT_MET
    return Part(
        key=key or f"probe/{found.probe.key}",
        title=found.title,
        state=state,
        why=why,
        about=f"probe/{found.probe.key}",
        step=None if met else step or Step(Job.PROBE, found.probe.key),
        unasked=found.unasked and not met,
        turn=None if met else ANYBODY,
        bound=None if met else bound,
    )


def unusable(found: Look, *, key: str = "") -> Part:
    """The line of a probe whose last run does not count: it has to look again."""
    stands = "too old" if found.late else NOT_MEASURED
    return part(found, State.NOT_MET, found.wrong, key=key, bound=Bound(stands=stands))


def bound_of(run: ProbeRun) -> Bound:
    """What a run found, by path: more of it is worse."""
    return of_things((seen.path for seen in run.changes), "difference", count=run.differing)


def fact_of(parts: Iterable[Part], holds: str) -> Fact:
    """What lines about probes say to a checklist; where there are none, the record knows nothing."""
    parts = list(parts)
    wrong = next((each for each in parts if each.state is State.NOT_MET), None)
    if wrong is not None:
        why = f"{wrong.title}: {wrong.why}" if wrong.title else wrong.why
        return Fact(False, why, wrong.step, part=wrong.key)
    return Fact(True, holds) if parts else Fact(False, "no probe looks at it", open=True)


def rest_of(found: Look) -> dict[str, Any]:
    """What a signature rests on of a probe: not when it ran, but what came of it, and whether that is too old."""
    if found.run is None:
        return {"state": "never run"}
    if found.wrong and not found.late:
        return {"state": "error" if found.unasked else "does not count"}
    return {"state": found.run.state, **({"too_old": True} if found.late else {})}


_RAN = {"pass": "passes", "fail": "fails", "error": "could not look", "never run": "never ran"}


def run_changed(old: Rest | None, new: Rest | None) -> Alteration | None:
    """What happened to a probe that a signature rests on; ``None`` where its last run is worth the same."""
    if old is None:
        return Alteration(f"the probe “{new.title if new else ''}” was added")
    if new is None:
        return Alteration(f"the probe “{old.title}” is no longer asked for")
    was, now = (str(each.stands.get("state", "")) for each in (old, new))
    if was != now:
        return Alteration(f"the probe “{new.title}”: {_RAN.get(was, was)} → {_RAN.get(now, now)}")
    late = bool(new.stands.get("too_old"))
    if late != bool(old.stands.get("too_old")):
        words = "is too old" if late else "is recent again"
        return Alteration(f"the last run of the probe “{new.title}” {words}", lapse=late)
    return None


def counts_again(old: Rest | None, new: Rest | None) -> Alteration | None:
    """The same where only probes whose last run does not count are told."""
    one = new or old
    if one is None or (old is not None and new is not None):
        return run_changed(old, new)
    if new is None:
        return Alteration(f"the last run of the probe “{one.title}” counts again")
    words = _RAN.get(str(new.stands.get("state")), "does not count")
    return Alteration(
        f"the probe “{one.title}”: {'its last run is too old' if new.ended else words}", lapse=new.ended
    )


def paths(found: Sequence[str], count: int) -> str:
    """Where it differs, by path: the first ones, and how many more."""
    more = f" and {count - NAMED} more" if count > NAMED else ""
    return ", ".join(found[:NAMED]) + more


def amount(score: KeptScore) -> str:
    """A score with its unit."""
    return score_text(score.value, score.unit, score.limit)
