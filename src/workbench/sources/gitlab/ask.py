"""Asks GitLab about a project: its pipelines, test reports and deployments (REST API, version 4)."""

from __future__ import annotations

import re
from typing import cast

from workbench.model.errors import SourceError
from workbench.model.text import safe_text
from workbench.sources.channel import Channel
from workbench.sources.gitlab import PUBLIC, GitLabConfig, GitLabMeasure, GitLabTests
from workbench.sources.gitlab.api import ALL, Api
from workbench.sources.gitlab.deployed import measure_deployments
from workbench.sources.gitlab.issues import measure_issues
from workbench.sources.gitlab.pipelines import Pipeline, measure_pipelines, of_commit
from workbench.sources.gitlab.reports import read_report, run_of
from workbench.sources.reading import Asker, Found, Question, missing
from workbench.sources.test_runs import Read
from workbench.sources.test_runs.answers import measured
from workbench.sources.test_runs.commits import commit_asked

_PIPELINE, _PROJECT = "CI_PIPELINE_ID", ("CI_PROJECT_PATH", "CI_PROJECT_ID")  # set where a job runs


class GitLab(Asker):
    """Asks one project."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._config: GitLabConfig = channel.config(GitLabConfig)
        self._api = Api(channel)

    async def ask(self, question: Question) -> Found:
        """Whether a commit's pipelines and tests are green, or a number about pipelines, tests or deployments."""
        ask = question.ask
        if isinstance(ask, GitLabMeasure):
            if ask.about == "deployments":
                return await measure_deployments(self._api, ask, question)
            if ask.about == "issues":
                return await measure_issues(self._api, self._config, ask, question)
            if ask.about == "tests":
                return await self._report(ask, question)
            return await measure_pipelines(self._api, self._config, ask, question)
        if question.role == "tests" and isinstance(ask, GitLabTests | None):
            commit = commit_asked(question, "a pipeline")
            return await of_commit(self._api, self._config, commit, question.at, self._asking())
        raise SourceError("a GitLab source answers “read” only: success_rate, pass_rate and others")

    async def server(self) -> str:
        """The server; its version takes a token of its own to read."""
        return (
            "GitLab"
            if self._config.url.rstrip("/") == PUBLIC
            else safe_text(f"GitLab at {self._config.url}", 100)
        )

    async def _report(self, ask: GitLabMeasure, question: Question) -> Found:
        """A number of the test report of the commit's newest pipeline that has one."""
        commit, ref = commit_asked(question, "a pipeline"), ask.ref or self._config.ref
        only = (("sha", commit), *((("ref", ref),) if ref else ()), *ALL)
        pages = await self._api.pages(self._api.at("/pipelines"), Pipeline, only, most=10)
        pipelines = sorted((one for one in pages.items if one.sha == commit), key=lambda one: -one.id)
        if not pipelines:
            return missing(question, f"no pipeline for commit {commit[:12]}")
        for one in pipelines:
            report = await read_report(self._api, one.id)
            if report.counts.total or report.flaws:
                if one.under_way:
                    return missing(question, f"still running: {one.title}")
                return measured(run_of(report, one.updated_at), cast(Read, ask.read), question.unit)
        return missing(question, f"GitLab has no test report of commit {commit[:12]}")

    def _asking(self) -> int | None:
        """The pipeline that asks, where the workbench runs in a job of this project."""
        surroundings = self._channel.secrets
        number = surroundings.plain(_PIPELINE)
        project = self._config.project.lower()
        same = project in [surroundings.plain(name).lower() for name in _PROJECT]
        return int(number) if same and re.fullmatch(r"[0-9]{1,19}", number) else None
