"""What a checkout tells of GitLab: its project, if the remote is one and it has a pipeline."""

from __future__ import annotations

import re

from workbench.sources.proposing import Folder, Proposal

_FILE = ".gitlab-ci.yml"
_PUBLIC = "gitlab.com"
_PROJECT = re.compile(r"[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)+")


def propose(folder: Folder) -> Proposal | None:
    """The lines of a source, as comments: until its answers were compared with the real thing it is unproven."""
    host, project = folder.host, (folder.path or "").strip("/").removesuffix(".git")
    file = folder.top / _FILE
    if not host or not (host == _PUBLIC or host.startswith("gitlab.")) or not _PROJECT.fullmatch(project):
        return None
    if file.is_symlink() or not file.is_file():
        return None
    url = "" if host == _PUBLIC else f", url: https://{host}/api/v4"
    return Proposal(
        remarks=(
            "# GitLab can be asked for the pipelines and test reports of a commit (tests_green: pipelines):",
            f"#  - {{key: pipelines, kind: gitlab, project: {project}{url}}}",
        )
    )
