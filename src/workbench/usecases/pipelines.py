"""Pipelines of other systems than the one that a new project asks, known by the file or folder that describes them."""

from __future__ import annotations

from pathlib import Path

_FILES = (
    ".gitlab-ci.yml", "Jenkinsfile", ".circleci/config.yml", "azure-pipelines.yml", "azure-pipelines.yaml",
    "bitbucket-pipelines.yml", ".travis.yml", ".drone.yml", ".drone.yaml", ".woodpecker.yml", ".woodpecker.yaml",
    "cloudbuild.yaml", "cloudbuild.yml", "buildspec.yml", "buildspec.yaml", "codefresh.yml", "appveyor.yml", ".appveyor.yml",
    ".cirrus.yml", "bitrise.yml", "wercker.yml", "screwdriver.yaml", ".build.yml", "ci/Jenkinsfile", ".ci/Jenkinsfile",
    "jenkins/Jenkinsfile", "ci/pipeline.yml", "codefresh/codefresh.yml",
)  # fmt: skip
_FOLDERS = (
    ".buildkite", ".gitea/workflows", ".forgejo/workflows", ".semaphore", ".woodpecker", ".tekton", ".teamcity",
    ".azure-pipelines", ".builds", ".harness", ".codefresh",
)  # fmt: skip


def other_pipelines(top: Path) -> tuple[str, ...]:
    """The files and folders (with a slash at the end) of pipelines at the top of a checkout; links do not count."""
    files = (name for name in _FILES if not _linked(top, name) and (top / name).is_file())
    folders = (f"{name}/" for name in _FOLDERS if not _linked(top, name) and (top / name).is_dir())
    return (*files, *folders)


def _linked(top: Path, name: str) -> bool:
    path = top / name
    return path.is_symlink() or (path.parent != top and path.parent.is_symlink())
