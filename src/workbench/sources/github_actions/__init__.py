"""GitHub: the workflow runs, checks, deployments and findings of a repository."""

from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from msgspec import Meta, field

from workbench.model.fields import SecretText, Shape, Url
from workbench.model.hosts import host_of
from workbench.model.kinds import NOTHING, Approach, Proof, SourceKind, Uses, later
from workbench.sources import server
from workbench.sources.deployments import DeploymentRead
from workbench.sources.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from workbench.sources.proposing import Explanation, Folder, Proposal

PUBLIC = "https://api.github.com"
TOKEN = "GITHUB_TOKEN"

# The events that a run can be started by, and be listed under.
Event = Literal[
    "push", "pull_request", "pull_request_target", "pull_request_review", "pull_request_review_comment",
    "merge_group", "schedule", "workflow_dispatch", "workflow_run", "repository_dispatch", "release",
    "deployment", "deployment_status", "create", "delete", "status", "check_run", "check_suite",
    "branch_protection_rule", "registry_package", "page_build", "issues", "issue_comment", "label", "milestone",
    "discussion", "discussion_comment", "fork", "gollum", "public", "watch", "dynamic",
]  # fmt: skip
Names = Annotated[list[str], Meta(min_length=1)]
Events = Annotated[list[Event], Meta(min_length=1)]
About = Literal["runs", "jobs", "deployments", "code_scanning", "dependency_alerts", "issues"]
Read = Literal[
    "success_rate", "failure_rate", "duration", "run_attempts", "reruns", "wait",
    "count", "since_last", "friction", "skipped_steps",
    "open", "suppressed", "total",
]  # fmt: skip
READS: "Mapping[About, tuple[str, ...]]" = {
    "runs": ("success_rate", "failure_rate", "duration", "run_attempts", "reruns"),
    "jobs": ("success_rate", "failure_rate", "duration", "wait"),
    "deployments": get_args(DeploymentRead),
    "code_scanning": ("open", "suppressed", "total"),
    "dependency_alerts": ("open", "suppressed", "total"),
    "issues": ("open",),
}
_ONLY_FOR = {
    "job": ("jobs",),
    "step": ("jobs",),
    "workflow": ("runs", "jobs"),
    "event": ("runs", "jobs"),
    "branch": ("runs", "jobs", "code_scanning"),
    "severity": ("code_scanning", "dependency_alerts", "issues"),
    "rules": ("code_scanning", "dependency_alerts"),
}
_WEB = ("github.com", "www.github.com")
Repository = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$", examples=["acme/shop"])]


class GitHubConfig(server.Server, frozen=True, kw_only=True):
    """A repository: its workflow runs, checks, deployments and findings."""

    repository: Repository
    """``owner/name``."""
    url: Url = PUBLIC
    """The API's address, for GitHub Enterprise (``https://github.example.com/api/v3``)."""
    token: SecretText | server.Command | None = f"${{{TOKEN}}}"
    """``${GITHUB_TOKEN}`` where that is set; public repositories answer without."""
    workflow: str | Names | None = None
    """A workflow's file name or a list of them (``ci.yml``), which must have run; all of them unless said."""
    event: Event | Events | None = None
    """Only runs started by this event, or by one of a list (``push``); any unless said."""
    branch: str | None = None
    """Only runs of this branch of the repository, not of forks; for measures."""
    checks: Literal["all"] | Names | None = None
    """For tests, what any app reports of the commit counts in place of workflow runs: ``all``, or names of checks that must be there."""

    labels: dict[str, Severity] = field(default_factory=dict)
    """For issues: which label means which severity (``sev1: critical``), beside those that say it themselves, such as ``severity: high``."""

    def __post_init__(self) -> None:
        server.Server.__post_init__(self)
        if host_of(self.url) in _WEB:
            raise ValueError(f"this is GitHub's web site; its API is at {PUBLIC}, which needs no url")
        if self.checks is not None and (self.workflow or self.event):
            raise ValueError("workflow and event choose among workflow runs, and checks asks for no runs")


