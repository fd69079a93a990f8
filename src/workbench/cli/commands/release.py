"""``workbench release``: planning releases, proposing candidates, and what became of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo
from typing import TYPE_CHECKING, Any, TypeVar

import click
import msgspec

from workbench.cli import output, session
from workbench.cli.lazy import Family
from workbench.cli.options import WRITING, Settings, common, pass_settings
from workbench.model.errors import UsageError
from workbench.model.times import moment_text

if TYPE_CHECKING:
    from workbench.releases.model import Artifact, Candidate, Held, Outcome, Release
    from workbench.usecases.context import Context

F = TypeVar("F", bound=Callable[..., Any])
_LISTS = ("changes", "rollback_plan", "cannot_be_undone", "watch", "rollback_triggers")
_DESCRIPTION = (
    click.option("--kind", type=click.Choice(["regular", "hotfix", "rollback"]), help="Default: regular."),
    click.option("--summary", metavar="TEXT", help="What it brings, in a sentence."),
    click.option("--change", "changes", multiple=True, metavar="CH-N", help="A kind of change; repeatable."),
    click.option(
        "--planned", "planned_at", metavar="TIME", help="When it is to go out, in the project's zone."
    ),
    click.option("--owner", metavar="PERSON", help="Who looks after it."),
    click.option("--previous", metavar="VERSION", help="The release before it."),
    click.option("--rollback-target", metavar="VERSION", help="What one goes back to."),
    click.option(
        "--rollback-step", "rollback_plan", multiple=True, metavar="TEXT", help="A step of going back."
    ),
    click.option("--cannot-be-undone", multiple=True, metavar="TEXT", help="What going back does not undo."),
    click.option(
        "--watch", multiple=True, metavar="TEXT", help="What is watched after shipping; repeatable."
    ),
    click.option(
        "--rollback-trigger", "rollback_triggers", multiple=True, metavar="TEXT", help="When to go back."
    ),
    click.option("--notes", metavar="TEXT", help="Own words for the release notes."),
)
_BUILD = (
    click.option("--artifact", "artifacts", multiple=True, metavar="NAME=DIGEST", help="A build product."),
    click.option("--run", metavar="URL", help="The CI run that built it."),
    click.option("--author", metavar="PERSON", help="Who wrote it."),
    click.option("--why", metavar="TEXT", help="Why there is a new candidate."),
)


def _with(options: tuple[Callable[[F], F], ...]) -> Callable[[F], F]:
    def decorate(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


@click.group(cls=Family)
def release() -> None:
    """Releases and their candidates."""


@release.command("new")
@click.argument("version")
@click.option("--commit", metavar="SHA", help="The first candidate's commit.")
@_with(_DESCRIPTION)
@_with(_BUILD)
@common("project", "record", "as_person", "json")
@pass_settings
def new(settings: Settings, /, version: str, commit: str | None, **given: Any) -> None:
    """Plan a release; with --commit its first candidate too.

    Makes the release record if there is none yet.
    """
    from workbench.releases.model import Release
    from workbench.usecases import releasing

    with session.making(settings) as (context, made):
        described = _described(context, Release(version=version), given)
        candidate = _candidate(commit, given) if commit else None
        held = releasing.plan(context, described, candidate)
    if made:
        output.talk("a release record was made: .workbench/record.db, kept out of version control")
    output.done(
        settings,
        f"planned {held.title}",
        {"schema": "workbench.release.1", **_document(held)},
        hint="workbench fetch" if candidate else "workbench release candidate COMMIT",
    )


@release.command("candidate")
@click.argument("commit", required=False)
@_with(_BUILD)
@common(*WRITING)
@pass_settings
def candidate(settings: Settings, /, commit: str | None, **given: Any) -> None:
    """Propose the next candidate; what was measured and answered for the old one opens again.

    Without COMMIT: the commit that is checked out here.
    """
    from workbench.releases import model as releases
    from workbench.usecases import releasing
    from workbench.usecases.demonstration import candidate_of

    with session.acting(settings) as context:
        held = releases.find(context.record, settings.release)
        known = releasing.upcoming(context.root, commit) if commit and context.demonstration else None
        if known is not None:
            build = candidate_of(known)
        else:
            sha, author = releasing.commit_text(context, commit)
            build = _candidate(sha, {**given, "author": given["author"] or author})
        releasing.propose(context, held, build)
        held = releases.find(context.record, held.release.version)
    assert held.candidate is not None
    output.done(
        settings,
        f"{held.release.version} {held.candidate.name} is commit {held.candidate.commit[:12]}",
        {"schema": "workbench.release.1", **_document(held)},
        hint="workbench fetch",
    )


@release.command("list")
@common("project", "record", "now", "json")
@pass_settings
def list_(settings: Settings) -> None:
    """List all releases, the newest first."""
    from workbench.usecases.views.releases import read_releases

    with session.reading(settings) as context:
        found, zone = read_releases(context), context.zone
    if settings.json:
        rows = [{**_document(line.held), "state": line.state.value} for line in found]
        output.emit({"schema": "workbench.releases.1", "releases": rows})
        return
    output.table(
        ("release", "state", "candidate", "planned", "summary"),
        [
            (
                line.held.release.version,
                line.state.value,
                line.candidate_words,
                _planned(line.held.release, zone),
                line.held.release.summary,
            )
            for line in found
        ],
        empty="no release yet; workbench release new VERSION --commit SHA",
    )


def _planned(release: Release, zone: tzinfo) -> str:
    return moment_text(release.planned_at, zone) if release.planned_at else ""


@release.command("show")
@click.argument("version", required=False)
@common("project", "record", "now", "release", "json")
@pass_settings
def show(settings: Settings, version: str | None) -> None:
    """Show a release: its candidates, its gates, how to go back."""
    from workbench.usecases.evaluate import evaluate
    from workbench.usecases.report import state_words

    with session.reading(settings) as context:
        evaluation, zone = evaluate(context, version), context.zone
    held = evaluation.held
    if settings.json:
        gates = [{"gate": item.gate.key, "state": item.state.value} for item in evaluation.gates]
        state = evaluation.state.value
        output.emit({"schema": "workbench.release.1", **_document(held), "state": state, "gates": gates})
        return
    value = held.release
    output.line(f"{held.title}  {evaluation.state.value}")
    output.pairs(
        [
            ("summary", value.summary),
            ("kind", value.kind.value),
            ("changes", ", ".join(value.changes)),
            ("planned", _planned(value, zone)),
            ("owner", value.owner),
            ("previous", value.previous),
            ("goes back to", value.rollback_target),
            ("run", value.run),
        ]
    )
    for title, texts in (
        ("going back", value.rollback_plan),
        ("cannot be undone", value.cannot_be_undone),
        ("watched", value.watch),
        ("go back when", value.rollback_triggers),
    ):
        if texts:
            output.line(title)
            output.lines(f"  {text}" for text in texts)
    output.line("candidates" if held.candidates else "no candidate yet")
    for _, item in held.candidates:
        author = f" by {item.author}" if item.author else ""
        output.line(f"  {item.name}  {item.commit[:12]}{author}  {item.why}")
    output.line("gates")
    output.lines(f"  {item.gate.title}: {state_words(item)}" for item in evaluation.gates)


@release.command("edit")
@click.argument("version", required=False)
@_with(_DESCRIPTION)
@common(*WRITING)
@pass_settings
def edit(settings: Settings, /, version: str | None, **given: Any) -> None:
    """Edit a release's description; a list that is given replaces the old one."""
    from workbench.releases import model as releases
    from workbench.usecases import releasing

    with session.acting(settings) as context:
        held = releases.find(context.record, version or settings.release)
        described = _described(context, held.release, given)
        if described == held.release:
            raise UsageError("nothing to change", hint="workbench release edit --help lists what can be said")
        releasing.edit(context, held, described)
        held = releases.find(context.record, held.release.version)
    output.done(
        settings, f"edited {held.release.version}", {"schema": "workbench.release.1", **_document(held)}
    )


