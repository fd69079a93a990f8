"""Builds: what those of a commit say, and numbers about those of a window."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from workbench.model.text import safe_text
from workbench.sources.ci_runs import one_number, verdict
from workbench.sources.filling import filled
from workbench.sources.jenkins import JenkinsConfig, JenkinsMeasure
from workbench.sources.jenkins.api import MOST_BUILDS, Api, Build
from workbench.sources.jenkins.reports import run_of
from workbench.sources.reading import Found, Question, window_of
from workbench.sources.test_runs.answers import about_tests

_LEFT_OUT = frozenset({"NOT_BUILT", "ABORTED"})


async def of_commit(api: Api, config: JenkinsConfig, commit: str, at: datetime, asking: int | None) -> Found:
    """Did the newest build of a commit succeed, and did its tests pass?  The build that asks is left out."""
    builds, body = await api.builds(config.job)
    mine = [one for one in builds if commit in one.commits]
    others = [one for one in mine if one.number != asking and not one.without_result]
    facts: dict[str, str | int] = {"commit_known": "asked", "builds": len(mine), "green": "no"}
    found = Found(state="missing", measured_at=at, facts=facts, bodies=(body,), unit="")
    newest = max(others, key=lambda one: one.number, default=None)
    if newest is None:
        return msgspec.structs.replace(found, why=_nothing(mine, builds, config.job, commit))
    if newest.building or newest.result is None:
        return msgspec.structs.replace(found, why=f"still running: {newest.title}")
    run = await run_of(api, config.job, newest)
    words = safe_text(newest.result, 40)
    if run is None:
        said = f"{newest.title}: {words}" if not newest.succeeded else f"{newest.title} succeeded"
        lacking = "; it has no test report" if newest.succeeded else ""
        return verdict(found, said + lacking, green=newest.succeeded, measured_at=newest.ended)
    tests = about_tests(run)
    found = msgspec.structs.replace(
        found,
        bodies=(*found.bodies, *run.bodies),
        facts={**facts, **tests.facts, "commit_known": "asked", "green": "no"},
    )
    if not newest.succeeded or run.red:
        return verdict(found, f"{newest.title}: {words}, {tests.why}", green=False, measured_at=newest.ended)
    if tests.value is None or tests.partial:
        return msgspec.structs.replace(
            found, why=f"{newest.title} succeeded, but {tests.partial or tests.why}"
        )
    return verdict(found, f"{newest.title} succeeded: {tests.why}", green=True, measured_at=newest.ended)


def _nothing(mine: Sequence[Build], builds: Sequence[Build], job: str, commit: str) -> str:
    if any(not one.without_result for one in mine):
        return f"the only build of commit {commit[:12]} is the one that asks: hand it the reports as files"
    if mine:
        return f"the build of commit {commit[:12]} was not built"
    if builds and not any(one.commits for one in builds):
        return f"the builds of {safe_text(job, 60)} do not say which commit they checked out (Jenkins' git plugin does)"
    among = f" among its newest {MOST_BUILDS}" if len(builds) >= MOST_BUILDS else ""
    return f"no build of {safe_text(job, 60)} for commit {commit[:12]}{among}"


async def measure_builds(api: Api, config: JenkinsConfig, ask: JenkinsMeasure, question: Question) -> Found:
    """A number about the finished builds of the window."""
    start = question.at - window_of(question, "7d")
    job = filled(ask.job or config.job, question, "job")
    wanted = {name: filled(text, question, "parameters") for name, text in ask.parameters.items()}
    builds, body = await api.builds(job)
    chosen = [one for one in builds if start <= one.began <= question.at and one.started_with(wanted)]
    if ask.read == "duration":
        numbers, natural = [one.duration / 1000 for one in chosen if one.succeeded], "s"
    else:
        counted = [one for one in chosen if not one.building and one.result not in _LEFT_OUT]
        numbers, natural = [float(one.succeeded is (ask.read == "success_rate")) for one in counted], "share"
    what = "successful build" if ask.read == "duration" else "finished build"
    return one_number(question, numbers, natural, what, bodies=[body], partial=cut(builds, start))


def cut(builds: Sequence[Build], start: datetime | None) -> str | None:
    """What to say where older builds of the window were not read."""
    oldest = min((one.began for one in builds), default=None)
    if len(builds) < MOST_BUILDS or oldest is None or start is None or oldest < start:
        return None
    return f"only the newest {MOST_BUILDS} builds were looked at: a shorter window tells more"
