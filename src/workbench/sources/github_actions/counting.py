"""Numbers about the runs of a window, and about one job or step of each."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

import msgspec

from workbench.model.errors import SourceError
from workbench.model.text import safe_text
from workbench.sources.ci_runs import one_number
from workbench.sources.github_actions import GitHubConfig, GitHubMeasure
from workbench.sources.github_actions.api import Api
from workbench.sources.github_actions.listing import Listed, list_runs, names_in
from workbench.sources.github_actions.runs import NOT_COUNTED, Run
from workbench.sources.github_actions.triggers import PULL_REQUESTS
from workbench.sources.moments import Moment, to_the_second
from workbench.sources.reading import Body, Found, Question, window_of
from workbench.sources.rest import Params

MOST_RUNS_WITH_JOBS = 100  # each is a request of its own
_MOST_JOBS = 10  # pages
_LEFT_OUT = NOT_COUNTED | {"cancelled", None}


class Step(msgspec.Struct, frozen=True):
    """One step of a job."""

    name: str
    conclusion: str | None = None
    started_at: Moment | None = None
    completed_at: Moment | None = None


class Job(msgspec.Struct, frozen=True):
    """The fields of a job that are read here."""

    id: int
    name: str
    status: str | None
    conclusion: str | None
    started_at: Moment
    created_at: Moment | None = None
    completed_at: Moment | None = None
    steps: list[Step] = []


class _Jobs(msgspec.Struct):
    total_count: int
    jobs: list[Job]


async def measure_runs(api: Api, config: GitHubConfig, ask: GitHubMeasure, question: Question) -> Found:
    """A number about the completed runs of the window."""
    listed, runs = await _runs(api, config, ask, question)
    numbers, natural = numbers_of(ask.read, runs)
    what = "successful run" if ask.read == "duration" else "completed run"
    facts = {"runs": len(runs)}
    return one_number(
        question, numbers, natural, what, bodies=listed.bodies, partial=listed.partial, facts=facts
    )


async def measure_jobs(api: Api, config: GitHubConfig, ask: GitHubMeasure, question: Question) -> Found:
    """A number about one job, or one step of it, in the runs of the window."""
    listed, runs = await _runs(api, config, ask, question)
    runs = sorted(runs, key=lambda run: run.created_at, reverse=True)
    partial = listed.partial
    if len(runs) > MOST_RUNS_WITH_JOBS:
        partial = f"only the newest {MOST_RUNS_WITH_JOBS} of {len(runs):,} runs were looked at"
        runs = runs[:MOST_RUNS_WITH_JOBS]
    of_runs = await asyncio.gather(*(jobs_of(api, run.id) for run in runs))
    jobs = [job for each, _ in of_runs for job in each if goes_by(job, ask.job or "")]
    if runs and not jobs:
        known = sorted({job.name for each, _ in of_runs for job in each})
        raise SourceError(
            f"no job “{safe_text(ask.job, 60)}” in {len(runs)} runs",
            hint=f"GitHub calls them {safe_text(', '.join(known[:10]), 300)}" if known else None,
        )
    numbers, natural = _numbers_of_jobs(ask, jobs)
    bodies = (*listed.bodies, *(body for _, each in of_runs for body in each))
    what = "successful job" if ask.read == "duration" else "completed job"
    facts = {"jobs": len(jobs)}
    return one_number(question, numbers, natural, what, bodies=bodies, partial=partial, facts=facts)


async def jobs_of(api: Api, run: int) -> tuple[list[Job], tuple[Body, ...]]:
    """The jobs of the last attempt of a run."""
    jobs: list[Job] = []
    bodies: list[Body] = []
    path, latest = f"/actions/runs/{run}/jobs", (("filter", "latest"),)
    async for page, body in api.numbered(path, _Jobs, latest, _MOST_JOBS):
        jobs += page.jobs
        bodies.append(body)
        if not page.jobs or len(jobs) >= page.total_count:
            break
    return jobs, tuple(bodies)


def goes_by(job: Job, name: str) -> bool:
    """Whether a job has a name, or is one of a matrix of that name: ``test (3.12)``."""
    return job.name == name or (job.name.startswith(f"{name} (") and job.name.endswith(")"))


async def _runs(
    api: Api, config: GitHubConfig, ask: GitHubMeasure, question: Question
) -> tuple[Listed, list[Run]]:
    start = question.at - window_of(question, "7d")
    filters: Params = (
        ("created", f"{to_the_second(start)}..{to_the_second(question.at)}"),
        ("status", "completed"),
    )
    branch = ask.branch or config.branch
    if branch:
        filters = (*filters, ("branch", branch))
    events = names_in(ask.event or config.event)
    listed = await list_runs(api, names_in(ask.workflow or config.workflow), filters, events)
    if listed.unknown:
        raise SourceError(f"{config.repository} has no workflow {', '.join(listed.unknown)}")
    return listed, [run for run in listed.runs if measured(run, branch, events)]


def measured(run: Run, branch: str | None, events: Sequence[str]) -> bool:
    """Whether a run belongs to what is measured.

    GitHub filters by the branch's name alone, and forks call their branches ``main``, too: only
    the repository's own runs are of its branch, and none for a pull request that was not asked for.
    """
    if events and run.event not in events:
        return False
    return not branch or (run.own and (run.event not in PULL_REQUESTS or run.event in events))


def numbers_of(read: str, runs: Sequence[Run]) -> tuple[list[float], str]:
    """One number per run that counts, and their unit.  A conclusion that is not known is no success."""
    if read == "duration":
        return [_seconds(run) for run in runs if run.succeeded], "s"
    counted = [run for run in runs if run.succeeded or (run.ended_red and run.conclusion != "cancelled")]
    if read == "run_attempts":
        return [float(run.run_attempt) for run in counted], ""
    if read == "reruns":
        return [float(run.run_attempt > 1) for run in counted], "share"
    return [float(run.succeeded is (read == "success_rate")) for run in counted], "share"


def _numbers_of_jobs(ask: GitHubMeasure, jobs: Sequence[Job]) -> tuple[list[float], str]:
    """One number per job, or per run of its step, that counts, and their unit."""
    things: list[Job | Step] = list(jobs)
    if ask.step is not None:
        things = [step for job in jobs for step in job.steps if step.name == ask.step]
        if jobs and not things:
            known = dict.fromkeys(step.name for job in jobs for step in job.steps)
            raise SourceError(
                f"the job {safe_text(ask.job, 60)} has no step “{safe_text(ask.step, 60)}”",
                hint=f"GitHub calls them {safe_text(', '.join(list(known)[:10]), 300)}" if known else None,
            )
    if ask.read == "wait":
        began = [job for job in jobs if job.conclusion not in NOT_COUNTED and job.created_at]
        return [max(0.0, _between(job.created_at, job.started_at)) for job in began], "s"
    if ask.read == "duration":
        done = [thing for thing in things if thing.conclusion == "success"]
        lengths = [
            _between(each.started_at, each.completed_at)
            for each in done
            if each.started_at and each.completed_at
        ]
        if any(seconds < 0 for seconds in lengths):
            raise SourceError(f"a run of {safe_text(ask.step or ask.job, 60)} ends before it starts")
        return lengths, "s"
    counted = [thing.conclusion for thing in things if thing.conclusion not in _LEFT_OUT]
    return [float((each == "success") is (ask.read == "success_rate")) for each in counted], "share"


def _between(start: datetime | None, end: datetime | None) -> float:
    assert start is not None and end is not None
    return (end - start).total_seconds()


def _seconds(run: Run) -> float:
    seconds = (run.updated_at - (run.run_started_at or run.created_at)).total_seconds()
    if seconds < 0:
        raise SourceError(f"the run {run.id} of {run.title} ends before it starts")
    return seconds