@release.command("shipped")
@click.argument("version", required=False)
@click.option("--run", metavar="URL", help="The run that shipped it.")
@click.option("--reason", default="", metavar="TEXT", help="Why it went out although a gate is not through.")
@common(*WRITING)
@pass_settings
def shipped(settings: Settings, version: str | None, run: str | None, reason: str) -> None:
    """Say that a release was shipped; it is frozen from then on."""
    from workbench.releases.model import Outcome

    _conclude(settings, version, Outcome.SHIPPED, run, reason)


@release.command("rolled-back")
@click.argument("version", required=False)
@click.option("--run", metavar="URL", help="The run that rolled it back.")
@click.option("--reason", default="", metavar="TEXT", help="Why.")
@common(*WRITING)
@pass_settings
def rolled_back(settings: Settings, version: str | None, run: str | None, reason: str) -> None:
    """Say that a shipped release was rolled back.  Without VERSION: the last one shipped."""
    from workbench.releases.model import Outcome

    _conclude(settings, version, Outcome.ROLLED_BACK, run, reason)


@release.command("abandon")
@click.argument("version", required=False)
@click.option("--reason", default="", metavar="TEXT", help="Why.")
@common(*WRITING)
@pass_settings
def abandon(settings: Settings, version: str | None, reason: str) -> None:
    """Give a release up."""
    from workbench.releases.model import Outcome

    _conclude(settings, version, Outcome.ABANDONED, None, reason)


