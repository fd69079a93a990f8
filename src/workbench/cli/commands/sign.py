"""``workbench sign`` and ``revoke``: one's own word on a gate, and other people's."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from workbench.cli import output, session
from workbench.cli.options import WRITING, Settings, common, only_one, pass_settings
from workbench.model.errors import UsageError
from workbench.model.keys import slug
from workbench.model.times import Clock, parse_moment
from workbench.signoff.model import Decision
from workbench.usecases import request_files, signing, signing_elsewhere
from workbench.usecases.context import require_person
from workbench.usecases.evaluate import evaluate
from workbench.usecases.identity import system_user
from workbench.usecases.report import text_report
from workbench.usecases.signing import Answer
from workbench.usecases.signing_elsewhere import Request
from workbench.usecases.signing_sheet import sheet


@click.command()
@click.argument("target", metavar="[GATE|REQUEST]", required=False)
@click.option("--role", metavar="ROLE", help="The role to sign in, if you have several that are asked.")
@click.option("--approve", is_flag=True, help="Approve (this is what is meant if nothing is said).")
@click.option("--reject", is_flag=True, help="Reject; --comment says what has to change.")
@click.option("--conditions", metavar="TEXT", help="Approve on these conditions.")
@click.option("--due", metavar="TIME", help="When the conditions are due.")
@click.option("--comment", default="", metavar="TEXT", help="A word on it.")
@click.option("--confirm", metavar="VERSION", help="The version that is signed; asked for on a terminal.")
@click.option(
    "--request", "ask_person", metavar="PERSON", help="Write a request file for somebody elsewhere."
)
@click.option(
    "--received",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Enter somebody's mail or chat answer; needs --code.",
)
@click.option("--code", metavar="CODE", help="The code of the sheet that was answered.")
@click.option(
    "--output",
    "to",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where a request or a reply is written.",
)
@common(*WRITING)
@pass_settings
def sign(
    settings: Settings,
    target: str | None,
    role: str | None,
    approve: bool,
    reject: bool,
    conditions: str | None,
    due: str | None,
    comment: str,
    confirm: str | None,
    ask_person: str | None,
    received: Path | None,
    code: str | None,
    to: Path | None,
) -> None:
    """Sign a gate, answer a request, or enter a reply.

    `sign [GATE]` shows what is signed and asks to type the version; without a terminal
    --confirm VERSION is needed.  `sign --request PERSON [GATE]` writes a request file;
    `sign REQUEST` answers one, without any record, and writes the reply for `import`.
    `sign --received FILE --code CODE` enters an answer that came by mail or chat.
    """
    said = _Said(only_one({"approve": approve, "reject": reject}), conditions, due, comment)
    if ask_person is not None:
        _request(settings, ask_person, target, role, to)
    elif received is not None:
        _received(settings, received, code, said)
    elif target is not None and _is_request(Path(target)):
        _answer(settings, Path(target), said, confirm, to)
    else:
        _sign_here(settings, target, role, said, confirm)


class _Said:
    """The decision as it was typed."""

    def __init__(self, decision: str | None, conditions: str | None, due: str | None, comment: str) -> None:
        if conditions is not None and decision == "reject":
            raise UsageError("either reject, or approve with conditions")
        if due is not None and conditions is None:
            raise UsageError("--due belongs to --conditions TEXT")
        self.decision, self.conditions, self.due, self.comment = decision, conditions, due, comment

    def answer(self, zone: Any = None) -> Answer:
        decision = (
            Decision.CONDITIONS if self.conditions is not None else Decision(self.decision or "approve")
        )
        due = None
        if self.due:
            due = parse_moment(self.due, zone) if zone is not None else parse_moment(self.due)
        return Answer(
            decision=decision, comment=self.comment, conditions=self.conditions or "", conditions_due=due
        )


def _sign_here(
    settings: Settings, gate: str | None, role: str | None, said: _Said, confirm: str | None
) -> None:
    with session.acting(settings) as context:
        zone = context.zone
        answer = said.answer(zone)
        evaluation = evaluate(context)
        shown = signing.prepare(context, evaluation, gate, role)
        concluded = evaluation.gate(shown.gate)
        if answer.decision is not Decision.REJECT:
            signing.check_may_approve(concluded)
        if confirm is None and sys.stdin.isatty():
            output.talk_lines(text_report(evaluation, concluded).splitlines())
            for entry in sheet(evaluation, concluded, require_person(context), zone):
                output.talk(f"{entry.label:<17} {entry.text}")
        words = f"{shown.person} as {shown.role}: {_words(answer)} {concluded.gate.title}"
        _confirmed(evaluation.held.release.version, confirm, words)
        commit = signing.sign(context, evaluation, shown, answer)
        after = evaluate(context)
        state = after.gate(shown.gate).state
    document = {
        "schema": "workbench.signoff.1",
        "gate": shown.gate,
        "person": shown.person,
        "role": shown.role,
        "decision": answer.decision.value,
        "shown": shown.shown.digest,
        "basis": shown.basis.digest,
        "change": commit.change_id,
        "gate_state": state.value,
    }
    output.done(settings, f"signed: {words}; the gate is {state.value}", document, hint="workbench gate")


def _words(answer: Answer) -> str:
    return {"approve": "approves", "reject": "rejects"}.get(answer.decision.value, "approves with conditions")


def _confirmed(version: str, confirm: str | None, words: str) -> None:
    """Whoever signs types the version, so that nobody signs the wrong release."""
    if confirm is None:
        if not sys.stdin.isatty():
            raise UsageError(
                "signing without a terminal needs --confirm",
                hint=f"--confirm {output.safe(version)}, after reading `workbench gate`",
            )
        output.talk(words)
        confirm = click.prompt("Type the version to sign it", default="", show_default=False, err=True)
    if confirm.strip() != version:
        raise UsageError(f"nothing was signed: “{confirm}” is not {version}")


def _request(settings: Settings, person: str, gate: str | None, role: str | None, to: Path | None) -> None:
    with session.acting(settings) as context:
        request = signing_elsewhere.ask(context, evaluate(context), gate, person, role)
        folder = to.parent if to is not None else Path()
        path = request_files.write_request(request, folder)
        if to is not None and path != to:
            path = path.replace(to)
    document = {
        "schema": "workbench.asked.1",
        "person": person,
        "gate": request.gate,
        "code": request.code,
        "files": [str(path)],
    }
    hint = f"send it; they run workbench sign {path.name}, and send back a file for workbench import"
    output.done(settings, f"wrote {path} for {person}, code {request.code}", document, hint)


def _is_request(path: Path) -> bool:
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return b"workbench.request." in file.read(4096)
    except OSError:
        return False


def _answer(settings: Settings, path: Path, said: _Said, confirm: str | None, to: Path | None) -> None:
    """Answer a request: no project and no record are needed."""
    request = signing_elsewhere.read_request(output.read(path))
    if settings.as_person not in (None, request.person):
        raise UsageError(f"this request is for {request.person}, not for {settings.as_person}")
    answer = said.answer()
    if confirm is None and sys.stdin.isatty():
        output.talk_lines(request_files.text_lines(request))
    _confirmed(request.release, confirm, f"{request.person} {_words(answer)} {request.gate_title}")
    reply = signing_elsewhere.reply(request, answer, identity=_identity(request), at=Clock().now())
    # Both words come from outside: as slugs they cannot lead to another folder.
    target = to or path.with_name(f"reply-{slug(request.gate)}-{slug(request.person)}.json")
    request_files.write_reply(reply, target)
    document = {
        "schema": "workbench.answered.1",
        "gate": request.gate,
        "person": request.person,
        "decision": answer.decision.value,
        "code": request.code,
        "files": [str(target)],
    }
    hint = f"send it back to {request.asked_by}, for workbench import {target.name}"
    output.done(settings, f"wrote {target}: {request.person} {_words(answer)}", document, hint)


def _identity(request: Request) -> str:
    """How we know who answers: the system's user, and no more than that."""
    user = system_user() or "unknown"
    return f"answered as {request.person} by the system user {output.safe(user, 60)}"


