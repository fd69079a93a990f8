"""Jenkins: the builds of a job, their test reports, and the deployments that jobs make."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from msgspec import Meta, field

from workbench.model.fields import Shape
from workbench.model.kinds import NOTHING, Approach, Proof, SourceKind, Uses, later
from workbench.sources import server
from workbench.sources.deployments import DeploymentRead
from workbench.sources.test_runs import Read as TestsRead

if TYPE_CHECKING:
    from workbench.sources.proposing import Folder, Proposal

JobName = Annotated[str, Meta(pattern=r"^[^/\s][^/]*(/[^/]+)*$", examples=["shop/main"])]
About = Literal["builds", "tests", "deployments"]
Read = Literal[
    "success_rate", "failure_rate", "duration",
    "pass_rate", "fail_rate", "failed", "skipped", "flaky", "total",
    "count", "since_last", "friction", "skipped_steps",
]  # fmt: skip
READS: Mapping[About, tuple[str, ...]] = {
    "builds": ("success_rate", "failure_rate", "duration"),
    "tests": get_args(TestsRead),
    "deployments": get_args(DeploymentRead),
}


class JenkinsConfig(server.Server, frozen=True, kw_only=True):
    """A job of a Jenkins server: its builds and their test reports."""

    job: JobName
    """The job with its folders, or with its branch: ``shop/main``."""
    user: str | None = None
    """Whose ``token`` it is; without a user the token is sent as a bearer token."""


class JenkinsMeasure(Shape, frozen=True, kw_only=True):
    """A number about a job's builds, tests or deployments."""

    about: About = "builds"
    """What it is about: ``builds``, ``tests`` (of the candidate's commit) or ``deployments``."""
    read: Read
    """What is asked about them; the table below says what each can answer."""
    job: JobName | None = None
    """Another job than the source's: ``deploy-$environment``, in which ``deployed_to`` is filled in for deployments."""
    parameters: dict[str, str] = field(default_factory=dict)
    """Only builds that were started with exactly these parameters count: ``{TARGET: $environment}``."""
    deployed_to: str = "$environment"
    """For deployments: what fills ``$environment`` in ``job`` and ``parameters``; the environment's key unless said."""
    against: str = "production"
    """For ``friction`` and ``skipped_steps``: what fills it for the environment that is compared with."""

    def __post_init__(self) -> None:
        known = READS[self.about]
        if self.read not in known:
            raise ValueError(f"about {self.about} one can read {', '.join(known)}")

    @property
    def one_place(self) -> bool:
        """Whether the answer is the same in every environment."""
        return "$" not in repr((self.job, self.parameters))


class JenkinsTests(Shape, frozen=True, kw_only=True):
    """Did the newest build of a commit succeed, and did its tests pass?"""


def uses(config: Any) -> Uses:
    """The server and the token."""
    return server.uses(config) if isinstance(config, JenkinsConfig) else NOTHING


def propose(folder: "Folder") -> "Proposal | None":
    """A source that can be switched on, where the checkout has a pipeline for it."""
    from workbench.sources.proposing import Proposal

    names = ("Jenkinsfile", "ci/Jenkinsfile", ".ci/Jenkinsfile", "jenkins/Jenkinsfile")
    if not any((folder.top / name).is_file() for name in names):
        return None
    return Proposal(
        remarks=(
            "# Jenkins can be asked for the builds and test reports of a commit (tests_green: builds):",
            "#  - {key: builds, kind: jenkins, url: https://JENKINS, job: FOLDER/JOB, user: NAME, token: '${JENKINS_TOKEN}'}",
        )
    )


KIND = SourceKind(
    name="jenkins",
    about="Builds, test reports and deployments of a Jenkins job",
    config=JenkinsConfig,
    measure=JenkinsMeasure,
    tests=JenkinsTests,
    load=later("workbench.sources.jenkins.ask:Jenkins"),
    propose=propose,
    uses=uses,
    one_place=True,
    approach=Approach.SYNTHETIC,
    proof=Proof.FIXTURES,
    signs=("jenkins",),
)
