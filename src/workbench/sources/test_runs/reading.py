"""What every kind that reads test reports does alike: files count together, and none hides a red one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workbench.model.errors import SourceError
from workbench.model.text import safe_text
from workbench.sources.reading import Found, Question, missing
from workbench.sources.report_files import SHORTEST_COMMIT, Chosen, Named, Report, Reports, Told, oldest
from workbench.sources.test_runs import RunMeasure, RunTests
from workbench.sources.test_runs.answers import Run, about_tests, measured
from workbench.sources.test_runs.counts import Counts


class RunReports(Reports[Counts]):
    """Reads the test reports of one source; a kind adds ``read``, which counts one file."""

    def told(self, read: Counts) -> Told:
        """Its commit, the oldest of its times, and what wrote it."""
        first, *more = read.commits or [""]
        return Told(
            commit=first,
            more_commits=tuple(more),
            measured_at=read.timestamp,
            zoned=read.zoned,
            tool=read.tool,
        )

    def settled(self, reports: Sequence[Report[Counts]]) -> Sequence[Report[Counts]]:
        """The reports that are counted; a kind overrides it whose files are attempts at the same test."""
        return reports

    def no_file(self, named: Named, question: Question) -> Found:
        """Nothing matches, or only what came with the checkout."""
        if not named.tracked:
            return missing(question, f"no file matches {', '.join(named.of)}")
        first, more = safe_text(named.tracked[0], 200), len(named.tracked) - 1
        which = f"{first} is" if not more else f"{first} and {more:,} more are"
        why = (
            f"{which} in version control, so it came with the checkout and no test run wrote it; name another "
            f"file under “files”, or take it out: git rm --cached {first}"
        )
        return missing(question, why, edit=named.field)

    def conclude(self, chosen: Chosen[Counts], question: Question) -> Found:
        """Whether all tests passed, or one number about them.

        A report that cannot be read is an error, unless another one says that a test failed.
        """
        reports = self.settled(sorted(chosen.reports, key=lambda one: one.name))
        for_tests = question.role == "tests" and isinstance(question.ask, RunTests | None)
        if chosen.broken and not (for_tests and any(one.read.red for one in reports)):
            raise _unreadable(chosen.broken)
        if not reports:
            return missing(question, f"reports are for commit {_commits(chosen.others)}")
        run = _together(reports, chosen, question.commit)
        if for_tests:
            return about_tests(run)
        if isinstance(question.ask, RunMeasure):
            return measured(run, question.ask.read, question.unit)
        raise SourceError("a test report answers “read” only, such as pass_rate, failed or duration")


def _unreadable(broken: Mapping[str, SourceError]) -> SourceError:
    first, *more = broken.values()
    others = f" (and {len(more):,} more that cannot be read)" if more else ""
    return SourceError(first.what + others, where=first.where, hint=first.hint)


def _commits(reports: Sequence[Report[Counts]]) -> str:
    told = list(dict.fromkeys(commit[:7] for one in reports for commit in one.read.commits))
    return ", ".join(told[:3]) + (" and others" if len(told) > 3 else "")


def _together(reports: Sequence[Report[Counts]], chosen: Chosen[Counts], commit: str | None) -> Run:
    counts, flaws = Counts(), []
    for one in reports:
        counts.add(one.read)
        flaws += one.read.flaws("the report" if len(reports) == 1 else one.name)
    if chosen.broken:
        flaws.append(_unreadable(chosen.broken).what)
    known = commit is not None and len(commit) >= SHORTEST_COMMIT
    return Run(
        names=[one.name for one in reports],
        counts=counts,
        measured=oldest(reports),
        bodies=tuple(one.body for one in chosen.reports if one.body),
        told=known and all(one.bound for one in reports),
        red=any(one.read.red for one in reports),
        flaws=(*flaws, *_absent(chosen)),
        left_out=len(chosen.named.tracked),
    )


def _absent(chosen: Chosen[Counts]) -> list[str]:
    """Why some of several patterns have nothing that counts, in words: each names tests to be run."""
    if len(chosen.named.of) == 1:
        return []
    others = {one.name: one for one in chosen.others}
    handed = [one for one in chosen.reports if one.handed]
    counted = {one.name for one in chosen.reports} | set(chosen.broken)
    found = []
    for pattern, names in chosen.named.of.items():
        shown = safe_text(pattern, 200)
        if names & counted or any(one.matches(pattern) for one in handed):
            continue
        if not names:
            found.append(f"no file matches {shown}")
        elif told := [others[name] for name in sorted(names) if name in others]:
            found.append(f"reports that match {shown} are for commit {_commits(told)}")
        else:
            found.append(f"{shown} matches only what is in version control, which is no test run")
    return found
