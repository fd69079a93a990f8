"""Asking git for the commits of a range, and for the fragments that stand at its end.

Fragments are read from git's objects at the candidate's commit and never from the working tree, so that no link leads
anywhere and an unsaved edit tells nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from workbench.model.cells import clean
from workbench.releases.commit_log import MOST, MOST_FRAGMENTS, Listed, LoggedCommit
from workbench.releases.conventional import read_message
from workbench.releases.fragments import FOLDER, LARGEST, Fragment, is_fragment, read_fragment
from workbench.usecases.git import ask_git, ask_git_for_bytes, is_shallow

Clean = Callable[[str], str]
MOST_BYTES = 32 * 1024 * 1024  # of all messages together
_MOST_MISSING = 5
_FIELDS = ("%H", "%P", "%an", "%ct", "%B")
_FORMAT = "--format=" + "%x00".join(_FIELDS) + "%x00"
_LOG = ("log", "--no-show-signature", "--no-color", "--no-notes", "--encoding=UTF-8", "--topo-order", _FORMAT)
_LINK, _FOLDER = "120000", "040000"


def list_range(folder: Path, since: str, until: str, without_secrets: Clean) -> Listed | None:
    """What lies between two commits that git knows, both in full; ``None`` where it cannot tell.

    ``without_secrets`` cleans each text before it is kept.
    """
    total = _count(folder, since, until)
    commits = _commits(folder, since, until, without_secrets)
    if total is None or commits is None:
        return None
    missing = _count(folder, until, since) or 0
    fragments, beyond = _fragments(folder, since, until, without_secrets)
    return Listed(
        commits=commits,
        beyond=max(0, total - len(commits)),
        fragments=fragments,
        fragments_beyond=beyond,
        missing=(_commits(folder, until, since, without_secrets, _MOST_MISSING) or ()) if missing else (),
        missing_count=missing,
        shallow=is_shallow(folder),
    )


def _count(folder: Path, since: str, until: str) -> int | None:
    found = ask_git(folder, "rev-list", "--count", f"{since}..{until}", "--")
    return int(found) if found and found.isdecimal() and len(found) < 12 else None


def _commits(
    folder: Path, since: str, until: str, without_secrets: Clean, most: int = MOST
) -> tuple[LoggedCommit, ...] | None:
    words = (*_LOG, f"--max-count={most}", f"{since}..{until}", "--")
    printed = ask_git_for_bytes(folder, *words, most=MOST_BYTES)
    if printed is None:
        return None
    parts = printed.decode("utf-8", "replace").split("\0")
    rows = (parts[at : at + len(_FIELDS)] for at in range(0, len(parts) - 1, len(_FIELDS)))
    return tuple(_commit(row, without_secrets) for row in rows if len(row) == len(_FIELDS))


def _commit(row: list[str], without_secrets: Clean) -> LoggedCommit:
    commit, parents, author, seconds, message = row
    return LoggedCommit(
        commit=commit.strip(),
        parents=len(parents.split()),
        author=clean(without_secrets(author[:200]))[:80],
        at=_moment(seconds),
        message=read_message(without_secrets(message[:20_000])),
    )


def _moment(seconds: str) -> datetime | None:
    """When a commit was made, as it says itself; a moment that no calendar has is none."""
    try:
        return datetime.fromtimestamp(int(seconds), UTC) if len(seconds) < 12 else None
    except (ValueError, OverflowError, OSError):
        return None


# --- fragments -----------------------------------------------------------------------------------


class _File(msgspec.Struct, frozen=True):
    """A file of a commit: its mode, what git calls its contents, and its path from the project."""

    mode: str
    blob: str
    path: str


def _fragments(
    folder: Path, since: str, until: str, without_secrets: Clean
) -> tuple[tuple[Fragment, ...], int]:
    """The fragments that the range adds or changes, in the order of their names, and how many were too many."""
    before = {(one.path, one.blob) for one in _files(folder, since)}
    after = (one for one in _files(folder, until) if one.mode != _FOLDER)
    new = [one for one in after if (one.path, one.blob) not in before]
    chosen = sorted(
        (one for one in new if is_fragment(one.path.rpartition("/")[2])), key=lambda one: one.path
    )
    read, beyond = chosen[:MOST_FRAGMENTS], max(0, len(chosen) - MOST_FRAGMENTS)
    added = _added_in(folder, since, until)
    found = []
    for one in read:
        data = None if one.mode == _LINK or not one.mode.startswith("100") else _contents(folder, one.blob)
        fragment = read_fragment(clean(one.path), one.blob, data, added.get(one.path, ()))
        found.append(msgspec.structs.replace(fragment, text=without_secrets(fragment.text)))
    return tuple(found), beyond


def _files(folder: Path, commit: str) -> Iterator[_File]:
    printed = ask_git_for_bytes(folder, "ls-tree", "-z", commit, "--", f"{FOLDER}/", most=MOST_BYTES)
    for line in (printed or b"").decode("utf-8", "replace").split("\0"):
        head, _, path = line.partition("\t")
        parts = head.split(" ")
        if path and len(parts) == 3:
            yield _File(parts[0], parts[2], path)


def _contents(folder: Path, blob: str) -> bytes:
    """The bytes of a fragment; more than :data:`LARGEST` where it is larger, of which nothing is used."""
    found = ask_git_for_bytes(folder, "cat-file", "blob", blob, most=LARGEST)
    return b" " * (LARGEST + 1) if found is None else found


def _added_in(folder: Path, since: str, until: str) -> dict[str, tuple[str, ...]]:
    """Which commits of the range wrote each fragment, by its path."""
    words: tuple[str, ...] = ("log", "--no-show-signature", "--no-color", "--no-notes")
    words += ("--no-ext-diff", "--no-textconv")
    words += ("--no-renames", "--relative", "--name-only", "-z", f"--max-count={MOST}", "--format=%x01%H")
    printed = ask_git_for_bytes(folder, *words, f"{since}..{until}", "--", f"{FOLDER}/", most=MOST_BYTES)
    found: dict[str, tuple[str, ...]] = {}
    commit = ""
    for part in (printed or b"").decode("utf-8", "replace").replace("\n", "\0").split("\0"):
        if part.startswith("\x01"):
            commit = part[1:]
        elif part and commit:
            found[part] = (*found.get(part, ()), commit)
    return found
