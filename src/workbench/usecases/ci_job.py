"""Which job of a CI system runs this: told from the few variables that name it, never from any that may hold a secret."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

import msgspec

from workbench.model.text import safe_text

_LONGEST = 500


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A job of a CI system: ``who`` started it, ``what`` it is called, ``url`` where its run is shown.

    ``commit`` is the one that was checked out, which need not be the candidate's.
    """

    system: str
    who: str = ""
    what: str = ""
    url: str = ""
    commit: str = ""
    repository: str = ""


Read = Callable[[str], str]


def _github(read: Read) -> Job:
    server, repository, run = (read(f"GITHUB_{name}") for name in ("SERVER_URL", "REPOSITORY", "RUN_ID"))
    return Job(
        system="GitHub Actions",
        who=read("GITHUB_ACTOR"),
        what=" / ".join(filter(None, (read("GITHUB_WORKFLOW"), read("GITHUB_JOB")))),
        url=address(f"{server}/{repository}/actions/runs/{run}") if server and repository and run else "",
        commit=read("GITHUB_SHA"),
        repository=repository,
    )


def _gitlab(read: Read) -> Job:
    return Job(
        system="GitLab",
        who=read("GITLAB_USER_LOGIN"),
        what=" / ".join(filter(None, (read("CI_PIPELINE_SOURCE"), read("CI_JOB_NAME")))),
        url=address(read("CI_JOB_URL") or read("CI_PIPELINE_URL")),
        commit=read("CI_COMMIT_SHA"),
        repository=read("CI_PROJECT_PATH"),
    )


def _jenkins(read: Read) -> Job:
    return Job(
        system="Jenkins",
        who=read("BUILD_USER_ID"),
        what=read("JOB_NAME"),
        url=address(read("BUILD_URL")),
        commit=read("GIT_COMMIT"),
    )


def _azure(read: Read) -> Job:
    return Job(
        system="Azure Pipelines",
        who=read("BUILD_REQUESTEDFOR"),
        what=read("BUILD_DEFINITIONNAME"),
        commit=read("BUILD_SOURCEVERSION"),
        repository=read("BUILD_REPOSITORY_NAME"),
    )


def _buildkite(read: Read) -> Job:
    return Job(
        system="Buildkite",
        who=read("BUILDKITE_BUILD_CREATOR"),
        what=read("BUILDKITE_PIPELINE_SLUG"),
        url=address(read("BUILDKITE_BUILD_URL")),
        commit=read("BUILDKITE_COMMIT"),
    )


# The variable that says which system it is, and what it must say where that matters.
_SYSTEMS = (
    ("GITHUB_ACTIONS", "true", _github),
    ("GITLAB_CI", "true", _gitlab),
    ("JENKINS_URL", "", _jenkins),
    ("TF_BUILD", "", _azure),
    ("BUILDKITE", "true", _buildkite),
)


def job_of(environ: Mapping[str, str]) -> Job | None:
    """The job, by the variables that its system sets; ``None`` outside of any that is known."""

    def read(name: str) -> str:
        return safe_text(environ.get(name, "").strip(), _LONGEST)

    for variable, value, make in _SYSTEMS:
        said = environ.get(variable, "").lower()
        if said and value in ("", said):
            return make(read)
    if environ.get("CI", "").lower() in ("true", "1"):
        return Job(system="CI")
    return None


def address(text: str) -> str:
    """A web address without user, password, query and fragment, where secrets can stand; "" for anything else."""
    try:
        parts = urlsplit(text)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    return f"{parts.scheme}://{parts.hostname}{port}{parts.path}"
