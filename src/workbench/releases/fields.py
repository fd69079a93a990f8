"""The fields of a release and of a candidate: what each is called, how it is read, who sets it."""

from __future__ import annotations

from datetime import tzinfo
from typing import Any

from workbench.model.cells import CellError, read_list, short_text
from workbench.model.changes import CHANGE_KINDS, NO_KIND
from workbench.model.dates import WHEN
from workbench.model.noun_fields import (
    ADD,
    EDIT,
    PROPOSE,
    Field,
    choice_field,
    list_field,
    moment_field,
    text_field,
)
from workbench.model.times import moment_text
from workbench.releases.model import Artifact, Outcome, ReleaseKind


def read_changes(text: str, zone: tzinfo) -> tuple[str, ...]:
    """Kinds of change by number (CH-2) or by a word of theirs (schema); ``none`` alone says that there is none."""
    found = tuple(dict.fromkeys(_change(word) for word in read_list(text)))
    if NO_KIND in found and len(found) > 1:
        raise CellError("“none” stands beside kinds of change", "leave out one or the other")
    return found


def _change(word: str) -> str:
    if word.casefold() == NO_KIND:
        return NO_KIND
    fitting = [
        key
        for key, words in CHANGE_KINDS.items()
        if word.upper() == key or word.casefold() in words.casefold().replace(",", " ").split()
    ] or [key for key, words in CHANGE_KINDS.items() if word.casefold() in words.casefold()]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        raise CellError(f"“{short_text(word)}” is no kind of change", f"one of {', '.join(CHANGE_KINDS)}")
    many = ", ".join(f"{key} {CHANGE_KINDS[key]}" for key in fitting[:3])
    raise CellError(f"“{short_text(word)}” could be {many}", "say more of it, or write its number")


def read_artifacts(text: str, zone: tzinfo) -> tuple[Artifact, ...]:
    """Build products, each as ``NAME=DIGEST``; two of one name are refused."""
    found = tuple(_artifact(item) for item in read_list(text))
    names = [item.name for item in found]
    for name in names:
        if names.count(name) > 1:
            raise CellError(f"two artifacts are called “{short_text(name)}”", "give each its own name")
    return found


def _artifact(text: str) -> Artifact:
    name, equals, digest = text.partition("=")
    if not (equals and name.strip() and digest.strip()):
        raise CellError(
            f"“{short_text(text)}” is no artifact", "write NAME=DIGEST, for example app.oci=sha256:9c41…"
        )
    return Artifact(name.strip(), digest.strip())


def _artifact_lines(value: Any, zone: tzinfo) -> str:
    return "\n".join(f"{item.name}={item.digest}" for item in value)


def _moment(value: Any, zone: tzinfo) -> str:
    return moment_text(value, zone) if value is not None else ""


FIELDS: tuple[Field, ...] = (
    text_field(
        "version", "Version", help="What it is called.", hint="such as 2.15.0", needed=True, verbs=(ADD,)
    ),
    text_field("summary", "Summary", help="What it brings, in a sentence.", hint="what it brings, in a sentence"),
    choice_field(
        "kind", "Kind", choices=tuple(ReleaseKind), help="Regular, a hotfix or a rollback.", needed=True
    ),
    list_field(
        "changes", "Changes",
        help="A kind of change.", option="change", metavar="CH-N", read=read_changes,
        hint="api, schema, platform, flag, dependency, security, performance, recovery, compliance, "
        "serverless, capacity, configuration; with commas; none where it is none of these",
    ),
    moment_field(
        "planned_at", "Planned",
        help="When it is to go out, in the project's zone.", hint=f"2026-12-01T09:00, {WHEN}; optional",
        option="planned", metavar="TIME", tell=_moment,
    ),
    text_field("owner", "Owner", help="The owner.", metavar="PERSON", refers="person", empty=None),
    text_field("previous", "Previous", help="The release before it.", label="Release before", metavar="VERSION", empty=None),
    text_field("rollback_target", "Rolls back to", help="The version to roll back to.", metavar="VERSION", empty=None),
    list_field(
        "rollback_plan", "Rollback steps",
        help="A rollback step.", hint="a step a line", lines=True, option="rollback-step", verbs=(EDIT,),
    ),
    list_field(
        "cannot_be_undone", "Cannot be undone",
        help="What a rollback does not undo.", label="Stays", hint="what a rollback does not undo",
        lines=True, verbs=(EDIT,),
    ),
    list_field(
        "watch", "Watched",
        help="What is watched after shipping.", hint="what is looked at after shipping, one a line",
        lines=True, verbs=(EDIT,),
    ),
    list_field(
        "rollback_triggers", "Roll back when",
        help="When to roll back.", hint="one a line", lines=True, option="rollback-trigger", verbs=(EDIT,),
    ),
    text_field(
        "notes", "Notes",
        help="The introduction of the release notes.", hint="the introduction of the release notes", lines=True, verbs=(EDIT,),
    ),
    choice_field("outcome", "Outcome", choices=tuple(Outcome), help="What has become of it.", verbs=()),
    moment_field("outcome_at", "Since", help="When that was said.", verbs=()),
    text_field("outcome_by", "Said by", help="Who said it.", empty=None, verbs=()),
    text_field("run", "Run", help="The run that shipped it.", empty=None, verbs=()),
    moment_field("created_at", "Listed at", help="When it was planned here.", verbs=()),
)  # fmt: skip

CANDIDATE_FIELDS: tuple[Field, ...] = (
    text_field("release", "Release", help="The release that it is a build of.", verbs=()),
    text_field("number", "Number", help="Which build of the release it is.", verbs=()),
    text_field(
        "commit", "Commit",
        help="The commit that was built.", hint="4 to 64 hexadecimal digits, a branch or a tag", needed=True, verbs=(PROPOSE,),
    ),
    text_field("why", "Why", help="Why there is a new candidate.", hint="why there is a new build", verbs=(PROPOSE,)),
    text_field(
        "author", "Author",
        help="Who wrote it: a person of the project, or the e-mail address of somebody outside.",
        hint="a person, or an e-mail; who wrote it cannot sign",
        metavar="PERSON", empty=None, verbs=(PROPOSE,),
    ),
    text_field(
        "run", "CI run",
        help="The CI run that built it.", hint="a link; optional", metavar="URL", empty=None, verbs=(PROPOSE,),
    ),
    list_field(
        "artifacts", "Artifacts",
        help="A build product.", hint="NAME=DIGEST, one a line; optional", lines=True,
        option="artifact", metavar="NAME=DIGEST", read=read_artifacts, write=_artifact_lines,
        tell=_artifact_lines, verbs=(PROPOSE,),
    ),
    moment_field("committed_at", "Committed", help="When its commit was made, as git says.", verbs=()),
    moment_field("built_at", "Built", help="When it was built.", verbs=()),
    moment_field("withdrawn_at", "Withdrawn", help="When it was withdrawn.", verbs=()),
    text_field("withdrawn_by", "Withdrawn by", help="Who withdrew it.", empty=None, verbs=()),
    text_field("withdrawn_why", "Withdrawn because", help="Why it was withdrawn.", verbs=()),
)  # fmt: skip
