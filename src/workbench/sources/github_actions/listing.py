"""Which workflow runs GitHub lists: page after page, of the workflows and events that count."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

import msgspec

from workbench.model.errors import SourceError
from workbench.sources.github_actions.api import PER_PAGE, Api
from workbench.sources.github_actions.runs import Run
from workbench.sources.reading import Body
from workbench.sources.rest import Params, Refused

MOST_RUNS = 1000  # GitHub lists no more when a filter is set
_FOLDER = ".github/workflows/"


class _Page(msgspec.Struct):
    total_count: int
    workflow_runs: list[Run]


class Listed(msgspec.Struct):
    """What the pages held; ``unknown`` are workflows that GitHub does not have."""

    by_id: dict[int, Run] = {}
    bodies: tuple[Body, ...] = ()
    partial: str | None = None
    unknown: tuple[str, ...] = ()

    @property
    def runs(self) -> list[Run]:
        return list(self.by_id.values())


async def list_runs(
    api: Api, workflows: Sequence[str], filters: Params, events: Sequence[str] = ()
) -> Listed:
    """The runs of workflows and events, of all where none are named."""
    found = Listed()
    unknown: dict[str, SourceError] = {}
    for workflow in workflows or ("",):
        try:
            for event in events or ("",):
                more = (("event", event),) if event else ()
                await _pages(api, workflow, (*filters, *more), found)
        except Refused as error:
            if not workflow or error.status != 404:
                raise
            unknown[workflow] = error
    if unknown and len(unknown) == len(workflows):
        raise next(iter(unknown.values()))  # the repository itself may be the one that is not there
    found.unknown = tuple(unknown)
    return found


async def _pages(api: Api, workflow: str, filters: Params, found: Listed) -> None:
    """Reads all pages, and notes where they hold less than GitHub says there is."""
    part = f"/workflows/{quote(workflow, safe='')}" if workflow else ""
    total = got = 0
    most = MOST_RUNS // PER_PAGE
    async for page, body in api.numbered(f"/actions{part}/runs", _Page, filters, most):
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


def names_in(named: str | Sequence[str] | None) -> tuple[str, ...]:
    """One name, several or none; a workflow may be given by its path."""
    names = [named] if isinstance(named, str) else named or []
    return tuple(dict.fromkeys(name.removeprefix(_FOLDER) for name in names))
