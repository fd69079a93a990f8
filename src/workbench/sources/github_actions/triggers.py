"""What starts a workflow (its ``on:``), and what that means for one commit.  Reads no file: see ``workflows``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum

import msgspec

PULL_REQUESTS = frozenset(
    {"pull_request", "pull_request_target", "pull_request_review", "pull_request_review_comment"}
)
"""Events whose runs test a merge with another branch, or that branch: never the commit itself."""

NEVER_OF_FORKS = frozenset({"push", "schedule", "workflow_dispatch", "merge_group", "repository_dispatch"})
"""Events that start a run in the repository only for its own branches."""

_WORDS = {
    "pull_request": "for pull requests",
    "pull_request_target": "for pull requests",
    "pull_request_review": "for reviews of pull requests",
    "pull_request_review_comment": "for reviews of pull requests",
    "merge_group": "in the merge queue",
    "schedule": "on a schedule",
    "workflow_dispatch": "by hand",
    "repository_dispatch": "when another program asks for it",
    "workflow_call": "inside the workflows that call it",
    "workflow_run": "after another workflow",
    "release": "for releases on GitHub",
    "deployment": "for deployments",
    "deployment_status": "for deployments",
}
_BY_COMMIT = frozenset({"push", "schedule", "merge_group", "release", "workflow_run"})
_MOST_NAMED = 3


class Starts(StrEnum):
    """How sure it is that a commit which is pushed gets a run of a workflow."""

    ALWAYS = "always"
    SOMETIMES = "sometimes"  # other branches, tags, paths, a schedule, the merge queue
    NEVER = "never"  # pull requests, other workflows or people start it
    UNKNOWN = "unknown"  # its ``on:`` could not be read


class Trigger(msgspec.Struct, frozen=True, kw_only=True):
    """One event of ``on:`` with its filters, as they are written; empty where there is none."""

    event: str
    branches: tuple[str, ...] = ()
    branches_ignore: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    tags_ignore: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    paths_ignore: tuple[str, ...] = ()


class Workflow(msgspec.Struct, frozen=True, kw_only=True):
    """A workflow file: its name in ``.github/workflows``, its title if it has one, and what starts it."""

    file: str
    title: str = ""
    triggers: tuple[Trigger, ...] = ()

    @property
    def events(self) -> frozenset[str]:
        """The events that start it."""
        return frozenset(trigger.event for trigger in self.triggers)


def starts(workflow: Workflow, branch: str | None = None) -> Starts:
    """Whether a push of a commit to ``branch`` (any branch, where it is not known) starts a workflow."""
    if not workflow.triggers:
        return Starts.UNKNOWN
    if any(_always(trigger, branch) for trigger in workflow.triggers):
        return Starts.ALWAYS
    return Starts.SOMETIMES if workflow.events & _BY_COMMIT else Starts.NEVER


def can_still_start(workflow: Workflow) -> bool:
    """Whether a commit without a run may yet get one, though nobody starts it: by a tag, a schedule, a late listing."""
    return any(
        trigger.event in _BY_COMMIT and not (trigger.paths or trigger.paths_ignore)
        for trigger in workflow.triggers
    )


def how_it_starts(workflow: Workflow) -> str:
    """What starts a workflow, in words that follow “it runs only”: ``by hand, or on a push to main``."""
    said = list(dict.fromkeys(_words(trigger) for trigger in workflow.triggers))
    if len(said) > _MOST_NAMED:
        said = [*said[:_MOST_NAMED], f"in {len(said) - _MOST_NAMED} other cases"]
    return ", or ".join([", ".join(said[:-1]), said[-1]] if len(said) > 2 else said)


def fits(patterns: Sequence[str], name: str) -> bool:
    """Whether a branch or tag fits GitHub's filter patterns, of which a later one with ``!`` takes back.

    A pattern that cannot be read fits nothing.
    """
    fitting = False
    for pattern in patterns:
        taken_back = pattern.startswith("!")
        if fitting is taken_back and _fits(pattern.removeprefix("!"), name):
            fitting = not taken_back
    return fitting


def _always(trigger: Trigger, branch: str | None) -> bool:
    if trigger.event != "push" or trigger.paths or trigger.paths_ignore:
        return False
    if trigger.branches:
        return branch is not None and fits(trigger.branches, branch)
    if trigger.branches_ignore:
        return branch is not None and not fits(trigger.branches_ignore, branch)
    return not (trigger.tags or trigger.tags_ignore)  # a filter of tags alone leaves branches out


def _words(trigger: Trigger) -> str:
    if trigger.event != "push":
        return _WORDS.get(trigger.event, f"on {trigger.event}")
    said = "on a push"
    where = [*_named("to", trigger.branches), *_named("of the tag", trigger.tags)]
    if where:
        said += f" {' or '.join(where)}"
    if trigger.branches_ignore:
        said += f" to other branches than {_some(trigger.branches_ignore)}"
    if trigger.paths:
        said += f" that changes {_some(trigger.paths)}"
    if trigger.paths_ignore:
        said += f" that changes more than {_some(trigger.paths_ignore)}"
    return said


def _named(word: str, names: tuple[str, ...]) -> Iterator[str]:
    if names:
        yield f"{word} {_some(names)}"


def _some(names: tuple[str, ...]) -> str:
    more = len(names) - _MOST_NAMED
    return " or ".join(names[:_MOST_NAMED]) + (f" or {more} others" if more > 0 else "")


_PARTS = re.compile(r"\*\*|\*|\\.|[?+]|\[[^\]/]*\]|[^*\\?+\[]|.", re.DOTALL)
_MOST_STARS = 8  # beyond that a pattern could take long to try


def _fits(pattern: str, name: str) -> bool:
    if pattern.count("*") > _MOST_STARS or len(pattern) > 300 or len(name) > 300:
        return False
    text = "".join(map(_part, _PARTS.findall(pattern)))
    try:
        return re.fullmatch(text, name) is not None
    except re.error:
        return False


def _part(part: str) -> str:
    if part in ("**", "*"):
        return ".*" if part == "**" else "[^/]*"
    if part in ("?", "+"):
        return part  # of the character before, as GitHub counts them
    if part.startswith("[") and part.endswith("]") and len(part) > 2:
        inside = re.sub(r"([\\^\[&|~])", r"\\\1", part[1:-1])
        return f"[{inside}]"
    return re.escape(part[1:] if part.startswith("\\") and len(part) == 2 else part)
