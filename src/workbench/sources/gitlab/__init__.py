"""GitLab: the pipelines, test reports and deployments of a project."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from msgspec import Meta, field

from workbench.model.fields import SecretText, Shape, Url
from workbench.model.kinds import NOTHING, Approach, Proof, SourceKind, Uses, later
from workbench.sources import server
from workbench.sources.deployments import DeploymentRead
from workbench.sources.findings import Severity
from workbench.sources.test_runs import Read as TestsRead

if TYPE_CHECKING:
    from workbench.sources.proposing import Folder, Proposal

PUBLIC = "https://gitlab.com/api/v4"
TOKEN = "GITLAB_TOKEN"

Project = Annotated[
    str, Meta(pattern=r"^([0-9]+|[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)+)$", examples=["acme/shop"])
]
About = Literal["pipelines", "tests", "deployments", "issues"]
Read = Literal[
    "success_rate", "failure_rate", "duration",
    "pass_rate", "fail_rate", "failed", "skipped", "flaky", "total",
    "count", "since_last", "friction", "skipped_steps", "open",
]  # fmt: skip
READS: Mapping[About, tuple[str, ...]] = {
    "pipelines": ("success_rate", "failure_rate", "duration"),
    "tests": get_args(TestsRead),
    "deployments": get_args(DeploymentRead),
    "issues": ("open",),
}


class GitLabConfig(server.Server, frozen=True, kw_only=True):
    """A project: its pipelines, test reports and deployments."""

    project: Project
    """``group/name``, with all groups that lie between, or the project's number."""
    url: Url = PUBLIC
    """The API's address; a server of one's own answers at ``https://gitlab.example.com/api/v4``."""
    token: SecretText | server.Command | None = f"${{{TOKEN}}}"
    """``${GITLAB_TOKEN}`` where that is set; it needs the scope ``read_api``. Public projects answer without."""
    ref: str | None = None
    """Only pipelines of this branch or tag; any unless said."""
    labels: dict[str, Severity] = field(default_factory=dict)
    """For issues: which label means which severity (``sev1: critical``), beside those that say it themselves, such as ``severity::high``."""


class GitLabMeasure(Shape, frozen=True, kw_only=True):
    """A number about a project's pipelines, tests or deployments."""

    about: About = "pipelines"
    """What it is about: ``pipelines``, ``tests`` (of the candidate's commit), ``deployments`` or ``issues``."""
    read: Read
    """What is asked about them; the table below says what each can answer."""
    ref: str | None = None
    """Another branch or tag than the source's."""
    deployed_to: str = "$environment"
    """For deployments: the name that GitLab knows the environment by; ``$environment`` is its key here."""
    against: str = "production"
    """For ``friction`` and ``skipped_steps``: the name of the environment that is compared with."""
    severity: list[Severity] = field(default_factory=list)
    """For issues: only these severities count; all unless set."""

    def __post_init__(self) -> None:
        known = READS[self.about]
        if self.read not in known:
            raise ValueError(f"about {self.about} one can read {', '.join(known)}")
        if self.ref and self.about in ("deployments", "issues"):
            raise ValueError(f"ref means nothing for {self.about}")
        if self.severity and self.about != "issues":
            raise ValueError(f"severity means nothing for {self.about}")

    @property
    def one_place(self) -> bool:
        """Whether the answer is the same in every environment."""
        return self.about != "deployments" or "$" not in self.deployed_to


class GitLabTests(Shape, frozen=True, kw_only=True):
    """Did the pipelines for a commit succeed, and their tests pass?"""


def uses(config: Any) -> Uses:
    """The API's host and the token."""
    return server.uses(config) if isinstance(config, GitLabConfig) else NOTHING


def propose(folder: "Folder") -> "Proposal | None":
    """A source that can be switched on, where the remote is a GitLab and the checkout has a pipeline for it."""
    from workbench.sources.gitlab import found

    return found.propose(folder)


KIND = SourceKind(
    name="gitlab",
    about="Pipelines, test reports and deployments of a GitLab project",
    config=GitLabConfig,
    measure=GitLabMeasure,
    tests=GitLabTests,
    lists={"issues": lambda: GitLabMeasure(about="issues", read="open")},
    load=later("workbench.sources.gitlab.ask:GitLab"),
    propose=propose,
    uses=uses,
    optional={TOKEN: "public projects answer without it"},
    one_place=True,
    approach=Approach.SYNTHETIC,
    proof=Proof.FIXTURES,
    signs=("gitlab",),
)