def _received(settings: Settings, path: Path, code: str | None, said: _Said) -> None:
    if code is None:
        raise UsageError("which code does the answer quote?", hint="--code CODE, as it stands on the sheet")
    if said.decision is None and said.conditions is None:
        raise UsageError("what does the answer say?", hint="one of --approve, --reject, --conditions TEXT")
    data = output.read(path)
    with session.acting(settings) as context:
        answer = said.answer(context.zone)
        commit = signing_elsewhere.receive(context, evaluate(context), data, code, answer)
        given = context.record.history(entity="signoff", limit=1)[0].value or {}
    document = {"schema": "workbench.signoff.1", **given, "change": commit.change_id}
    words = f"entered: {given['person']} {_words(answer)} {given['gate']}"
    output.done(settings, words, document, hint="workbench gate")


@click.command()
@click.argument("gate")
@click.option("--reason", required=True, metavar="TEXT", help="Why.")
@common(*WRITING)
@pass_settings
def revoke(settings: Settings, gate: str, reason: str) -> None:
    """Take back your own sign-off of a gate."""
    with session.acting(settings) as context:
        evaluation = evaluate(context)
        commit = signing.revoke(context, evaluation, gate, reason)
        title = evaluation.gate(gate).gate.title
    document = {"schema": "workbench.revoked.1", "gate": gate, "change": commit.change_id}
    output.done(settings, f"your sign-off of {title} is revoked", document, hint="workbench gate")
