"""What a folder tells of GitHub: its repository, and which of its workflows a commit gets a run of."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from workbench.model.text import some_of
from workbench.sources.github_actions.triggers import Starts, Workflow, starts
from workbench.sources.github_actions.workflows import PUBLIC_HOST, TENANTS, repository_of, workflows_of
from workbench.sources.proposing import Folder, Proposal

_MOST_NAMED = 6
_TESTS_A_COMMIT = frozenset({"push", "merge_group"})


def propose(folder: Folder) -> Proposal | None:
    """Every run of the commit is asked for, if a push can start one; else it is said what starts the workflows."""
    host, repository = repository_of(folder.host, folder.path)
    return proposal(host, repository, workflows_of(folder.top, folder.yaml), folder.branch)


def proposal(
    host: str | None, repository: str | None, workflows: Sequence[Workflow], branch: str | None = None
) -> Proposal | None:
    """The same for a repository and workflows that are known."""
    repository_seen = (("repository", f"{repository} on {host}"),) if repository else ()
    if not workflows:
        return Proposal(seen=repository_seen) if repository_seen else None
    seen = (*repository_seen, *_seen(workflows, branch))
    if not any(_may_test_a_commit(workflow) for workflow in workflows):
        return Proposal(seen=seen, remarks=_never_by_a_commit(repository))
    if not repository:
        return Proposal(seen=seen, remarks=_WITHOUT_REMOTE)
    return Proposal(
        seen=seen,
        entry=(
            "  - key: ci",
            "    kind: github_actions",
            f"    repository: {repository}",
            *([f"    url: {_api(host)}"] if host != PUBLIC_HOST else []),
            *_what_counts(workflows, branch),
            "    token: ${GITHUB_TOKEN}  # from the environment; public repositories answer without",
        ),
        tests=("      - tests_green: ci",),
        about="Everything that GitHub ran for exactly this commit is green.",
        asks="GitHub",
    )


def _api(host: str | None) -> str:
    """Where an Enterprise answers: a server of one's own, or GitHub's under a name of one's own."""
    return f"https://api.{host}" if host and host.endswith(TENANTS) else f"https://{host}/api/v3"


def _seen(workflows: Sequence[Workflow], branch: str | None) -> list[tuple[str, str]]:
    """The workflows by what a push of a commit does to them."""
    to = f" to {branch}" if branch else ""
    said: dict[str, Callable[[Workflow], bool]] = {
        f"on every push{to}": lambda item: starts(item, branch) is Starts.ALWAYS,
        "on some pushes": lambda item: bool(item.triggers) and _may_test_a_commit(item),
        "not by a commit that is pushed": lambda item: bool(item.triggers),
        "not known when": lambda item: True,
    }
    by_words: dict[str, list[str]] = {words: [] for words in said}
    for workflow in workflows:
        by_words[next(words for words, fits in said.items() if fits(workflow))].append(workflow.file)
    return [
        ("pipeline", f"GitHub, {words}: {some_of(names, _MOST_NAMED)}")
        for words, names in by_words.items()
        if names
    ]


def _may_test_a_commit(workflow: Workflow) -> bool:
    """Whether a commit that is pushed or merged can get a run; a schedule says nothing of one commit."""
    if not workflow.triggers:
        return True  # not known, so it is asked
    only_tags = [t for t in workflow.triggers if t.event == "push" and t.tags and not t.branches]
    by_commit = [t for t in workflow.triggers if t.event in _TESTS_A_COMMIT]
    return len(by_commit) > len(only_tags)


def _what_counts(workflows: Sequence[Workflow], branch: str | None) -> tuple[str, ...]:
    always = [item.file for item in workflows if starts(item, branch) is Starts.ALWAYS]
    if not always:
        return ("    # Everything that ran for the commit counts.",)
    return (
        "    # Everything that ran for the commit counts.  To ask only for some, which then must have run:",
        f"    # workflow: [{', '.join(always)}]",
    )


_WITHOUT_REMOTE = (
    "# There are GitHub workflows here, but no remote on GitHub.  With one, they can be asked:",
    "#  - {key: ci, kind: github_actions, repository: OWNER/NAME}",
)


def _never_by_a_commit(repository: str | None) -> tuple[str, ...]:
    return (
        "# The GitHub workflows here start for pull requests, by hand or by other means: a commit that is",
        "# pushed gets no run of its own.  Once one has “on: push”, everything that ran can be asked for:",
        f"#  - {{key: ci, kind: github_actions, repository: {repository or 'OWNER/NAME'}}}",
    )
