"""GitHub Actions: the workflow runs of a repository."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

from msgspec import Meta

from workbench.model.fields import SecretText, Shape, Url
from workbench.model.kinds import NOTHING, Approach, Proof, SourceKind, Uses, later
from workbench.sources import server

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
Repository = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$", examples=["acme/shop"])]


class GitHubConfig(server.Server, frozen=True, kw_only=True):
    """A repository's workflow runs."""

    repository: Repository
    """``owner/name``."""
    url: Url = PUBLIC
    """The API's address, for GitHub Enterprise."""
    token: SecretText | server.Command | None = f"${{{TOKEN}}}"
    """``${GITHUB_TOKEN}`` where that is set; public repositories answer without."""
    workflow: str | Names | None = None
    """A workflow's file name or a list of them (``ci.yml``), which must have run; all of them unless said."""
    event: Event | Events | None = None
    """Only runs started by this event, or by one of a list (``push``); any unless said."""
    branch: str | None = None
    """Only runs of this branch of the repository, not of forks; for measures."""


class GitHubMeasure(Shape, frozen=True, kw_only=True):
    """Something about the completed runs of a window."""

    read: Literal["success_rate", "duration", "run_attempts"]
    """A share, the median length of the successful runs in seconds, or the mean number of attempts."""
    workflow: str | Names | None = None
    """Other workflows than the source's."""
    event: Event | Events | None = None
    """Other events than the source's."""
    branch: str | None = None
    """Another branch than the source's."""


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
    about="workflow runs of a GitHub repository",
    config=GitHubConfig,
    measure=GitHubMeasure,
    tests=GitHubTests,
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
