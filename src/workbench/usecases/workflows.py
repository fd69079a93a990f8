"""The GitHub workflows of a checkout, and what starts each of them."""

from __future__ import annotations

import re
from pathlib import Path

from workbench.definitions.files import Unusable, read_text
from workbench.definitions.yaml_text import Mapping, Node, Scalar, Sequence, parse
from workbench.model.text import safe_text
from workbench.sources.github_actions.triggers import Trigger, Workflow

MOST_WORKFLOWS = 200
_FILE = re.compile(r"[\w.-]+\.ya?ml")
_FILTERS = ("branches", "branches-ignore", "tags", "tags-ignore", "paths", "paths-ignore")
_LONGEST = 100  # characters of a name or a pattern


def workflows_of(top: Path) -> tuple[Workflow, ...]:
    """The workflows of a checkout, sorted by file; ``top`` is where it begins.  Links are not followed."""
    folder = top / ".github" / "workflows"
    try:
        if folder.parent.is_symlink() or folder.is_symlink() or not folder.is_dir():
            return ()
        names = sorted(path.name for path in folder.iterdir() if _FILE.fullmatch(path.name))
    except OSError:
        return ()
    found = (workflow_of(folder / name) for name in names[:MOST_WORKFLOWS])
    return tuple(workflow for workflow in found if workflow is not None)


def workflow_of(path: Path) -> Workflow | None:
    """One workflow file; ``None`` where there is no file.  One that cannot be read has no triggers."""
    if path.is_symlink() or not path.is_file():
        return None
    try:
        return read_workflow(read_text(path), path.name)
    except Unusable:
        return Workflow(file=path.name)


def read_workflow(text: str, file: str) -> Workflow:
    """A workflow's text.  ``on:`` may be one event, a list, or events with their filters.

    Programs that write YAML again make ``true:`` of ``on:``; that counts, too.
    """
    root = parse(text, file).root
    if not isinstance(root, Mapping):
        return Workflow(file=file)
    entry = root.entries.get("on") or root.entries.get("true")
    return Workflow(
        file=file,
        title=safe_text(root.text("name") or "", _LONGEST),
        triggers=_triggers(entry[1]) if entry else (),
        line=entry[0].line if entry else 0,
    )


def _triggers(on: Node) -> tuple[Trigger, ...]:
    if isinstance(on, Mapping):
        return tuple(_trigger(event, filters) for event, (_, filters) in on.entries.items())
    return tuple(Trigger(event=event) for event in _texts(on))


def _trigger(event: str, filters: Node) -> Trigger:
    found: dict[str, tuple[str, ...]] = {}
    if isinstance(filters, Mapping):
        for name in _FILTERS:
            node = filters.get(name)
            found[name.replace("-", "_")] = _texts(node) if node is not None else ()
    return Trigger(event=safe_text(event, _LONGEST), **found)


def _texts(node: Node) -> tuple[str, ...]:
    nodes = node.items if isinstance(node, Sequence) else [node]
    return tuple(
        safe_text(item.text, _LONGEST) for item in nodes if isinstance(item, Scalar) and not item.empty
    )
