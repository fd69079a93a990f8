"""What can be said of a runbook or a playbook before anybody walks it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbench.definitions.runbooks import Playbook, Runbook
from workbench.definitions.telling import Tell
from workbench.model.times import parse_duration
from workbench.model.tokens import holds_token

_ADDRESS = re.compile(r"https?://[^\s/?#]+\S*", re.IGNORECASE)
_TOKEN = "this seems to hold a token, which must not stand in a file"
_MEND = "say where the token is kept; replace it if it was real"


def check_runbook(runbook: Runbook, tell: Tell) -> None:
    """Note what nobody could walk, targets that no drill can meet, and tokens."""
    steps = runbook.steps or []
    if not steps and not runbook.link:
        tell(
            "", f"nobody can walk the runbook {runbook.key}: it has no steps", "list steps:, or name a link:"
        )
    if steps and runbook.link:
        tell(
            "link",
            "steps stand here and elsewhere: a drill walks those that stand here",
            "keep one of them",
            warning=True,
        )
    if runbook.link and not _ADDRESS.fullmatch(runbook.link):
        tell(
            "link", "this is no link that a reader can open", "for example https://wiki.example.com/rollback"
        )
    for where, text in _texts(runbook):
        if holds_token(text):
            tell(where, _TOKEN, _MEND)
    _times(runbook, tell)


def _texts(runbook: Runbook) -> Iterator[tuple[str, str]]:
    yield from (("title", runbook.title or ""), ("about", runbook.about or ""), ("link", runbook.link or ""))
    for number, step in enumerate(runbook.steps or []):
        yield f"steps.{number}.do", step.do or ""
        yield f"steps.{number}.expect", step.expect or ""


def _times(runbook: Runbook, tell: Tell) -> None:
    """Steps that together may take longer than all of it may."""
    if not runbook.mitigate_within:
        return
    try:
        whole = parse_duration(runbook.mitigate_within)
        parts = [parse_duration(step.target) for step in runbook.steps or [] if step.target]
        noticed = parse_duration(runbook.detect_within) if runbook.detect_within else None
    except (ValueError, OverflowError):
        return  # told where the file is read
    if noticed is not None and noticed > whole:
        tell("detect_within", "it may be noticed later than it has to be mitigated", "make it shorter")
    if parts and sum(part.total_seconds() for part in parts) > whole.total_seconds():
        what = "its steps together may take longer than mitigate_within"
        tell("mitigate_within", what, "make it longer, or the targets of steps shorter", warning=True)


def check_playbook(playbook: Playbook, tell: Tell) -> None:
    """Note what decides nothing, and tokens."""
    if not playbook.decisions:
        tell("", f"nothing is decided in the playbook {playbook.key}", "list decisions:", warning=True)
    for number, decision in enumerate(playbook.decisions or []):
        options = decision.options or []
        if len(options) < 2:
            tell(f"decisions.{number}.options", "one option alone is no decision", "list at least two")
        texts = [decision.question, *(text for one in options for text in (one.choose, one.when))]
        if any(text and holds_token(text) for text in texts):
            tell(f"decisions.{number}", _TOKEN, _MEND)
