"""Pipelines: which of them speak about a commit, what they say together, and numbers about those of a window."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

import msgspec

from workbench.model.text import number_of, safe_text, some_of
from workbench.sources.ci_runs import one_number, verdict
from workbench.sources.gitlab import GitLabConfig, GitLabMeasure
from workbench.sources.gitlab.api import ALL, Api
from workbench.sources.gitlab.reports import TestReport, about_report, read_report
from workbench.sources.moments import Moment, to_the_second
from workbench.sources.reading import Body, Found, Question, window_of
from workbench.sources.rest import Params

MOST_DETAILS = 100  # pipelines whose length is asked for: each is a request of its own
_MOST_PAGES = 10
_RED = frozenset({"failed", "canceled"})
_UNDER_WAY = frozenset(
    {
        "created", "waiting_for_resource", "preparing", "pending", "running", "scheduled", "manual",
        "canceling", "waiting_for_callback",
    }
)  # fmt: skip
_MOST_NAMED = 5


class Pipeline(msgspec.Struct, frozen=True):
    """The fields of a pipeline that are read here; those with a default are told of a single one only."""

    id: int
    status: str
    ref: str | None
    sha: str
    created_at: Moment
    updated_at: Moment
    source: str = ""
    duration: float | None = None

    @property
    def title(self) -> str:
        """How people know it."""
        return safe_text(f"pipeline {self.id} of {self.ref}" if self.ref else f"pipeline {self.id}", 80)

    @property
    def succeeded(self) -> bool:
        return self.status == "success"

    @property
    def under_way(self) -> bool:
        return self.status in _UNDER_WAY

    @property
    def skipped(self) -> bool:
        return self.status == "skipped"


async def of_commit(api: Api, config: GitLabConfig, commit: str, at: datetime, asking: int | None) -> Found:
    """Are all pipelines of a commit green, and their test reports too?

    The pipeline that asks (``asking``) is left out.  A failed test does not make a pipeline of GitLab fail by
    itself, so the reports of green pipelines are read as well.
    """
    only: Params = (("sha", commit), *((("ref", config.ref),) if config.ref else ()))
    pages = await api.pages(api.at("/pipelines"), Pipeline, (*only, *ALL), most=_MOST_PAGES)
    newest = _newest([one for one in pages.items if one.sha == commit])
    others = [one for one in newest if one.id != asking]
    counted = [one for one in others if not one.skipped]
    facts: dict[str, str | int] = {
        "commit_known": "asked",
        "pipelines": len(others),
        "passed": sum(one.succeeded for one in counted),
        "green": "no",
    }
    partial = "GitLab lists more pipelines than were read" if pages.more else None
    found = Found(
        state="missing", measured_at=at, facts=facts, bodies=tuple(pages.bodies), partial=partial, unit=""
    )
    red = [one for one in counted if not one.succeeded and not one.under_way]
    if red:
        why = some_of([f"{one.title}: {safe_text(one.status, 40)}" for one in red], _MOST_NAMED)
        return _told(found, why, red, green=False)
    if running := [one for one in counted if one.under_way]:
        return msgspec.structs.replace(found, why=_still(running))
    if not counted:
        return msgspec.structs.replace(found, why=_nothing(newest, others, commit))
    reports = await asyncio.gather(*(read_report(api, one.id) for one in counted))
    return _with_reports(found, counted, reports)


def _with_reports(found: Found, green: Sequence[Pipeline], reports: Sequence[TestReport]) -> Found:
    bodies = (*found.bodies, *(report.body for report in reports))
    found = msgspec.structs.replace(found, bodies=bodies)
    read = [
        (one, report)
        for one, report in zip(green, reports, strict=True)
        if report.counts.total or report.flaws
    ]
    said = f"{number_of(len(green), 'pipeline')} succeeded"
    if not read:
        return _told(found, f"{said}; GitLab has no test report of it", green, green=True)
    answers = [about_report(report, one.updated_at) for one, report in read]
    red = [each for each in answers if each.value == 0]
    unclear = [each for each in answers if each.value is None or each.partial]
    first = (red or unclear or answers)[0]
    found = msgspec.structs.replace(found, facts={**found.facts, **first.facts, "commit_known": "asked"})
    if red:
        return _told(found, f"{said}, but {first.why}", green, green=False)
    if unclear:
        facts = {**found.facts, "green": "no"}
        return msgspec.structs.replace(found, why=f"{said}, but {first.partial or first.why}", facts=facts)
    return _told(found, f"{said}: {first.why}", green, green=True)


def _told(found: Found, why: str, pipelines: Sequence[Pipeline], *, green: bool) -> Found:
    return verdict(found, why, green=green, measured_at=min(one.updated_at for one in pipelines))


def _newest(pipelines: Sequence[Pipeline]) -> list[Pipeline]:
    """The newest of each branch and way of being started; a skipped one replaces none that has a result."""
    found: dict[tuple[str | None, str], Pipeline] = {}
    for one in sorted(pipelines, key=lambda one: (not one.skipped, one.id)):
        found[one.ref, one.source] = one
    return list(found.values())


def _still(running: Sequence[Pipeline]) -> str:
    waits = {"manual": " (waits for somebody to start a job)", "scheduled": " (a job is delayed)"}
    return (
        f"still running: {some_of([one.title + waits.get(one.status, '') for one in running], _MOST_NAMED)}"
    )


def _nothing(newest: Sequence[Pipeline], others: Sequence[Pipeline], commit: str) -> str:
    if newest and not others:
        return (
            f"the only pipeline for commit {commit[:12]} is the one that asks: hand it the reports as files,"
            " or ask from a pipeline of its own"
        )
    return "every pipeline was skipped" if others else f"no pipeline for commit {commit[:12]}"


async def measure_pipelines(api: Api, config: GitLabConfig, ask: GitLabMeasure, question: Question) -> Found:
    """A number about the finished pipelines of the window."""
    window = window_of(question, "7d")
    ref = ask.ref or config.ref
    params: Params = (
        ("scope", "finished"),
        ("created_after", to_the_second(question.at - window)),
        ("created_before", to_the_second(question.at)),
        *((("ref", ref),) if ref else ()),
        *ALL,
    )
    pages = await api.pages(api.at("/pipelines"), Pipeline, params, most=_MOST_PAGES)
    partial = (
        "GitLab lists more pipelines than were read: a shorter window tells more" if pages.more else None
    )
    bodies = list(pages.bodies)
    numbers: list[float]
    if ask.read == "duration":
        green = [one for one in pages.items if one.succeeded]
        if len(green) > MOST_DETAILS:
            partial = f"only {MOST_DETAILS} of {len(green):,} pipelines were looked at"
        numbers, natural = await _lengths(api, green[:MOST_DETAILS], bodies), "s"
    else:
        counted = [one for one in pages.items if one.succeeded or one.status == "failed" or not _known(one)]
        numbers, natural = [float(one.succeeded is (ask.read == "success_rate")) for one in counted], "share"
    what = "successful pipeline" if ask.read == "duration" else "finished pipeline"
    facts = {"pipelines": len(pages.items)}
    return one_number(question, numbers, natural, what, bodies=bodies, partial=partial, facts=facts)


def _known(one: Pipeline) -> bool:
    """Whether a pipeline's status is a word that is known; one that is not is no success."""
    return one.succeeded or one.skipped or one.under_way or one.status in _RED


async def _lengths(api: Api, pipelines: Sequence[Pipeline], bodies: list[Body]) -> list[float]:
    """Seconds that jobs ran; a list of pipelines does not tell them."""
    told = await asyncio.gather(*(api.get(api.at(f"/pipelines/{one.id}"), Pipeline) for one in pipelines))
    bodies += [body for _, body in told]
    return [one.duration for one, _ in told if one.duration is not None]
