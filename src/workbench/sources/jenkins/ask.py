"""Asks Jenkins about a job: its builds, their test reports, and the deployments that jobs make."""

from __future__ import annotations

import re
from typing import cast

from workbench.model.errors import SourceError
from workbench.model.text import safe_text
from workbench.sources.channel import Channel
from workbench.sources.filling import filled
from workbench.sources.jenkins import JenkinsConfig, JenkinsMeasure, JenkinsTests
from workbench.sources.jenkins.api import Api
from workbench.sources.jenkins.builds import measure_builds, of_commit
from workbench.sources.jenkins.deployed import measure_deployments
from workbench.sources.jenkins.reports import run_of
from workbench.sources.reading import Asker, Found, Question, missing
from workbench.sources.test_runs import Read
from workbench.sources.test_runs.answers import measured
from workbench.sources.test_runs.commits import commit_asked

_JOB, _BUILD = "JOB_NAME", "BUILD_NUMBER"  # set where a build runs


class Jenkins(Asker):
    """Asks one job."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._config: JenkinsConfig = channel.config(JenkinsConfig)
        self._api = Api(channel)

    async def ask(self, question: Question) -> Found:
        """Whether the newest build of a commit is green, or a number about builds, tests or deployments."""
        try:
            return await self._answer(question)
        finally:
            self._api.done()

    async def server(self) -> str:
        """Jenkins, with its version."""
        return await self._api.server()

    async def _answer(self, question: Question) -> Found:
        ask = question.ask
        if isinstance(ask, JenkinsMeasure):
            if ask.about == "deployments":
                return await measure_deployments(self._api, self._config, ask, question)
            if ask.about == "tests":
                return await self._report(ask, question)
            return await measure_builds(self._api, self._config, ask, question)
        if question.role == "tests" and isinstance(ask, JenkinsTests | None):
            return await of_commit(
                self._api, self._config, commit_asked(question, "a build"), question.at, self._asking()
            )
        raise SourceError("a Jenkins source answers “read” only: success_rate, pass_rate and others")

    async def _report(self, ask: JenkinsMeasure, question: Question) -> Found:
        """A number of the test report of the commit's newest finished build that has one."""
        commit, job = commit_asked(question, "a build"), filled(ask.job or self._config.job, question, "job")
        builds, _ = await self._api.builds(job)
        mine = sorted((one for one in builds if commit in one.commits), key=lambda one: -one.number)
        for one in mine:
            if one.building:
                return missing(question, f"still running: {one.title}")
            run = await run_of(self._api, job, one)
            if run is not None:
                return measured(run, cast(Read, ask.read), question.unit)
        what = "test report of" if mine else "build for"
        return missing(question, f"{safe_text(job, 60)} has no {what} commit {commit[:12]}")

    def _asking(self) -> int | None:
        """The build that asks, where the workbench runs in one of this job."""
        surroundings = self._channel.secrets
        number = surroundings.plain(_BUILD)
        same = surroundings.plain(_JOB) == self._config.job
        return int(number) if same and re.fullmatch(r"[0-9]{1,18}", number) else None
