"""``workbench release``: planning releases, proposing candidates, and what became of them."""

from __future__ import annotations

from datetime import tzinfo
from typing import Any

import click

from workbench.cli import output, session
from workbench.cli.fields import options
from workbench.cli.lazy import Family
from workbench.cli.options import WRITING, Settings, common, pass_settings, ssh_key
from workbench.model.errors import UsageError
from workbench.model.noun_fields import EDIT, PROPOSE, asked_by, pairs
from workbench.model.times import moment_text
from workbench.releases.fields import CANDIDATE_FIELDS, FIELDS
from workbench.releases.model import Held, Outcome, Release
from workbench.usecases import builds, changed_files, fetching, filling, releasing, shipping
from workbench.usecases.evaluate import evaluate
from workbench.usecases.reporting.showing import shown_lines
from workbench.usecases.views.changes import read_changes
from workbench.usecases.views.gates import gate_line
from workbench.usecases.views.marks import Mark
from workbench.usecases.views.releases import read_releases, skipped_words, state_mark
from workbench.usecases.views.watch import MARKS as WATCH_MARKS
from workbench.usecases.views.watch import read_watch

# What stands on a line of its own when a release is shown: all that is asked for in one line, and the run.
_PAIRS = {"run", *(field.name for field in FIELDS if field.asked and not field.lines)} - {"version"}
_description = options(asked_by(FIELDS, EDIT))
_build = options(asked_by(CANDIDATE_FIELDS, PROPOSE), leave_out=("commit",))


@click.group(cls=Family)
def release() -> None:
    """Releases and their candidates."""


@release.command("new")
@click.argument("version")
@click.option("--commit", metavar="SHA", help="The first candidate's commit: its digits, a branch or a tag.")
@_description
@_build
@common("project", "record", "as_person", "json")
@pass_settings
def new(settings: Settings, /, version: str, commit: str | None, **given: Any) -> None:
    """Plan a release; with --commit its first candidate too.

    Makes the release record if there is none yet.
    """
    with session.making(settings) as (context, made):
        described = filling.change(context, FIELDS, Release(version=version), given)
        candidate = builds.build_of(context, commit, given) if commit else None
        held = releasing.plan(context, described, candidate)
        asks = candidate and fetching.next_command(context, held)
    if made:
        output.talk("created .workbench/record.db (not under version control)")
    output.done(
        settings,
        f"planned {held.title}",
        {"schema": "workbench.release-entry.1", **_document(held)},
        hint=asks or "workbench release candidate COMMIT",
    )


@release.command("candidate")
@click.argument("commit", required=False)
@_build
@common(*WRITING)
@pass_settings
def candidate(settings: Settings, /, commit: str | None, **given: Any) -> None:
    """Propose the next candidate; what was measured and answered for the old one opens again.

    Without COMMIT: the commit that is checked out here; in a demonstration, its next build.
    """
    with session.acting(settings) as context:
        held = releasing.find(context, settings.release)
        if commit:
            build = builds.build_of(context, commit, given)
        else:
            build = builds.build_in_hand(context, held, given)
        releasing.propose(context, held, build)
        held = releasing.find(context, held.release.version)
        asks = fetching.next_command(context, held)
    assert held.candidate is not None
    output.done(
        settings,
        f"{held.release.version} {held.candidate.name} is commit {held.candidate.commit[:12]}",
        {"schema": "workbench.release-entry.1", **_document(held)},
        hint=asks,
    )


@release.command("withdraw")
@click.argument("version", required=False)
@click.option("--reason", default="", metavar="TEXT", help="Why; needed.")
@common(*WRITING)
@pass_settings
def withdraw(settings: Settings, version: str | None, reason: str) -> None:
    """Withdraw a release's last build: it passes no gate, and the release waits for another one."""
    with session.acting(settings) as context:
        held = releasing.find(context, version or settings.release)
        releasing.withdraw(context, held, reason)
        held = releasing.find(context, held.release.version)
    output.done(
        settings,
        f"{held.title} is withdrawn",
        {"schema": "workbench.release-entry.1", **_document(held)},
        hint="workbench release candidate COMMIT",
    )


@release.command("list")
@common("project", "record", "now", "json")
@pass_settings
def list_(settings: Settings) -> None:
    """List all releases, the newest first."""
    with session.reading(settings) as context:
        found, zone = read_releases(context), context.zone
    if settings.json:
        rows = [
            {**_document(line.held), "state": line.state.value, "in_staging": line.in_staging}
            for line in found
        ]
        output.emit({"schema": "workbench.releases.1", "releases": rows})
        return
    output.table(
        ("release", "state", "candidate", "planned", "summary"),
        [
            (
                line.held.release.version,
                f"{line.mark.symbol} {line.state.words}",
                line.candidate_words,
                _planned(line.held.release, zone),
                line.held.release.summary,
            )
            for line in found
        ],
        empty="no release yet; workbench release new VERSION --commit SHA",
    )
    if skipped := skipped_words(found):
        output.line(skipped)


