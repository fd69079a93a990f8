"""Why a workflow that must have run did not, or never will: what its file in the checkout says."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.sources.github_actions.runs import ANY
from workbench.sources.github_actions.triggers import (
    Starts,
    Workflow,
    can_still_start,
    how_it_starts,
    starts,
)
from workbench.sources.github_actions.workflows import repository_of, workflows_of
from workbench.sources.proposing import Explanation, Folder

_FIELD = "workflow"
_NOT_LISTED = "either the commit is not pushed, or GitHub does not list its run yet"
_ASKED_FOR = frozenset({"workflow_dispatch", "repository_dispatch"})  # people and programs start these


def explain(repository: str, names: Sequence[str], folder: Folder) -> Explanation | None:
    """What the checkout says of workflows that did not run.

    ``None`` where it has nothing to say: it is another repository's, or holds no workflow.
    """
    if list(names) == [ANY]:
        return _nothing_ran(_known(repository, folder))
    found = _found(repository, names, folder)
    dead = [name for name, workflow in found if workflow is None or _cannot_start(workflow)]
    said = [words for name, workflow in found if (words := _words(name, workflow))]
    if dead:
        what = "it" if len(names) == 1 else " and ".join(dead)
        by_hand = any(workflow and "workflow_dispatch" in workflow.events for _, workflow in found)
        said.append(f"{'start it for this commit, or ' if by_hand else ''}take {what} out of workflow:")
    return Explanation(why="; ".join(said), field=_FIELD if dead else "") if said else None


def foresee(repository: str, names: Sequence[str], folder: Folder) -> Explanation | None:
    """Which workflows, named as those that must have run, no commit can start."""
    found = _found(repository, names, folder)
    if repository_of(folder.host, folder.path)[1] is None:  # perhaps another one's, which has other files
        found = [(name, workflow) for name, workflow in found if workflow is not None]
    dead = [
        (name, workflow)
        for name, workflow in found
        if workflow is None or (starts(workflow) is Starts.NEVER and not workflow.events & _ASKED_FOR)
    ]
    said = [_words(name, workflow) for name, workflow in dead]
    if not said:
        return None
    return Explanation(why=f"{'; '.join(said)}: a commit that is pushed gets no run of it", field=_FIELD)


def _nothing_ran(known: Sequence[Workflow]) -> Explanation | None:
    """Why a commit has no run at all."""
    ways = {workflow.file: starts(workflow) for workflow in known}
    by_push = [file for file, way in ways.items() if way is Starts.ALWAYS]
    if by_push:
        return Explanation(why=f"{by_push[0]} starts on every push, so {_NOT_LISTED}")
    if not ways or set(ways.values()) != {Starts.NEVER}:
        return None
    only = known[0]
    return Explanation(
        why="no workflow of the checkout starts when a commit is pushed"
        f" ({only.file} runs only {how_it_starts(only)}): add push to on: of one that tests"
    )


def _found(repository: str, names: Sequence[str], folder: Folder) -> list[tuple[str, Workflow | None]]:
    known = _known(repository, folder)
    return [(name, _named(name, known)) for name in names] if known else []


def _known(repository: str, folder: Folder) -> tuple[Workflow, ...]:
    """The workflows of the checkout, none where it is not that of the repository."""
    _, own = repository_of(folder.host, folder.path)
    if own is not None and own.lower() != repository.lower():
        return ()
    return workflows_of(folder.top, folder.yaml)


def _named(name: str, known: tuple[Workflow, ...]) -> Workflow | None:
    file = name.rsplit("/", 1)[-1]
    return next((one for one in known if one.file == file or one.title == name), None)


def _cannot_start(workflow: Workflow) -> bool:
    return starts(workflow) is not Starts.UNKNOWN and not can_still_start(workflow)


def _words(name: str, workflow: Workflow | None) -> str:
    if workflow is None:
        return f"the checkout has no {name}"
    how = starts(workflow)
    if how is Starts.UNKNOWN:
        return ""
    if how is Starts.ALWAYS:
        return f"{name} starts on every push, so {_NOT_LISTED}"
    return f"{name} runs only {how_it_starts(workflow)}"
