"""The parts of ``workbench sign`` that are about people elsewhere: a request, its answer, a message."""

from __future__ import annotations

import sys
from pathlib import Path

from workbench.cli import output, session
from workbench.cli.answers import Said, confirm_version, counts_not, signoff_document, words_of
from workbench.cli.options import Settings
from workbench.model.errors import UsageError
from workbench.model.keys import slug
from workbench.model.times import Clock
from workbench.usecases import request_files, requests, signing_elsewhere
from workbench.usecases.evaluate import evaluate
from workbench.usecases.identity import system_user
from workbench.usecases.people import key_or_text
from workbench.usecases.request_sheet import text_lines
from workbench.usecases.requests import Request


def ask(
    settings: Settings,
    person: str,
    gate: str | None,
    role: str | None,
    to: Path | None,
    ssh_key: str | None = None,
) -> None:
    """Write a request file for somebody elsewhere."""
    with session.acting(settings, ssh_key) as context:
        person = key_or_text(context.definitions.project.people, person)
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


def is_request(path: Path) -> bool:
    """Whether a path is a request file, and so no gate's key."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return b"workbench.request." in file.read(4096)
    except OSError:
        return False


def answer_request(
    settings: Settings,
    path: Path,
    said: Said,
    confirm: str | None,
    to: Path | None,
    ssh_key: str | None = None,
) -> None:
    """Answer a request: no project and no record are needed."""
    request = requests.read_request(output.read(path))
    if settings.as_person not in (None, request.person):
        raise UsageError(f"this request is for {request.person}, not for {settings.as_person}")
    now = Clock().now()
    answer = said.answer(now)
    if confirm is None and sys.stdin.isatty():
        output.talk_lines(text_lines(request))
    confirm_version(request.release, confirm, f"{request.person} {words_of(answer)} {request.gate_title}")
    signs = None if ssh_key is None else session.signing_alone(ssh_key)
    reply = requests.reply(request, answer, identity=_identity(request), at=now, signs=signs)
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
    hint = f"send it back to {request.asking.person}, for workbench import {target.name}"
    output.done(settings, f"wrote {target}: {request.person} {words_of(answer)}", document, hint)


def _identity(request: Request) -> str:
    """How we know who answers: the system's user, and no more than that."""
    user = system_user() or "unknown"
    return f"answered as {request.person} by the system user {output.safe(user, 60)}"


def enter_message(settings: Settings, path: Path, code: str | None, said: Said, *, sure: bool) -> None:
    """Enter an answer that came by mail or chat."""
    if code is None:
        raise UsageError("which code does the answer quote?", hint="--code CODE, as it stands on the sheet")
    if not said.says_something:
        raise UsageError(
            "what does the answer say?",
            hint="one of --approve, --conditions TEXT, --send-back TEXT, --reject",
        )
    data = output.read(path)
    with session.acting(settings) as context:
        answer = said.answer(context.now, context.zone)
        commit = signing_elsewhere.receive(context, evaluate(context), data, code, answer, sure=sure)
        document = signoff_document(context, commit)
        remark = counts_not(context, document)
    words = f"entered: {document['person']} {words_of(answer)} {document['gate']}"
    output.done(settings, words, document, hint="workbench gate")
    if remark:
        output.talk(remark)
