"""The open issues of a repository by severity (https://docs.github.com/rest/issues/issues): pull requests are none."""

from __future__ import annotations

from typing import Any

import msgspec

from workbench.sources.findings import FindingsMeasure, count
from workbench.sources.github_actions import GitHubConfig, GitHubMeasure
from workbench.sources.github_actions.api import ALL, Api
from workbench.sources.issues import body_of, issue
from workbench.sources.reading import Found, Question

_MOST = 50  # pages of a hundred


class Label(msgspec.Struct, frozen=True):
    """What somebody put on an issue; old ones come as plain text."""

    name: str | None = None


class Issue(msgspec.Struct, frozen=True):
    """One issue; GitHub lists pull requests among them."""

    number: int
    title: str = ""
    labels: list[Label | str] = []
    pull_request: dict[str, Any] | None = None

    @property
    def named(self) -> list[str]:
        """Its labels by name."""
        found = (one if isinstance(one, str) else one.name for one in self.labels)
        return [name for name in found if name]


async def measure_issues(api: Api, config: GitHubConfig, ask: GitHubMeasure, question: Question) -> Found:
    """How many issues are open; of no commit, but of the moment in which it is asked."""
    pages = await api.pages(api.at("/issues"), Issue, (("state", "open"), *ALL), most=_MOST)
    open_ = [
        issue(one.number, one.title, one.named, config.labels)
        for one in pages.items
        if one.pull_request is None
    ]
    found = count(
        open_,
        FindingsMeasure(read="open", severity=ask.severity),
        question,
        measured_at=question.at,
        flaws=[f"GitHub has more than {len(pages.items):,} issues and pull requests"] if pages.more else [],
    )
    return msgspec.structs.replace(found, bodies=(body_of(open_),))
