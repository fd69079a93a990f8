"""What a folder tells of GitHub: its repository, and the workflows that test a commit."""

from __future__ import annotations

import re
from pathlib import Path

from workbench.sources.proposing import Folder, Proposal

_PUBLIC = "github.com"
_MOST = 50
_CI_WORDS = {
    "ci",
    "test",
    "tests",
    "testing",
    "build",
    "builds",
    "check",
    "checks",
    "verify",
    "main",
    "pipeline",
}


def propose(folder: Folder) -> Proposal | None:
    """The workflows of the folder's repository; without a remote on GitHub, how that would be written."""
    host, repository = repository_of(folder.host, folder.path)
    return proposal(host, repository, workflows(folder.top))


def proposal(host: str | None, repository: str | None, names: tuple[str, ...]) -> Proposal | None:
    """The same for a repository and workflows that are known."""
    seen = [("repository", f"{repository} on {host}")] if repository else []
    if names:
        seen.append(("pipeline", f".github/workflows: {', '.join(names)}"))
    if not repository or not names:
        return Proposal(seen=tuple(seen), remarks=_without_remote(names)) if seen else None
    chosen = ci_workflows(names)
    workflow = chosen[0] if len(chosen) == 1 else f"[{', '.join(chosen)}]"
    return Proposal(
        seen=tuple(seen),
        entry=(
            "  - key: ci",
            "    kind: github_actions",
            f"    repository: {repository}",
            *([f"    url: https://{host}/api/v3"] if host != _PUBLIC else []),
            f"    workflow: {workflow}",
            "    token: ${GITHUB_TOKEN}  # from the environment; public repositories answer without",
        ),
        tests=("      - tests_green: ci",),
        about="The tests are green for exactly this commit.",
        asks="GitHub",
    )


def _without_remote(names: tuple[str, ...]) -> tuple[str, ...]:
    if not names:
        return ()
    return (
        "# There are GitHub workflows here, but no remote on GitHub.  With one, they can be asked:",
        f"#   - {{key: ci, kind: github_actions, repository: OWNER/NAME, workflow: {ci_workflows(names)[0]}}}",
    )


def repository_of(host: str | None, path: str | None) -> tuple[str | None, str | None]:
    """The host as people know it, and ``owner/name`` where it is GitHub's."""
    if not host or path is None:
        return host, None
    names = path.strip("/").removesuffix(".git").split("/")
    github = host in (_PUBLIC, f"ssh.{_PUBLIC}") or host.startswith("github.")
    whole = len(names) == 2 and all(re.fullmatch(r"[A-Za-z0-9_.-]+", name) for name in names)
    known = _PUBLIC if host == f"ssh.{_PUBLIC}" else host
    return known, "/".join(names) if github and whole else None


def workflows(top: Path) -> tuple[str, ...]:
    """The workflow files of a checkout, by name."""
    folder = top / ".github" / "workflows"
    if folder.is_symlink() or not folder.is_dir():
        return ()
    files = (path for path in folder.iterdir() if path.suffix in (".yml", ".yaml"))
    names = sorted(path.name for path in files if path.is_file() and not path.is_symlink())
    return tuple(name for name in names[:_MOST] if re.fullmatch(r"[\w.-]+", name))


def ci_workflows(names: tuple[str, ...]) -> tuple[str, ...]:
    """The workflows that test a commit, by their names; all where no name tells."""
    telling = [
        name for name in names if _CI_WORDS & set(re.split(r"[^a-z]+", name.rpartition(".")[0].lower()))
    ]
    return tuple(telling) or names
