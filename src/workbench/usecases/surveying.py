"""What can be told about a folder by looking: repository, pipeline, test reports, tables."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from workbench.model.errors import UsageError
from workbench.sources.kinds import KINDS
from workbench.sources.proposing import Folder, Proposal
from workbench.usecases.compose_files import services_of
from workbench.usecases.deployments import deployment, is_compose
from workbench.usecases.first_version import FIRST, FirstVersion, first_version
from workbench.usecases.git import ask_git, git_email, head_commit, tracked_files
from workbench.usecases.pairs import Pair, pairs
from workbench.usecases.pipelines import other_pipelines
from workbench.usecases.yaml_files import yaml_file

MOST_FILES = 20_000
MOST_FOLDERS_DEEP = 8
_MOST_TABLES = 20
_SMALL = 1_000_000
_SKIPPED = frozenset(
    {
        "node_modules", "venv", ".venv", "env", ".git", ".hg", ".svn", ".tox", ".nox", "__pycache__", ".workbench",
        "vendor", "site-packages", "bower_components", ".gradle", ".idea", ".vscode", ".cache", ".terraform",
    }
)  # fmt: skip
_SCP = re.compile(r"(?:[^@/\s]+@)?([\w.-]+):(?!//)(.+)\Z")


class Findings(msgspec.Struct, frozen=True, kw_only=True):
    """What was found in a folder.  Paths are relative to it, with slashes.

    ``host`` is that of the remote; ``commit`` and ``committed_by`` (an email address) are of
    what is checked out; ``proposals`` are what the kinds of source say about the folder;
    ``version`` is that of the release in hand; ``pairs`` are files for staging and for
    production; ``tables`` are CSV files that look like lists of differences.
    """

    folder: Path
    git: bool = False
    host: str | None = None
    commit: str | None = None
    committed_by: str | None = None
    version: FirstVersion = FirstVersion(FIRST, "")
    user_name: str | None = None
    user_email: str | None = None
    other_pipelines: tuple[str, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    deployment: tuple[str, ...] = ()
    pairs: tuple[Pair, ...] = ()
    tables: tuple[str, ...] = ()
    cut_short: bool = False


def survey(folder: Path) -> Findings:
    """Look at a folder: nothing is executed but git, and no link is followed."""
    if not folder.is_dir():
        raise UsageError(f"there is no folder {folder}", hint="make it first, or name another one")
    folder = folder.resolve()
    files, cut_short = _files(folder)
    top = ask_git(folder, "rev-parse", "--show-toplevel")
    pipelines_at = Path(top) if top else folder
    host, path = _remote(folder)
    runs = deployment(folder, files)
    commit, committed_by = head_commit(folder) or (None, None)
    return Findings(
        folder=folder,
        git=top is not None,
        host=host,
        commit=commit,
        committed_by=committed_by or None,
        version=first_version(folder, files, git=top is not None),
        user_name=ask_git(folder, "config", "--get", "user.name"),
        user_email=git_email(folder),
        other_pipelines=other_pipelines(pipelines_at),
        proposals=_proposals(
            Folder(
                folder=folder,
                top=pipelines_at,
                files=tuple(files),
                tracked=tracked_files(folder, "**/*.xml"),
                host=host,
                path=path,
                branch=_branch(folder),
                services=services_of(folder, filter(is_compose, runs)),
                yaml=yaml_file,
            )
        ),
        deployment=runs,
        pairs=pairs(folder, files),
        tables=_tables(folder, files),
        cut_short=cut_short,
    )


def _files(folder: Path) -> tuple[list[str], bool]:
    """The files below a folder, sorted; links and well-known ballast left out."""
    found: list[str] = []
    for place, folders, names in os.walk(folder, followlinks=False):
        inside = Path(place).relative_to(folder)
        deep = len(inside.parts) >= MOST_FOLDERS_DEEP
        folders[:] = [] if deep else sorted(set(folders) - _SKIPPED)
        for name in sorted(names):
            found.append((inside / name).as_posix())
            if len(found) >= MOST_FILES:
                return found, True
    return found, False


def _proposals(folder: Folder) -> tuple[Proposal, ...]:
    found = (kind.propose(folder) for kind in KINDS.values() if kind.propose is not None)
    return tuple(proposal for proposal in found if proposal is not None)


# --- git ---------------------------------------------------------------------------------


def _remote(folder: Path) -> tuple[str | None, str | None]:
    """Host and path of the remote; passwords in its address are not looked at."""
    name = "origin"
    address = ask_git(folder, "remote", "get-url", name)
    if address is None:
        name = ask_git(folder, "remote") or ""
        address = ask_git(folder, "remote", "get-url", name) if name else None
    return read_remote(address) if address else (None, None)


def _branch(folder: Path) -> str | None:
    """The branch that is checked out; where none is, the one that the remote names as its own."""
    here = ask_git(folder, "symbolic-ref", "--quiet", "--short", "HEAD")
    if here is not None:
        return here
    theirs = ask_git(folder, "symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD")
    return theirs.partition("/")[2] if theirs else None


def read_remote(address: str) -> tuple[str | None, str | None]:
    """Host and path that a remote's address names."""
    if "://" in address:
        try:
            parts = urlsplit(address)
            host, path = parts.hostname, parts.path
        except ValueError:
            return None, None
    else:
        match = _SCP.match(address)
        if match is None:
            return None, None
        host, path = match[1].lower(), match[2]
    return (host, path) if host else (None, None)


# --- files -------------------------------------------------------------------------------


def _tables(folder: Path, files: list[str]) -> tuple[str, ...]:
    """CSV files whose header names what differs and at least one of the two sides."""
    from workbench.usecases.columns import guess
    from workbench.usecases.tables import read_table

    found = []
    for name in [name for name in files if name.lower().endswith(".csv") and name.count("/") < 3][
        :_MOST_TABLES
    ]:
        path = folder / name
        try:
            if path.is_symlink() or path.stat().st_size > _SMALL:
                continue
            mapping = guess(read_table(path, name).columns, "differences").mapping
        except (UsageError, OSError):
            continue
        if "title" in mapping and ("staging" in mapping or "production" in mapping):
            found.append(name)
    return tuple(found)
