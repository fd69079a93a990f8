"""A stream of TAP while it is read: points, plans, subtests, and what they say together."""

from __future__ import annotations

import re

import msgspec

from workbench.model.text import number_of
from workbench.sources.test_runs.commits import COMMIT_NAMES, commits_in
from workbench.sources.test_runs.counts import Counts, Outcome

VERSION = re.compile(r"TAP version \d+\s*$", re.IGNORECASE)
PLAN = re.compile(r"1\.\.(\d{1,9})(?:\s*#\s*(.*))?\s*$")
POINT = re.compile(r"(not )?ok\b(?:\s+(\d{1,9})(?=\s|$))?(.*)$")
BAIL = re.compile(r"Bail out!\s*(.*)$", re.IGNORECASE)
_DIRECTIVE = re.compile(r"(?:^|\s)#\s*(skip\S*|todo\b)", re.IGNORECASE)
_TOTAL = re.compile(r"#\s*(fail|cancelled)\s+(\d{1,9})\s*$")
_REMARK = re.compile(r"#\s*([\w.]+)\s*[:=]\s*(\S+)\s*$")
_MILLISECONDS = re.compile(r"\s*duration_ms:\s*([0-9]{1,9}(?:\.[0-9]{1,12})?)\s*$")
_INDENT = 4  # blanks before each line of a subtest
_DEEPEST = 100
_MOST_WORDS = 20


class _Point(msgspec.Struct):
    """A test point; what follows it may still say how long it took."""

    outcome: Outcome
    name: str
    seconds: float = 0.0


class _Level(msgspec.Struct):
    """One level of subtests: its plan, how many points it has, and those that count so far.

    ``below`` are the points of a subtest whose own point, which sums them up, has not come yet.
    """

    plan: int | None = None
    points: int = 0
    numbers: set[int] = set()
    counted: list[_Point] = []
    below: list[_Point] = []
    last: _Point | None = None


class Stream:
    """Takes in lines; at its end it gives the counts.

    The tests of a subtest are counted, and the point that sums them up is not, unless it failed and none of
    them did.  With ``# TODO`` or ``# SKIP`` on that point, failures below it are known ones.
    """

    def __init__(self) -> None:
        self.seen = False
        self._counts = Counts()
        self._levels: list[_Level] = [_Level()]
        self._block: int | None = None  # blanks before the block of YAML that is being read
        self._claimed = 0
        self._sums = 0  # points that failed because a test below them did

    def take(self, line: str) -> None:
        """One line without its end."""
        text = line.lstrip(" ")
        blanks = len(line) - len(text)
        if self._block is not None:
            self._take_yaml(text, blanks)
        elif text.rstrip() == "---" and blanks % _INDENT == _INDENT // 2:
            self._block = blanks
        elif VERSION.match(line):
            self._end_program()  # a file may hold what several programs printed, one after the other
        else:
            self._take_plain(text, min(blanks // _INDENT, _DEEPEST))

    def finish(self) -> Counts:
        """The counts, compared with the plans and with the totals in comments."""
        self._end_program()
        counts = self._counts
        if self._block is not None:
            counts.contradictions.append("ends in the middle of a test")
        counts.unmarked = max(0, self._claimed - counts.marked - self._sums)
        return counts

    def _take_yaml(self, text: str, blanks: int) -> None:
        last = self._levels[-1].last
        if blanks == self._block and text.rstrip() == "...":
            self._block = None
        elif last and (found := _MILLISECONDS.match(text)):
            last.seconds = float(found[1]) / 1000

    def _take_plain(self, text: str, depth: int) -> None:
        if found := POINT.match(text):
            self._add(self._level(depth), found)
        elif found := PLAN.match(text):
            self._plan(self._level(depth), int(found[1]), found[2] or "")
        elif found := BAIL.match(text):
            self.seen = True
            self._counts.add_test("errors", f"Bail out! {found[1]}")
        elif not depth and (found := _TOTAL.match(text)):
            self._claimed += int(found[2])
        elif not depth and (found := _REMARK.match(text)) and found[1].lower() in COMMIT_NAMES:
            self._counts.note_commits(commits_in(found[2]))

    def _level(self, depth: int) -> _Level:
        """The level at a depth; deeper ones are over when a line of it comes."""
        self.seen = True
        while len(self._levels) > depth + 1:
            inner = self._levels.pop()
            self._check(inner, "subtest")
            self._levels[-1].below += inner.counted + inner.below
        while len(self._levels) <= depth:
            self._levels.append(_Level())
        return self._levels[-1]

    def _plan(self, level: _Level, announced: int, remark: str) -> None:
        if level.plan not in (None, announced):
            self._contradict("has two plans: did two programs write into one file?")
        level.plan = announced
        if not announced and remark.lower().startswith("skip"):
            level.counted.append(_Point("skipped", remark))

    def _add(self, level: _Level, found: re.Match[str]) -> None:
        if level is self._levels[0]:
            self._count(level)
        level.points += 1
        number = int(found[2]) if found[2] else level.points
        if number in level.numbers:
            self._contradict(f"lists test {number:,} twice")
        level.numbers.add(number)
        directive = _DIRECTIVE.search(found[3])
        name = found[3][: directive.start()] if directive else found[3]
        name = name.strip().removeprefix("-").strip() or f"test {number}"
        level.last = _Point(_outcome(bool(found[1]), directive[1] if directive else ""), name)
        self._sum_up(level, level.last)

    def _sum_up(self, level: _Level, point: _Point) -> None:
        below, level.below = level.below, []
        for one in below:
            if point.outcome == "skipped" and one.outcome == "failed":
                one.outcome = "skipped"
            one.name = f"{point.name} > {one.name}"
        level.counted += below
        if below and any(one.outcome == "failed" for one in below):
            self._sums += point.outcome == "failed"
        elif not below or point.outcome == "failed":
            level.counted.append(point)

    def _count(self, level: _Level) -> None:
        for one in level.counted:
            self._counts.add_test(one.outcome, one.name, seconds=one.seconds)
        level.counted = []

    def _end_program(self) -> None:
        if not self.seen:
            return
        top = self._level(0)
        self._check(top, "test")
        if top.plan is None and top.points:
            self._contradict("has no plan: was the run cut short?")
        top.counted += top.below
        self._count(top)
        self._levels = [_Level()]

    def _check(self, level: _Level, noun: str) -> None:
        if level.plan is None:
            return
        if level.plan != level.points:
            self._contradict(f"announces {number_of(level.plan, noun)} and lists {level.points:,}")
        elif level.numbers and max(level.numbers) > level.plan:
            self._contradict(f"lists {noun} {max(level.numbers):,} of {level.plan:,}")

    def _contradict(self, end: str) -> None:
        if end not in self._counts.contradictions and len(self._counts.contradictions) < _MOST_WORDS:
            self._counts.contradictions.append(end)


def _outcome(failed: bool, directive: str) -> Outcome:
    word = directive.lower()
    if failed:
        return "skipped" if word == "todo" else "failed"
    return "skipped" if word.startswith("skip") else "passed"
