"""Deployments of a project to its environments, and the jobs of the pipelines that made the newest."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import cast

import msgspec

from workbench.model.text import safe_text
from workbench.sources.deployments import (
    Deployment,
    DeploymentRead,
    Log,
    Outcome,
    answer,
    environments_of,
    start_of,
)
from workbench.sources.gitlab import GitLabMeasure
from workbench.sources.gitlab.api import ALL, Api
from workbench.sources.moments import Moment
from workbench.sources.reading import Found, Question
from workbench.sources.rest import Params, Refused

_MOST_PAGES = 10
# GitLab lists the oldest first unless it is told otherwise.
_NEWEST_FIRST: Params = (("order_by", "created_at"), ("sort", "desc"), *ALL)
_OUTCOMES: dict[str, Outcome] = {
    "success": "succeeded",
    "failed": "failed",
    "running": "running",
    "created": "waiting",
    "blocked": "waiting",
}


class Environment(msgspec.Struct, frozen=True):
    """Where something is deployed to."""

    name: str


class Pipeline(msgspec.Struct, frozen=True):
    """What a deployment's job is part of."""

    id: int


class Deployable(msgspec.Struct, frozen=True):
    """The job that deployed."""

    started_at: Moment | None = None
    finished_at: Moment | None = None
    pipeline: Pipeline | None = None


class Approval(msgspec.Struct, frozen=True):
    """What somebody said before it began."""

    status: str = ""


class Told(msgspec.Struct, frozen=True):
    """The fields of a deployment that are read here; one made over the API has no job."""

    id: int
    status: str
    created_at: Moment
    sha: str
    environment: Environment
    deployable: Deployable | None = None
    approvals: list[Approval] = []


class Job(msgspec.Struct, frozen=True):
    """One job of a pipeline."""

    name: str
    status: str


async def measure_deployments(api: Api, ask: GitLabMeasure, question: Question) -> Found:
    """A number about the deployments to an environment, or to it and the one that it is compared with."""
    read = cast(DeploymentRead, ask.read)
    name, *others = environments_of(read, question, ask.deployed_to, ask.against, "GitLab")
    if not others:
        return answer(read, question, (await _log(api, name, question, read))[0])
    (other,) = others
    sides = await asyncio.gather(_log(api, name, question, read), _log(api, other, question, read))
    pipelines = [_pipeline(newest) for _, newest in sides]
    apart = None not in pipelines and pipelines[0] != pipelines[1]
    logs = [
        msgspec.structs.replace(log, steps=await _steps(api, newest) if apart and newest else None)
        for log, newest in sides
    ]
    return answer(read, question, *logs)


async def _log(api: Api, name: str, question: Question, read: str) -> tuple[Log, Told | None]:
    """The deployments of the window, and the newest successful one."""
    start = start_of(read, question)
    pages = await api.pages(
        api.at("/deployments"),
        Told,
        (("environment", name), *_NEWEST_FIRST),
        most=_MOST_PAGES,
        enough=lambda page: start is None or not any(one.created_at >= start for one in page),
    )
    bodies = list(pages.bodies)
    asked = [one for one in pages.items if one.environment.name == name and one.created_at <= question.at]
    elsewhere: tuple[str, ...] = ()
    if not asked:
        every, body = await api.get(api.at("/deployments"), list[Told], _NEWEST_FIRST)
        elsewhere = tuple(dict.fromkeys(one.environment.name for one in every))
        bodies.append(body)
    chosen = [one for one in asked if start is None or one.created_at >= start]
    chosen.sort(key=lambda one: one.created_at, reverse=True)
    partial = f"GitLab has more deployments to {safe_text(name, 60)} than were read" if pages.more else None
    log = Log(
        environment=name,
        deployments=[_deployment(one) for one in chosen],
        known=bool(asked),
        elsewhere=elsewhere,
        partial=None if start is None else partial,
        bodies=tuple(bodies),
    )
    return log, next((one for one in chosen if one.status == "success"), None)


def _deployment(told: Told) -> Deployment:
    """A deployment with its outcome: one that was cancelled, or that has a word that is not known, has none."""
    job = told.deployable or Deployable()
    outcome = _OUTCOMES.get(told.status, "none")
    waited = (job.started_at - told.created_at).total_seconds() if job.started_at else 0.0
    return Deployment(
        environment=told.environment.name,
        commit=told.sha,
        at=told.created_at,
        outcome=outcome,
        ended=job.finished_at if outcome in ("succeeded", "failed") else None,
        waited=max(0.0, waited),
    )


def _pipeline(told: Told | None) -> int | None:
    return told.deployable.pipeline.id if told and told.deployable and told.deployable.pipeline else None


async def _steps(api: Api, told: Told) -> tuple[str, ...] | None:
    """The jobs of a deployment's pipeline that succeeded, and an approval that was given."""
    try:
        pages = await api.pages(
            api.at(f"/pipelines/{_pipeline(told)}/jobs"),
            Job,
            (("scope[]", "success"), *ALL),
            most=_MOST_PAGES,
        )
    except Refused:
        return None  # pipelines are deleted after a while: their jobs are not known any more
    approved = any(one.status == "approved" for one in told.approvals)
    return (*(("approval",) if approved else ()), *_in_order(pages.items))


def _in_order(jobs: Sequence[Job]) -> tuple[str, ...]:
    """GitLab lists the newest job first."""
    return tuple(one.name for one in reversed(jobs) if one.status == "success")
