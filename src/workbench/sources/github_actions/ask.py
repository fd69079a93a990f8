"""Workflow runs of a GitHub repository (REST API, version 2022-11-28)."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any
from urllib.parse import quote

import msgspec

from workbench.model.errors import SourceError
from workbench.model.quantity import from_float
from workbench.model.text import safe_text
from workbench.model.times import in_zone
from workbench.sources.channel import Channel, decoded, unusable
from workbench.sources.client import Request, Response
from workbench.sources.github_actions import PUBLIC, TOKEN, GitHubConfig, GitHubMeasure, GitHubTests
from workbench.sources.reading import Asker, Body, Found, Question, in_unit

_Moment = Annotated[datetime, msgspec.Meta(tz=True)]
PER_PAGE = 100
MOST_RUNS = 1000  # GitHub lists no more when a filter is set
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_NOT_COUNTED = frozenset({"skipped", "neutral"})
_RED = frozenset({"failure", "timed_out", "startup_failure", "action_required", "stale"})


class Run(msgspec.Struct, frozen=True):
    """The fields of a workflow run that are read here."""

    id: int
    workflow_id: int
    run_number: int
    status: str | None
    conclusion: str | None
    event: str
    head_sha: str
    created_at: _Moment
    updated_at: _Moment
    name: str | None = None
    path: str = ""
    run_attempt: int = 1
    run_started_at: _Moment | None = None

    @property
    def title(self) -> str:
        """How people know the workflow."""
        return safe_text(self.name or self.path or str(self.workflow_id), 60)


class _Page(msgspec.Struct):
    total_count: int
    workflow_runs: list[Run]


class _Message(msgspec.Struct):
    message: str = ""


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
        workflows = _names(ask.workflow or self._config.workflow)
        runs, bodies, partial = await self._runs(workflows, (("head_sha", commit),))
        found = verdict([run for run in runs if run.head_sha == commit], commit, question.at)
        without = [name for name in workflows if name and not any(_is(run, name) for run in runs)]
        if without and found.state == "ok" and found.value:
            found = Found(
                state="missing",
                measured_at=question.at,
                why=f"no run of {', '.join(without)} for commit {commit[:12]}",
                facts=found.facts,
            )
        return msgspec.structs.replace(found, bodies=bodies, partial=partial, unit="")

    async def _measure(self, ask: GitHubMeasure, question: Question) -> Found:
        if question.window is None:
            raise SourceError("the measure needs a window", hint="for example window: 7d")
        start = question.at - question.window
        filters = [("created", f"{_iso(start)}..{_iso(question.at)}"), ("status", "completed")]
        branch = ask.branch or self._config.branch
        if branch:
            filters.append(("branch", branch))
        workflows = _names(ask.workflow or self._config.workflow)
        runs, bodies, partial = await self._runs(workflows, tuple(filters))
        numbers, natural = _numbers(ask.read, runs)
        if not numbers:
            what = "successful run" if ask.read == "duration" else "completed run"
            return Found(
                state="missing",
                measured_at=question.at,
                why=f"no {what} in the window",
                samples=0,
                bodies=bodies,
                partial=partial,
            )
        middle = statistics.median(numbers) if ask.read == "duration" else statistics.fmean(numbers)
        value, unit = in_unit(from_float(middle), natural, question.unit)
        return Found(
            state="ok",
            measured_at=question.at,
            value=value,
            unit=unit,
            samples=len(numbers),
            bodies=bodies,
            partial=partial,
            facts={"runs": len(runs)},
        )

    async def _runs(
        self, workflows: Sequence[str], filters: tuple[tuple[str, str], ...]
    ) -> tuple[list[Run], tuple[Body, ...], str | None]:
        runs: dict[int, Run] = {}
        bodies: list[Body] = []
        partial = None
        for workflow in workflows:
            told = await self._pages(workflow, filters, runs, bodies)
            if told > MOST_RUNS:
                partial = f"GitHub lists {MOST_RUNS:,} of {told:,} runs: a shorter window tells more"
        return list(runs.values()), tuple(bodies), partial

    async def _pages(
        self, workflow: str, filters: tuple[tuple[str, str], ...], runs: dict[int, Run], bodies: list[Body]
    ) -> int:
        """Reads all pages into ``runs``; the number of runs that GitHub says there are."""
        total = 0
        for number in range(1, MOST_RUNS // PER_PAGE + 1):
            page, body = await self._page(
                workflow, (*filters, ("per_page", str(PER_PAGE)), ("page", str(number)))
            )
            bodies.append(body)
            runs.update((run.id, run) for run in page.workflow_runs)
            total = page.total_count
            if len(page.workflow_runs) < PER_PAGE or number * PER_PAGE >= total:
                break
        return total

    async def _page(self, workflow: str, params: tuple[tuple[str, str], ...]) -> tuple[Any, Body]:
        part = f"/workflows/{quote(workflow, safe='')}" if workflow else ""
        request = self._channel.request(
            f"/repos/{self._config.repository}/actions{part}/runs",
            params=params,
            headers=await self._headers(),
            wait=until_reset,
        )
        response = await self._channel.send(request)
        if response.status != 200:
            raise _refused(request, response, self._config.repository)
        page = decoded(response.body, _Page, request, response)
        return page, Body(response.media or "application/json", response.body)

    async def _headers(self) -> dict[str, str]:
        headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
        token = self._config.token
        variable = f"${{{TOKEN}}}"
        if token == variable and not self._channel.secrets.has(variable):
            return headers  # it is optional: public repositories answer without
        return headers | await self._channel.bearer(token)


def until_reset(response: Response, now: datetime) -> float | None:
    """Seconds until GitHub's own limit is lifted, where it is reached."""
    reset = response.headers.get("x-ratelimit-reset", "")
    if response.headers.get("x-ratelimit-remaining") != "0" or not reset.isdecimal():
        return None
    return max(0.0, float(reset) - now.timestamp())


