"""Workflow runs of a GitHub repository (REST API, version 2022-11-28)."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import msgspec

from workbench.model.errors import SourceError
from workbench.model.quantity import from_float
from workbench.model.text import safe_text
from workbench.sources.channel import Channel, decoded, unusable
from workbench.sources.client import Request, Response
from workbench.sources.github_actions import PUBLIC, TOKEN, GitHubConfig, GitHubMeasure, GitHubTests
from workbench.sources.github_actions.runs import Asked, Run, verdict
from workbench.sources.github_actions.triggers import PULL_REQUESTS
from workbench.sources.reading import Asker, Body, Found, Question, in_unit

PER_PAGE = 100
MOST_RUNS = 1000  # GitHub lists no more when a filter is set
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_FOLDER = ".github/workflows/"
_RUN_ID, _REPOSITORY = "GITHUB_RUN_ID", "GITHUB_REPOSITORY"  # set where a workflow runs
_FOUND_NOTHING = 404


class _Page(msgspec.Struct):
    total_count: int
    workflow_runs: list[Run]


class _Message(msgspec.Struct):
    message: str = ""


class _Listed(msgspec.Struct):
    """What the pages held; ``unknown`` are workflows that GitHub does not have."""

    by_id: dict[int, Run] = {}
    bodies: tuple[Body, ...] = ()
    partial: str | None = None
    unknown: tuple[str, ...] = ()

    @property
    def runs(self) -> list[Run]:
        return list(self.by_id.values())


class _NoSuchWorkflow(SourceError):
    """GitHub answered 404 where a workflow was named."""


class GitHub(Asker):
    """Asks one repository."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._config: GitHubConfig = channel.config(GitHubConfig)

    async def ask(self, question: Question) -> Found:
        """Whether a commit's runs succeeded, or a number about the runs of a window."""
        if isinstance(question.ask, GitHubMeasure):
            return await self._measure(question.ask, question)
        if question.role == "tests" and isinstance(question.ask, GitHubTests | None):
            return await self._tests(question.ask or GitHubTests(), question)
        raise SourceError("a GitHub source answers “read” only: success_rate, duration or run_attempts")

    async def server(self) -> str:
        """The API's host; GitHub tells no version."""
        public = self._config.url.rstrip("/") == PUBLIC
        return "GitHub" if public else safe_text(f"GitHub Enterprise at {self._config.url}", 100)

    async def _tests(self, ask: GitHubTests, question: Question) -> Found:
        commit = question.commit
        if commit is None:
            raise SourceError("the candidate names no commit", hint="a run is found by its commit")
        if not _COMMIT.fullmatch(commit):
            raise SourceError(
                f"“{safe_text(commit, 60)}” is no full commit id", hint="give the candidate all 40 characters"
            )
        workflows = names_in(ask.workflow or self._config.workflow)
        events = names_in(ask.event or self._config.event)
        listed = await self._listed(workflows, (("head_sha", commit),))
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

    async def _measure(self, ask: GitHubMeasure, question: Question) -> Found:
        if question.window is None:
            raise SourceError("the measure needs a window", hint="for example window: 7d")
        start = question.at - question.window
        filters = [("created", f"{_iso(start)}..{_iso(question.at)}"), ("status", "completed")]
        branch = ask.branch or self._config.branch
        if branch:
            filters.append(("branch", branch))
        workflows = names_in(ask.workflow or self._config.workflow)
        events = names_in(ask.event or self._config.event)
        listed = await self._listed(workflows, tuple(filters), events)
        if listed.unknown:
            raise SourceError(f"{self._config.repository} has no workflow {', '.join(listed.unknown)}")
        runs = [run for run in listed.runs if measured(run, branch, events)]
        numbers, natural = numbers_of(ask.read, runs)
        found = Found(
            state="missing",
            measured_at=question.at,
            samples=len(numbers),
            bodies=listed.bodies,
            partial=listed.partial,
        )
        if not numbers:
            what = "successful run" if ask.read == "duration" else "completed run"
            return msgspec.structs.replace(found, why=f"no {what} in the window")
        middle = statistics.median(numbers) if ask.read == "duration" else statistics.fmean(numbers)
        value, unit = in_unit(from_float(middle), natural, question.unit)
        return msgspec.structs.replace(found, state="ok", value=value, unit=unit, facts={"runs": len(runs)})

    async def _listed(
        self,
        workflows: Sequence[str],
        filters: tuple[tuple[str, str], ...],
        events: Sequence[str] = (),
    ) -> _Listed:
        """The runs of workflows and events, of all where none are named."""
        found = _Listed()
        unknown: dict[str, SourceError] = {}
        for workflow in workflows or ("",):
            try:
                for event in events or ("",):
                    more = (("event", event),) if event else ()
                    await self._pages(workflow, (*filters, *more), found)
            except _NoSuchWorkflow as error:
                unknown[workflow] = error
        if unknown and len(unknown) == len(workflows):
            raise next(iter(unknown.values()))  # the repository itself may be the one that is not there
        found.unknown = tuple(unknown)
        return found

    async def _pages(self, workflow: str, filters: tuple[tuple[str, str], ...], found: _Listed) -> None:
        """Reads all pages, and notes where they hold less than GitHub says there is."""
        total = got = 0
        for number in range(1, MOST_RUNS // PER_PAGE + 1):
            page, body = await self._page(
                workflow, (*filters, ("per_page", str(PER_PAGE)), ("page", str(number)))
            )
            found.bodies += (body,)
            found.by_id.update((run.id, run) for run in page.workflow_runs)
            total = page.total_count
            got += len(page.workflow_runs)
            if not page.workflow_runs or got >= total:
                break
        if got < total:
            narrower = "a shorter window" if dict(filters).get("created") else "naming workflows"
            shorter = f": {narrower} tells more" if total > MOST_RUNS else ""
            found.partial = f"GitHub lists {got:,} of {total:,} runs{shorter}"

    async def _page(self, workflow: str, params: tuple[tuple[str, str], ...]) -> tuple[Any, Body]:
        part = f"/workflows/{quote(workflow, safe='')}" if workflow else ""
        request = self._channel.request(
            f"/repos/{self._config.repository}/actions{part}/runs",
            params=params,
            headers=await self._headers(),
        )
        response = await self._channel.send(request)
        if response.status != 200:
            raise _refused(request, response, self._config.repository, workflow)
        page = decoded(response.body, _Page, request, response)
        return page, Body(response.media or "application/json", response.body)

    async def _headers(self) -> dict[str, str]:
        headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
        token = self._config.token
        variable = f"${{{TOKEN}}}"
        if token == variable and not self._channel.secrets.has(variable):
            return headers  # it is optional: public repositories answer without
        return headers | await self._channel.bearer(token)


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
    return [float(run.succeeded) for run in counted], "share"


def _seconds(run: Run) -> float:
    seconds = (run.updated_at - (run.run_started_at or run.created_at)).total_seconds()
    if seconds < 0:
        raise SourceError(f"the run {run.id} of {run.title} ends before it starts")
    return seconds


def names_in(named: str | Sequence[str] | None) -> tuple[str, ...]:
    """One name, several or none; a workflow may be given by its path."""
    names = [named] if isinstance(named, str) else named or []
    return tuple(dict.fromkeys(name.removeprefix(_FOLDER) for name in names))


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _refused(request: Request, response: Response, repository: str, workflow: str) -> SourceError:
    try:
        message = safe_text(msgspec.json.decode(response.body, type=_Message).message, 300)
    except (msgspec.DecodeError, ValueError):
        return unusable(request, response, "")
    said = f"GitHub says: {message}" if message else f"GitHub answered with status {response.status}"
    hints = {
        401: "the token is not valid (any more)",
        403: "the token may lack the permission to read actions, or the limit is reached",
        404: f"check the name {repository}, the workflow's file name, and whether the token may see it",
        429: "the limit is reached: fetch again later",
    }
    error = _NoSuchWorkflow if workflow and response.status == _FOUND_NOTHING else SourceError
    return error(said, where=request.where, hint=hints.get(response.status))