class GitHubMeasure(Shape, frozen=True, kw_only=True):
    """A number about a repository's runs, jobs, deployments or findings."""

    about: About = "runs"
    """What it is about: ``runs``, ``jobs``, ``deployments``, ``code_scanning``, ``dependency_alerts`` or ``issues``."""
    read: Read
    """What is asked about them; the table below says what each can answer."""
    workflow: str | Names | None = None
    """Other workflows than the source's."""
    event: Event | Events | None = None
    """Other events than the source's."""
    branch: str | None = None
    """Another branch than the source's."""
    job: str | None = None
    """For jobs: the job's name as GitHub shows it; ``test`` also stands for ``test (3.12)``."""
    step: str | None = None
    """For jobs: one step of the job, by its name."""
    deployed_to: str = "$environment"
    """For deployments: the name that GitHub knows the environment by; ``$environment`` is its key here."""
    against: str = "production"
    """For ``friction`` and ``skipped_steps``: the name of the environment that is compared with."""
    severity: list[Severity] = field(default_factory=list)
    """For findings and issues: only these severities count; all unless set. A finding whose severity is unknown counts as high."""
    rules: list[str] = field(default_factory=list)
    """For findings: only those of these rules, advisories or packages count, such as ``js/*``; all unless set."""

    def __post_init__(self) -> None:
        known = READS[self.about]
        if self.read not in known:
            raise ValueError(f"about {self.about} one can read {', '.join(known)}")
        if self.about == "jobs" and not self.job:
            raise ValueError("about jobs needs job: the name of one, as GitHub shows it")
        for name, about in _ONLY_FOR.items():
            if getattr(self, name) and self.about not in about:
                raise ValueError(f"{name} means nothing for {self.about}")

    @property
    def one_place(self) -> bool:
        """Whether the answer is the same in every environment."""
        return self.about != "deployments" or "$" not in self.deployed_to


class GitHubTests(Shape, frozen=True, kw_only=True):
    """Did the runs for a commit succeed?"""

    workflow: str | Names | None = None
    """Other workflows than the source's."""
    event: Event | Events | None = None
    """Other events than the source's."""


def uses(config: Any) -> Uses:
    """The API's host and the token."""
    return server.uses(config) if isinstance(config, GitHubConfig) else NOTHING


def propose(folder: "Folder") -> "Proposal | None":
    """What a folder tells of it."""
    from workbench.sources.github_actions import found

    return found.propose(folder)


def explain(
    config: GitHubConfig, facts: "Mapping[str, Any]", look: "Callable[[], Folder]"
) -> "Explanation | None":
    """Why workflows that must have run did not, as their files tell."""
    from workbench.sources.github_actions import absent

    names = [name for name in str(facts.get("absent", "")).split(",") if name]
    return absent.explain(config.repository, names, look()) if names else None


def foresee(config: GitHubConfig, look: "Callable[[], Folder]") -> "Explanation | None":
    """Which of the workflows that must have run can never run by themselves."""
    if config.workflow is None:
        return None
    from workbench.sources.github_actions import absent  # only for those who name one

    names = [config.workflow] if isinstance(config.workflow, str) else config.workflow
    return absent.foresee(config.repository, names, look())


KIND = SourceKind(
    name="github_actions",
    about="Workflow runs, checks, deployments and findings of a GitHub repository",
    config=GitHubConfig,
    measure=GitHubMeasure,
    tests=GitHubTests,
    lists={
        "findings": lambda: GitHubMeasure(about="code_scanning", read="open"),
        "issues": lambda: GitHubMeasure(about="issues", read="open"),
    },
    load=later("workbench.sources.github_actions.ask:GitHub"),
    propose=propose,
    explain=explain,
    foresee=foresee,
    uses=uses,
    optional={TOKEN: "public repositories answer without it"},
    one_place=True,
    approach=Approach.SYNTHETIC,
    proof=Proof.CONTRACT,
    checked=True,
)
