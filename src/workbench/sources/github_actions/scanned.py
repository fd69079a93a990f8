"""What GitHub's scanners found: alerts of code scanning for the candidate's commit, and of its dependencies.

Code scanning knows alerts by branch, not by commit.  So the analyses of the commit are looked for first: the alerts
of its branch speak for it only while no other commit has been analysed there since.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from workbench.model.errors import SourceError
from workbench.model.text import safe_text
from workbench.sources.findings import Finding, FindingsMeasure, count, severity_of_word
from workbench.sources.github_actions import GitHubConfig, GitHubMeasure
from workbench.sources.github_actions.api import ALL, Api
from workbench.sources.moments import Moment
from workbench.sources.reading import Body, Found, Question, missing
from workbench.sources.rest import Pages, Params, Refused

_MOST_ANALYSES = 5  # pages
_MOST_ALERTS = 50  # pages


class Tool(msgspec.Struct, frozen=True):
    """What scanned."""

    name: str = ""


class Analysis(msgspec.Struct, frozen=True):
    """One run of a scanner over a commit."""

    ref: str
    commit_sha: str
    analysis_key: str
    error: str
    created_at: Moment
    warning: str = ""
    category: str = ""
    environment: str = ""
    tool: Tool = Tool()

    @property
    def of(self) -> tuple[str, ...]:
        """What tells the scanners of one branch apart."""
        return self.tool.name, self.category or self.analysis_key, self.environment


class Rule(msgspec.Struct, frozen=True):
    """What was broken."""

    id: str | None = None
    severity: str | None = None
    security_severity_level: str | None = None
    description: str = ""


class Location(msgspec.Struct, frozen=True):
    """Where it stands."""

    path: str = ""
    start_line: int = 0


class Instance(msgspec.Struct, frozen=True):
    """Where it was seen last on the branch that is asked about, and how it stands there."""

    state: str = ""
    location: Location | None = None


class Alert(msgspec.Struct, frozen=True):
    """One alert of code scanning."""

    number: int
    state: str
    rule: Rule
    tool: Tool
    most_recent_instance: Instance
    dismissed_reason: str | None = None

    @property
    def standing(self) -> str:
        """How it stands on the branch: one that is fixed on another may be open there."""
        return "dismissed" if self.state == "dismissed" else self.most_recent_instance.state or self.state

    def as_finding(self) -> Finding:
        """Its security severity goes before the level of its rule."""
        rule = self.rule
        place = self.most_recent_instance.location or Location()
        return Finding(
            severity=severity_of_word(rule.security_severity_level or rule.severity),
            rule=rule.id or rule.description,
            title=rule.description,
            place=f"{place.path}:{place.start_line}" if place.path else "",
            suppressed=(self.dismissed_reason or self.standing) if self.standing != "open" else "",
            identity=("alert", str(self.number)),
        )


class Package(msgspec.Struct, frozen=True):
    """A package of somebody else."""

    name: str = ""
    ecosystem: str = ""


class Dependency(msgspec.Struct, frozen=True):
    """How the repository depends on it."""

    package: Package = Package()
    manifest_path: str = ""


class Advisory(msgspec.Struct, frozen=True):
    """What is known about the weakness."""

    ghsa_id: str
    severity: str
    cve_id: str | None = None
    summary: str = ""


class Weakness(msgspec.Struct, frozen=True):
    """What of it concerns this package."""

    severity: str


class DependencyAlert(msgspec.Struct, frozen=True):
    """One alert of Dependabot."""

    number: int
    state: str
    dependency: Dependency
    security_advisory: Advisory
    security_vulnerability: Weakness
    dismissed_reason: str | None = None

    def as_finding(self) -> Finding:
        advisory, package = self.security_advisory, self.dependency.package
        return Finding(
            severity=severity_of_word(self.security_vulnerability.severity),
            rule=advisory.cve_id or advisory.ghsa_id,
            title=advisory.summary,
            place=" ".join(filter(None, (package.name, self.dependency.manifest_path))),
            suppressed=(self.dismissed_reason or self.state) if self.state != "open" else "",
            identity=("alert", str(self.number)),
        )


async def measure_code_scanning(
    api: Api, config: GitHubConfig, ask: GitHubMeasure, question: Question
) -> Found:
    """How many alerts code scanning has of the candidate's commit."""
    if question.commit is None:
        raise SourceError("the candidate names no commit", hint="an analysis is found by its commit")
    ref = ask.branch or config.branch
    only: Params = (("ref", f"refs/heads/{ref}" if not ref.startswith("refs/") else ref),) if ref else ()
    try:
        analyses = await api.pages(
            api.at("/code-scanning/analyses"), Analysis, (*only, *ALL), most=_MOST_ANALYSES
        )
    except Refused as refused:
        if refused.status == 404 and "no analysis found" in refused.message.lower():
            return missing(question, "code scanning has analysed nothing yet")
        raise
    why, newest = _of_commit(analyses.items, question.commit)
    if not newest:
        found = missing(question, why)
        return msgspec.structs.replace(found, bodies=tuple(analyses.bodies))
    alerts = await api.pages(
        api.at("/code-scanning/alerts"), Alert, (("ref", newest[0].ref), *ALL), most=_MOST_ALERTS
    )
    flaws = [f"{one.tool.name} says: {safe_text(one.error, 200)}" for one in newest if one.error]
    flaws += _not_yet(analyses.items, newest)
    findings = [alert.as_finding() for alert in alerts.items if alert.standing != "fixed"]
    found = count(
        findings,
        _asked(ask),
        question,
        measured_at=min(one.created_at for one in newest),
        flaws=[*flaws, *_more(alerts)],
        facts={"scanned_by": ", ".join(sorted({one.tool.name for one in newest}))},
    )
    warned = "; ".join(safe_text(one.warning, 200) for one in newest if one.warning)
    return _with(found, [*analyses.bodies, *alerts.bodies], warned)


