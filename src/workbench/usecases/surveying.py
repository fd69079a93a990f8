"""What can be told about a folder by looking: repository, pipeline, test reports, tables."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from workbench.model.errors import UsageError
from workbench.model.text import safe_text
from workbench.sources.kinds import KINDS
from workbench.sources.proposing import Folder, Proposal
from workbench.usecases.compose_files import services_of
from workbench.usecases.deployments import deployment, is_aside, is_compose
from workbench.usecases.first_version import FIRST, FirstVersion, first_version
from workbench.usecases.git import ask_git, git_email, head_commit, read_remote, tracked_files
from workbench.usecases.pairs import Pair, for_one_environment, pairs
from workbench.usecases.pipelines import other_pipelines
from workbench.usecases.source_signs import source_signs
from workbench.usecases.yaml_files import yaml_file

MOST_FILES = 20_000
MOST_FOLDERS_DEEP = 8
_MOST_TABLES = 20
_LONGEST = 500  # characters of a path
_SMALL = 1_000_000
_SKIPPED = frozenset(
    {
        "node_modules", "venv", ".venv", ".git", ".hg", ".svn", ".tox", ".nox", "__pycache__", ".workbench",
        "vendor", "site-packages", "bower_components", ".gradle", ".idea", ".vscode", ".cache", ".terraform",
    }
)  # fmt: skip


class Findings(msgspec.Struct, frozen=True, kw_only=True):
    """What was found in a folder.  Paths are relative to it, with slashes.

    ``host`` is that of the remote; ``commit`` and ``committed_by`` (an email address) are of
    what is checked out; it is not ``pushed`` where this checkout knows branches of a remote and
    none of them holds it; ``proposals`` are what the kinds of source say about the folder;
    ``version`` is that of the release in hand; ``pairs`` are files for staging and for
    production; ``tables`` are CSV files that look like lists of differences.
    """

    folder: Path
    git: bool = False
    host: str | None = None
    commit: str | None = None
    committed_by: str | None = None
    pushed: bool = True
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
    files, cut_short = files_below(folder)
    top = ask_git(folder, "rev-parse", "--show-toplevel")
    pipelines_at = Path(top) if top else folder
    host, path = _remote(folder)
    runs, paired = deployment(folder, files), pairs(folder, files)
    commit, committed_by = head_commit(folder) or (None, None)
    return Findings(
        folder=folder,
        git=top is not None,
        host=host,
        commit=commit,
        committed_by=committed_by or None,
        pushed=_is_pushed(folder),
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
        deployment=_with_configuration(runs, paired, files),
        pairs=paired,
        tables=_tables(folder, files),
        cut_short=cut_short,
    )


def files_below(folder: Path) -> tuple[list[str], bool]:
    """The files below a folder, sorted, and whether there are more.

    Links and well-known ballast are left out, and names that no line of a file can hold, such
    as one with a line break in it.
    """
    found: list[str] = []
    for place, folders, names in os.walk(folder, followlinks=False):
        inside = Path(place).relative_to(folder)
        deep = len(inside.parts) >= MOST_FOLDERS_DEEP
        folders[:] = [] if deep else sorted(name for name in folders if not _is_ballast(Path(place), name))
        for name in sorted(names):
            path = (inside / name).as_posix()
            if safe_text(path, _LONGEST) != path:
                continue
            found.append(path)
            if len(found) >= MOST_FILES:
                return found, True
    return found, False


def _is_ballast(place: Path, name: str) -> bool:
    """Whether a folder holds nothing of the project's own; ``env`` may be a virtual environment or settings."""
    return name in _SKIPPED or (name == "env" and (place / name / "pyvenv.cfg").exists())


def _proposals(folder: Folder) -> tuple[Proposal, ...]:
    found = [kind.propose(folder) for kind in KINDS.values() if kind.propose is not None]
    found.append(source_signs(folder))
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


def _is_pushed(folder: Path) -> bool:
    known = ask_git(folder, "for-each-ref", "--count=1", "--format=%(refname)", "refs/remotes")
    return not known or bool(
        ask_git(folder, "for-each-ref", "--count=1", "--contains=HEAD", "--format=%(refname)", "refs/remotes")
    )


def _branch(folder: Path) -> str | None:
    """The branch that is checked out; where none is, the one that the remote names as its own."""
    here = ask_git(folder, "symbolic-ref", "--quiet", "--short", "HEAD")
    if here is not None:
        return here
    theirs = ask_git(folder, "symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD")
    return theirs.partition("/")[2] if theirs else None


# --- files -------------------------------------------------------------------------------


def _with_configuration(runs: tuple[str, ...], paired: tuple[Pair, ...], files: list[str]) -> tuple[str, ...]:
    """What says how it runs, with files for one environment that no pair and no folder among it names already."""
    told = {name for pair in paired for name in (pair.staging, pair.production)}
    folders = tuple(name for name in runs if name.endswith("/"))
    more = [name for name in for_one_environment(files) if name not in told and not name.startswith(folders)]
    return tuple(sorted({*runs, *more}))


def _may_be_table(name: str) -> bool:
    """Whether a file may be a team's table; in a folder of tests or examples it is none, in one of documents it may be."""
    *folders, file = name.split("/")
    return file.lower().endswith(".csv") and len(folders) < 3 and not is_aside(set(folders) - {"doc", "docs"})


def _tables(folder: Path, files: list[str]) -> tuple[str, ...]:
    """CSV files whose header names what differs and at least one of the two sides."""
    from workbench.usecases.columns import guess
    from workbench.usecases.tables import read_table

    found = []
    for name in [name for name in files if _may_be_table(name)][:_MOST_TABLES]:
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
