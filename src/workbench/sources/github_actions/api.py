"""GitHub's REST API (version 2022-11-28): requests, pages, limits and refusals of one repository."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import TypeVar
from urllib.parse import urlsplit

import msgspec

from workbench.model.errors import SourceError, WorkbenchError
from workbench.model.text import safe_text
from workbench.sources.channel import Channel, told_in, unusable
from workbench.sources.client import Request, Response
from workbench.sources.github_actions import PUBLIC, TOKEN, GitHubConfig
from workbench.sources.reading import Body
from workbench.sources.rest import Params, Refused, Rest

PageT = TypeVar("PageT")
PER_PAGE = 100
ALL: Params = (("per_page", str(PER_PAGE)),)
VERSION = "2022-11-28"
_SWITCHED_OFF = re.compile(r"\b(disabled|must be enabled|not enabled)\b", re.IGNORECASE)
_AGAINST_BURSTS = (
    "secondary rate limit"  # https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
)
_FOUND_NOTHING = 404


class _Message(msgspec.Struct):
    message: str = ""


class _Named(msgspec.Struct):
    full_name: str


class Api(Rest):
    """Asks one repository."""

    def __init__(self, channel: Channel) -> None:
        super().__init__(channel)
        self._config: GitHubConfig = channel.config(GitHubConfig)
        self._version = ""
        self._moved = False
        self.repository = self._config.repository

    def at(self, path: str) -> str:
        """A path below the repository: ``/deployments``."""
        return f"/repos/{self.repository}{path}"

    async def numbered(
        self, path: str, shape: type[PageT], params: Params, most: int
    ) -> AsyncIterator[tuple[PageT, Body]]:
        """Pages of a list below the repository that tells how long it is, at most ``most``; the caller ends where it has all."""
        for number in range(1, most + 1):
            yield await self.get(self.at(path), shape, (*params, *ALL, ("page", str(number))))

    async def moved_to(self) -> str:
        """That the repository has another name by now, to which GitHub sends us on; ``""`` where it has not."""
        if not self._moved:
            return ""
        try:
            named, _ = await self.get(self.at(""), _Named)
        except WorkbenchError:
            return ""  # the answers themselves stand
        if named.full_name.lower() == self.repository.lower():
            return ""
        return f"{self.repository} is {safe_text(named.full_name, 100)} by now: correct repository:"

    async def server(self) -> str:
        """Who answers: GitHub tells no version, an Enterprise Server does once it has answered."""
        if self._config.url.rstrip("/") == PUBLIC:
            return "GitHub"
        await self.after_the_first()
        version = f" {self._version}" if self._version else ""
        return safe_text(f"GitHub Enterprise{version} at {self._config.url}", 100)

    def saw(self, response: Response) -> None:
        version = response.headers.get("x-github-enterprise-version", "").removeprefix("enterprise-server@")
        self._version = self._version or safe_text(version, 40)
        self._moved = self._moved or response.hops > 0

    def refusal(self, request: Request, response: Response) -> SourceError:
        return _refused(request, response, self._config)

    async def headers(self) -> dict[str, str]:
        headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": VERSION}
        token = self._config.token
        variable = f"${{{TOKEN}}}"
        if token == variable and not self._channel.secrets.has(variable):
            return headers  # it is optional: public repositories answer without
        return headers | await self._channel.bearer(token)


_HINTS = {
    400: f"does this server know version {VERSION} of the API? GitHub Enterprise does from 3.9 on",
    401: "the token is not valid (any more)",
    403: "the token may lack the permission for it, or the limit is reached",
    410: "it may be switched off for this repository",
    429: "the limit is reached: fetch again later",
}


def _refused(request: Request, response: Response, config: GitHubConfig) -> SourceError:
    told = told_in(response, _Message)
    if told is None:
        error = unusable(request, response, "")
        return SourceError(error.what, where=error.where, hint=_address(config) or error.hint)
    message = safe_text(told.message, 300)
    said = (
        f"GitHub says: {message.rstrip('.')}" if message else f"GitHub answered with status {response.status}"
    )
    hint = _hint(response, message, config)
    return Refused(said, status=response.status, message=message, where=request.where, hint=hint)


def _hint(response: Response, message: str, config: GitHubConfig) -> str | None:
    if _SWITCHED_OFF.search(message):
        return "switch it on in the repository's settings on GitHub, or measure it in another way"
    if _AGAINST_BURSTS in message.lower():
        return "the limit against bursts is reached: fetch again in a few minutes"
    if response.status == _FOUND_NOTHING:
        where = _address(config)
        names = (
            f"check the name {config.repository}, the workflow's file name, and whether the token may see it"
        )
        return f"{names}; {where}" if where else names
    if "required" in response.headers.get("x-github-sso", ""):
        return "on GitHub, authorize the token for the organisation's single sign-on"
    needed = response.headers.get("x-accepted-github-permissions", "")
    if response.status == 403 and needed:
        return f"the token needs the permission {safe_text(needed, 100)}"
    return _HINTS.get(response.status)


def _address(config: GitHubConfig) -> str:
    """What to try where the address may not be that of an API."""
    url = urlsplit(config.url)
    if config.url.rstrip("/") == PUBLIC or url.path.rstrip("/").endswith("/api/v3"):
        return ""
    return f"the API of a GitHub Enterprise Server is at {url.scheme}://{url.netloc}/api/v3"
