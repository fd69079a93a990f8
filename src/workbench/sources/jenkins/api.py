"""Jenkins' remote access API: builds of a job with just the fields that are read, and refusals in words.

What is asked for is named in ``tree``: a whole build can be megabytes.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import msgspec

from workbench.model.errors import SourceError
from workbench.model.text import safe_text
from workbench.sources.channel import Channel, unusable
from workbench.sources.client import Request, Response
from workbench.sources.jenkins import JenkinsConfig
from workbench.sources.moments import moment_of_number
from workbench.sources.reading import Body
from workbench.sources.rest import Refused, Rest

MOST_BUILDS = 200
_BUILDS = (
    "allBuilds[number,result,building,timestamp,duration,"
    f"actions[lastBuiltRevision[SHA1],parameters[name,value]]]{{0,{MOST_BUILDS}}}"
)
_HINTS = {
    401: "check the source's user and token: Jenkins wants the API token of that user",
    403: "check the token, and whether its user may read this job (Job/Read)",
}


class _Revision(msgspec.Struct, frozen=True):
    SHA1: str = ""


class _Parameter(msgspec.Struct, frozen=True):
    name: str
    value: Any = None


class _Action(msgspec.Struct, frozen=True):
    lastBuiltRevision: _Revision | None = None
    parameters: list[_Parameter] = []


class Build(msgspec.Struct, frozen=True):
    """The fields of a build that are read here; ``timestamp`` and ``duration`` are milliseconds."""

    number: int
    result: str | None
    building: bool
    timestamp: int
    duration: int
    actions: list[_Action | None] = []

    @property
    def title(self) -> str:
        return f"build {self.number}"

    @property
    def began(self) -> datetime:
        return moment_of_number(self.timestamp, "ms").astimezone(UTC)

    @property
    def ended(self) -> datetime:
        return self.began + timedelta(milliseconds=max(0, self.duration))

    @property
    def succeeded(self) -> bool:
        return not self.building and self.result == "SUCCESS"

    @property
    def without_result(self) -> bool:
        """It was never built, as a stage that a condition left out."""
        return not self.building and self.result == "NOT_BUILT"

    @property
    def commits(self) -> set[str]:
        """What was checked out: the job's own repository, and those of libraries beside it."""
        revisions = [action.lastBuiltRevision for action in self.actions if action]
        return {revision.SHA1.lower() for revision in revisions if revision}

    def started_with(self, wanted: Mapping[str, str]) -> bool:
        """Whether it was started with exactly these parameters, among others."""
        given = {one.name: one.value for action in self.actions if action for one in action.parameters}
        return all(name in given and _text(given[name]) == value for name, value in wanted.items())


class _Job(msgspec.Struct, frozen=True):
    allBuilds: list[Build]


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


class Api(Rest):
    """Asks one server."""

    def __init__(self, channel: Channel) -> None:
        super().__init__(channel)
        self._config: JenkinsConfig = channel.config(JenkinsConfig)
        self._version = ""
        self._own: dict[str, str] | None = None

    async def builds(self, job: str) -> tuple[list[Build], Body]:
        """The newest builds of a job, at most :data:`MOST_BUILDS`."""
        told, body = await self.get(f"{path_of(job)}/api/json", _Job, (("tree", _BUILDS),))
        return told.allBuilds, body

    async def server(self) -> str:
        """Jenkins with its version, once it has answered."""
        await self.after_the_first()
        return safe_text(f"Jenkins {self._version}".strip(), 60)

    def saw(self, response: Response) -> None:
        self._version = self._version or response.headers.get("x-jenkins", "")

    async def headers(self) -> dict[str, str]:
        if self._own is None:
            self._own = {"Accept": "application/json", **await self._signed()}
        return self._own

    async def _signed(self) -> dict[str, str]:
        config = self._config
        if config.user is None or config.token is None:
            return await self._channel.bearer(config.token)
        token = await self._channel.secret(config.token)
        if token is None:
            return {}
        both = base64.b64encode(f"{config.user}:{token}".encode()).decode()
        self._channel.secrets.remember(both, "the user and the token")
        return {"Authorization": f"Basic {both}"}

    def refusal(self, request: Request, response: Response) -> SourceError:
        hint = _HINTS.get(response.status)
        if response.status == 404:
            hint = "check the address and the job with its folders, and whether the user may see it"
        if hint is None:
            error = unusable(request, response, "")
            return Refused(error.what, status=response.status, where=error.where, hint=error.hint)
        what = f"Jenkins refuses us (status {response.status})"
        if response.status == 404:
            what = "Jenkins found nothing (status 404)"
        return Refused(what, status=response.status, where=request.where, hint=hint)


def path_of(job: str) -> str:
    """Where a job is: ``shop/main`` is ``/job/shop/job/main``."""
    return "".join(f"/job/{quote(name, safe='')}" for name in job.split("/"))
