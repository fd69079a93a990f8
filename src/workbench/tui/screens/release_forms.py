"""The forms of Releases: planning, editing, proposing a build, saying what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

import msgspec

from workbench.model.errors import UsageError, WorkbenchError
from workbench.model.times import parse_moment
from workbench.releases import model as releases
from workbench.releases.model import (
    CHANGE_KINDS,
    Artifact,
    Candidate,
    Held,
    Outcome,
    Release,
    ReleaseKind,
    ReleaseState,
)
from workbench.tui.theme import Mark
from workbench.tui.widgets.fields import Option
from workbench.tui.widgets.form import Field, FormScreen, Values
from workbench.tui.widgets.prose import Block, Pair
from workbench.tui.working import Working
from workbench.usecases import releasing
from workbench.usecases.context import Context
from workbench.usecases.demonstration import candidate_of, read_script
from workbench.usecases.evaluate import evaluate
from workbench.usecases.git import head_commit

_KINDS = tuple(Option(kind.value) for kind in ReleaseKind)
CHANGES_HINT = (
    "api, schema, platform, flag, dependency, security, performance, recovery, compliance, "
    "serverless, capacity, configuration; with commas"
)


# --- planning and editing ----------------------------------------------------------------------


async def open_new(screen: Working) -> None:
    """Plan a release; with a commit, its first candidate too."""
    try:
        before = await screen.work.desk.call(_before)
    except WorkbenchError as error:
        screen.work.tell(error)
        return

    async def submit(values: Values) -> None:
        await screen.submit(
            _plan,
            described(Release(version=values["version"].strip()), values, screen.zone()),
            values["commit"].strip(),
        )
        screen.say(f"{values['version'].strip()} is planned")

    screen.app.push_screen(
        FormScreen(
            "Plan a release",
            (
                Field("version", "Version", required=True, hint="such as 2.15.0"),
                Field("kind", "Kind", "choice", ReleaseKind.REGULAR.value, options=_KINDS, required=True),
                Field("planned_at", "Planned", hint="2026-12-01 or 2026-12-01T09:00; may stay empty"),
                Field("summary", "Summary", hint="what it brings, in a sentence"),
                Field("changes", "Changes", hint=CHANGES_HINT),
                Field("owner", "Owner", value=screen.view.person),
                Field("previous", "Release before", value=before),
                Field("rollback_target", "Goes back to", value=before),
                Field("commit", "Commit", hint="of the first candidate, if there is one by now"),
            ),
            check=lambda values: check_description(values, screen.zone()),
            submit=submit,
            save_label="plan",
        )
    )


def _before(context: Context) -> str:
    """The version that the next release most likely follows."""
    shipped = [
        item
        for item in releases.all_releases(context.record)
        if item.release.outcome is not Outcome.ABANDONED
    ]
    return shipped[0].release.version if shipped else ""


def _plan(context: Context, release: Release, commit: str) -> None:
    candidate = _build(context, commit, why="", author="", run="", artifacts=()) if commit else None
    releasing.plan(context, release, candidate)


def open_edit(screen: Working, held: Held) -> None:
    """Edit what a release is described by."""
    release, zone = held.release, screen.zone()
    planned = release.planned_at.astimezone(zone).strftime("%Y-%m-%dT%H:%M") if release.planned_at else ""

    async def submit(values: Values) -> None:
        await screen.submit(releasing.edit, held, described(release, values, zone))
        screen.say(f"{release.version}: saved")

    screen.app.push_screen(
        FormScreen(
            f"Describe {release.version}",
            (
                Field("summary", "Summary", value=release.summary),
                Field("kind", "Kind", "choice", release.kind.value, options=_KINDS, required=True),
                Field("planned_at", "Planned", value=planned, hint="2026-12-01 or 2026-12-01T09:00"),
                Field("changes", "Changes", value=", ".join(release.changes), hint=CHANGES_HINT),
                Field("owner", "Owner", value=release.owner or ""),
                Field("previous", "Release before", value=release.previous or ""),
                Field("rollback_target", "Goes back to", value=release.rollback_target or ""),
                _lines("rollback_plan", "Going back", release.rollback_plan, "a step a line"),
                _lines("rollback_triggers", "Go back when", release.rollback_triggers, "one a line"),
                _lines(
                    "cannot_be_undone", "Stays", release.cannot_be_undone, "what going back does not undo"
                ),
                _lines("watch", "Watched", release.watch, "what is looked at after shipping, one a line"),
            ),
            check=lambda values: check_description(values, zone),
            submit=submit,
        )
    )


def _lines(name: str, label: str, value: Sequence[str], hint: str) -> Field:
    return Field(name, label, "lines", "\n".join(value), hint)


def check_description(values: Values, zone: tzinfo) -> dict[str, str]:
    """What is wrong with a description, by field."""
    wrong = {}
    try:
        _planned(values, zone)
    except UsageError as error:
        wrong["planned_at"] = f"{error.what}; {error.hint}"
    try:
        changes_of(values["changes"])
    except UsageError as error:
        wrong["changes"] = error.what
    return wrong


def _planned(values: Values, zone: tzinfo) -> datetime | None:
    text = values["planned_at"].strip()
    return parse_moment(text, zone) if text else None


def changes_of(text: str) -> tuple[str, ...]:
    """Kinds of change by number (CH-2) or by a word of theirs (schema)."""
    found = []
    for word in (part.strip() for part in text.split(",")):
        if not word:
            continue
        fitting = [
            key
            for key, words in CHANGE_KINDS.items()
            if word.upper() == key or word.casefold() in words.casefold().replace(",", " ").split()
        ] or [key for key, words in CHANGE_KINDS.items() if word.casefold() in words.casefold()]
        if len(fitting) != 1:
            many = ", ".join(f"{key} {CHANGE_KINDS[key]}" for key in fitting[:3])
            raise UsageError(f"“{word}” could be {many}" if fitting else f"“{word}” is no kind of change")
        found.append(fitting[0])
    return tuple(dict.fromkeys(found))


def described(release: Release, values: Values, zone: tzinfo) -> Release:
    """The release with what was filled in."""
    many = ("rollback_plan", "rollback_triggers", "cannot_be_undone", "watch")
    lists = {
        name: tuple(line.strip() for line in values[name].splitlines() if line.strip())
        for name in many
        if name in values
    }
    return msgspec.structs.replace(
        release,
        kind=ReleaseKind(values["kind"]),
        planned_at=_planned(values, zone),
        summary=values["summary"].strip(),
        changes=changes_of(values["changes"]),
        owner=values["owner"].strip() or None,
        previous=values["previous"].strip() or None,
        rollback_target=values["rollback_target"].strip() or None,
        **lists,
    )


# --- candidates --------------------------------------------------------------------------------


class Suggestion(msgspec.Struct, frozen=True):
    """A build that is likely meant."""

    commit: str = ""
    author: str = ""
    run: str = ""
    why: str = ""
    artifacts: str = ""
    known: str = ""


async def open_candidate(screen: Working, held: Held) -> None:
    """Propose the next build."""
    try:
        offered = await screen.work.desk.call(suggestion, held)
    except WorkbenchError as error:
        screen.work.tell(error)
        return
    number = len(held.candidates) + 1

    async def submit(values: Values) -> None:
        await screen.submit(_propose, held.release.version, values)
        screen.say(f"{held.release.version} rc{number}: f under 3 Benchmarks measures it")

    intro: list[Block] = [Pair("Release", held.title)]
    intro += [Pair("Offered", offered.known)] if offered.known else []
    if held.candidates:
        intro.append(
            Pair("Opens again", "what was measured on, and answered for, the build before", Mark.WARNS)
        )
    screen.app.push_screen(
        FormScreen(
            f"Propose rc{number} of {held.release.version}",
            (
                Field(
                    "commit", "Commit", value=offered.commit, required=True, hint="4 to 64 hexadecimal digits"
                ),
                Field("why", "Why", value=offered.why, hint="why there is a new build"),
                Field(
                    "author",
                    "Author",
                    value=offered.author,
                    hint="a person of the project; who wrote it cannot sign",
                ),
                Field("run", "CI run", value=offered.run, hint="a link; may stay empty"),
                Field(
                    "artifacts",
                    "Artifacts",
                    "lines",
                    offered.artifacts,
                    "NAME=DIGEST, one a line; may stay empty",
                ),
            ),
            intro=intro,
            check=_check_build,
            submit=submit,
            save_label="propose",
        )
    )


def suggestion(context: Context, held: Held) -> Suggestion:
    """In a demonstration the build that exists but was not entered; else what is checked out."""
    had = {candidate.commit for _, candidate in held.candidates}
    if context.demonstration is not None:
        script = read_script(context.root)
        for build in script.upcoming if script else ():
            if build.commit not in had:
                value = candidate_of(build)
                return Suggestion(
                    value.commit,
                    value.author or "",
                    value.run or "",
                    value.why,
                    _artifact_lines(value.artifacts),
                    "a build of this demonstration that nobody has entered yet",
                )
        return Suggestion()
    found = head_commit(context.root)
    if found is None or found[0] in had:
        return Suggestion()
    commit, email = found
    author = context.definitions.person_of_email(email)
    return Suggestion(commit, author.key if author else "", known="the commit that is checked out here")


def _artifact_lines(artifacts: Sequence[Artifact]) -> str:
    return "\n".join(f"{item.name}={item.digest}" for item in artifacts)


def _check_build(values: Values) -> dict[str, str]:
    try:
        _artifacts(values["artifacts"])
    except UsageError as error:
        return {"artifacts": error.what}
    return {}


def _artifacts(text: str) -> tuple[Artifact, ...]:
    found = []
    for line in (part.strip() for part in text.splitlines()):
        if not line:
            continue
        name, sign, digest = line.partition("=")
        if not sign or not name.strip() or not digest.strip():
            raise UsageError(f"“{line[:60]}” is not NAME=DIGEST")
        found.append(Artifact(name=name.strip(), digest=digest.strip()))
    return tuple(found)


def _propose(context: Context, version: str, values: Values) -> None:
    build = _build(
        context,
        values["commit"].strip(),
        why=values["why"].strip(),
        author=values["author"].strip(),
        run=values["run"].strip(),
        artifacts=_artifacts(values["artifacts"]),
    )
    releasing.propose(context, releases.find(context.record, version), build)


def _build(
    context: Context, commit: str, *, why: str, author: str, run: str, artifacts: tuple[Artifact, ...]
) -> Candidate:
    known = releasing.upcoming(context.root, commit) if context.demonstration else None
    base = candidate_of(known) if known else Candidate(release="", number=0, commit=commit)
    return msgspec.structs.replace(
        base,
        why=why or base.why,
        author=author or base.author,
        run=run or base.run,
        artifacts=artifacts or base.artifacts,
    )


# --- what became of it -------------------------------------------------------------------------


def open_shipped(screen: Working, held: Held, *, through: bool, open_: str) -> None:
    """Say that a release went out; when not every gate is through, why all the same."""
    version = held.release.version

    async def submit(values: Values) -> None:
        await screen.submit(
            _conclude, version, Outcome.SHIPPED, values["run"].strip(), values.get("reason", "")
        )
        screen.say(f"{version} was shipped")

    fields = [Field("confirm", f"Type {version}", required=True, hint="the version, to be sure")]
    fields.append(
        Field(
            "run", "Run", value=held.release.run or "", hint="the run that shipped it, a link; may stay empty"
        )
    )
    if not through:
        fields.insert(
            0,
            Field(
                "reason",
                "Why all the same",
                required=True,
                hint="it stands in the record; 8 letters at least",
            ),
        )
    mark = Mark.DONE if through else Mark.BLOCKS
    said = (
        "every gate is through" if through else f"not every gate is through: {open_ or 'gates are missing'}"
    )
    screen.app.push_screen(
        FormScreen(
            f"{held.title} was shipped?",
            fields,
            intro=[
                Pair("Gates", said, mark),
                Pair("From now on", "the release is frozen and watched for 7 days"),
            ],
            check=lambda values: _check_version(values, version),
            submit=submit,
            save_label="shipped",
        )
    )


def _check_version(values: Values, version: str) -> dict[str, str]:
    return {} if values["confirm"].strip() == version else {"confirm": f"type {version}"}


def open_ended(screen: Working, held: Held) -> None:
    """Say that a shipped release was rolled back, or an open one abandoned."""
    version = held.release.version
    shipped = held.release.outcome is Outcome.SHIPPED
    outcome = Outcome.ROLLED_BACK if shipped else Outcome.ABANDONED
    word = "rolled back" if shipped else "abandoned"

    async def submit(values: Values) -> None:
        await screen.submit(_conclude, version, outcome, "", values["reason"])
        screen.say(f"{version} was {word}")

    target = held.release.rollback_target
    intro: list[Block] = [Pair("Back to", target)] if shipped and target else []
    screen.app.push_screen(
        FormScreen(
            f"{version} was {word}?",
            (Field("reason", "Reason", required=True),),
            intro=intro,
            submit=submit,
            save_label=word,
        )
    )


def _conclude(context: Context, version: str, outcome: Outcome, run: str, reason: str) -> None:
    """What counts is how the gates stand now, not how they stood when the form was opened."""
    found = evaluate(context, version)
    through = found.state is ReleaseState.READY
    releasing.conclude(context, found.held, outcome, through=through, run=run or None, reason=reason)