def _of_commit(analyses: Sequence[Analysis], commit: str) -> tuple[str, list[Analysis]]:
    """The newest analyses of each scanner on the branch of a commit, or why they do not speak for it."""
    mine = [one for one in analyses if one.commit_sha == commit and not one.ref.startswith("refs/pull/")]
    if not mine:
        newest = max(analyses, key=lambda one: one.created_at, default=None)
        said = f": the newest analysis is of {newest.commit_sha[:12]}" if newest else ""
        return f"code scanning has not analysed commit {commit[:12]}{said}", []
    ref = max(mine, key=lambda one: one.created_at).ref
    newest_by: dict[tuple[str, ...], Analysis] = {}
    for one in sorted((one for one in analyses if one.ref == ref), key=lambda one: one.created_at):
        newest_by[one.of] = one
    of_scanners = {one.of for one in mine}
    others = [one for key, one in newest_by.items() if key in of_scanners and one.commit_sha != commit]
    if others:
        branch = safe_text(ref.removeprefix("refs/heads/"), 60)
        return (
            f"commit {others[0].commit_sha[:12]} was analysed on {branch} since,"
            f" and GitHub tells the alerts of {commit[:12]} no more"
        ), []
    return "", [one for key, one in newest_by.items() if key in of_scanners]


def _not_yet(analyses: Sequence[Analysis], newest: Sequence[Analysis]) -> list[str]:
    """The scanners that looked at the commit before on the branch, and have not looked at this one."""
    ref, commit = newest[0].ref, newest[0].commit_sha
    began = min(one.created_at for one in newest)
    earlier = [
        one for one in analyses if one.ref == ref and one.commit_sha != commit and one.created_at <= began
    ]
    if not earlier:
        return []
    before = max(earlier, key=lambda one: one.created_at).commit_sha
    lacking = {one.of for one in earlier if one.commit_sha == before} - {one.of for one in newest}
    return [
        f"{safe_text(' '.join(filter(None, of[:2])), 120)} has not analysed commit {commit[:12]}"
        for of in sorted(lacking)
    ]


async def measure_dependency_alerts(
    api: Api, config: GitHubConfig, ask: GitHubMeasure, question: Question
) -> Found:
    """How many alerts Dependabot has of the repository's default branch, whatever the candidate."""
    only: Params = (("state", "open"),) if ask.read == "open" else ()
    alerts = await api.pages(api.at("/dependabot/alerts"), DependencyAlert, (*only, *ALL), most=_MOST_ALERTS)
    findings = [alert.as_finding() for alert in alerts.items if alert.state != "fixed"]
    found = count(
        findings,
        _asked(ask),
        question,
        measured_at=question.at,
        flaws=_more(alerts),
        facts={"note": "Dependabot looks at the default branch, not at the candidate"},
    )
    return _with(found, alerts.bodies, "")


def _asked(ask: GitHubMeasure) -> FindingsMeasure:
    read = ask.read if ask.read in ("suppressed", "total") else "open"
    return FindingsMeasure(read=read, severity=ask.severity, rules=ask.rules)


def _more(pages: Pages[Alert] | Pages[DependencyAlert]) -> list[str]:
    return [f"GitHub has more than {len(pages.items):,} alerts"] if pages.more else []


def _with(found: Found, bodies: Sequence[Body], partial: str) -> Found:
    both = "; ".join(filter(None, (found.partial, partial))) or None
    return msgspec.structs.replace(found, bodies=tuple(bodies), partial=both)
