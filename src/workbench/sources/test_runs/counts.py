"""What a test report holds: its tests, its totals, and where the two contradict each other.

Tests are counted one by one; totals are only compared with them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

import msgspec

from workbench.model.text import number_of, safe_text

# ``unclear`` is a test with a result that is not known, ``flaky`` one that failed first and passed at last.
Outcome = Literal["passed", "failed", "errors", "skipped", "flaky", "unclear"]
NAMED = 20  # failing tests that are named
_LONGEST_NAME = 120


class Counts(msgspec.Struct):
    """What a report says.

    ``unclear`` are tests with a result that is not known; ``unlisted`` is how many tests the
    totals announce that are not there, ``unmarked`` how many failures they count that no test
    shows (of ``marked`` that tests do show), ``unskipped`` the same of skipped ones.
    ``contradictions`` are others, as the end of a sentence about the report.
    ``commits`` are the builds that the report says it tested, ``tool`` what wrote it, and
    ``environment`` is where its tests ran, in the report's words.
    """

    passed: int = 0
    failed: int = 0
    errors: int = 0
    skipped: int = 0
    flaky: int = 0
    unclear: int = 0
    seconds: float = 0.0
    listed: int = 0
    unlisted: int = 0
    marked: int = 0
    unmarked: int = 0
    unskipped: int = 0
    subtests: int = 0
    timestamp: datetime | None = None
    zoned: bool = True
    failing: list[str] = []
    commits: list[str] = []
    unreadable: list[str] = []
    contradictions: list[str] = []
    note: str = ""
    tool: str = ""
    environment: str = ""

    @property
    def total(self) -> int:
        """All tests, skipped ones too."""
        return self.ran + self.skipped

    @property
    def ran(self) -> int:
        """Tests that came to a result."""
        return self.passed + self.not_passed

    @property
    def not_passed(self) -> int:
        """Tests that failed, that had an error, or whose result is not known."""
        return self.failed + self.errors + self.unclear

    @property
    def red(self) -> bool:
        """Whether anything says that something failed."""
        return bool(self.not_passed or self.unmarked)

    def add_test(self, outcome: Outcome, name: str, *, seconds: float = 0.0, said: str = "") -> None:
        """Counts one test, once, however often it was tried; ``said`` is the report's word where that is not known."""
        self.listed += 1
        self.seconds += seconds
        if outcome == "flaky":
            self.passed += 1
        setattr(self, outcome, getattr(self, outcome) + 1)
        if outcome in ("failed", "errors", "unclear"):
            self.marked += 1
            if len(self.failing) < NAMED:
                named = safe_text(name, _LONGEST_NAME) or "a test without a name"
                self.failing.append(f"{named} ({safe_text(said, 40)})" if said else named)

    def compare(
        self, *, tests: int | None = None, failed: int | None = None, skipped: int | None = None
    ) -> None:
        """Compares what was listed with a report's own totals; ``None`` is a total that it does not give."""
        if tests is not None and tests > self.listed:
            self.unlisted = tests - self.listed
        elif tests is not None and tests < self.listed:
            self.contradictions.append(f"announces {number_of(tests, 'test')} and lists {self.listed:,}")
        self.unmarked = max(0, (failed or 0) - self.marked)
        self.unskipped = max(0, (skipped or 0) - self.skipped)

    def flaws(self, name: str) -> list[str]:
        """What makes a report called ``name`` no proof, in words: it contradicts itself."""
        found = []
        if self.unmarked:
            claimed = self.marked + self.unmarked
            failures = number_of(claimed, "failure")
            found.append(
                f"{name} counts {failures} and marks {f'{self.marked:,}' if self.marked else 'none'}"
            )
        if self.unlisted:
            announced = self.listed + self.unlisted
            tests = number_of(announced, "test")
            found.append(f"{name} announces {tests} and lists {self.listed:,}")
        if self.unskipped:
            claimed = self.skipped + self.unskipped
            found.append(
                f"{name} counts {claimed:,} skipped and marks {f'{self.skipped:,}' if self.skipped else 'none'}"
            )
        found += [f"{name} has a total that is no number: {total}" for total in self.unreadable]
        found += [f"{name} {end}" for end in self.contradictions]
        return found

    def add(self, other: Counts) -> None:
        """Takes in another file's counts; the oldest time stamp stays."""
        for name in _SUMMED:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.note_moment(other.timestamp, zoned=other.zoned)
        self.failing = (self.failing + other.failing)[:NAMED]
        self.note = self.note or other.note
        self.tool = self.tool or other.tool
        if other.environment not in self.environment.split(", "):
            self.environment = ", ".join(filter(None, (self.environment, other.environment)))

    def note_moment(self, moment: datetime | None, *, zoned: bool = True) -> None:
        """Takes in a moment at which tests ran; the oldest stays."""
        if moment and (self.timestamp is None or moment < self.timestamp):
            self.timestamp, self.zoned = moment, zoned

    def note_commits(self, commits: Iterable[str]) -> None:
        """Takes in commits that a report says it tested, each once."""
        for commit in commits:
            if commit not in self.commits and len(self.commits) < NAMED:
                self.commits.append(commit)


_SUMMED = (
    "passed", "failed", "errors", "skipped", "flaky", "unclear", "listed", "marked", "subtests", "seconds",
)  # fmt: skip
