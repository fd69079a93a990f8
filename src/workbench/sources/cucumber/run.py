"""A run of scenarios, made of Cucumber's messages in the order in which they come."""

from __future__ import annotations

from typing import Any

import msgspec

from workbench.model.text import number_of as counted
from workbench.sources.moments import moment_of_number
from workbench.sources.numbers import number_of
from workbench.sources.test_runs.commits import commits_in
from workbench.sources.test_runs.counts import Counts, Outcome

# The results of steps, from good to bad; a scenario is as good as its worst step.
_RANK = ("PASSED", "SKIPPED", "PENDING", "UNDEFINED", "AMBIGUOUS", "UNKNOWN", "FAILED")
_NANOSECONDS = 10**9


class _Time(msgspec.Struct):
    """Seconds may be a text: JSON has no whole numbers of 64 bits."""

    seconds: Any = None
    nanos: Any = None

    def total(self) -> float:
        """Seconds."""
        whole, part = (number_of(value, "a time") for value in (self.seconds, self.nanos))
        return float(whole or 0) + float(part or 0) / _NANOSECONDS


class _Result(msgspec.Struct):
    status: str = ""
    duration: _Time | None = None


class _Named(msgspec.Struct):
    name: str = ""
    version: str = ""


class _Git(msgspec.Struct):
    revision: Any = None


class _Ci(msgspec.Struct):
    git: _Git | None = None


class _Meta(msgspec.Struct):
    implementation: _Named | None = None
    ci: _Ci | None = None


class _Pickle(msgspec.Struct):
    id: str
    name: str = ""
    uri: str = ""


class _Case(msgspec.Struct, rename="camel"):
    id: str
    pickle_id: str


class _Started(msgspec.Struct, rename="camel"):
    id: str = ""
    test_case_id: str = ""


class _Step(msgspec.Struct, rename="camel"):
    test_case_started_id: str
    test_step_result: _Result


class _Finished(msgspec.Struct, rename="camel"):
    test_case_started_id: str


class _RunStarted(msgspec.Struct):
    timestamp: _Time | None = None


class _RunFinished(msgspec.Struct):
    success: bool | None = None


class _HookFinished(msgspec.Struct):
    result: _Result | None = None


class Envelope(msgspec.Struct, rename="camel"):
    """One line: exactly one of these, or a message that says nothing of results."""

    meta: _Meta | None = None
    pickle: _Pickle | None = None
    test_case: _Case | None = None
    test_run_started: _RunStarted | None = None
    test_case_started: _Started | None = None
    test_step_finished: _Step | None = None
    test_case_finished: _Finished | None = None
    test_run_hook_finished: _HookFinished | None = None
    test_run_finished: _RunFinished | None = None
    parse_error: Any = None


class _Scenario(msgspec.Struct):
    """A scenario: how its attempts ended, and how long its steps took."""

    name: str
    ended: list[str] = []
    seconds: float = 0.0


class Scenarios:
    """Takes in messages."""

    def __init__(self) -> None:
        self.began = self.ended = False
        self._counts = Counts()
        self._names: dict[str, str] = {}
        self._cases: dict[str, _Scenario] = {}
        self._going_on: dict[str, tuple[_Scenario, list[str]]] = {}
        self._success: bool | None = None

    def take(self, one: Envelope) -> None:
        """One message; ``SourceError`` for a time that is no number."""
        if one.test_step_finished:
            self._step(one.test_step_finished)
        elif one.test_case_started:
            started = one.test_case_started
            case = self._cases.setdefault(
                started.test_case_id, _Scenario("a scenario that was not announced")
            )
            self._going_on[started.id] = (case, [])
        elif one.test_case_finished:
            self._finish(one.test_case_finished)
        elif one.pickle:
            self._names[one.pickle.id] = f"{one.pickle.uri}: {one.pickle.name}"
        elif one.test_case:
            self._cases[one.test_case.id] = _Scenario(self._names.get(one.test_case.pickle_id, "a scenario"))
        else:
            self._take_other(one)

    def counts(self) -> Counts:
        """What the run comes to."""
        counts = self._counts
        for case in self._cases.values():
            if case.ended:
                outcome, said = _outcome(case.ended)
                counts.add_test(outcome, case.name, seconds=case.seconds, said=said)
        without = sum(not case.ended for case in self._cases.values())
        if without:
            counts.contradictions.append(f"has no result of {counted(without, 'scenario')}")
        if self._success is False and not counts.marked:
            counts.unmarked = 1
        return counts

    def _take_other(self, one: Envelope) -> None:
        if one.meta:
            made_by = one.meta.implementation or _Named()
            self._counts.tool = " ".join(filter(None, (made_by.name, made_by.version)))
            if one.meta.ci and one.meta.ci.git:
                self._counts.note_commits(commits_in(one.meta.ci.git.revision))
        elif one.test_run_started:
            self.began = True
            if one.test_run_started.timestamp:
                self._counts.note_moment(moment_of_number(one.test_run_started.timestamp.total(), "s"))
        elif one.test_run_finished:
            self.ended = True
            self._success = one.test_run_finished.success
        elif one.test_run_hook_finished and one.test_run_hook_finished.result:
            if one.test_run_hook_finished.result.status == "FAILED":
                self._counts.add_test("errors", "a hook of the whole run")
        elif one.parse_error:
            self._counts.add_test("errors", "a feature file that cannot be read")

    def _step(self, step: _Step) -> None:
        going_on = self._going_on.get(step.test_case_started_id)
        if going_on is None:
            return
        case, results = going_on
        results.append(step.test_step_result.status)
        if step.test_step_result.duration:
            case.seconds += max(0.0, step.test_step_result.duration.total())

    def _finish(self, finished: _Finished) -> None:
        case, results = self._going_on.pop(finished.test_case_started_id, (None, []))
        if case is not None:
            case.ended.append(max(results, key=_rank, default="SKIPPED"))  # without steps nothing was tried


def _rank(status: str) -> int:
    return _RANK.index(status) if status in _RANK else _RANK.index("UNKNOWN")


def _outcome(ended: list[str]) -> tuple[Outcome, str]:
    """How a scenario ended, and the word for it where it is neither passed nor failed."""
    last = ended[-1]
    if last == "PASSED":
        return (
            "flaky" if any(_rank(one) >= _RANK.index("UNDEFINED") for one in ended[:-1]) else "passed"
        ), ""
    if last in ("SKIPPED", "PENDING"):
        return "skipped", ""
    return ("failed", "") if last == "FAILED" else ("unclear", last.lower() or "no result")
