"""The acts of release notes as commands: listing commits, own words, lines that are left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workbench.notes.own import HiddenChange, OwnWords
from workbench.record import EntryView
from workbench.releases.commit_log import CommitLog
from workbench.usecases.scripting.model import Act, Line
from workbench.usecases.scripting.telling import Telling, command, said, value_of


def commit_logs(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """The commits of a build were listed; what git listed when it was proposed is told there."""
    if any(act.of("candidate")):
        return
    for entry in entries:
        value = value_of(entry, CommitLog)
        release = str(telling.ever("candidate", value.candidate).get("release", ""))
        since = "" if value.since_version else value.since
        yield command("notes", "changes", said(since=since) or ("--again",), telling.of_release(release))


def own_words(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """What somebody wrote into a section, or took away."""
    for entry in entries:
        value = value_of(entry, OwnWords)
        words = said(remove=True) if entry.value is None else said(text=value.text)
        yield command("notes", "edit", value.section, words, telling.of_release(value.release))


def hidden_changes(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """A change that somebody left out of the notes, or put back."""
    for entry in entries:
        value = value_of(entry, HiddenChange)
        words = said(back=True) if entry.value is None else said(reason=value.reason)
        yield command("notes", "hide", value.line, words, telling.of_release(value.release))
