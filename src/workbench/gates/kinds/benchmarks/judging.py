"""Every matching blocking benchmark passes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from workbench.benchmarks.judge import Judged
from workbench.benchmarks.looks import AT_ONCE
from workbench.benchmarks.measurements import Measurement
from workbench.benchmarks.resolve import Resolved
from workbench.checklists.model import Fact
from workbench.criteria import Verdict
from workbench.criteria.figures import USUAL
from workbench.definitions.project import stated
from workbench.definitions.rule_checks import stops as stops_by_its_file
from workbench.definitions.shapes import Mark
from workbench.environments.occupation import disturbances
from workbench.flows.paths import Touch
from workbench.gates.bound_of import lets_past, of_benchmark
from workbench.gates.facts import Facts, Need
from workbench.gates.judging import JUDGED
from workbench.gates.kind import Alteration, Kind, Rest, Since
from workbench.gates.kinds.benchmarks import KIND as ASKED
from workbench.gates.kinds.benchmarks import BenchmarksConfig, fits, meant
from workbench.gates.kinds.benchmarks.figure_steps import figure_step
from workbench.gates.model import Part, State, Weight
from workbench.gates.needs import IN_FORCE, QUARANTINED
from workbench.gates.reach import REACH
from workbench.gates.turn import ANYBODY
from workbench.model.canonical import plain
from workbench.model.steps import Job, Step
from workbench.model.times import to_text
from workbench.sources.kinds import KINDS as SOURCES

_EVERY = BenchmarksConfig()
_FETCH = Step(Job.FETCH)


class Benchmarks(Kind[BenchmarksConfig]):
    asked = ASKED
    lists = True
    fact = "benchmarks_met"
    flaky = True

    def needs(self, asks: BenchmarksConfig) -> Iterable[Need[Any]]:
        return (JUDGED, IN_FORCE, QUARANTINED, REACH)

    def title(self, asks: BenchmarksConfig, facts: Facts) -> str:
        about = asks.flow or asks.benchmark or asks.tag or asks.tier or asks.dimension
        return f"Benchmarks pass ({about})" if about else "Benchmarks pass"

    def parts(self, asks: BenchmarksConfig, facts: Facts) -> Iterable[Part]:
        every = asks == _EVERY
        advisory = 0
        stops = False
        touched = facts(REACH).touched
        found = facts(JUDGED)
        for judged in _ranked(found, touched):
            if every or _fits(asks, judged):
                stops |= judged.blocking
                if judged.blocking:
                    yield _unless_refused(part_of(judged, facts, touched), judged, asks)
                elif judged.resolved.unproven and stops_by_its_file(judged.resolved.benchmark):
                    yield _unproven(judged)
                else:
                    advisory += 1
        if advisory and not stops:
            yield _only_advisory(advisory)

    def nothing(self, asks: BenchmarksConfig, facts: Facts) -> str:
        said = meant(asks, facts.project)
        return f"{said.what}; {said.hint}" if said.hint else said.what

    def verdicts(self, asks: BenchmarksConfig, facts: Facts) -> Iterable[Judged]:
        return [judged for judged in facts(JUDGED) if _fits(asks, judged)]

    def pins(self, asks: BenchmarksConfig, facts: Facts) -> Mapping[str, Sequence[str]]:
        # What is too old already has to be measured again: pinning is no rejuvenation.
        return {
            item.key: [reading.ref for reading in (item.value, item.baseline) if reading]
            for item in self.verdicts(asks, facts)
            if item.verdict is not Verdict.STALE
        }

    def rests(self, asks: BenchmarksConfig, facts: Facts) -> Iterable[Rest]:
        quarantined = facts(QUARANTINED)
        for item in self.verdicts(asks, facts):
            # Of a flaky check no verdict counts, so that no signature rests on one.
            verdict = "quarantined" if f"benchmark/{item.key}" in quarantined else item.verdict.value
            stands = {"verdict": verdict, "means": _means(item.resolved), **_past(item)}
            yield Rest(key=item.key, title=item.title, stands=stands, ended=item.verdict is Verdict.STALE)

    def change(self, old: Rest | None, new: Rest | None, since: Since) -> Alteration | None:
        if old is None or new is None:
            which = old or new
            return Alteration(
                f"benchmark “{which.title if which else ''}” was {'added' if old is None else 'removed'}"
            )
        if old.stands["means"] != new.stands["means"]:
            return Alteration(f"benchmark “{new.title}” was changed")
        for part, said in _OF_THE_PAST.items():
            if old.stands.get(part) != new.stands.get(part):
                return Alteration(f"benchmark “{new.title}” {said}")
        words = f"{new.title}: {' → '.join(_word(each.stands['verdict']) for each in (old, new))}"
        # Another candidate is measured anew.
        return Alteration(words, lapse=new.ended, follows=since.new_candidate)

    def answer(self, asked: Sequence[BenchmarksConfig], facts: Facts) -> Fact:
        judged = facts(JUDGED)
        aside = facts(QUARANTINED)
        unmet = [
            item
            for item in judged
            if item.blocking and not item.through and f"benchmark/{item.key}" not in aside
            if lets_past(facts, item) is None
        ]
        if unmet:
            titles = ", ".join(item.title for item in unmet[:3])
            first = unmet[0]
            return Fact(False, f"not passed: {titles}", clear(first, facts), part=f"benchmark/{first.key}")
        return Fact(
            bool(judged),
            _all_pass(judged, facts) if judged else "no benchmarks yet",
            open=not judged,
        )

    def summary(
        self, asked: Sequence[BenchmarksConfig], facts: Facts, overridden: Collection[str] = ()
    ) -> str:
        judged = {item.key: item for asks in asked for item in self.verdicts(asks, facts)}
        quarantined = {key for key in judged if f"benchmark/{key}" in facts(QUARANTINED)}
        let_past = {key for key in judged if f"benchmark/{key}" in overridden} - quarantined
        counts = Counter(item.verdict for key, item in judged.items() if key not in let_past | quarantined)
        words = [f"{counts[each]} {each.words.counted}" for each in Verdict if counts[each]]
        words += [f"{len(let_past)} overridden"] if let_past else []
        words += [f"{len(quarantined)} quarantined"] if quarantined else []
        return f"{len(judged)} benchmarks: {', '.join(words)}" if judged else ""


def _all_pass(found: Sequence[Judged], facts: Facts) -> str:
    """What is said where no blocking benchmark is unmet; those that are quarantined prove nothing."""
    aside = sum(item.blocking and f"benchmark/{item.key}" in facts(QUARANTINED) for item in found)
    return "every blocking benchmark passes" + (f", but for {aside} quarantined" if aside else "")


def _fits(asks: BenchmarksConfig, judged: Judged) -> bool:
    """Whether a requirement speaks of this benchmark."""
    return asks.tier in (None, judged.resolved.tier) and fits(asks, judged.resolved.benchmark)


def _ranked(found: Sequence[Judged], touched: Mapping[str, Touch]) -> Sequence[Judged]:
    """FI-6: the benchmarks of flows that the candidate touches come first."""
    return sorted(found, key=lambda item: item.resolved.benchmark.flow not in touched) if touched else found


def _only_advisory(count: int) -> Part:
    """What stands for benchmarks of which none stops the release."""
    which = "the one matching benchmark is" if count == 1 else f"all {count} matching benchmarks are"
    return Part(
        key="benchmarks/advisory",
        title="",
        state=State.NOT_APPLICABLE,
        why=f"{which} advisory",
        about="benchmark",
    )


def _unproven(judged: Judged) -> Part:
    """A line that its file wants to stop the release, and that cannot: nobody knows whether its source reads rightly."""
    key, word = f"benchmark/{judged.key}", judged.verdict.words.alone
    return Part(
        key=key,
        title=judged.resolved.benchmark.title,
        state=State.MET if judged.through else State.NOT_APPLICABLE,
        why=f"{word}, which is advisory: {judged.resolved.unproven}",
        about=key,
        weight=Weight.RISK,
    )


def _unless_refused(part: Part, judged: Judged, asks: BenchmarksConfig) -> Part:
    """The line, not met where it passes beside a baseline that this gate refuses."""
    refused = asks.refuse_baselines
    if not refused:
        return part
    against = next((each.words for each in judged.caveats if each.mark in refused), "")
    if not against or not judged.through:
        return part
    why = f"its baseline is refused here: {against}"
    return msgspec.structs.replace(
        part, state=State.NOT_MET, why=why, step=_FETCH, weight=Weight.BLOCKS, turn=ANYBODY,
        bound=msgspec.structs.replace(of_benchmark(judged), stands="beside a refused baseline"),
    )  # fmt: skip


def part_of(judged: Judged, facts: Facts, touched: Mapping[str, Touch]) -> Part:
    """A benchmark as a line of a gate."""
    key, benchmark, through = f"benchmark/{judged.key}", judged.resolved.benchmark, judged.through
    disturbed = disturbances(judged.remarks) if judged.remarks else ""
    if not through:
        reached = "touched by this candidate" if benchmark.flow in touched else ""
        return Part(
            key=key, title=benchmark.title, state=State.NOT_MET, why=_joined(judged.why, disturbed, reached),
            about=key, step=clear(judged, facts), unasked=judged.unasked, turn=ANYBODY, bound=of_benchmark(judged),
        )  # fmt: skip
    passes, partial = judged.verdict is Verdict.PASS, _partial(judged.value) or _partial(judged.baseline)
    why = judged.why if not passes else f"passes, on a partial answer: {partial}" if partial else "passes"
    return Part(
        key=key, title=benchmark.title, state=State.MET, why=_joined(why, disturbed),
        about=key, weight=Weight.RISK if partial or disturbed or not passes else Weight.BLOCKS,
    )  # fmt: skip


def _joined(*words: str) -> str:
    return "; ".join(filter(None, words))


def _partial(measurement: Measurement | None) -> str | None:
    return measurement.partial if measurement is not None else None


def clear(judged: Judged, facts: Facts) -> Step:
    """What brings a benchmark further: a better build, another rule, or a value.

    Of the same build a source gives the same answer: what was measured and fails is not asked again.
    """
    return Step(Job.SHOW_BENCHMARK, judged.key) if judged.through else further(judged, facts)


def further(judged: Judged, facts: Facts) -> Step:
    """The same, whether it stops the release or not."""
    key = judged.key
    if step := figure_step(judged, facts):
        return step
    if judged.verdict in (Verdict.FAIL, Verdict.WARN):
        return Step(Job.PROPOSE_BUILD, f"benchmark/{key}")
    if facts.candidate is None:
        return Step(Job.PROPOSE_CANDIDATE)
    if judged.verdict is Verdict.MISSING and judged.value is not None and judged.value.mark == "asserted":
        return Step(Job.NAME_COMMIT, facts.candidate.commit[:7])
    if judged.verdict is Verdict.NO_BASELINE and judged.resolved.baseline.partition(" ")[0] == "pinned":
        return Step(Job.PIN_BASELINE, key)
    if judged.answered or judged.first_of_its_kind or judged.resolved.unjudged:
        # A limit of its own, beside the distance from the past, is what lets a first value pass.
        place = facts.definitions.mark("benchmark", key, "pass")
        return Step(Job.EDIT_DEFINITIONS, f"{place} ") if place else Step(Job.OVERRIDE, f"benchmark/{key}")
    source = facts.definitions.source(judged.resolved.benchmark.measure.source)
    if place := _to_edit(judged, facts):
        return Step(Job.EDIT_DEFINITIONS, f"{place} {judged.resolved.benchmark.measure.source}")
    by_hand = source is not None and SOURCES[source.kind].by_hand
    return Step(Job.ENTER_VALUE, key) if by_hand else _FETCH


def _to_edit(judged: Judged, facts: Facts) -> Mark | None:
    """Where the question stands that has to be changed before asking again can help."""
    for reading in (judged.value, judged.baseline):
        if reading and reading.state != "ok":
            field = reading.facts.get("edit")
            return facts.definitions.mark("benchmark", judged.key, f"measure.{field}") if field else None
    return None


def _means(resolved: Resolved) -> dict[str, Any]:
    """What a verdict is judged by, titles and wording apart; what is as by default is left out."""
    benchmark = resolved.benchmark
    means = {
        "flow": benchmark.flow,
        "environment": resolved.environment,
        "dimension": benchmark.dimension,
        "measure": stated(benchmark.measure),
        "unit": resolved.unit.symbol,
        "pass": str(resolved.pass_) if resolved.pass_ else "",
        # The one that belongs to the default rule says nothing beside it.
        "warn": str(resolved.warn) if resolved.warn and "warn" not in resolved.origins else "",
        "baseline": resolved.baseline,
        "better": resolved.better,
        "mode": resolved.mode,
        "max_age": int(resolved.max_age.total_seconds()) if resolved.max_age else None,
        "min_samples": resolved.min_samples,
        "carry": benchmark.carry,
        "charting": _charting(resolved),
        "steady": str(resolved.steady) if resolved.steady != AT_ONCE else "",
    }
    return {name: value for name, value in plain(means).items() if value}


# What a person decided about the past that a verdict rests on.
_OF_THE_PAST = {"phase": "has begun a new phase", "pinned": "is compared with another pinned baseline"}


def _past(judged: Judged) -> dict[str, str]:
    """Since when its history counts, and the digest of its pinned baseline, where somebody said so."""
    found = {"phase": to_text(judged.phase) if judged.phase else "", "pinned": judged.pinned}
    return {name: text for name, text in found.items() if text}


def _charting(resolved: Resolved) -> dict[str, Any]:
    """How a control chart is drawn, as far as that is not the usual way."""
    said = msgspec.structs.asdict(resolved.charting)
    usual = msgspec.structs.asdict(USUAL)
    return {name: value for name, value in said.items() if value != usual[name]}


def _word(verdict: str) -> str:
    return next((each.words.alone for each in Verdict if each == verdict), verdict)


KIND = Benchmarks()
