"""Deployments of a repository to its environments, with what became of each and the steps of the newest.

A deployment is what somebody asked for; what became of it stands in its statuses.  ``inactive`` is added to a
deployment that succeeded once another one takes its place, and is no result: the newest status that is one counts.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from typing import cast

import msgspec

from workbench.model.text import safe_text
from workbench.sources.deployments import (
    WITHOUT_WINDOW,
    Deployment,
    DeploymentRead,
    Log,
    Outcome,
    answer,
    environments_of,
    start_of,
)
from workbench.sources.github_actions import GitHubConfig, GitHubMeasure
from workbench.sources.github_actions.api import ALL, Api
from workbench.sources.github_actions.counting import Job, jobs_of
from workbench.sources.moments import Moment
from workbench.sources.reading import Body, Found, Question
from workbench.sources.rest import Refused

MOST = 200  # deployments whose statuses are asked for: each is a request of its own
NEWEST = 30  # of which one should have succeeded, where only the last one that did matters
_MOST_PAGES = 10
_RESULTS: dict[str, Outcome] = {"success": "succeeded", "failure": "failed", "error": "failed"}
_RUN = re.compile(r"/actions/runs/(\d+)(?:/jobs?/(\d+))?")
_OWN_STEPS = re.compile(r"(Set up job|Complete job|Post .*|Pre .*)\Z")  # GitHub adds them to every job


class Asked(msgspec.Struct, frozen=True):
    """The fields of a deployment that are read here."""

    id: int
    sha: str
    environment: str
    created_at: Moment


class Status(msgspec.Struct, frozen=True):
    """One thing that was said of a deployment."""

    id: int
    state: str
    created_at: Moment
    log_url: str = ""
    target_url: str = ""


class _Environment(msgspec.Struct, frozen=True):
    name: str = ""


class _Approval(msgspec.Struct, frozen=True):
    state: str
    environments: list[_Environment] = []


async def measure_deployments(
    api: Api, config: GitHubConfig, ask: GitHubMeasure, question: Question
) -> Found:
    """A number about the deployments to an environment, or to it and the one that it is compared with."""
    read = cast(DeploymentRead, ask.read)
    name, *others = environments_of(read, question, ask.deployed_to, ask.against, "GitHub")
    if not others:
        return answer(read, question, (await _log(api, name, question, read))[0])
    (other,) = others
    (mine, here), (theirs, there) = await asyncio.gather(
        _log(api, name, question, read), _log(api, other, question, read)
    )
    steps = await _steps(api, (name, here), (other, there))
    logs = [msgspec.structs.replace(log, steps=each) for log, each in zip((mine, theirs), steps, strict=True)]
    return answer(read, question, *logs)


async def _log(api: Api, name: str, question: Question, read: str) -> tuple[Log, Sequence[Status]]:
    """The deployments of the window with their outcomes, and the statuses of the newest successful one."""
    pages = await api.pages(
        api.at("/deployments"),
        Asked,
        (("environment", name), *ALL),
        most=_MOST_PAGES,
        enough=lambda page: read in WITHOUT_WINDOW or not _of_window(page, question, read),
    )
    same = [one for one in pages.items if one.environment.casefold() == name.casefold()]
    asked = [one for one in same if one.created_at <= question.at]
    asked.sort(key=lambda one: one.created_at, reverse=True)
    bodies = list(pages.bodies)
    elsewhere = () if asked else await _elsewhere(api, bodies)
    chosen = _of_window(asked, question, read)
    partial = f"GitHub has more deployments to {safe_text(name, 60)} than were read" if pages.more else None
    if read in WITHOUT_WINDOW:
        chosen, partial = chosen[:NEWEST], None
    elif len(chosen) > MOST:
        partial = (
            f"only the newest {MOST} of {len(chosen):,} deployments to {safe_text(name, 60)} were looked at"
        )
        chosen = chosen[:MOST]
    told = await asyncio.gather(*(_statuses(api, one.id) for one in chosen))
    deployments = [_deployment(one, statuses) for one, (statuses, _) in zip(chosen, told, strict=True)]
    newest = next(
        (
            statuses
            for one, (statuses, _) in zip(deployments, told, strict=True)
            if one.outcome == "succeeded"
        ),
        (),
    )
    log = Log(
        environment=name,
        deployments=deployments,
        known=bool(asked),
        elsewhere=elsewhere,
        partial=partial,
        bodies=(*bodies, *(body for _, each in told for body in each)),
    )
    return log, newest


def _of_window(asked: Sequence[Asked], question: Question, read: str) -> list[Asked]:
    start = start_of(read, question)
    return [one for one in asked if start is None or one.created_at >= start]


async def _elsewhere(api: Api, bodies: list[Body]) -> tuple[str, ...]:
    """The environments that there are deployments to."""
    found, body = await api.get(api.at("/deployments"), list[Asked], ALL)
    bodies.append(body)
    return tuple(dict.fromkeys(one.environment for one in found))


async def _statuses(api: Api, deployment: int) -> tuple[Sequence[Status], tuple[Body, ...]]:
    pages = await api.pages(api.at(f"/deployments/{deployment}/statuses"), Status, ALL, most=_MOST_PAGES)
    return sorted(pages.items, key=lambda one: (one.created_at, one.id)), tuple(pages.bodies)


def _deployment(asked: Asked, statuses: Sequence[Status]) -> Deployment:
    """A deployment with its outcome: that of the newest status that is a result."""
    results = [status for status in statuses if status.state in _RESULTS]
    began = next((status for status in statuses if status.state == "in_progress"), None)
    last = results[-1] if results else None
    outcome: Outcome = "running" if began else "waiting"
    if last is not None:
        outcome = _RESULTS[last.state]
    elif any(status.state == "inactive" for status in statuses):
        outcome = "none"
    waited = (began.created_at - asked.created_at).total_seconds() if began else 0.0
    return Deployment(
        environment=asked.environment,
        commit=asked.sha,
        at=asked.created_at,
        outcome=outcome,
        ended=_first_of_last(results).created_at if last else None,
        waited=max(0.0, waited),
        url=next((status.log_url or status.target_url for status in reversed(statuses)), ""),
    )


def _first_of_last(results: Sequence[Status]) -> Status:
    """When the outcome that counts was first known: what says the same again later took no time."""
    first = results[-1]
    for status in reversed(results):
        if _RESULTS[status.state] != _RESULTS[first.state]:
            break
        first = status
    return first


async def _steps(api: Api, *sides: tuple[str, Sequence[Status]]) -> tuple[tuple[str, ...] | None, ...]:
    """The steps of the newest successful deployment to each environment, as far as a job of Actions tells them."""
    places = [_place(statuses) for _, statuses in sides]
    runs = [run for run, _ in filter(None, places)]
    found: list[tuple[str, ...] | None] = []
    for (name, _), place in zip(sides, places, strict=True):
        told = None if place is None else await _of_job(api, name, *place, alone=runs.count(place[0]) == 1)
        found.append(told)
    return tuple(found)


def _place(statuses: Sequence[Status]) -> tuple[int, int | None] | None:
    """The run, and the job if it is named, that a deployment's statuses link to."""
    for status in reversed(statuses):
        match = _RUN.search(status.log_url) or _RUN.search(status.target_url)
        if match:
            return int(match[1]), int(match[2]) if match[2] else None
    return None


async def _of_job(api: Api, name: str, run: int, job: int | None, *, alone: bool) -> tuple[str, ...] | None:
    """Where only a run is named, its jobs are the steps, unless it deploys to both environments."""
    try:
        approved = await _approved(api, name, run)
        if job is not None:
            one, _ = await api.get(api.at(f"/actions/jobs/{job}"), Job)
            taken = [step.name for step in one.steps if step.conclusion == "success"]
            return (*approved, *(step for step in taken if not _OWN_STEPS.match(step)))
        if not alone:
            return None
        jobs, _ = await jobs_of(api, run)
        return (*approved, *(each.name for each in jobs if each.conclusion == "success"))
    except Refused:
        return None  # runs are deleted after a while: their steps are not known any more


async def _approved(api: Api, name: str, run: int) -> tuple[str, ...]:
    approvals, _ = await api.get(api.at(f"/actions/runs/{run}/approvals"), list[_Approval])
    given = any(
        one.state == "approved" and name.casefold() in [each.name.casefold() for each in one.environments]
        for one in approvals
    )
    return ("approval",) if given else ()
