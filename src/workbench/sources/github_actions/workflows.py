"""The repository of a checkout, and its workflows, read from their files."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from workbench.model.text import safe_text
from workbench.sources.github_actions.triggers import Trigger, Workflow

PUBLIC_HOST = "github.com"
TENANTS = ".ghe.com"
MOST_WORKFLOWS = 200
_FILE = re.compile(r"[\w.-]+\.ya?ml")
_FILTERS = ("branches", "branches-ignore", "tags", "tags-ignore", "paths", "paths-ignore")
_LONGEST = 100  # characters of a name or a pattern

Yaml = Callable[[Path], Any]
"""Reads a file as YAML whose scalars stay text; ``None`` where there is nothing that can be read."""


def repository_of(host: str | None, path: str | None) -> tuple[str | None, str | None]:
    """The host as people know it, and ``owner/name`` where it is GitHub's."""
    if not host or path is None:
        return host, None
    names = path.strip("/").removesuffix(".git").split("/")
    github = (
        host in (PUBLIC_HOST, f"ssh.{PUBLIC_HOST}") or host.startswith("github.") or host.endswith(TENANTS)
    )
    whole = len(names) == 2 and all(re.fullmatch(r"[A-Za-z0-9_.-]+", name) for name in names)
    known = PUBLIC_HOST if host == f"ssh.{PUBLIC_HOST}" else host
    return known, "/".join(names) if github and whole else None


def workflows_of(top: Path, yaml: Yaml) -> tuple[Workflow, ...]:
    """The workflows of a checkout, sorted by file; ``top`` is where it begins.  Links are not followed.

    A file that cannot be read is a workflow without triggers.
    """
    folder = top / ".github" / "workflows"
    try:
        if folder.parent.is_symlink() or folder.is_symlink() or not folder.is_dir():
            return ()
        paths = sorted(path for path in folder.iterdir() if _FILE.fullmatch(path.name))
        files = [path for path in paths if path.is_file() and not path.is_symlink()]
    except OSError:
        return ()
    return tuple(read_workflow(yaml(path), path.name) for path in files[:MOST_WORKFLOWS])


def read_workflow(root: Any, file: str) -> Workflow:
    """A workflow from its YAML.  ``on:`` may be one event, a list, or events with their filters.

    Programs that write YAML again make ``true:`` of ``on:``; that counts, too.
    """
    if not isinstance(root, dict):
        return Workflow(file=file)
    title = root.get("name")
    on = root["on"] if "on" in root else root.get("true")
    return Workflow(
        file=file,
        title=safe_text(title, _LONGEST) if isinstance(title, str) else "",
        triggers=_triggers(on),
    )


def _triggers(on: Any) -> tuple[Trigger, ...]:
    if isinstance(on, dict):
        return tuple(_trigger(event, filters) for event, filters in on.items())
    return tuple(Trigger(event=event) for event in _texts(on))


def _trigger(event: str, filters: Any) -> Trigger:
    given = filters if isinstance(filters, dict) else {}
    found = {name.replace("-", "_"): _texts(given.get(name)) for name in _FILTERS}
    return Trigger(event=safe_text(event, _LONGEST), **found)


def _texts(found: Any) -> tuple[str, ...]:
    items = found if isinstance(found, list) else [found]
    return tuple(safe_text(item, _LONGEST) for item in items if isinstance(item, str))
