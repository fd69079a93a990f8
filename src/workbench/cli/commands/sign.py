"""``workbench sign`` and ``revoke``: one's own word on a gate."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from workbench.cli import output, session
from workbench.cli.answers import Said, answer_document, answered, confirm_version, signoff_document, words_of
from workbench.cli.commands import sign_elsewhere, sign_plain
from workbench.cli.options import WRITING, Settings, common, pass_settings, ssh_key
from workbench.model.errors import NotAllowed, UsageError
from workbench.signoff.holding import STOPPING
from workbench.usecases import signing
from workbench.usecases.evaluate import evaluate
from workbench.usecases.looks import keep_look
from workbench.usecases.reporting.as_text import text_report
from workbench.usecases.reporting.making import judgement_of_gate
from workbench.usecases.signing_later import add_signature
from workbench.usecases.views.receipts import read_receipt
from workbench.usecases.views.signing_session import read_session, told


@click.command()
@click.argument("target", metavar="[GATE|REQUEST]", required=False)
@click.option("--role", metavar="ROLE", help="The role to sign in, if you have several that are asked.")
@click.option(
    "--for", "for_person", metavar="PERSON", help="In whose place you sign: they delegated it to you."
)
@answered
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
@click.option("--sure", is_flag=True, help="Enter the message even though its words say otherwise.")
@click.option("--dismiss", metavar="PERSON", help="Dismiss that person's no; needs their role, and --reason.")
@click.option("--reason", default="", metavar="TEXT", help="Why a no is dismissed.")
@click.option("--replace", is_flag=True, help="Replace the answer you gave before.")
@click.option(
    "--plain", "plainly", is_flag=True, help="Ask line by line, with numbered answers; nothing is repainted."
)
@click.option("--code", metavar="CODE", help="The code of the sheet that was answered.")
@ssh_key
@click.option("--add-signature", is_flag=True, help="Sign the answer that you gave before; needs --ssh-key.")
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
    for_person: str | None,
    confirm: str | None,
    ask_person: str | None,
    received: Path | None,
    code: str | None,
    to: Path | None,
    sure: bool,
    dismiss: str | None,
    reason: str,
    replace: bool,
    plainly: bool,
    ssh_key: str | None,
    add_signature: bool,
    said: Said,
) -> int | None:
    """Sign a gate, answer a request, or enter a reply.

    `sign [GATE]` shows what is signed and asks to type the version; without a terminal
    --confirm VERSION is needed.  `sign --request PERSON [GATE]` writes a request file;
    `sign REQUEST` answers one, without any record, and writes the reply for `import`.
    `sign --received FILE --code CODE` enters an answer that came by mail or chat.
    `sign GATE --dismiss PERSON --reason TEXT` sets aside a no of somebody else in your role.
    `--ssh-key FILE` signs what you say with a key; `sign GATE --add-signature --ssh-key FILE` signs your
    earlier answer.
    """
    if plainly:
        if said.says_something or any((ask_person, received, dismiss, confirm, add_signature, for_person)):
            raise UsageError("--plain asks for all of it", hint="sign [GATE] --plain")
        return sign_plain.sign_plainly(settings, target, role, ssh_key)
    if for_person is not None and any((ask_person, received, dismiss, add_signature)):
        raise UsageError("--for belongs to what you sign here", hint="workbench sign GATE --for PERSON")
    if add_signature:
        _add_signature(settings, target, said, ssh_key)
    elif dismiss is not None:
        _dismiss(settings, target, dismiss, reason, said, ssh_key)
    elif ask_person is not None:
        sign_elsewhere.ask(settings, ask_person, target, role, to, ssh_key)
    elif received is not None:
        if ssh_key is not None:
            raise UsageError(
                "a message is somebody else's word, and your key cannot sign it", hint="leave --ssh-key out"
            )
        sign_elsewhere.enter_message(settings, received, code, said, sure=sure)
    elif target is not None and sign_elsewhere.is_request(Path(target)):
        sign_elsewhere.answer_request(settings, Path(target), said, confirm, to, ssh_key)
    else:
        _sign_here(settings, target, role, for_person, said, confirm, replace=replace, ssh_key=ssh_key)
    return None


def _sign_here(
    settings: Settings,
    gate: str | None,
    role: str | None,
    for_person: str | None,
    said: Said,
    confirm: str | None,
    *,
    replace: bool,
    ssh_key: str | None,
) -> None:
    with session.acting(settings, ssh_key) as context:
        answer = said.answer(context.now, context.zone)
        evaluation = evaluate(context)
        shown = signing.prepare(context, evaluation, gate, role, for_person)
        concluded = evaluation.gate(shown.gate)
        if answer.decision not in STOPPING:
            signing.check_may_approve(concluded)
        signing.check_key(context, concluded, answer.decision)
        signing.check_says_something_new(concluded, shown, answer, context.zone)
        replaced = signing.replaced_words(concluded, shown.person, context.zone)
        if replaced and not replace and (confirm is not None or not sys.stdin.isatty()):
            raise NotAllowed(f"{replaced} stands", hint="--replace puts a new answer in its place")
        if confirm is None and sys.stdin.isatty():
            found = judgement_of_gate(evaluation, shown.gate)
            output.talk_lines(text_report(found, found.gate(shown.gate)).splitlines())
            sheet = read_session(context, evaluation, concluded, shown.person)
            output.talk_lines(told(sheet, output.terminal_width()))
            keep_look(context, evaluation, concluded)
            if replaced:
                output.talk(f"{'Replaces':<16} {replaced}")
        who = f"{shown.person} for {shown.for_person}" if shown.for_person else shown.person
        words = f"{who} as {shown.role}: {words_of(answer)} {concluded.gate.title}"
        confirm_version(evaluation.held.release.version, confirm, words)
        commit = signing.sign(context, shown, answer)
        document = signoff_document(context, commit)
        receipt = read_receipt(context, commit)
    if sys.stdin.isatty() and not settings.json:
        output.talk_lines(receipt.text.splitlines()[1:])
    with_key = f", with {document['key']}" if document["key"] else ""
    output.done(
        settings,
        f"signed: {words}{with_key}; the gate is {document['gate_state']}",
        document,
        hint="workbench gate",
    )


def _add_signature(settings: Settings, gate: str | None, said: Said, ssh_key: str | None) -> None:
    """Sign the statement of one's own earlier answer with a key."""
    if said.says_something or ssh_key is None:
        raise UsageError(
            "--add-signature signs what you said before, with a key",
            hint="sign GATE --add-signature --ssh-key FILE",
        )
    with session.acting(settings, ssh_key) as context:
        added = add_signature(context, evaluate(context), gate)
        document = answer_document(context, added.answer, added.change)
    words = f"your answer is signed with {added.key}; the gate is {document['gate_state']}"
    output.done(settings, words, document, hint="workbench gate")