def _planned(release: Release, zone: tzinfo) -> str:
    return moment_text(release.planned_at, zone) if release.planned_at else ""


@release.command("show")
@click.argument("version", required=False)
@common("project", "record", "now", "release", "json")
@pass_settings
def show(settings: Settings, version: str | None) -> None:
    """Show a release: its candidates, its gates, and its rollback plan."""
    with session.reading(settings) as context:
        evaluation, zone = evaluate(context, version), context.zone
        told = shown_lines(context, evaluation).gates
    held = evaluation.held
    if settings.json:
        gates = [{"gate": item.key, "state": item.state.value} for item in told]
        state = evaluation.state.value
        output.emit({"schema": "workbench.release.1", **_document(held), "state": state, "gates": gates})
        return
    value = held.release
    mark = state_mark(evaluation.state, evaluation.counts())
    output.line(f"{held.title}  {mark.symbol} {evaluation.state.words}")
    output.pairs(pairs((field for field in FIELDS if field.name in _PAIRS), value, zone))
    for field in (field for field in FIELDS if field.lines):
        texts = getattr(value, field.name)
        if texts:
            output.line(field.title.lower())
            output.lines(f"  {text}" for text in ([texts] if isinstance(texts, str) else texts))
    output.line("candidates" if held.candidates else "no candidate yet")
    for _, item in held.candidates:
        author = f" by {item.author}" if item.author else ""
        output.line(f"  {item.name}  {item.commit[:12]}{author}  {item.why}")
    output.line("gates")
    output.lines(f"  {item.title}: {gate_line(item)}" for item in told)


@release.command("edit")
@click.argument("version", required=False)
@_description
@common(*WRITING)
@pass_settings
def edit(settings: Settings, /, version: str | None, **given: Any) -> None:
    """Edit a release's description; a list that is given replaces the old one."""
    with session.acting(settings) as context:
        held = releasing.find(context, version or settings.release)
        described = filling.change(context, FIELDS, held.release, given)
        if described == held.release:
            raise UsageError("nothing to change", hint="workbench release edit --help lists what can be said")
        releasing.edit(context, held, described)
        held = releasing.find(context, held.release.version)
    output.done(
        settings, f"edited {held.release.version}", {"schema": "workbench.release-entry.1", **_document(held)}
    )


@release.command("changes")
@common("project", "record", "now", "release", "json")
@pass_settings
def changes(settings: Settings) -> None:
    """What the release's kinds of change ask to be measured, and what measured it on the candidate."""
    with session.reading(settings) as context:
        evaluation = evaluate(context)
    found = read_changes(evaluation)
    if settings.json:
        rows = [output.fields(item) for item in found]
        version = evaluation.held.release.version
        output.emit({"schema": "workbench.changes.1", "release": version, "changes": rows})
        return
    for item in found:
        output.line(f"{item.title}: {item.wrong}")
        output.table(
            ("", "to measure", "measured by"),
            [(line.mark.symbol, line.words, line.why) for line in item.measures],
            empty="nothing",
        )
    if not found:
        named = evaluation.held.release.changes
        output.line(
            "the release carries none of the kinds of change" if named else "no kind of change is named"
        )
        output.talk("" if named else "next: workbench release edit --change KIND")


@release.command("touched")
@click.option("--since", metavar="COMMIT", help="List the files anew, changed since this commit.")
@common(*WRITING)
@pass_settings
def touched(settings: Settings, since: str | None) -> None:
    """Which flows the candidate touches, and which of them were not measured on it.

    The files are listed by git when a build is proposed, against the release that runs in production.
    """
    if since:
        with session.acting(settings) as context:
            changed_files.list_files(context, since)
            reach, found = changed_files.read_reach(evaluation := evaluate(context))
    else:
        with session.reading(settings) as context:
            reach, found = changed_files.read_reach(evaluation := evaluate(context))
    if settings.json:
        document = {**output.fields(reach), "flows": [output.fields(item) for item in found]}
        for name in ("touched", "asked"):
            del document[name]
        output.emit({"schema": "workbench.touched.1", "release": evaluation.held.release.version, **document})
        return
    if reach.unknown:
        output.line(f"not known: {reach.unknown}")
        output.talk("next: workbench release touched --since COMMIT")
        return
    output.line(
        f"{reach.files:,} files changed since {reach.since_version or reach.since[:12]}, "
        f"{reach.elsewhere:,} of them of no flow"
    )
    output.table(
        ("", "flow", "files", "first", "why", "measured on it"),
        [
            (
                (Mark.DONE if item.measured else Mark.WARNS).symbol,
                item.title,
                f"{item.files:,}",
                item.first,
                item.why,
                "yes" if item.measured else "no",
            )
            for item in found
        ],
        empty="it touches no flow",
    )


