"""A suite of a JUnit report while it is read: its tests, its totals, and tests that were repeated.

Dialects count in different ways: some totals count every attempt at a test, some leave out
what was repeated.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from workbench.model.text import safe_text
from workbench.sources.junit.cases import FAILED_MARKS, Case
from workbench.sources.junit.words import Word, failures_claimed, seconds_of, whole, word_of
from workbench.sources.test_runs.counts import NAMED, Counts, Outcome

_NAMED_OF_A_SUITE = 200
_MOST_NAMES = 200_000  # of one suite: beyond that no test is recognised as repeated
_SKIPS = ("skipped", "disabled", "skip", "skips", "ignored")


class _Attempts(msgspec.Struct):
    """A test that failed, while it may be repeated: how often, and whether it passed after that."""

    name: str
    failed: int = 0
    errors: int = 0
    passed: bool = False


class Suite(msgspec.Struct):
    """A suite, or the root around all suites, while it is read.

    ``listed`` counts attempts at tests, ``marked`` failed ones among them, ``bad`` what did not
    pass in the end; ``announced`` and ``skips`` are what the totals of it and of its suites claim.
    """

    attributes: Mapping[str, str]
    root: bool = False
    holds: bool = False
    listed: int = 0
    marked: int = 0
    bad: int = 0
    skipped: int = 0
    announced: int = 0
    skips: int = 0
    pytest: bool = False
    named: list[str] = []
    _passed: set[int] = set()
    _failed: dict[int, _Attempts] = {}
    _no_retries: bool = False

    def name(self) -> str:
        """What people know it by."""
        return safe_text(self.attributes.get("name") or ("the report" if self.root else "a suite"), 120)

    def add_case(self, case: Case, counts: Counts) -> None:
        """Counts one test case and all attempts at it."""
        self.holds = True
        counts.seconds += case.seconds
        outcome, said = case.outcome() if case.marks or case.form.speaks else ("passed", "")
        if outcome == "passed":
            self.listed += 1
            self.announced += 1
            counts.passed += 1
            if not self._no_retries:
                self._note_repeat(case, outcome)
            return
        earlier = case.earlier
        failed = max(
            sum(mark in FAILED_MARKS for mark in case.marks), outcome in ("failed", "errors", "unclear")
        )
        attempts = max(1, failed) + earlier
        self.listed += attempts
        self.announced += attempts
        self.marked += failed + earlier
        self.bad += outcome in ("failed", "errors", "unclear")
        if outcome == "flaky":
            counts.passed += 1
            counts.flaky += 1
        else:
            setattr(counts, outcome, getattr(counts, outcome) + 1)
        if outcome == "skipped":
            self.skipped += 1
            self.skips += 1
        if failed:
            self._name(case, said if outcome == "unclear" else "")
        self._note_repeat(case, outcome)

    def add_failure(self, counts: Counts) -> None:
        """The suite itself broke, before, between or after its tests."""
        counts.errors += 1
        self.holds = True
        self.marked += 1
        self.bad += 1
        self.named.append(self.name())

    def close(self, counts: Counts) -> None:
        """Compares what was listed with what the totals say, once all of it was read."""
        self._settle_repeats(counts)
        word, said = word_of(self.attributes)
        tests = self._total(counts, "tests")
        failures, errors = self._total(counts, "failures"), self._total(counts, "errors")
        red = failures_claimed(self.attributes, failures, errors)
        skips = self._total(counts, *_SKIPS)
        if not self.holds and not self.root:
            self._believe(tests, red - errors, errors, skips, counts)
        elif red > self.marked:
            counts.unmarked += red - self.marked
            self.bad += red - self.marked
            self.marked = red
        if word in (Word.FAILED, Word.UNKNOWN) and not self.bad:
            counts.errors += word is Word.FAILED
            counts.unclear += word is Word.UNKNOWN
            self.marked += 1
            self.bad = 1
            self.named.append(f"{self.name()} ({safe_text(said, 40)})")
        self.announced = max(self.announced, tests)
        self.skips = max(self.skips, skips)
        counts.failing = (counts.failing + self.named)[:NAMED]

    def add_suite(self, inner: Suite) -> None:
        """Takes in a suite inside of this one."""
        self.holds = True
        self.listed += inner.listed
        self.marked += inner.marked
        self.bad += inner.bad
        self.skipped += inner.skipped
        self.announced += inner.announced
        self.skips += inner.skips
        self.pytest = self.pytest or inner.pytest

    def conclude(self, counts: Counts) -> None:
        """Says of the outermost suite what its totals count and nothing in it shows."""
        unlisted = self.announced - self.listed
        unskipped = self.skips - self.skipped
        # Some runners count skipped tests and do not list them.
        left_out = min(unlisted, unskipped)
        counts.skipped += left_out
        unlisted -= left_out
        # pytest counts each subtest that passed and lists none of them.
        if self.pytest and self.listed:
            counts.subtests, unlisted = unlisted, 0
        counts.listed, counts.unlisted, counts.unskipped = self.listed, unlisted, unskipped - left_out
        counts.marked = self.marked - counts.unmarked

    def _believe(self, tests: int, failed: int, errors: int, skips: int, counts: Counts) -> None:
        """A suite that gives numbers and lists no tests."""
        skipped = min(max(0, tests - failed - errors), skips)
        passed = max(0, tests - failed - errors - skipped)
        counts.failed += failed
        counts.errors += errors
        counts.skipped += skipped
        counts.passed += passed
        counts.seconds += seconds_of(self.attributes.get("time")) if tests else 0.0
        self.listed = self.announced = max(tests, failed + errors)
        self.marked = self.bad = failed + errors
        self.skipped = skipped
        self.skips = skipped
        if failed or errors:
            self.named.append(self.name())

    def _total(self, counts: Counts, *names: str) -> int:
        found = 0
        for name in names:
            number = whole(self.attributes.get(name))
            if number is None:
                told = f"{name}=“{safe_text(self.attributes[name], 40)}”"
                if told not in counts.unreadable and len(counts.unreadable) < NAMED:
                    counts.unreadable.append(told)
            found += number or 0
        return found

    def _name(self, case: Case, said: str) -> None:
        if len(self.named) < _NAMED_OF_A_SUITE:
            name = case.full_name or "a test without a name"
            self.named.append(f"{name} ({safe_text(said, 40)})" if said else name)

    # --- a test that is listed once for each attempt ----------------------------------------

    def _note_repeat(self, case: Case, outcome: Outcome) -> None:
        """A case with the name of an earlier one: an attempt more, if that one failed.

        Anything else that stands there twice says that names do not tell this suite's tests
        apart, and then none of them is taken for a repetition.
        """
        key = case.identity
        if self._no_retries or key is None:
            return
        earlier = self._failed.get(key) if self._failed else None
        if (
            key in self._passed
            or (earlier and (earlier.passed or outcome in ("skipped", "unclear")))
            or len(self._passed) + len(self._failed) > _MOST_NAMES
        ):
            self._no_retries = True
        elif outcome in ("failed", "errors"):
            attempts = self._failed.setdefault(key, _Attempts(case.full_name))
            attempts.failed += outcome == "failed"
            attempts.errors += outcome == "errors"
        elif earlier:
            earlier.passed = True
        else:
            self._passed.add(key)

    def _settle_repeats(self, counts: Counts) -> None:
        repeated = [each for each in self._failed.values() if each.passed and not self._no_retries]
        counts.failed -= sum(each.failed for each in repeated)
        counts.errors -= sum(each.errors for each in repeated)
        counts.flaky += len(repeated)
        self.bad -= sum(each.failed + each.errors for each in repeated)
        names = {each.name for each in repeated}
        self.named = [name for name in self.named if name not in names]
        self._failed, self._passed = {}, set()
