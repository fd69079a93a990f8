"""What somebody says about a gate, as it is typed; and what a script is told of a sign-off."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from functools import wraps
from typing import Any

import click
import msgspec

from workbench.cli import output, session
from workbench.cli.options import only_one
from workbench.model.errors import UsageError
from workbench.record import Commit
from workbench.releases.model import Release
from workbench.signoff.model import Decision, SignOff
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.signing import Answer

_OPTIONS = (
    click.option("--approve", is_flag=True, help="Approve (the default)."),
    click.option("--reject", is_flag=True, help="Reject; --comment says what has to change."),
    click.option("--send-back", metavar="TEXT", help="Send it back: this is needed before you decide."),
    click.option("--from", "needed_from", metavar="PERSON", help="Who has to do what is needed."),
    click.option("--conditions", metavar="TEXT", help="Approve on these conditions; --due says by when."),
    click.option("--due", metavar="TIME", help="When the conditions are due."),
    click.option("--comment", default="", metavar="TEXT", help="Comment."),
)


class Said(msgspec.Struct, frozen=True):
    """A decision as it was typed; ``decision`` is ``None`` where neither way was named."""

    decision: str | None
    conditions: str | None
    due: str | None
    comment: str
    needed: str | None = None
    needed_from: str | None = None

    @property
    def says_something(self) -> bool:
        """Whether a decision was named at all."""
        return (self.decision, self.conditions, self.needed) != (None, None, None)

    def answer(self, now: datetime, zone: tzinfo = UTC) -> Answer:
        """What is meant; a day begins in ``zone``, a length of time counts from ``now``."""
        decision = Decision(self.decision or "approve")
        if self.conditions is not None:
            decision = Decision.CONDITIONS
        elif self.needed is not None:
            decision = Decision.SEND_BACK
        return Answer(
            decision=decision,
            comment=self.comment,
            conditions=self.conditions or "",
            conditions_due=session.end_from(self.due, now, zone),
            needed=self.needed or "",
            needed_from=self.needed_from or "",
        )


def answered(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options that say what is decided; the command gets them as ``said``."""

    @wraps(function)
    def command(
        *args: Any,
        approve: bool,
        reject: bool,
        send_back: str | None,
        needed_from: str | None,
        conditions: str | None,
        due: str | None,
        comment: str,
        **more: Any,
    ) -> Any:
        decision = only_one({"approve": approve, "reject": reject, "send_back": send_back is not None})
        if conditions is not None and decision in ("reject", "send_back"):
            raise UsageError(f"either {decision.replace('_', ' ')}, or approve with conditions")
        if needed_from is not None and send_back is None:
            raise UsageError("--from belongs to --send-back TEXT")
        if due is not None and conditions is None:
            raise UsageError("--due belongs to --conditions TEXT")
        if conditions is not None and due is None:
            raise UsageError(
                "conditions need --due: when they have to be met", hint="--due 2026-12-01, or --due 30d"
            )
        return function(*args, said=Said(decision, conditions, due, comment, send_back, needed_from), **more)

    for add in reversed(_OPTIONS):
        command = add(command)
    return command


def words_of(answer: Answer) -> str:
    """What an answer does to a gate: ``approves``."""
    return _WORDS[answer.decision]


_WORDS = {
    Decision.APPROVE: "approves",
    Decision.CONDITIONS: "approves with conditions",
    Decision.SEND_BACK: "sends back",
    Decision.REJECT: "rejects",
}


def confirm_version(version: str, confirm: str | None, words: str) -> None:
    """Whoever signs types the version, so that nobody signs the wrong release."""
    if confirm is None:
        if not sys.stdin.isatty():
            raise UsageError(
                "signing without a terminal needs --confirm",
                hint=f"--confirm {output.safe(version)}, after reading what is signed",
            )
        output.talk(words)
        confirm = click.prompt("Type the version to sign it", default="", show_default=False, err=True)
    if confirm.strip() != version:
        raise UsageError(f"nothing was signed: “{confirm}” is not {version}")


def counts_not(context: Context, document: dict[str, Any]) -> str:
    """Why an answer that was just taken in does not count; "" where it does, or stops the gate."""
    stored = context.record.get("release", document["release"])
    version = stored.decode(Release).version if stored is not None else None
    views = evaluate(context, version).gate(document["gate"]).signoffs
    view = next((v for v in views if v.signoff.original == document["original"]), None)
    return "" if view is None or view.counts or view.stops else f"it does not count: {view.why}"


def signoff_document(context: Context, commit: Commit) -> dict[str, Any]:
    """The sign-off that an act has entered, and what its gate has become."""
    ident = next(ident for entity, ident in commit.touched if entity == "signoff")
    return answer_document(context, ident, commit.change_id)


def answer_document(context: Context, ident: str, change: str) -> dict[str, Any]:
    """A sign-off by its id, the act that changed something about it, and what its gate has become."""
    stored = context.record.get("signoff", ident)
    assert stored is not None
    value = stored.decode(SignOff)
    release = context.record.get("release", value.release)
    version = release.decode(Release).version if release is not None else None
    state = evaluate(context, version).gate(value.gate).state.value
    return {
        "schema": "workbench.signoff.1",
        **output.fields(value),
        "change": change,
        "gate_state": state,
    }
