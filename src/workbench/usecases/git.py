"""Asking git, where there is one: no shell, no question back, an end to the waiting."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from workbench.model.text import safe_text

SECONDS = 10
_AT_ONCE = 200  # names in one question: a command line is limited
# A checkout's own configuration names programs; none of them is run, nothing is fetched, and
# no commit is taken for another one.
_SAFE = ("-c", "log.showSignature=false", "-c", "core.fsmonitor=", "-c", "gpg.program=")
_ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}
_SCP = re.compile(r"(?:[^@/\s]+@)?([\w.-]+):(?!//)(.+)\Z")
_COMMIT = re.compile(r"[0-9a-f]{4,64}\Z")


def ask_git(folder: Path, *words: str) -> str | None:
    """The first line that ``git WORDS`` prints in a folder, made safe.

    ``None`` where it prints none, fails, takes too long, or there is no git.
    """
    line = (_printed(folder, words) or "").strip().partition("\n")[0].strip()
    return safe_text(line, 500) if line else None


def ask_git_for_all(folder: Path, *words: str, between: str = "\n") -> tuple[str, ...]:
    """Everything that ``git WORDS`` prints, taken apart at ``between``; nothing where :func:`ask_git` says ``None``.

    The parts are as git wrote them: who shows one makes it safe.
    """
    return tuple(part for part in (_printed(folder, words) or "").split(between) if part)


def _printed(folder: Path, words: tuple[str, ...]) -> str | None:
    import subprocess  # 10 ms that only who asks git pays for

    try:
        done = subprocess.run(
            ["git", *_SAFE, *words],
            cwd=folder,
            env={**os.environ, **_ENVIRONMENT},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout if done.returncode == 0 else None


def ask_git_for_bytes(folder: Path, *words: str, most: int, given: bytes = b"") -> bytes | None:
    """What ``git WORDS`` prints, as it is, up to ``most`` bytes; ``given`` is what it reads.

    ``None`` where it prints more, fails, takes longer than :data:`SECONDS`, or there is no git.
    """
    import subprocess
    import threading

    try:
        child = subprocess.Popen(
            ["git", "--no-pager", *_SAFE, *words],
            cwd=folder,
            env={**os.environ, **_ENVIRONMENT},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except OSError:
        return None
    timer = threading.Timer(SECONDS, child.kill)
    feeding = threading.Thread(target=_feed, args=(child.stdin, given), daemon=True)
    with child:
        timer.start()
        feeding.start()
        printed = child.stdout.read(most + 1) if child.stdout else b""
        if len(printed) > most:
            child.kill()
        feeding.join()
        code = child.wait()
        timer.cancel()
    return printed if code == 0 and len(printed) <= most else None


def _feed(pipe: IO[bytes] | None, given: bytes) -> None:
    """Writes what a program reads, beside reading what it prints: neither waits for the other."""
    if pipe is not None:
        with suppress(OSError), pipe:
            pipe.write(given)


def is_shallow(folder: Path) -> bool:
    """Whether the history of a checkout was cut, so that commits may be lacking."""
    return ask_git(folder, "rev-parse", "--is-shallow-repository") == "true"


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


def git_email(folder: Path) -> str | None:
    """The e-mail address that git would write into a commit made here."""
    return ask_git(folder, "config", "--get", "user.email")


def is_tracked(folder: Path, path: str) -> bool:
    """Whether a file of a checkout belongs to what is committed there, so that it came with it."""
    return ask_git(folder, "ls-files", "--", path) is not None


def tracked_files(folder: Path, pattern: str) -> frozenset[str]:
    """The files below a folder that match and belong to what is committed; paths relative to it."""
    return frozenset(ask_git_for_all(folder, "ls-files", "-z", "--", f":(icase,glob){pattern}", between="\0"))


def tracked_among(folder: Path, names: Sequence[str]) -> frozenset[str]:
    """Those of some files, named relative to a folder, that belong to what is committed there."""
    found: set[str] = set()
    for start in range(0, len(names), _AT_ONCE):
        asked = [f":(literal){name}" for name in names[start : start + _AT_ONCE]]
        found.update(ask_git_for_all(folder, "ls-files", "-z", "--", *asked, between="\0"))
    return frozenset(found)


def files_between(folder: Path, old: str, new: str) -> tuple[str, ...] | None:
    """The files that differ between two commits, relative to the repository; a renamed one under both names.

    ``None`` where git does not know one of them, or cannot tell.
    """
    commits = [commit_named(folder, name) for name in (old, new)]
    if None in commits:
        return None
    words = ("diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", *map(str, commits), "--")
    printed = _printed(folder, words)
    return tuple(part for part in printed.split("\0") if part) if printed is not None else None


def head_commit(folder: Path) -> tuple[str, str] | None:
    """The commit that is checked out, in full, and its author's e-mail address (empty if unknown)."""
    return _logged(folder, "HEAD")


def commit_named(folder: Path, name: str) -> str | None:
    """The commit, in full, that a branch, a tag or ``HEAD`` stands for; ``None`` if git knows none of that name."""
    found = ask_git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    return found if found and _COMMIT.match(found) else None


def commit_meant(folder: Path, digits: str) -> str | None:
    """The commit, in full, that begins with these digits; a branch or tag of that name does not stand for it."""
    wanted = digits.strip().lower()
    found = commit_named(folder, wanted) if _COMMIT.match(wanted) else None
    return found if found and found.startswith(wanted) else None


def is_commit(text: str) -> bool:
    """Whether a text is a commit or its beginning, by its letters."""
    return _COMMIT.match(text.strip().lower()) is not None


def author_email(folder: Path, commit: str) -> str | None:
    """The e-mail address of a commit's author, as the commit itself says it; ``None`` if git does not know it.

    ``commit`` may be its beginning.  A branch or tag of the same name does not stand for it.
    """
    wanted = commit.strip().lower()
    if not _COMMIT.match(wanted):
        return None
    found = _logged(folder, f"{wanted}^{{commit}}")
    return (found[1] or None) if found and found[0].startswith(wanted) else None


def committed_at(folder: Path, commit: str) -> datetime | None:
    """When a commit was made, as it says itself; ``None`` if git does not know it."""
    wanted = commit.strip().lower()
    if not _COMMIT.match(wanted):
        return None
    words = ("log", "-1", "--no-show-signature", "--format=%ct", f"{wanted}^{{commit}}", "--")
    seconds = ask_git(folder, *words) or ""
    return datetime.fromtimestamp(int(seconds), UTC) if seconds.isdecimal() and len(seconds) < 12 else None


def _logged(folder: Path, revision: str) -> tuple[str, str] | None:
    words = ("log", "-1", "--no-show-signature", "--format=%H %ae", revision, "--")
    commit, _, email = (ask_git(folder, *words) or "").partition(" ")
    return (commit, email) if commit else None
