"""The kinds of source and the shapes of their YAML.  Light: the command line imports it."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from workbench.model.errors import DefinitionError, Problem
from workbench.model.kinds import SourceKind

GROUP = "workbench.sources"
PUBLIC_GITHUB = "https://api.github.com"

# The titles are what definitions look at: how a piece of text is to be checked.
Url = Annotated[str, Meta(title="url", examples=["https://metrics.example.com"])]
SecretText = Annotated[str, Meta(title="secret", examples=["${METRICS_TOKEN}"])]
CommandText = Annotated[str, Meta(title="command", examples=["pass show metrics/token"])]
Duration = Annotated[str, Meta(title="duration", examples=["90s", "24h", "7d"])]
Glob = Annotated[str, Meta(title="glob", examples=["reports/**/*.xml"])]
Repository = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$", examples=["acme/shop"])]


class Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The base of everything that a team writes about a source."""


class Command(Shape, frozen=True, kw_only=True):
    """A command whose first line of output is the secret.  It runs without a shell."""

    command: CommandText


class PrometheusConfig(Shape, frozen=True, kw_only=True):
    """A server that speaks Prometheus' HTTP API.

    ``timeout`` is for one request.  ``tenant`` is sent as ``X-Scope-OrgID``.
    """

    url: Url
    token: SecretText | Command | None = None
    headers: dict[str, SecretText] = {}
    tenant: str | None = None
    timeout: Duration = "30s"


class PrometheusMeasure(Shape, frozen=True, kw_only=True):
    """One PromQL query whose answer is one number.

    ``samples`` is a query that counts the observations behind the value; ``trend`` says
    how far back the course of the value is kept, in steps of ``trend_step``.
    """

    query: str
    samples: str | None = None
    trend: Duration | None = None
    trend_step: Duration | None = None


class GitHubConfig(Shape, frozen=True, kw_only=True):
    """A repository's workflow runs.  ``workflow`` names files such as ``ci.yml``."""

    repository: Repository
    url: Url = PUBLIC_GITHUB
    token: SecretText | Command | None = "${GITHUB_TOKEN}"
    workflow: str | list[str] | None = None
    branch: str | None = None
    timeout: Duration = "30s"


class GitHubMeasure(Shape, frozen=True, kw_only=True):
    """Something about the completed runs of a window.

    ``success_rate`` is a share, ``duration`` the median length of the successful runs in
    seconds, ``run_attempts`` the mean number of attempts.
    """

    read: Literal["success_rate", "duration", "run_attempts"]
    workflow: str | list[str] | None = None
    branch: str | None = None


class GitHubTests(Shape, frozen=True, kw_only=True):
    """Did the runs for a commit succeed?  Without ``workflow``: all of them."""

    workflow: str | list[str] | None = None


class JUnitConfig(Shape, frozen=True, kw_only=True):
    """JUnit XML files inside the project."""

    files: Glob | list[Glob]


class JUnitMeasure(Shape, frozen=True, kw_only=True):
    """One number from the reports; ``pass_rate`` is a share of the tests that ran."""

    read: Literal["pass_rate", "failed", "skipped", "duration"]


class JUnitTests(Shape, frozen=True, kw_only=True):
    """Did every test pass?"""


class ManualConfig(Shape, frozen=True, kw_only=True):
    """A person types the values; nothing is asked."""


class ManualMeasure(Shape, frozen=True, kw_only=True):
    """What the person should do to find the value."""

    how: str = ""


def _module(name: str) -> Callable[[], Any]:
    def load() -> Any:
        return importlib.import_module(f"workbench.sources.{name}").connect

    return load


KINDS: dict[str, SourceKind] = {
    kind.name: kind
    for kind in (
        SourceKind(
            name="prometheus",
            about="Prometheus, and what speaks its API: Thanos, Mimir, VictoriaMetrics",
            config=PrometheusConfig,
            measure=PrometheusMeasure,
            load=_module("prometheus"),
        ),
        SourceKind(
            name="github_actions",
            about="workflow runs of a GitHub repository",
            config=GitHubConfig,
            measure=GitHubMeasure,
            tests=GitHubTests,
            load=_module("github"),
        ),
        SourceKind(
            name="junit",
            about="JUnit XML files, as every CI writes them",
            config=JUnitConfig,
            measure=JUnitMeasure,
            tests=JUnitTests,
            load=_module("junit"),
        ),
        SourceKind(
            name="manual",
            about="values that a person types, with evidence",
            config=ManualConfig,
            measure=ManualMeasure,
            load=_module("manual"),
        ),
    )
}


class _AllKinds(Mapping[str, SourceKind]):
    """The built-in kinds, and those of other packages once a name asks for them."""

    def __init__(self) -> None:
        self._others: dict[str, SourceKind] | None = None

    def __getitem__(self, name: str) -> SourceKind:
        return KINDS[name] if name in KINDS else self._load()[name]

    def __iter__(self) -> Iterator[str]:
        yield from KINDS
        yield from (name for name in self._load() if name not in KINDS)

    def __len__(self) -> int:
        return len(list(iter(self)))

    def _load(self) -> dict[str, SourceKind]:
        if self._others is None:
            from importlib.metadata import entry_points  # 30 ms: only when somebody needs it

            self._others = {
                entry.name: _loaded(entry.name, entry.load) for entry in entry_points(group=GROUP)
            }
        return self._others


def _loaded(name: str, load: Callable[[], Any]) -> SourceKind:
    try:
        kind = load()
    except Exception as error:  # another package's module may do anything
        raise DefinitionError(
            [Problem("workbench.sources", 0, 0, f"the source kind “{name}” cannot be loaded: {error}")]
        ) from error
    if not isinstance(kind, SourceKind):
        raise DefinitionError(
            [Problem("workbench.sources", 0, 0, f"the entry point “{name}” names no SourceKind")]
        )
    return kind


def all_kinds() -> Mapping[str, SourceKind]:
    """Built-in kinds by name, then those of other packages (entry points ``workbench.sources``).

    The entry points are read only when a name that is not built in is looked up, or when
    all names are listed.
    """
    return _AllKinds()