def verdict(runs: Sequence[Run], commit: str, at: datetime) -> Found:
    """Are the newest runs of each workflow and event for this commit all completed and green?

    Skipped and neutral runs are not counted; if there are no others, nothing was tested.
    """
    newest: dict[tuple[int, str], Run] = {}
    for run in sorted(runs, key=lambda run: (run.run_number, run.run_attempt)):
        newest[run.workflow_id, run.event] = run
    chosen = list(newest.values())
    counted = [run for run in chosen if run.conclusion not in _NOT_COUNTED]
    facts: dict[str, str | int] = {
        "commit_known": "asked",
        "runs": len(chosen),
        "skipped": len(chosen) - len(counted),
        "passed": sum(run.conclusion == "success" for run in counted),
    }
    if not counted:
        why = "every run was skipped" if chosen else f"no run for commit {commit[:12]}"
        return Found(state="missing", measured_at=at, why=why, facts=facts)
    running = [run for run in counted if run.status != "completed"]
    red = [run for run in counted if run.status == "completed" and run.conclusion != "success"]
    facts |= {"running": len(running), "failed": len(red), "green": "no" if red or running else "yes"}
    measured = in_zone(min((run.updated_at for run in counted), default=at), UTC)
    if red:
        why = ", ".join(f"{run.title}: {safe_text(run.conclusion or 'no conclusion', 40)}" for run in red[:5])
        return Found(state="ok", measured_at=measured, value=Decimal(0), why=why, facts=facts)
    if running:
        why = "still running: " + ", ".join(run.title for run in running[:5])
        return Found(state="missing", measured_at=at, why=why, facts=facts)
    why = f"{len(counted)} runs succeeded" if len(counted) > 1 else f"{counted[0].title} succeeded"
    return Found(state="ok", measured_at=measured, value=Decimal(1), why=why, facts=facts)


def _numbers(read: str, runs: Sequence[Run]) -> tuple[list[float], str]:
    """One number per run that counts, and their unit."""
    if read == "duration":
        return [
            (run.updated_at - (run.run_started_at or run.created_at)).total_seconds()
            for run in runs
            if run.conclusion == "success"
        ], "s"
    counted = [run for run in runs if run.conclusion == "success" or run.conclusion in _RED]
    if read == "run_attempts":
        return [float(run.run_attempt) for run in counted], ""
    return [float(run.conclusion == "success") for run in counted], "share"


def _names(workflow: str | list[str] | None) -> list[str]:
    """The workflows to ask for; one empty name means all of them."""
    if workflow is None:
        return [""]
    return [workflow] if isinstance(workflow, str) else list(workflow) or [""]


def _is(run: Run, name: str) -> bool:
    return name in (str(run.workflow_id), run.name) or run.path.split("@")[0].rsplit("/", 1)[-1] == name


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _refused(request: Request, response: Response, repository: str) -> SourceError:
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
    return SourceError(said, where=request.where, hint=hints.get(response.status))
