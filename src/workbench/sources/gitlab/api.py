"""GitLab's REST API (version 4): requests and refusals of one project."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

import msgspec

from workbench.model.errors import SourceError
from workbench.model.text import safe_text
from workbench.sources.channel import Channel, told_in, unusable
from workbench.sources.client import Request, Response
from workbench.sources.gitlab import TOKEN, GitLabConfig
from workbench.sources.rest import Params, Refused, Rest

ALL: Params = (("per_page", "100"),)
_HINTS = {
    401: "the token is not valid (any more), or lacks the scope read_api",
    403: "the token's role in the project may be too low: reading pipelines takes a Reporter",
    429: "the limit is reached: fetch again later",
}


class _Message(msgspec.Struct):
    """GitLab says ``message`` or ``error``, as a text or as an object."""

    message: Any = ""
    error: Any = ""


class Api(Rest):
    """Asks one project."""

    def __init__(self, channel: Channel) -> None:
        super().__init__(channel)
        self._config: GitLabConfig = channel.config(GitLabConfig)

    def at(self, path: str) -> str:
        """A path below the project: ``/pipelines``."""
        return f"/projects/{quote(self._config.project, safe='')}{path}"

    async def headers(self) -> dict[str, str]:
        token, variable = self._config.token, f"${{{TOKEN}}}"
        if token == variable and not self._channel.secrets.has(variable):
            return {"Accept": "application/json"}  # it is optional: public projects answer without
        return {"Accept": "application/json", **await self._channel.bearer(token)}

    def refusal(self, request: Request, response: Response) -> SourceError:
        hint = _HINTS.get(response.status)
        if response.status == 404:
            hint = (
                f"check the project {self._config.project}, and whether the token may see it{self._address()}"
            )
        told = told_in(response, _Message)
        if told is None:
            error = unusable(request, response, "")
            return SourceError(error.what, where=error.where, hint=hint or error.hint)
        message = safe_text(told.message or told.error, 300)
        said = (
            f"GitLab says: {message.rstrip('.')}"
            if message
            else f"GitLab answered with status {response.status}"
        )
        return Refused(said, status=response.status, message=message, where=request.where, hint=hint)

    def _address(self) -> str:
        """What to try where the address may not be that of an API."""
        url = urlsplit(self._config.url)
        own = url.path.rstrip("/").endswith("/api/v4")
        return "" if own else f"; GitLab's API is at {url.scheme}://{url.netloc}/api/v4"