def _dismiss(
    settings: Settings, gate: str | None, person: str, reason: str, said: Said, ssh_key: str | None
) -> None:
    """Set somebody's no aside."""
    if said.says_something:
        raise UsageError("dismissing a no is no answer of your own", hint="sign the gate afterwards")
    with session.acting(settings, ssh_key) as context:
        evaluation = evaluate(context)
        commit = signing.dismiss(context, evaluation, gate, person, reason)
        concluded = evaluate(context).gate(signing.gate_to_sign(evaluation, gate).gate.key)
    document = {
        "schema": "workbench.dismissed.1",
        "gate": concluded.gate.key,
        "person": person,
        "by": context.author().actor,
        "change": commit.change_id,
        "gate_state": concluded.state.value,
    }
    words = f"what {person} said of {concluded.gate.title} is dismissed; the gate is {concluded.state.value}"
    output.done(settings, words, document, hint="workbench gate")


@click.command()
@click.argument("gate")
@click.option("--reason", required=True, metavar="TEXT", help="Why.")
@common(*WRITING)
@pass_settings
def revoke(settings: Settings, gate: str, reason: str) -> None:
    """Revoke your own sign-off of a gate."""
    with session.acting(settings) as context:
        evaluation = evaluate(context)
        commit = signing.revoke(context, evaluation, gate, reason)
        title = evaluation.gate(gate).gate.title
    document = {"schema": "workbench.revoked.1", "gate": gate, "change": commit.change_id}
    output.done(settings, f"your sign-off of {title} is revoked", document, hint="workbench gate")
