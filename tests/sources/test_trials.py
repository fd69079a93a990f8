"""The trials that every source stands: what comes of each sort of answer, and that no secret is left anywhere."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import msgspec
import pytest
from tests import building as build
from tests.real.conftest import free_port
from tests.sources.support import Answer, Asked, Server, ask
from tests.sources.trials import frame
from tests.sources.trials.frame import Case, FileCase, FileTrials, ServerTrials, TriedIn

from workbench.definitions.shapes import Source
from workbench.definitions.trust import TrustStore, trust_request
from workbench.model.text import safe_text
from workbench.sources.reading import Question, Reading
from workbench.sources.secrets import Secrets
from workbench.usecases import excerpts, fetching
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.source_trying import try_source
from workbench.usecases.views.source_tried import lines

ALL = frame.all_trials()
SERVERS = {name: trials for name, trials in ALL.items() if isinstance(trials, ServerTrials)}
FILES = {name: trials for name, trials in ALL.items() if isinstance(trials, FileTrials)}
ROOT = Path(__file__).parents[2]


def test_every_kind_and_every_recipe_has_trials():
    wanted = {*frame.kinds_that_ask(), *frame.recipes()}
    assert wanted - ALL.keys() == set(), "add tests/sources/trials/NAME.py for each"
    assert ALL.keys() - wanted == set(), "there is no such kind or recipe"


@pytest.mark.parametrize("name", [name for name, trials in ALL.items() if isinstance(trials, TriedIn)])
def test_what_is_tried_elsewhere_is_tried_there(name: str) -> None:
    trials = ALL[name]
    assert isinstance(trials, TriedIn) and trials.modules
    for module in trials.modules:
        assert name in (ROOT / module).read_text(encoding="utf-8")


# --- what comes of an answer


@pytest.fixture(scope="session")
def asked_of(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[str], tuple[Source, dict[str, Question]]]:
    """The source of the trials with a name, and the questions that a project puts to it, by subject."""

    @cache
    def asked(name: str) -> tuple[Source, dict[str, Question]]:
        text = frame.project_of(name, ALL[name])  # type: ignore[arg-type]
        with build.shop(tmp_path_factory.mktemp(name) / "shop", text) as context:
            (source,) = context.definitions.project.sources
            found = fetching.questions(context, evaluate(context).held)
        return source, {question.subject: question for question in found if question.role != "baseline"}

    return asked


def _readings(
    source: Source,
    questions: dict[str, Question],
    trials: ServerTrials | FileTrials,
    subjects: tuple[str, ...],
    **more: Any,
) -> dict[str, Reading]:
    names = trials.secrets if isinstance(trials, ServerTrials) else ()
    secrets = Secrets(allow=True, environ=dict.fromkeys(names, TOKEN))
    fetched = ask([source], [questions[subject] for subject in subjects], secrets=secrets, **more)  # type: ignore[list-item]
    assert {reading.subject for reading in fetched.readings} == set(subjects)
    return {reading.subject: reading for reading in fetched.readings}


def _said(reading: Reading) -> str:
    facts = [f"{name} {fact}" for name, fact in reading.facts.items()]
    return "\n".join([reading.why, reading.partial or "", *facts])


def _holds(reading: Reading, case: Case | FileCase) -> None:
    said = _said(reading)
    assert reading.state == case.state, said
    assert (reading.value is None) == (reading.state != "ok")
    for word in case.words:
        assert word in said, said
    for text in said.split("\n"):
        assert text == safe_text(text), "control codes in what is said"
    if reading.state != "ok":
        assert reading.why, "nothing says what is wrong"
    assert "could not be read (" not in said, "an exception of ours that nobody foresaw"


def _at(source: Source, trials: ServerTrials, url: str, **config: str) -> Source:
    old = getattr(source.config, trials.address)
    new = old.replace(frame.NOWHERE, url)
    assert source.config is not None
    changed = msgspec.structs.replace(source.config, **{trials.address: new}, **config)
    return msgspec.structs.replace(source, config=changed)


def _server_cases() -> Iterator[Any]:
    for name, trials in SERVERS.items():
        cases = {
            "empty": trials.empty, "partial": trials.partial, "another version": trials.another,
            "refused": trials.refused, "wrong token": trials.wrong_token, **trials.more,
        }  # fmt: skip
        for word, case in cases.items():
            if isinstance(case, Case):
                yield pytest.param(name, case, id=f"{name}: {word}")


@pytest.mark.parametrize("name", SERVERS)
def test_the_right_answer_gives_the_number(name, asked_of, serve):
    trials = SERVERS[name]
    source, questions = asked_of(name)
    server = serve(frame.as_function(trials.right))
    found = _readings(_at(source, trials, server.url), questions, trials, tuple(trials.expects))
    for subject, text in trials.expects.items():
        assert found[subject].state == "ok", _said(found[subject])
        assert found[subject].value == Decimal(text), subject
        assert found[subject].evidence, "an answer is kept as evidence"


@pytest.mark.parametrize(("name", "case"), _server_cases())
def test_another_answer_of_a_server_is_never_taken_for_a_number(name, case, asked_of, serve):
    trials = SERVERS[name]
    source, questions = asked_of(name)
    server = serve(frame.as_function(case.answer))
    subject = case.of or next(iter(trials.expects))
    found = _readings(_at(source, trials, server.url), questions, trials, (subject,))
    _holds(found[subject], case)


@pytest.mark.parametrize("name", SERVERS)
def test_a_server_that_does_not_answer_costs_its_own_questions(name, asked_of, serve):
    trials = SERVERS[name]
    source, questions = asked_of(name)
    subject, over = next(iter(trials.expects)), threading.Event()
    slow = serve(frame.held_up(over))
    try:
        held = _readings(_at(source, trials, slow.url, timeout="0.1s"), questions, trials, (subject,))
    finally:
        over.set()
    _holds(held[subject], Case((0, {}, b""), "error", ("no complete answer within 0.1 s", "timeout")))
    dead = _at(source, trials, f"http://127.0.0.1:{free_port()}")
    gone = _readings(dead, questions, trials, (subject,))
    _holds(gone[subject], Case((0, {}, b""), "error", ("could not connect", "Is the server running")))


@pytest.mark.parametrize("name", SERVERS)
def test_a_server_that_wants_to_be_left_alone_is_asked_once(name, asked_of, serve):
    trials = SERVERS[name]
    source, questions = asked_of(name)
    server = serve(lambda _: (429, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "2400"}, b"{}"))
    subject = next(iter(trials.expects))
    found = _readings(_at(source, trials, server.url), questions, trials, (subject,))
    _holds(found[subject], Case((429, {}, b""), "error", ("again in 40 min",)))
    assert len(server.asked) <= 2  # one asks for the server's version


@pytest.mark.parametrize("name", SERVERS)
@pytest.mark.parametrize(
    "answer",
    [
        (200, {"Content-Type": "text/html"}, b"<!doctype html><title>Log in</title>"),
        (200, {"Content-Type": "application/json"}, b""),
        (200, {"Content-Type": "application/json"}, b"[" * 100_000),
        (200, {"Content-Type": "application/json"}, b"null"),
        (200, {"Content-Type": "application/json"}, b"{}"),
        (200, {"Content-Type": "application/json"}, b"[]"),
        (200, {"Content-Type": "application/json"}, b"\xff\xfe\x00"),
        (500, {"Content-Type": "application/json"}, b"{}"),
        (404, {"Content-Type": "text/plain"}, b"404 page not found\n"),
        (302, {"Location": "http://elsewhere.invalid/"}, b""),
    ],
    ids=["web page", "nothing", "deep", "null", "{}", "[]", "no text", "500", "404", "sent on"],
)
def test_what_is_no_answer_is_never_a_number(name, answer, asked_of, serve):
    trials = SERVERS[name]
    source, questions = asked_of(name)
    server = serve(lambda _: answer)
    for subject, reading in _readings(
        _at(source, trials, server.url), questions, trials, tuple(trials.expects)
    ).items():
        assert reading.state in ("error", "missing"), f"{subject}: {_said(reading)}"
        _holds(reading, Case(answer, reading.state, ()))


# --- what comes of a file


def _file_cases() -> Iterator[Any]:
    for name, trials in FILES.items():
        cases = {
            "empty": trials.empty, "cut off": trials.cut_off, "another version": trials.another,
            "bomb": trials.bomb, "hostile": trials.hostile, **trials.more,
        }  # fmt: skip
        yield from (pytest.param(name, case, id=f"{name}: {word}") for word, case in cases.items())


def _put(root: Path, trials: FileTrials, content: frame.Written) -> None:
    """The files of a trial below ``root``, as if they had been written five minutes ago."""
    for name, data in (*trials.beside.items(), (trials.file, content)):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(data, bytes):
            path.write_bytes(data)
        else:
            data(path)
        moment = (frame.NOW - timedelta(minutes=5)).timestamp()
        os.utime(path, (moment, moment))


@pytest.mark.parametrize("name", FILES)
def test_the_right_file_gives_the_number(name, asked_of, tmp_path):
    trials = FILES[name]
    source, questions = asked_of(name)
    _put(tmp_path, trials, trials.right)
    found = _readings(source, questions, trials, tuple(trials.expects), root=tmp_path)
    for subject, text in trials.expects.items():
        assert found[subject].state == "ok", _said(found[subject])
        assert found[subject].value == Decimal(text), subject


@pytest.mark.parametrize(("name", "case"), _file_cases())
def test_another_file_is_never_taken_for_a_number(name, case, asked_of, tmp_path):
    trials = FILES[name]
    source, questions = asked_of(name)
    _put(tmp_path / "project", trials, case.content)
    subject = case.of or next(iter(trials.expects))
    found = _readings(source, questions, trials, (subject,), root=tmp_path / "project")
    _holds(found[subject], case)
    assert [path.name for path in tmp_path.iterdir()] == ["project"], "something was written outside"


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    "content",
    [None, b"", b"\x00" * 1000, b"{}", b"[]", b"null", b"\xff\xfe<"],
    ids=["no file", "nothing", "zeros", "{}", "[]", "null", "no text"],
)
def test_what_is_no_such_file_is_never_a_number(name, content, asked_of, tmp_path):
    trials = FILES[name]
    source, questions = asked_of(name)
    if content is not None:
        _put(tmp_path, trials, content)
    for reading in _readings(source, questions, trials, tuple(trials.expects), root=tmp_path).values():
        assert reading.state in ("error", "missing"), _said(reading)
        _holds(reading, FileCase(b"", reading.state, ()))


# --- secrets

TOKEN = "Zq7/+tok~en-8431==xyz"


def _spelled() -> list[str]:
    """The token as careless software writes it."""
    raw = TOKEN.encode()
    encoded = [base64.b64encode(raw), base64.urlsafe_b64encode(raw), base64.b64encode(b"user:" + raw)]
    return [
        TOKEN,
        quote(TOKEN, safe=""),
        quote_plus(TOKEN),
        json.dumps(TOKEN)[1:-1],
        *(e.decode() for e in encoded),
    ]


def _forms() -> list[bytes]:
    """Any of these, found anywhere, is the token; in base64 it may begin at any of three places."""
    raw = TOKEN.encode()
    plain = _spelled()[:-1]
    middles = [base64.b64encode(before + raw).decode().rstrip("=")[4:-4] for before in (b"", b"x", b"xx")]
    return [text.encode() for text in plain + middles]


def _sent(asked: Asked) -> str:
    """Everything of a request, and the token as others might write it."""
    return " ".join([*asked.headers.values(), *asked.params.values(), asked.body.decode(), *_spelled()])


def _echoing(says: Callable[[Asked], Answer]) -> Callable[[Asked], Answer]:
    """A server that sends back, in headers and in the body, whatever it was sent."""

    def answer(asked: Asked) -> Answer:
        status, headers, data = says(asked)
        text = _sent(asked).replace("\n", " ").replace("\r", " ")
        try:
            document = json.loads(data)
        except ValueError:
            document = None
        if isinstance(document, dict):
            data = json.dumps({**document, "echo": text}).encode()
        return status, {**headers, "X-Echo": text, "Server": f"proxy {TOKEN}"}, data

    return answer


def _careless(asked: Asked) -> Answer:
    text = _sent(asked)
    words = {"error": text, "message": text, "errors": [text], "errorType": "bad_data", "status": "error"}
    return (
        400,
        {"Content-Type": "application/json", "X-Echo": " ".join(_spelled())},
        json.dumps(words).encode(),
    )


@pytest.mark.parametrize("careless", [False, True], ids=["in an answer", "in an error"])
@pytest.mark.parametrize("name", [name for name, trials in SERVERS.items() if trials.secrets])
def test_a_secret_of_a_source_is_found_nowhere(
    name: str,
    careless: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    trials = SERVERS[name]
    for variable in trials.secrets:
        monkeypatch.setenv(variable, TOKEN)
    caplog.set_level(0)
    server = Server(_careless if careless else _echoing(frame.as_function(trials.right)))
    try:
        with build.shop(tmp_path / "shop", frame.project_of(name, trials, server.url)) as context:
            TrustStore(context.data_folder).remember(context.root, trust_request(context.definitions))
            texts = _everything(context, tmp_path / "recordings") | {"log": caplog.text.encode()}
    finally:
        server.close()
    assert any(TOKEN in _told(asked) for asked in server.asked), "the token reached no request"
    for what, data in texts.items():
        for form in _forms():
            assert form not in data, f"{form!r} in {what}"


def _told(asked: Asked) -> str:
    """What a request carried, with base64 and the address undone."""
    headers = " ".join(asked.headers.values())
    basic = asked.headers.get("authorization", "").removeprefix("Basic ")
    with contextlib.suppress(ValueError):
        headers += base64.b64decode(basic, validate=True).decode("latin-1")
    return " ".join([headers, *asked.params.values(), *asked.form.values(), asked.body.decode()])


def _everything(context: Context, recordings: Path) -> dict[str, bytes]:
    """What a fetch leaves behind and says."""
    notes: list[str] = []
    summary = fetching.fetch(context, record_to=recordings, progress=lambda *words: notes.append(repr(words)))
    assert summary.asked
    blobs = [context.record.blob(digest) for (digest,) in context.record.query("SELECT digest FROM blobs")]
    ledger = "\n".join(str(line) for line in context.record.ledger_lines())
    tried = [try_source(context, source.key) for source in context.definitions.project.sources]
    texts = {
        "what trying shows": "\n".join(line for one in tried for line in lines(one)).encode(),
        "what trying tells a program": msgspec.json.encode(tried),
        "summary": repr(summary).encode(),
        "progress": "\n".join(notes).encode(),
        "ledger": ledger.encode(),
        "evaluation": repr(evaluate(context)).encode(),
        "excerpt": excerpts.excerpt(context),
        **{f"evidence {number}": blob.data for number, blob in enumerate(blobs) if blob},
    }
    files = [*context.root.rglob("*"), *recordings.rglob("*"), *context.data_folder.rglob("*")]
    return texts | {str(path): path.read_bytes() for path in files if path.is_file()}
