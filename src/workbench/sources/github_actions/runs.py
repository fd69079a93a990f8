"""Workflow runs: which of them speak about a commit, and what they say together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from datetime import UTC, datetime
from decimal import Decimal

import msgspec

from workbench.model.text import safe_text, some_of
from workbench.model.times import in_zone
from workbench.sources.github_actions.triggers import NEVER_OF_FORKS, PULL_REQUESTS
from workbench.sources.moments import Moment
from workbench.sources.reading import Found

NOT_COUNTED = frozenset({"skipped", "neutral"})
ANY = "*"  # what is absent where no workflow is named and none ran
_MOST_NAMED = 5


class Repo(msgspec.Struct, frozen=True):
    """The repository that a run belongs to, or that its branch comes from."""

    id: int


class Run(msgspec.Struct, frozen=True):
    """The fields of a workflow run that are read here.

    ``head_repository`` is where the branch comes from: a fork's for a pull request of a fork,
    ``None`` when that is gone.
    """

    id: int
    workflow_id: int
    run_number: int
    status: str | None
    conclusion: str | None
    event: str
    head_sha: str
    created_at: Moment
    updated_at: Moment
    name: str | None = None
    path: str = ""
    run_attempt: int = 1
    run_started_at: Moment | None = None
    head_branch: str | None = None
    repository: Repo | None = None
    head_repository: Repo | msgspec.UnsetType | None = msgspec.UNSET

    @property
    def title(self) -> str:
        """How people know the workflow."""
        return safe_text(self.name or self.path or str(self.workflow_id), 60)

    @property
    def own(self) -> bool:
        """Whether its branch is one of the repository itself, not of a fork."""
        if self.event in NEVER_OF_FORKS or self.head_repository is msgspec.UNSET:
            return True
        return self.head_repository is not None and self.head_repository == (
            self.repository or self.head_repository
        )

    @property
    def completed(self) -> bool:
        return self.status == "completed"

    @property
    def succeeded(self) -> bool:
        return self.completed and self.conclusion == "success"

    @property
    def without_result(self) -> bool:
        """Skipped or neutral."""
        return self.completed and self.conclusion in NOT_COUNTED

    @property
    def ended_red(self) -> bool:
        """Completed with a result that is not success.  A word that is not known is red."""
        return self.completed and not self.succeeded and not self.without_result

    def goes_by(self, name: str) -> bool:
        """Whether a workflow's file name, path, title or id means this run's workflow."""
        path = self.path.split("@")[0]
        return name in (str(self.workflow_id), self.name, path, path.rsplit("/", 1)[-1])


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked about a commit.

    ``workflows`` must each have run; ``events`` are the only ones that count, any if empty;
    ``asking`` is the id of the run that asks itself; ``unknown`` are workflows that GitHub does not have.
    """

    commit: str
    at: datetime
    workflows: tuple[str, ...] = ()
    events: Set[str] = frozenset()
    asking: int | None = None
    unknown: tuple[str, ...] = ()

    def tests(self, run: Run) -> bool:
        """Whether a run tested the commit itself; for pull requests a merge is tested, which may be asked for."""
        return run.event in self.events or (run.event not in PULL_REQUESTS and run.own)


def newest(runs: Iterable[Run]) -> list[Run]:
    """The newest run of each workflow, event and branch or tag: a later one elsewhere replaces nothing.

    Nor does one without a result replace one that has a result, or will have.
    """
    found: dict[tuple[object, ...], Run] = {}
    for run in sorted(runs, key=lambda run: (not run.without_result, run.run_number, run.run_attempt)):
        found[run.workflow_id, run.event, run.head_branch, run.head_repository] = run
    return list(found.values())


