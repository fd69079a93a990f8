"""The advisory benchmarks together reach a score."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from enum import StrEnum
from typing import Any

from workbench.benchmarks.judge import Judged
from workbench.criteria import Verdict
from workbench.gates.bound import LOWER, Bound, of_value
from workbench.gates.facts import Facts, Need
from workbench.gates.judging import JUDGED
from workbench.gates.kind import Alteration, Kind, Rest, Since
from workbench.gates.kinds.advisory_score import KIND as ASKED
from workbench.gates.kinds.advisory_score import AdvisoryScoreConfig, chosen
from workbench.gates.kinds.benchmarks import fits
from workbench.gates.model import Part, State, Weight
from workbench.gates.needs import QUARANTINED
from workbench.gates.score import Score, score_of
from workbench.gates.turn import ANYBODY
from workbench.model.canonical import plain
from workbench.model.quantity import COUNT
from workbench.model.steps import Job, Step
from workbench.model.text import number_of


class Level(StrEnum):
    """What a score comes to."""

    PASS = "pass"
    WARN = "warn"
    FAIL = "fail"
    NONE = "none"  # nothing counts towards it


class AdvisoryScore(Kind[AdvisoryScoreConfig]):
    asked = ASKED

    def needs(self, asks: AdvisoryScoreConfig) -> Iterable[Need[Any]]:
        return (JUDGED, QUARANTINED)

    def title(self, asks: AdvisoryScoreConfig, facts: Facts) -> str:
        about = asks.flow or asks.tag or asks.tier or asks.dimension
        return f"Advisory benchmarks score {asks.pass_} of 100{f' ({about})' if about else ''}"

    def parts(self, asks: AdvisoryScoreConfig, facts: Facts) -> Iterable[Part]:
        found = _found(asks, facts)
        if not found:
            return
        score = _score(asks, facts, found)
        level = _level(asks, score)
        yield Part(
            key=_key(asks),
            title="",
            state=_STATES[level],
            why=_why(asks, score, level),
            about="benchmark",
            step=Step(Job.SHOW_BENCHMARK, _first(found)) if level is Level.FAIL else None,
            weight=Weight.RISK if level is Level.WARN else Weight.BLOCKS,
            turn=ANYBODY if level is Level.FAIL else None,
            bound=_bound(score) if level is Level.FAIL else None,
        )

    def nothing(self, asks: AdvisoryScoreConfig, facts: Facts) -> str:
        return "no advisory benchmark matches it"

    def only_time(self, asks: AdvisoryScoreConfig, facts: Facts) -> bool:
        found = _found(asks, facts)
        fresh = [item for item in found if item.verdict is not Verdict.STALE]
        return len(fresh) < len(found) and _level(asks, _score(asks, facts, fresh)) is not Level.FAIL

    def rests(self, asks: AdvisoryScoreConfig, facts: Facts) -> Iterable[Rest]:
        if found := _found(asks, facts):
            level = _level(asks, _score(asks, facts, found))
            yield Rest(key=_key(asks), title=self.title(asks, facts), stands=plain({"level": level}))

    def change(self, old: Rest | None, new: Rest | None, since: Since) -> Alteration | None:
        if old is None or new is None:
            one = new or old
            return Alteration(f"“{one.title if one else ''}” was {'added' if old is None else 'removed'}")
        words = f"“{new.title}”: {old.stands['level']} → {new.stands['level']}"
        return Alteration(words, follows=since.new_candidate)

    def summary(
        self, asked: Sequence[AdvisoryScoreConfig], facts: Facts, overridden: Collection[str] = ()
    ) -> str:
        scores = [_score(asks, facts, _found(asks, facts)) for asks in asked]
        told = [f"{score.shown} of 100" for score in scores if score.value is not None]
        return f"advisory benchmarks score {', '.join(told)}" if told else ""


_STATES = {
    Level.PASS: State.MET,
    Level.WARN: State.MET,
    Level.FAIL: State.NOT_MET,
    Level.NONE: State.NOT_APPLICABLE,
}
_WORDS = {Verdict.PASS: "pass", Verdict.WARN: "warn", Verdict.FAIL: "fail"}


def _found(asks: AdvisoryScoreConfig, facts: Facts) -> list[Judged]:
    return [
        item
        for item in facts(JUDGED)
        if not item.blocking
        and asks.tier in (None, item.resolved.tier)
        and fits(chosen(asks), item.resolved.benchmark)
    ]


def _score(asks: AdvisoryScoreConfig, facts: Facts, found: Sequence[Judged]) -> Score:
    return score_of(found, asks.weights, facts(QUARANTINED).keys())


def _bound(score: Score) -> Bound | None:
    """What was scored, of 100: less is worse."""
    return None if score.value is None else of_value(score.value, COUNT, LOWER, "")


def _level(asks: AdvisoryScoreConfig, score: Score) -> Level:
    if score.value is None:
        return Level.NONE
    if score.value >= asks.pass_:
        return Level.PASS
    return Level.WARN if score.value >= asks.warn else Level.FAIL


def _why(asks: AdvisoryScoreConfig, score: Score, level: Level) -> str:
    aside = f"; {score.left_out} left out: learning, quarantined or without weight" if score.left_out else ""
    if level is Level.NONE:
        return f"none of them counts yet{aside}"
    counts = {word: score.verdicts.get(verdict, 0) for verdict, word in _WORDS.items()}
    counts["not known"] = score.counted - sum(counts.values())
    told = ", ".join(f"{count} {word}" for word, count in counts.items() if count)
    limits = f"{asks.pass_} passes, {asks.warn} warns"
    return f"{score.shown} of 100 over {number_of(score.counted, 'benchmark')} ({told}); {limits}{aside}"


def _first(found: Sequence[Judged]) -> str:
    """The benchmark that costs most: the first that fails, else the first that does not pass."""
    failing = (item.key for item in found if item.verdict is Verdict.FAIL)
    lacking = (item.key for item in found if item.verdict is not Verdict.PASS)
    return next(failing, next(lacking, found[0].key))


def _key(asks: AdvisoryScoreConfig) -> str:
    about = (asks.flow, asks.tier, asks.dimension, asks.tag)
    return "/".join(["score", *(str(each) for each in about if each)])


KIND = AdvisoryScore()
