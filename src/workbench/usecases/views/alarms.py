"""TH-7: what a benchmark would have stopped while it was advisory, and which of that were false alarms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import msgspec

from workbench.criteria import Verdict
from workbench.gates.replaying import Replayed
from workbench.incidents.alarms import Alarm as Ruled
from workbench.incidents.alarms import AlarmRuling, of_part
from workbench.model.text import number_of
from workbench.model.times import age_text, to_text
from workbench.releases.model import Outcome
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation, verdict_of
from workbench.usecases.looking_back import look_back
from workbench.usecases.views.rulings import said_words

LastPasses: TypeAlias = Mapping[str | None, datetime]
WEEK = timedelta(days=7)
_NAMED = 3


class Alarm(msgspec.Struct, frozen=True, kw_only=True):
    """A value that failed: when, of which build, by how much, and what became of it.

    ``false`` says that it was a false alarm: a person said so, or the same build passed later, which is the one
    thing that the record alone proves.  A person's word counts before that.
    """

    at: datetime
    build: str
    headline: str
    became: str = ""
    false: bool = False

    @property
    def words(self) -> str:
        """``2.14.0 rc2: 28 % over its limit; the same build passed later``."""
        named = f"{self.build}: {self.headline}" if self.build else self.headline
        return f"{named}; {self.became}" if self.became else named


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """A benchmark over a stretch of time: ``judged`` counts values that passed or failed, ``alarms`` are those that failed.

    ``since`` is the first of them, ``watched`` how long that is ago, at most as long as was asked for;
    ``None`` where nothing was judged.
    """

    key: str
    title: str
    within: timedelta
    since: datetime | None = None
    watched: timedelta = timedelta()
    judged: int = 0
    alarms: tuple[Alarm, ...] = ()

    @property
    def false(self) -> int:
        """How many of the alarms were false ones, as far as the record can tell."""
        return sum(alarm.false for alarm in self.alarms)

    @property
    def long_enough(self) -> bool:
        """Whether it was watched for the whole time: a day less says the same."""
        return self.watched >= self.within - timedelta(days=1)

    @property
    def lines(self) -> list[str]:
        """The trial in sentences: how it judged, which values it would have stopped, whether that is enough to go by."""
        if not self.judged:
            return [
                f"It has judged nothing in {age_text(self.within)}: nobody knows what it would have stopped."
            ]
        told = f"In the last {age_text(self.watched)}" if self.watched >= timedelta(minutes=1) else "So far"
        found = [
            f"{told} it failed {len(self.alarms)} of {number_of(self.judged, 'value')}, {self.false} of them false alarms."
        ]
        found += [alarm.words for alarm in self.alarms[:_NAMED]]
        if len(self.alarms) > _NAMED:
            found.append(f"and {len(self.alarms) - _NAMED} more")
        if not self.long_enough:
            found.append(
                f"Watch it for {age_text(self.within)} before it blocks: that shows its false alarms."
            )
        return found


def read_trial(context: Context, evaluation: Evaluation, key: str, within: timedelta = WEEK) -> Trial:
    """What a benchmark would have stopped lately, by its rule of today; the latest first."""
    item = verdict_of(evaluation, key)
    now = evaluation.facts.now
    # Older values are looked at, too: a build that failed before may have passed since.
    every = list(look_back(context, item.resolved, now))
    chosen = [one for one in every if one.at >= now - within and one.judged.verdict.known]
    if not chosen:
        return Trial(key=item.key, title=item.title, within=within)
    failed = [one for one in chosen if one.judged.verdict is Verdict.FAIL]
    passes = _last_passes(every)
    said = {ruling.candidate: ruling for _, ruling in of_part(context.record, f"benchmark/{item.key}")}
    return Trial(
        key=item.key,
        title=item.title,
        within=within,
        since=chosen[-1].at,
        watched=min(within, now - every[-1].at),
        judged=len(chosen),
        alarms=tuple(_alarm(one, passes, said) for one in failed),
    )


def _last_passes(every: Sequence[Replayed]) -> LastPasses:
    """When each build passed last, by its id; ``every`` value is there, the newest first."""
    found: dict[str | None, datetime] = {}
    for one in every:
        if one.met:
            found.setdefault(one.build.id if one.build else None, one.at)
    return found


def _alarm(one: Replayed, passes: LastPasses, said: Mapping[str | None, Ruled]) -> Alarm:
    became, false = _became(one, passes, said)
    return Alarm(
        at=one.at,
        build=one.build.name if one.build else "",
        headline=one.judged.headline,
        became=became,
        false=false,
    )


def _became(one: Replayed, passes: LastPasses, said: Mapping[str | None, Ruled]) -> tuple[str, bool]:
    """What became of a value that failed, and whether that makes it a false alarm."""
    if one.build is None:
        return "", False
    ruling = said.get(one.build.id)
    if ruling is not None:
        return said_words(ruling), ruling.ruling is AlarmRuling.FALSE_ALARM
    if passes.get(one.build.id, one.at) > one.at:
        return "the same build passed later", True
    outcome = one.build.held.release.outcome
    if outcome is Outcome.ROLLED_BACK:
        return "its release was rolled back", False
    if outcome is Outcome.SHIPPED and one.build.held.candidate_id == one.build.id:
        return "it was shipped all the same", False
    later = any(at > one.at for at in passes.values())
    return ("a later build passed" if later else "", False)


def trial_document(trial: Trial) -> dict[str, Any]:
    """``workbench.alarms.1``."""
    return {
        "schema": "workbench.alarms.1",
        "benchmark": trial.key,
        "title": trial.title,
        "since": to_text(trial.since) if trial.since else None,
        "judged": trial.judged,
        "failed": len(trial.alarms),
        "false_alarms": trial.false,
        "long_enough": trial.long_enough,
        "alarms": [
            {
                "at": to_text(alarm.at),
                "build": alarm.build or None,
                "headline": alarm.headline,
                "became": alarm.became or None,
                "false": alarm.false,
            }
            for alarm in trial.alarms
        ],
    }
