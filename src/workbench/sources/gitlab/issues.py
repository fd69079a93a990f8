"""The open issues of a project by severity (https://docs.gitlab.com/api/issues/)."""

from __future__ import annotations

import msgspec

from workbench.sources.findings import FindingsMeasure, count, severity_of_word
from workbench.sources.gitlab import GitLabConfig, GitLabMeasure
from workbench.sources.gitlab.api import ALL, Api
from workbench.sources.issues import body_of, issue
from workbench.sources.reading import Found, Question

_MOST = 50  # pages of a hundred


class Issue(msgspec.Struct, frozen=True):
    """One issue; an incident has a severity of its own, which others say as ``UNKNOWN``."""

    iid: int
    title: str = ""
    labels: list[str] = []
    severity: str | None = None


async def measure_issues(api: Api, config: GitLabConfig, ask: GitLabMeasure, question: Question) -> Found:
    """How many issues are open; of no commit, but of the moment in which it is asked."""
    pages = await api.pages(api.at("/issues"), Issue, (("state", "opened"), *ALL), most=_MOST)
    open_ = []
    for one in pages.items:
        found = issue(one.iid, one.title, one.labels, config.labels)
        if found.severity == "unknown":
            found = msgspec.structs.replace(found, severity=severity_of_word(one.severity))
        open_.append(found)
    answer = count(
        open_,
        FindingsMeasure(read="open", severity=ask.severity),
        question,
        measured_at=question.at,
        flaws=[f"GitLab has more than {len(pages.items):,} issues"] if pages.more else [],
    )
    return msgspec.structs.replace(answer, bodies=(body_of(open_),))