def _conclude(
    settings: Settings, version: str | None, outcome: Outcome, run: str | None, reason: str
) -> None:
    from workbench.releases import model as releases
    from workbench.releases.model import Outcome, ReleaseState
    from workbench.usecases import releasing
    from workbench.usecases.evaluate import evaluate

    with session.acting(settings) as context:
        version = version or settings.release
        if version is None and outcome is Outcome.ROLLED_BACK:
            version = _last_shipped(context)
        evaluation = evaluate(context, version)
        through = evaluation.state is ReleaseState.READY
        releasing.conclude(context, evaluation.held, outcome, through=through, run=run, reason=reason)
        held = releases.find(context.record, evaluation.held.release.version)
    words = {Outcome.SHIPPED: "shipped", Outcome.ROLLED_BACK: "rolled back", Outcome.ABANDONED: "abandoned"}
    output.done(
        settings,
        f"{held.release.version} is {words[outcome]}",
        {"schema": "workbench.release.1", **_document(held)},
        hint="workbench notes" if outcome is Outcome.SHIPPED else "",
    )


def _last_shipped(context: Context) -> str:
    from workbench.releases.model import Outcome, all_releases

    shipped = [item for item in all_releases(context.record) if item.release.outcome is Outcome.SHIPPED]
    if not shipped:
        raise UsageError("no release is shipped, so none can be rolled back")
    newest = max(shipped, key=lambda item: (item.release.outcome_at is not None, item.release.outcome_at))
    return newest.release.version


def _described(context: Context, release: Release, given: dict[str, Any]) -> Release:
    """A release with what was given on the command line."""
    from workbench.releases.model import ReleaseKind

    fields: dict[str, Any] = {}
    for name in ("summary", "owner", "previous", "rollback_target", "notes"):
        if given[name] is not None:
            fields[name] = given[name]
    for name in _LISTS:
        if given[name]:
            fields[name] = tuple(given[name])
    if given["kind"]:
        fields["kind"] = ReleaseKind(given["kind"])
    if given["planned_at"]:
        fields["planned_at"] = session.moment(context, given["planned_at"])
    return msgspec.structs.replace(release, **fields)


def _candidate(commit: str, given: dict[str, Any]) -> Candidate:
    from workbench.releases.model import Candidate

    return Candidate(
        release="",
        number=0,
        commit=commit,
        artifacts=tuple(_artifact(text) for text in given["artifacts"]),
        run=given["run"],
        author=given["author"],
        why=given["why"] or "",
    )


def _artifact(text: str) -> Artifact:
    from workbench.releases.model import Artifact

    name, equals, digest = text.partition("=")
    if not (equals and name.strip() and digest.strip()):
        raise UsageError(
            f"“{text}” is no artifact", hint="write NAME=DIGEST, for example app.oci=sha256:9c41…"
        )
    return Artifact(name.strip(), digest.strip())


def _document(held: Held) -> dict[str, Any]:
    from workbench.model.canonical import plain

    candidates = [{"id": stored.id, "name": item.name, **plain(item)} for stored, item in held.candidates]
    return {"id": held.id, "release": plain(held.release), "candidates": candidates}
