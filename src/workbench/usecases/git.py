"""Asking git, where there is one: no shell, no question back, an end to the waiting."""

from __future__ import annotations

from pathlib import Path

from workbench.model.text import safe_text

SECONDS = 10


def ask_git(folder: Path, *words: str) -> str | None:
    """The first line that ``git WORDS`` prints in a folder, made safe.

    ``None`` where it prints none, fails, takes too long, or there is no git.
    """
    import subprocess  # 10 ms that only who asks git pays for

    try:
        done = subprocess.run(
            ["git", *words],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    line = done.stdout.strip().partition("\n")[0].strip()
    return safe_text(line, 500) if done.returncode == 0 and line else None


def git_email(folder: Path) -> str | None:
    """The e-mail address that git would write into a commit made here."""
    return ask_git(folder, "config", "--get", "user.email")


def head_commit(folder: Path) -> tuple[str, str] | None:
    """The commit that is checked out, in full, and its author's e-mail address (empty if unknown)."""
    commit, _, email = (ask_git(folder, "log", "-1", "--format=%H %ae") or "").partition(" ")
    return (commit, email) if commit else None
