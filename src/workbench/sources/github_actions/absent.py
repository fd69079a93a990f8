"""Why a workflow that must have run did not: what its file in the checkout says."""

from __future__ import annotations

from workbench.sources.github_actions.found import repository_of
from workbench.sources.github_actions.triggers import (
    Starts,
    Workflow,
    can_still_start,
    how_it_starts,
    starts,
)
from workbench.sources.github_actions.workflows import workflows_of
from workbench.sources.proposing import Explanation, Folder

_FIELD = "workflow"


def explain(repository: str, absent: str, folder: Folder) -> Explanation | None:
    """What the checkout says of workflows that did not run, given with commas between them.

    ``None`` where it has nothing to say: it is another repository's, or holds no workflow.
    """
    names = [name for name in absent.split(",") if name]
    _, own = repository_of(folder.host, folder.path)
    if not names or (own is not None and own.lower() != repository.lower()):
        return None
    known = workflows_of(folder.top, folder.yaml)
    if not known:
        return None
    found = [(name, _named(name, known)) for name in names]
    dead = [name for name, workflow in found if workflow is None or _cannot_start(workflow)]
    said = [words for name, workflow in found if (words := _words(name, workflow))]
    if dead:
        what = "it" if len(names) == 1 else " and ".join(dead)
        by_hand = any(workflow and "workflow_dispatch" in workflow.events for _, workflow in found)
        said.append(f"{'start it for this commit, or ' if by_hand else ''}take {what} out of workflow:")
    return Explanation(why="; ".join(said), field=_FIELD if dead else "") if said else None


def _named(name: str, known: tuple[Workflow, ...]) -> Workflow | None:
    return next((workflow for workflow in known if name in (workflow.file, workflow.title)), None)


def _cannot_start(workflow: Workflow) -> bool:
    return starts(workflow) is not Starts.UNKNOWN and not can_still_start(workflow)


def _words(name: str, workflow: Workflow | None) -> str:
    if workflow is None:
        return f"the checkout has no {name}"
    how = starts(workflow)
    if how is Starts.UNKNOWN:
        return ""
    if how is Starts.ALWAYS:
        return f"{name} starts on every push, so its run may not be listed yet"
    return f"{name} runs only {how_it_starts(workflow)}"