def verdict(runs: Sequence[Run], asked: Asked) -> Found:
    """Is everything that ran for the commit completed and green, and did all run that must?

    Red comes first, then what still runs, then what is missing.  ``facts`` name what did not run
    (``absent``) and the field of the source to edit where fetching again cannot help (``edit``).
    """
    of_commit = newest(run for run in runs if run.head_sha == asked.commit)
    chosen = [run for run in of_commit if not asked.events or run.event in asked.events]
    # A run that has ended asks nothing any more: its id is one that the environment still holds.
    asking = [run for run in chosen if run.id == asked.asking and not run.completed]
    others = [run for run in chosen if run not in asking]
    counted = [run for run in others if not run.without_result]
    red = [run for run in counted if run.ended_red]
    running = [run for run in counted if not run.completed]
    facts: dict[str, str | int] = {
        "commit_known": "asked",
        "runs": len(others),
        "skipped": len(others) - len(counted),
        "passed": sum(run.succeeded for run in counted),
    }
    if counted:
        facts |= {"running": len(running), "failed": len(red), "green": "no" if red or running else "yes"}
    left_out = f"; left out: {asking[0].title}, the run that asks" if asking else ""
    if red:
        why = some_of([f"{run.title}: {_conclusion(run)}{_started(run, chosen)}" for run in red], _MOST_NAMED)
        measured = _measured(counted, asked.at)
        return Found(state="ok", measured_at=measured, value=Decimal(0), why=why + left_out, facts=facts)
    missing = (
        f"still running: {some_of([_unfinished(run) for run in running], _MOST_NAMED)}" if running else ""
    )
    if not missing:
        missing, more = _not_tested(of_commit, chosen, others, counted, asked)
        facts |= more
    if missing:
        return Found(
            state="missing", measured_at=asked.at, why=missing + left_out, facts=facts | {"green": "no"}
        )
    green = [run for run in counted if asked.tests(run)]
    measured = _measured(green, asked.at)
    why = _green_words(counted) + left_out
    return Found(state="ok", measured_at=measured, value=Decimal(1), why=why, facts=facts)


def _not_tested(
    of_commit: Sequence[Run],
    chosen: Sequence[Run],
    others: Sequence[Run],
    counted: Sequence[Run],
    asked: Asked,
) -> tuple[str, dict[str, str | int]]:
    """Why runs of which none is red or running are not enough; "" where they are."""
    commit = asked.commit[:12]
    if asked.unknown:
        names = ", ".join(asked.unknown)
        return f"the repository has no workflow {names}: correct workflow:, or take it out", {
            "absent": ",".join(asked.unknown)
        }
    if asked.workflows:
        return _named_ones(chosen, others, asked)
    if any(asked.tests(run) for run in counted):
        return "", {}
    if counted:
        titles = some_of(list(dict.fromkeys(run.title for run in counted)), _MOST_NAMED)
        return (
            f"only pull requests were tested ({titles}), and those test a merge, not commit {commit};"
            " where that is enough, the source says event: [pull_request]",
            {"edit": "event"},
        )
    if others:
        return "every run was skipped", {}
    if chosen:
        return f"no other run for commit {commit}", {}
    if of_commit:
        return f"no run for commit {commit} that was started by {' or '.join(sorted(asked.events))}", {
            "edit": "event"
        }
    return f"no run for commit {commit}", {"absent": ANY}


def _named_ones(
    chosen: Sequence[Run], others: Sequence[Run], asked: Asked
) -> tuple[str, dict[str, str | int]]:
    """Each workflow that the source names must have tested the commit."""
    absent, said = [], []
    for name in asked.workflows:
        runs = [run for run in others if run.goes_by(name)]
        if any(run.succeeded and asked.tests(run) for run in runs):
            continue
        if any(run.succeeded for run in runs):
            said.append(f"{name} ran for pull requests only, which test a merge")
        elif runs:
            said.append(f"{name} was skipped")
        elif any(run.goes_by(name) for run in chosen):
            said.append(f"{name} is the workflow that asks")
        else:
            absent.append(name)
    facts: dict[str, str | int] = {}
    if absent:
        facts["absent"] = ",".join(absent)
        said.insert(0, f"no run of {', '.join(absent)} for commit {asked.commit[:12]}")
    elif said:
        facts["edit"] = "workflow"
    return "; ".join(said), facts


def _green_words(counted: Sequence[Run]) -> str:
    if len(counted) == 1:
        only = counted[0]
        merged = ", for a pull request: a merge was tested" if only.event in PULL_REQUESTS else ""
        return f"{only.title} succeeded{merged}"
    pulls = sum(run.event in PULL_REQUESTS for run in counted)
    return f"{len(counted)} runs succeeded" + (f", {pulls} of them for pull requests" if pulls else "")


def _measured(runs: Sequence[Run], at: datetime) -> datetime:
    return in_zone(min((run.updated_at for run in runs), default=at), UTC)


def _unfinished(run: Run) -> str:
    waits = " (waits for an approval on GitHub)" if run.status in ("waiting", "action_required") else ""
    return run.title + waits


def _conclusion(run: Run) -> str:
    return safe_text(run.conclusion or "no conclusion", 40)


def _started(run: Run, chosen: Sequence[Run]) -> str:
    """What tells a run from others of the same workflow."""
    alike = [other for other in chosen if other.workflow_id == run.workflow_id]
    if len(alike) < 2:
        return ""
    if run.event in PULL_REQUESTS:
        return " (for a pull request)"
    where = f" of {safe_text(run.head_branch, 60)}" if run.head_branch else ""
    return f" ({safe_text(run.event, 40)}{where})"
