"""Deployments that a job makes: each of its builds is one, and its stages are the steps."""

from __future__ import annotations

import asyncio
from typing import cast

import msgspec

from workbench.sources.deployments import (
    Deployment,
    DeploymentRead,
    Log,
    Outcome,
    answer,
    environments_of,
    start_of,
)
from workbench.sources.filling import fill
from workbench.sources.jenkins import JenkinsConfig, JenkinsMeasure
from workbench.sources.jenkins.api import Api, Build, path_of
from workbench.sources.jenkins.builds import cut
from workbench.sources.reading import Found, Question
from workbench.sources.rest import Refused

# What is unstable failed a check after it was deployed.
_OUTCOMES: dict[str | None, Outcome] = {
    "SUCCESS": "succeeded",
    "FAILURE": "failed",
    "UNSTABLE": "failed",
    "ABORTED": "none",
    "NOT_BUILT": "none",
}


class _Stage(msgspec.Struct, frozen=True):
    name: str
    status: str = ""


class _Described(msgspec.Struct, frozen=True):
    """What the plugin Pipeline: Stage View tells of a build."""

    stages: list[_Stage]


async def measure_deployments(
    api: Api, config: JenkinsConfig, ask: JenkinsMeasure, question: Question
) -> Found:
    """A number about the deployments to an environment, or to it and the one that it is compared with."""
    read = cast(DeploymentRead, ask.read)
    names = environments_of(read, question, ask.deployed_to, ask.against, "the job")
    with_steps = len(names) > 1
    logs = await asyncio.gather(
        *(_log(api, config, ask, question, name, with_steps=with_steps) for name in names)
    )
    return answer(read, question, *logs)


async def _log(
    api: Api, config: JenkinsConfig, ask: JenkinsMeasure, question: Question, name: str, *, with_steps: bool
) -> Log:
    values = {**question.variables, "environment": name}
    job = fill(ask.job or config.job, values, "job")
    wanted = {key: fill(text, values, "parameters") for key, text in ask.parameters.items()}
    builds, body = await api.builds(job)
    mine = [one for one in builds if one.began <= question.at and one.started_with(wanted)]
    start = start_of(ask.read, question)
    chosen = sorted((one for one in mine if start is None or one.began >= start), key=lambda one: -one.number)
    newest = next((one for one in chosen if one.succeeded), None)
    return Log(
        environment=name,
        deployments=[_deployment(one, name) for one in chosen],
        known=bool(mine),
        steps=await _steps(api, job, newest) if with_steps and newest else None,
        partial=cut(builds, start),
        bodies=(body,),
    )


def _deployment(build: Build, environment: str) -> Deployment:
    """A build as a deployment; a result that nobody knows is none."""
    outcome: Outcome = "running" if build.building else _OUTCOMES.get(build.result, "none")
    return Deployment(
        environment=environment,
        commit=next(iter(sorted(build.commits)), ""),
        at=build.began,
        outcome=outcome,
        ended=build.ended if outcome in ("succeeded", "failed") else None,
    )


async def _steps(api: Api, job: str, build: Build) -> tuple[str, ...] | None:
    """The stages of a build that were carried out; ``None`` where the server has no plugin that tells them."""
    try:
        told, _ = await api.get(f"{path_of(job)}/{build.number}/wfapi/describe", _Described)
    except Refused:
        return None
    return tuple(stage.name for stage in told.stages if stage.status == "SUCCESS")