@release.command("watch")
@click.argument("version", required=False)
@common("project", "record", "now", "release", "json")
@pass_settings
def watch(settings: Settings, version: str | None) -> int:
    """Show a release that went out: how long it is watched, what says to roll it back, and how.

    Without VERSION: the one that went out last.  The exit code is 1 where a criterion for rolling back holds.
    """
    with session.reading(settings) as context:
        found, zone = read_watch(context, version or settings.release), context.zone
    if settings.json:
        output.emit({"schema": "workbench.watch.1", **output.fields(found), "holds": bool(found.holding)})
        return 1 if found.holding else 0
    output.line(f"{found.version}: {found.words}")
    output.pairs(
        [
            ("shipped", moment_text(found.shipped_at, zone)),
            ("watched until", moment_text(found.until, zone)),
            ("rolls back to", found.target),
        ]
    )
    output.table(
        ("", "criterion for rolling back", "", "why", "measured"),
        [
            (
                WATCH_MARKS[one.state].symbol,
                one.title,
                one.state.value,
                one.why,
                moment_text(one.measured_at, zone) if one.measured_at else "",
            )
            for one in found.criteria
        ],
        empty="no criterion is measured; list benchmarks of production under rollback_when:",
    )
    for title, lines in (
        ("to look at", found.look_at),
        ("roll back when, as a person sees it", found.by_hand),
        ("how to roll back", found.plan),
        ("what that does not undo", found.stays),
    ):
        if lines:
            output.line(title)
            output.lines(f"  {text}" for text in lines)
    if found.holding:
        output.talk(f"next: workbench release rolled-back {found.version} --reason WHY")
    return 1 if found.holding else 0


@release.command("shipped")
@click.argument("version", required=False)
@click.option("--run", metavar="URL", help="The run that shipped it.")
@click.option("--reason", default="", metavar="TEXT", help="Why it shipped although a gate has not passed.")
@click.option("--at", metavar="TIME", help="When it shipped, if that was earlier; it is judged as of now.")
@ssh_key
@common(*WRITING)
@pass_settings
def shipped(
    settings: Settings,
    version: str | None,
    run: str | None,
    reason: str,
    at: str | None,
    ssh_key: str | None,
) -> None:
    """Say that a release was shipped; it is frozen, and shown as it is now, from then on."""
    with session.acting(settings, ssh_key) as context:
        version = releasing.find(context, version or settings.release).release.version
        shipping.ship(context, version, run=run, reason=reason, at=session.moment(context, at))
        held = releasing.find(context, version)
    document = {"schema": "workbench.release-entry.1", **_document(held)}
    output.done(settings, f"{version} is shipped", document, hint="workbench notes")


@release.command("not-shipped")
@click.argument("version")
@click.option("--reason", default="", metavar="TEXT", help="Why it was marked as shipped, and what is true.")
@common(*WRITING)
@pass_settings
def not_shipped(settings: Settings, version: str, reason: str) -> None:
    """Say that a release was not shipped after all; it is open again, and what was kept stays."""
    with session.acting(settings) as context:
        shipping.take_back(context, version, reason)
        held = releasing.find(context, version)
    document = {"schema": "workbench.release-entry.1", **_document(held)}
    output.done(settings, f"{version} is open again", document, hint="workbench gate")


@release.command("rolled-back")
@click.argument("version", required=False)
@click.option("--run", metavar="URL", help="The run that rolled it back.")
@click.option("--reason", default="", metavar="TEXT", help="Why.")
@click.option("--at", metavar="TIME", help="When it was rolled back, if that was earlier.")
@common(*WRITING)
@pass_settings
def rolled_back(
    settings: Settings, version: str | None, run: str | None, reason: str, at: str | None
) -> None:
    """Say that a shipped release was rolled back.  Without VERSION: the last one shipped."""
    _conclude(settings, version, Outcome.ROLLED_BACK, run, reason, at)


@release.command("abandon")
@click.argument("version", required=False)
@click.option("--reason", default="", metavar="TEXT", help="Why.")
@common(*WRITING)
@pass_settings
def abandon(settings: Settings, version: str | None, reason: str) -> None:
    """Abandon a release."""
    _conclude(settings, version, Outcome.ABANDONED, None, reason)


def _conclude(
    settings: Settings,
    version: str | None,
    outcome: Outcome,
    run: str | None,
    reason: str,
    at: str | None = None,
) -> None:
    with session.acting(settings) as context:
        version = version or settings.release
        if version is None and outcome is Outcome.ROLLED_BACK:
            version = releasing.last_shipped(context)
        held = releasing.find(context, version)
        releasing.end(context, held, outcome, run=run, reason=reason, at=session.moment(context, at))
        held = releasing.find(context, held.release.version)
    word = outcome.value.replace("_", " ")
    document = {"schema": "workbench.release-entry.1", **_document(held)}
    output.done(settings, f"{held.release.version} is {word}", document)


def _document(held: Held) -> dict[str, Any]:
    candidates = [
        {"id": stored.id, "name": item.name, **output.fields(item)} for stored, item in held.candidates
    ]
    return {"id": held.id, "release": output.fields(held.release), "candidates": candidates}
