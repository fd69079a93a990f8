"""The acts of release notes as commands: listing commits, own words, lines that are left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
