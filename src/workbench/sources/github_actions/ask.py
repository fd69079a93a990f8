"""Asks GitHub about a repository: its runs, jobs, checks, deployments and findings (REST API, version 2022-11-28)."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from workbench.model.errors import SourceError
from workbench.sources.channel import Channel
from workbench.sources.github_actions import READS, GitHubConfig, GitHubMeasure, GitHubTests
from workbench.sources.github_actions.api import Api
from workbench.sources.github_actions.checks import checked
from workbench.sources.github_actions.counting import measure_jobs, measure_runs
from workbench.sources.github_actions.deployed import measure_deployments
from workbench.sources.github_actions.issues import measure_issues
from workbench.sources.github_actions.listing import list_runs, names_in
from workbench.sources.github_actions.runs import Asked, verdict
from workbench.sources.github_actions.scanned import measure_code_scanning, measure_dependency_alerts
from workbench.sources.reading import Asker, Found, Question
from workbench.sources.test_runs.commits import commit_asked

_RUN_ID, _REPOSITORY = "GITHUB_RUN_ID", "GITHUB_REPOSITORY"  # set where a workflow runs
_MEASURES = {
    "runs": measure_runs,
    "jobs": measure_jobs,
    "deployments": measure_deployments,
    "code_scanning": measure_code_scanning,
    "dependency_alerts": measure_dependency_alerts,
    "issues": measure_issues,
}


class GitHub(Asker):
    """Asks one repository."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._config: GitHubConfig = channel.config(GitHubConfig)
        self._api = Api(channel)

    async def ask(self, question: Question) -> Found:
        """Whether a commit's runs succeeded, or a number about runs, jobs, deployments or findings."""
        try:
            found = await self._answer(question)
            moved = await self._api.moved_to()
        finally:
            self._api.done()
        return _with_note(found, moved, question) if moved else found

    async def server(self) -> str:
        """GitHub, or the Enterprise Server with its version."""
        return await self._api.server()

    async def _answer(self, question: Question) -> Found:
        if isinstance(question.ask, GitHubMeasure):
            return await _MEASURES[question.ask.about](self._api, self._config, question.ask, question)
        if question.role == "tests" and isinstance(question.ask, GitHubTests | None):
            return await self._tests(question.ask or GitHubTests(), question)
        raise SourceError(f"a GitHub source answers “read” only: {', '.join(READS['runs'])} and others")

    async def _tests(self, ask: GitHubTests, question: Question) -> Found:
        commit = commit_asked(question, "a run")
        workflows = names_in(ask.workflow or self._config.workflow)
        events = names_in(ask.event or self._config.event)
        if self._config.checks is not None and not (workflows or events):
            return await checked(self._api, self._config.checks, commit, question.at, self._asking())
        listed = await list_runs(self._api, workflows, (("head_sha", commit),))
        asked = Asked(
            commit=commit,
            at=question.at,
            workflows=workflows,
            events=frozenset(events),
            asking=self._asking(),
            unknown=listed.unknown,
        )
        found = verdict(listed.runs, asked)
        return msgspec.structs.replace(found, bodies=listed.bodies, partial=listed.partial, unit="")

    def _asking(self) -> int | None:
        """The id of the run that asks, where the workbench runs in a workflow of this repository."""
        surroundings = self._channel.secrets
        run, repository = surroundings.plain(_RUN_ID), surroundings.plain(_REPOSITORY)
        same = repository.lower() == self._config.repository.lower()
        return int(run) if same and re.fullmatch(r"[0-9]{1,19}", run) else None


def _with_note(found: Found, note: str, question: Question) -> Found:
    if question.role == "tests":
        return msgspec.structs.replace(found, why=f"{found.why}; {note}" if found.why else note)
    facts: Mapping[str, str | int] = {
        **found.facts,
        "note": "; ".join(filter(None, (str(found.facts.get("note", "")), note))),
    }
    return msgspec.structs.replace(found, facts=facts)
