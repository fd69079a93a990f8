"""Whether everything that any app reports of a commit is green: its check runs, and its statuses."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Literal

import msgspec

from workbench.model.text import number_of, safe_text, some_of
from workbench.sources.github_actions.api import Api
from workbench.sources.github_actions.runs import NOT_COUNTED
from workbench.sources.moments import Moment
from workbench.sources.reading import Body, Found

_MOST_PAGES = 10  # GitHub keeps the checks of 1,000 suites of a commit
_MOST_NAMED = 5
_RUN = re.compile(r"/actions/runs/(\d+)")
State = Literal["green", "red", "running", "without_result"]


class CheckRun(msgspec.Struct, frozen=True):
    """What one app found about a commit."""

    id: int
    name: str
    head_sha: str
    status: str
    conclusion: str | None
    completed_at: Moment | None = None
    details_url: str | None = None


class Status(msgspec.Struct, frozen=True):
    """The older way of reporting about a commit."""

    context: str
    state: str
    updated_at: Moment


class _Checks(msgspec.Struct):
    total_count: int
    check_runs: list[CheckRun]


class _Combined(msgspec.Struct):
    sha: str
    total_count: int
    statuses: list[Status]


class _Seen(msgspec.Struct, frozen=True):
    """One check or status, whichever it is."""

    name: str
    state: State
    words: str
    at: datetime | None


async def checked(
    api: Api, wanted: Literal["all"] | Sequence[str], commit: str, at: datetime, asking: int | None
) -> Found:
    """Is everything that was reported of a commit green, and is everything there that must be?

    The checks of the workflow run that asks (``asking``) are left out while it runs.
    """
    (checks, more), (statuses, fewer) = await asyncio.gather(_checks(api, commit), _statuses(api, commit))
    seen = [_of_check(check) for check in checks if check.head_sha == commit and not _asks(check, asking)]
    seen += [_of_status(status) for status in statuses]
    if wanted != "all":
        seen = [each for each in seen if each.name in wanted]
    found = _verdict(seen, () if wanted == "all" else wanted, commit, at)
    partial = "; ".join(filter(None, (more[1], fewer[1]))) or None
    return msgspec.structs.replace(found, bodies=(*more[0], *fewer[0]), partial=partial, unit="")


def _verdict(seen: Sequence[_Seen], wanted: Sequence[str], commit: str, at: datetime) -> Found:
    by = {state: [each for each in seen if each.state == state] for state in ("green", "red", "running")}
    counted = sum(map(len, by.values()))
    facts: dict[str, str | int] = {
        "commit_known": "asked",
        "checks": len(seen),
        "skipped": len(seen) - counted,
        "passed": len(by["green"]),
    }
    if counted:
        facts |= {"running": len(by["running"]), "failed": len(by["red"])}
    moments = [each.at for each in (*by["green"], *by["red"]) if each.at is not None]
    measured = min(moments, default=at)
    if by["red"]:
        why = some_of([f"{each.name}: {each.words}" for each in by["red"]], _MOST_NAMED)
        return Found(
            state="ok", measured_at=measured, value=Decimal(0), why=why, facts=facts | {"green": "no"}
        )
    why = _not_yet(seen, by["running"], [each.name for each in by["green"]], wanted, commit)
    if why:
        return Found(state="missing", measured_at=at, why=why, facts=facts | {"green": "no"})
    said = f"{number_of(counted, 'check')} succeeded"
    return Found(state="ok", measured_at=measured, value=Decimal(1), why=said, facts=facts | {"green": "yes"})


def _not_yet(
    seen: Sequence[_Seen],
    running: Sequence[_Seen],
    green: Sequence[str],
    wanted: Sequence[str],
    commit: str,
) -> str:
    if running:
        return f"still running: {some_of([each.name for each in running], _MOST_NAMED)}"
    absent = [name for name in wanted if name not in green]
    if absent:
        return f"no result of {some_of(absent, _MOST_NAMED)} for commit {commit[:12]}"
    if green:
        return ""
    return "every check was skipped" if seen else f"nothing was reported of commit {commit[:12]}"


async def _checks(api: Api, commit: str) -> tuple[list[CheckRun], tuple[tuple[Body, ...], str]]:
    checks: dict[int, CheckRun] = {}
    bodies: list[Body] = []
    total = 0
    path, latest = f"/commits/{commit}/check-runs", (("filter", "latest"),)
    async for page, body in api.numbered(path, _Checks, latest, _MOST_PAGES):
        checks |= {check.id: check for check in page.check_runs}
        bodies.append(body)
        total = page.total_count
        if not page.check_runs or len(checks) >= total:
            break
    return list(checks.values()), (tuple(bodies), _partial(len(checks), total, "checks"))


async def _statuses(api: Api, commit: str) -> tuple[list[Status], tuple[tuple[Body, ...], str]]:
    """The newest status of each context.  Without any, GitHub says ``pending``, which then means nothing."""
    statuses: dict[str, Status] = {}
    bodies: list[Body] = []
    total = 0
    async for page, body in api.numbered(f"/commits/{commit}/status", _Combined, (), _MOST_PAGES):
        statuses |= {status.context: status for status in page.statuses if page.sha == commit}
        bodies.append(body)
        total = page.total_count
        if not page.statuses or len(statuses) >= total:
            break
    return list(statuses.values()), (tuple(bodies), _partial(len(statuses), total, "statuses"))


def _partial(got: int, total: int, what: str) -> str:
    return f"GitHub lists {got:,} of {total:,} {what}" if got < total else ""


def _asks(check: CheckRun, asking: int | None) -> bool:
    run = _RUN.search(check.details_url or "")
    return asking is not None and check.status != "completed" and run is not None and int(run[1]) == asking


def _of_check(check: CheckRun) -> _Seen:
    state: State = "red"  # a conclusion that nobody knows is no success
    if check.status != "completed":
        state = "running"
    elif check.conclusion == "success":
        state = "green"
    elif check.conclusion in NOT_COUNTED:
        state = "without_result"
    return _Seen(
        safe_text(check.name, 80),
        state,
        safe_text(check.conclusion or "no conclusion", 40),
        check.completed_at,
    )


def _of_status(status: Status) -> _Seen:
    states: dict[str, State] = {"success": "green", "pending": "running"}
    return _Seen(
        safe_text(status.context, 80),
        states.get(status.state, "red"),
        safe_text(status.state, 40),
        status.updated_at,
    )
