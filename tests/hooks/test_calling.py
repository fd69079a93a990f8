"""Calling hooks: what they are given, what is kept of them, and that nothing stops anybody."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from tests.sources.support import Server, body
from tests.usecases.projects import SMALL, opened

from workbench.definitions import load
from workbench.definitions.hooks import HookEvent
from workbench.definitions.trust import trust_request
from workbench.hooks import calling
from workbench.hooks.model import notices
from workbench.model.errors import DefinitionError
from workbench.usecases import hooks
from workbench.usecases.context import Context
from workbench.usecases.project import Options, kinds
from workbench.usecases.trusting import agree, look
from workbench.usecases.views.hooks import read_hooks

NEWS = {"about": "freeze/1", "title": "Promotion is frozen", "text": "Frozen by Kim: payments are down"}


def project(folder: Path, text: str, *, trusted: bool = True) -> Path:
    folder.mkdir()
    (folder / "workbench.yaml").write_text(SMALL + text, encoding="utf-8")
    if trusted:
        agree(look(Options(project=folder)))
    return folder


def keeping(folder: Path) -> str:
    """A command that keeps its words, its input and its folder in a file."""
    script = folder.parent / "keep.py"
    script.write_text(
        "import json, os, pathlib, sys\n"
        "found = {'argv': sys.argv[1:], 'input': sys.stdin.read(), 'cwd': os.getcwd()}\n"
        "pathlib.Path(sys.argv[1]).write_text(json.dumps(found))\n",
        encoding="utf-8",
    )
    return shlex.join([sys.executable, str(script), str(folder.parent / "kept.json")])


def command_hook(run: str, on: str = "[frozen]", **more: str) -> str:
    extra = "".join(f", {name}: {value}" for name, value in more.items())
    return f"hooks:\n  - {{key: page, on: {on}, kind: command, run: {json.dumps(run)}{extra}}}\n"


def noted(context: Context) -> list[tuple[str, bool]]:
    return [(one.hook, one.worked) for _, note in notices(context.record) for one in note.told]


@pytest.fixture
def chat() -> Iterator[Server]:
    server = Server(lambda asked: body({"ok": True}))
    yield server
    server.close()


def test_a_command_reads_the_document_and_is_noted(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop", command_hook(keeping(tmp_path / "shop")))
    with opened(folder) as context:
        (told,) = hooks.tell(context, HookEvent.FROZEN, NEWS)
        assert (told.hook, told.worked, told.words) == ("page", True, "ran")
        ((_, note),) = notices(context.record, "freeze/1")
        assert (note.event, note.title, note.heard) == (HookEvent.FROZEN, "Promotion is frozen", True)
    kept = json.loads((tmp_path / "kept.json").read_text())
    document = json.loads(kept["input"])
    assert document["schema"] == "workbench.hook.1"
    assert (document["event"], document["project"], document["by"]) == ("frozen", "shop", "kim")
    assert document["text"] == NEWS["text"]
    assert Path(kept["cwd"]) == folder
    assert not any("Frozen" in word for word in kept["argv"])


def test_only_hooks_of_the_event_are_called(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop", command_hook("false", on="[lifted]"))
    with opened(folder) as context:
        assert hooks.tell(context, HookEvent.FROZEN, NEWS) == []
        assert noted(context) == []


def test_nothing_is_called_in_a_project_that_nobody_trusted(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop", command_hook(keeping(tmp_path / "shop")), trusted=False)
    with opened(folder) as context:
        (told,) = hooks.tell(context, HookEvent.FROZEN, NEWS)
        assert not told.worked and "workbench trust" in told.words
        assert noted(context) == [("page", False)]
        assert any("page did not work" in text for text in context.remarks)
        assert not read_hooks(context).trusted
    assert not (tmp_path / "kept.json").exists()


def test_trust_shows_what_a_hook_uses_and_a_change_asks_again(tmp_path: Path) -> None:
    text = command_hook("scripts/page.sh") + (
        '  - {key: chat, on: [lifted], kind: http, url: "https://chat.example.com/${CHAT_PATH}",'
        ' headers: {X-Key: "${CHAT_KEY}"}}\n'
    )
    folder = project(tmp_path / "shop", text)
    asked = trust_request(load(folder, kinds()))
    assert asked.commands == ("scripts/page.sh",)
    assert asked.hosts == ("https://chat.example.com",)
    assert asked.variables == ("CHAT_KEY", "CHAT_PATH")
    file = folder / "workbench.yaml"
    file.write_text(file.read_text().replace("scripts/page.sh", "scripts/other.sh"))
    assert not look(Options(project=folder)).trusted


@pytest.mark.parametrize(
    ("run", "words"),
    [("/no/such/program", "could not be run"), ("false", "exit code 1"), ("sleep 60", "did not finish")],
)
def test_what_goes_wrong_is_said_and_stops_nobody(
    tmp_path: Path, run: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "sleep" in run:
        monkeypatch.setattr(calling, "parse_duration", lambda text: timedelta(milliseconds=20))
    folder = project(tmp_path / "shop", command_hook(run))
    with opened(folder) as context:
        (told,) = hooks.tell(context, HookEvent.FROZEN, NEWS)
        assert not told.worked and words in told.words
        assert noted(context) == [("page", False)]


def test_a_large_document_is_given_to_a_command_that_reads_nothing(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop", command_hook("true"))
    with opened(folder) as context:
        (told,) = hooks.tell(context, HookEvent.FROZEN, NEWS | {"log": "x" * 1_000_000})
        assert told.worked


def test_a_server_is_posted_to_once_and_its_secrets_stay_out(
    tmp_path: Path, chat: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHAT_PATH", "T000-B000-sesame")
    monkeypatch.setenv("CHAT_KEY", "open-sesame-key")
    text = (
        f'hooks:\n  - {{key: chat, on: [frozen], kind: http, url: "{chat.url}/${{CHAT_PATH}}",'
        ' headers: {X-Key: "${CHAT_KEY}"}, send: text}\n'
    )
    folder = project(tmp_path / "shop", text)
    with opened(folder) as context:
        (told,) = hooks.tell(context, HookEvent.FROZEN, NEWS)
        assert told.worked and told.words == "answered with status 200"
        (asked,) = chat.asked
        assert (asked.method, asked.path) == ("POST", "/T000-B000-sesame")
        assert asked.headers["x-key"] == "open-sesame-key"
        assert json.loads(asked.body) == {"text": NEWS["text"]}
        chat.answer = lambda asked: body({"said": "T000-B000-sesame"}, status=503)
        (told,) = hooks.tell(context, HookEvent.FROZEN, NEWS)
        assert not told.worked and "status 503" in told.words
        assert len(chat.asked) == 2  # a page is never repeated
    chat.close()
    with opened(folder) as context:
        (told,) = hooks.tell(context, HookEvent.FROZEN, NEWS)
        assert not told.worked and "sesame" not in told.words
        assert not any("sesame" in text for text in context.remarks)
    assert b"sesame" not in (folder / ".workbench" / "record.db").read_bytes()


def test_a_variable_that_is_not_set_is_said(tmp_path: Path, chat: Server) -> None:
    text = f'hooks:\n  - {{key: chat, on: [frozen], kind: http, url: "{chat.url}/${{NOT_SET_HERE}}"}}\n'
    with opened(project(tmp_path / "shop", text)) as context:
        (told,) = hooks.tell(context, HookEvent.FROZEN, NEWS)
        assert not told.worked and "NOT_SET_HERE is not set" in told.words
        assert chat.asked == []


def test_secrets_in_the_document_are_removed(tmp_path: Path, chat: Server) -> None:
    text = f'hooks:\n  - {{key: chat, on: [frozen], kind: http, url: "{chat.url}"}}\n'
    with opened(project(tmp_path / "shop", text)) as context:
        hooks.tell(context, HookEvent.FROZEN, {"title": "t", "lines": ["password: hunter2hunter2"]})
    assert b"hunter2" not in chat.asked[0].body


def test_a_test_is_marked_and_not_noted(tmp_path: Path, chat: Server) -> None:
    text = f'hooks:\n  - {{key: chat, on: [frozen], kind: http, url: "{chat.url}"}}\n'
    with opened(project(tmp_path / "shop", text)) as context:
        assert hooks.try_hook(context, "chat").worked
        assert noted(context) == []
    assert json.loads(chat.asked[0].body)["test"] is True


def test_in_the_app_it_is_called_beside_the_desk(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop", command_hook("true"))
    waiting = []
    with opened(folder) as context:
        beside = msgspec.structs.replace(context, aside=waiting.append)
        assert hooks.tell(beside, HookEvent.FROZEN, NEWS) == []
        assert noted(context) == []
        waiting[0](context)
        assert noted(context) == [("page", True)]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{key: a, on: [], kind: command, run: x}", "never called"),
        ("{key: a, on: [fire], kind: command, run: x}", "must be incident_opened"),
        ("{key: a, on: [frozen], kind: pigeon}", "no hook kind"),
        ("{key: a, on: [frozen], kind: command}", "needs “run”"),
        ('{key: a, on: [frozen], kind: http, url: "${WHERE}"}', "host of a hook stands in the file"),
        ('{key: a, on: [frozen], kind: http, url: "https://${H}.example.com/x"}', "host of a hook"),
        (
            '{key: a, on: [frozen], kind: http, url: "https://x.example.com", headers: {A: "secret"}}',
            "secret",
        ),
    ],
)
def test_mistakes_are_told_where_they_stand(tmp_path: Path, line: str, words: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        load(project(tmp_path / "shop", f"hooks:\n  - {line}\n", trusted=False), kinds())
    (problem,) = caught.value.problems
    assert words in problem.what and problem.line == 11


def test_it_runs_nothing_but_what_was_agreed_to_when_a_script_changes(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    (tmp_path / "shop").mkdir()
    script = folder / "page.sh"
    script.write_text("#!/bin/sh\ncat > /dev/null\n")
    script.chmod(0o700)
    (folder / "workbench.yaml").write_text(SMALL + command_hook("./page.sh"), encoding="utf-8")
    agree(look(Options(project=folder)))
    with opened(folder) as context:
        assert hooks.tell(context, HookEvent.FROZEN, NEWS)[0].worked
        script.write_text("#!/bin/sh\nrm -rf everything\n")
        assert not hooks.tell(context, HookEvent.FROZEN, NEWS)[0].worked
