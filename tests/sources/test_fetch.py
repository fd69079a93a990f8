"""The frame: several sources, limits, retries, cancellation, recordings, and no secret anywhere."""

from __future__ import annotations

import base64
import json
import logging
import socket
import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.parse import quote

import msgspec
import pytest

from workbench.model.errors import SourceError
from workbench.sources import recordings
from workbench.sources.github_actions import GitHubConfig, GitHubTests
from workbench.sources.manual import ManualConfig
from workbench.sources.reading import Question, SourceSpec
from workbench.sources.secrets import Secrets
from workbench.sources.server import Command
from workbench.sources.tuning import Tuning
from workbench.sources.typed import reading as manual_reading

from .support import AT, Pauses, ask, body, buildinfo_or, prometheus, question, vector

ONE = vector(({}, "1"))


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def tuning(**changes) -> tuple[Tuning, Pauses]:
    pauses = Pauses()
    return Tuning(**({"pause": pauses, "random": lambda: 0.5, "now": lambda: AT} | changes)), pauses


def test_each_source_is_handed_over_once_it_is_complete(serve):
    one_is_in = threading.Event()

    def second(asked):
        assert one_is_in.wait(20)
        return vector(({}, "2"))

    first, other = serve(buildinfo_or(lambda _: ONE)), serve(buildinfo_or(second))
    batches = []

    def on_batch(batch):
        batches.append(batch)
        one_is_in.set()

    ask(
        [prometheus(first.url, "a"), prometheus(other.url, "b")],
        [
            question(source="b", subject="x"),
            question(source="a", subject="y"),
            question(source="a", subject="z"),
        ],
        on_batch=on_batch,
    )
    assert [batch.source for batch in batches] == ["a", "b"]
    assert [reading.subject for reading in batches[0].readings] == ["y", "z"]
    assert all(batch.complete for batch in batches)


def test_progress_counts_each_source_to_its_end(serve):
    server = serve(buildinfo_or(lambda _: ONE))
    seen = []
    ask(
        [prometheus(server.url)],
        [question(subject=f"b{i}") for i in range(3)],
        progress=lambda *step: seen.append(step),
    )
    assert seen[0] == ("metrics", 0, 3, "asking")
    assert [step[1] for step in seen] == [0, 1, 2, 3, 3]
    assert seen[-1] == ("metrics", 3, 3, "3 answered")


def test_a_dead_server_costs_only_its_own_questions(serve):
    alive = serve(buildinfo_or(lambda _: ONE))
    settings, pauses = tuning()
    fetched = ask(
        [prometheus(alive.url, "alive"), prometheus(f"http://127.0.0.1:{closed_port()}", "dead")],
        [question(source="alive"), *(question(source="dead", subject=f"d{i}") for i in range(40))],
        tuning=settings,
    )
    states = {reading.subject: reading.state for reading in fetched.readings}
    assert states.pop("b") == "ok"
    assert set(states.values()) == {"error"}
    assert "could not connect to 127.0.0.1:" in fetched.summary.problems[0]
    assert fetched.summary.errors == 40
    # Not forty times three attempts: once it is known to be down, it is left alone.
    assert len(pauses.seconds) <= 2 * 10


def test_tests_that_cannot_be_asked_for_name_the_ways_without_a_network():
    url = f"http://127.0.0.1:{closed_port()}"
    source = SourceSpec("ci", "github_actions", GitHubConfig(repository="acme/shop", url=url))
    asked = Question(source="ci", at=AT, role="tests", commit="a" * 40, ask=GitHubTests(), subject="tests/ci")
    settings, _ = tuning()
    why = ask([source], [asked], secrets=Secrets(allow=True, environ={}), tuning=settings).one.why
    assert "could not connect" in why
    assert (
        "test report" in why
        and "a person types" in why
        and why.endswith("workbench init --force --offline writes that")
    )
    why = ask([prometheus(url, "dead")], [question(source="dead")], tuning=settings).one.why
    assert "could not connect" in why and "--offline" not in why  # no test report stands for a metric


def test_never_more_than_the_limit_at_once(serve):
    lock, most, running = threading.Lock(), [0], [0]
    full = threading.Barrier(4, timeout=20)

    def answer(asked):
        if not asked.path.endswith("/query"):
            return 404, {}, b""
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        full.wait()  # nobody gets an answer unless four are asked at once
        with lock:
            running[0] -= 1
        return ONE

    server = serve(answer)
    settings, _ = tuning(at_once=5)
    fetched = ask([prometheus(server.url)], [question(subject=f"b{i}") for i in range(40)], tuning=settings)
    assert fetched.summary.ok == 40
    assert most[0] <= 5


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_what_may_pass_is_tried_again_with_back_off(serve, status):
    answers = iter([body({}, status), body({}, status), ONE])
    server = serve(buildinfo_or(lambda _: next(answers)))
    settings, pauses = tuning()
    fetched = ask([prometheus(server.url)], [question()], tuning=settings)
    assert fetched.one.value == Decimal(1)
    assert pauses.seconds == [0.5, 1.0]


@pytest.mark.parametrize(
    ("headers", "waits"),
    [
        ({"Retry-After": "7"}, [7.0]),
        ({"Retry-After": "Fri, 20 Nov 2026 12:00:09 GMT"}, [9.0]),
        ({"Retry-After": "soon"}, [0.5]),
    ],
)
def test_the_server_says_how_long_to_wait(serve, headers, waits):
    answers = iter([body({}, 429, **headers), ONE])
    server = serve(buildinfo_or(lambda _: next(answers)))
    settings, pauses = tuning()
    assert ask([prometheus(server.url)], [question()], tuning=settings).one.state == "ok"
    assert pauses.seconds == waits


def test_a_wait_beyond_our_patience_is_an_error_with_its_length(serve):
    server = serve(buildinfo_or(lambda _: body({}, 403, **{"Retry-After": "2400"})))
    settings, pauses = tuning()
    reading = ask([prometheus(server.url)], [question()], tuning=settings).one
    assert reading.state == "error"
    assert "again in 40 min" in reading.why
    assert pauses.seconds == []


def test_a_refusal_is_not_repeated(serve):
    server = serve(buildinfo_or(lambda _: body({"status": "error", "error": "no"}, 400)))
    ask([prometheus(server.url)], [question()])
    assert sum(asked.path.endswith("/query") for asked in server.asked) == 1


def test_a_server_that_stalls_is_left_after_three_timeouts(serve):
    release = threading.Event()

    def stall(asked):
        release.wait(30)
        return ONE

    server = serve(stall)
    try:
        fetched = ask([prometheus(server.url, timeout="1s")], [question(subject=f"b{i}") for i in range(60)])
    finally:
        release.set()
    assert {reading.state for reading in fetched.readings} == {"error"}
    assert "no complete answer within 1 s" in fetched.readings[0].why
    assert len(server.asked) <= 20


def test_an_endless_body_ends_at_the_limit(serve):
    server = serve(lambda _: (200, {"Transfer-Encoding": "chunked"}, b"fffff\r\n" + b"x" * 0xFFFFF + b"\r\n"))
    settings, _ = tuning(body_limit=100_000)
    reading = ask([prometheus(server.url)], [question()], tuning=settings).one
    assert "larger than" in reading.why


def test_an_announced_size_beyond_the_limit_is_not_even_read(serve):
    server = serve(lambda _: (200, {"Content-Length": str(10**12)}, b""))
    assert "larger than 8 MB" in ask([prometheus(server.url)], [question()]).one.why


def test_a_source_may_allow_larger_answers(serve):
    padded = vector(({}, "1"), padding="x" * 300_000)
    server = serve(buildinfo_or(lambda _: padded))
    settings, _ = tuning(body_limit=100_000)
    refused = ask([prometheus(server.url)], [question()], tuning=settings).one
    assert refused.state == "error" and "max_answer" in refused.why
    assert ask([prometheus(server.url, max_answer="1 MB")], [question()], tuning=settings).one.state == "ok"
    assert "larger than" in ask([prometheus(server.url, max_answer="200 kB")], [question()]).one.why


def test_more_than_the_record_keeps_cannot_be_allowed():
    with pytest.raises(ValueError, match="64 MB at most"):
        prometheus("http://metrics.example.com", max_answer="65 MB")


def test_a_compressed_bomb_ends_at_the_limit(serve):
    import gzip

    server = serve(lambda _: (200, {"Content-Encoding": "gzip"}, gzip.compress(b"0" * 5_000_000)))
    settings, _ = tuning(body_limit=100_000)
    assert "larger than" in ask([prometheus(server.url)], [question()], tuning=settings).one.why


def test_redirects_to_other_hosts_are_refused_and_the_token_stays(serve):
    thief = serve(lambda _: ONE)
    server = serve(lambda _: (307, {"Location": thief.url.replace("127.0.0.1", "localhost") + "/x"}, b""))
    secrets = Secrets(allow=True, environ={"T": "s3cret-token"})
    reading = ask([prometheus(server.url, token="${T}")], [question()], secrets=secrets).one
    assert reading.state == "error"
    assert "another host (localhost): refused" in reading.why
    assert thief.asked == []


def test_a_token_that_is_no_ascii_is_told_without_a_piece_of_it(serve):
    secrets = Secrets(allow=True, environ={"T": "s3cret-tökén"})
    reading = ask([prometheus(serve(lambda _: ONE).url, token="${T}")], [question()], secrets=secrets).one
    assert reading.state == "error"
    assert "a header can only hold ASCII characters" in reading.why
    assert "ö" not in reading.why


def test_redirects_on_the_same_host(serve):
    def answer(asked):
        return ONE if asked.path == "/p/api/v1/query" else (308, {"Location": "/p" + asked.path}, b"")

    assert ask([prometheus(serve(answer).url)], [question()]).one.state == "ok"
    circle = serve(lambda asked: (308, {"Location": asked.path}, b""))
    assert "in a circle" in ask([prometheus(circle.url)], [question()]).one.why
    login = serve(lambda asked: (302, {"Location": "/login"}, b""))
    assert "may want a login" in ask([prometheus(login.url)], [question()]).one.why


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("ftp://host", "must begin with http"),
        ("http://", "must begin with http"),
        ("http://user:password@127.0.0.1:1", "holds a user name or password"),
        ("http://[::1", "cannot be used"),
    ],
)
def test_addresses_that_cannot_be_used(url, words):
    reading = ask([prometheus(url)], [question()]).one
    assert words in reading.why
    assert "user:password" not in str(reading)


def test_cancelling_keeps_what_came(serve):
    stalled, release = threading.Event(), threading.Event()

    def answer(asked):
        if asked.form.get("query") == "slow":
            stalled.set()
            release.wait(30)
        return ONE

    server = serve(buildinfo_or(answer))
    done = []

    def progress(source, count, total, note):
        done.append(count)

    try:
        fetched = ask(
            [prometheus(server.url, timeout="60s")],
            [question(subject="fast"), question("slow", subject="slow")],
            progress=progress,
            cancelled=lambda: stalled.is_set() and 1 in done,
        )
    finally:
        release.set()
    assert fetched.summary.cancelled
    assert [(reading.subject, reading.state) for reading in fetched.readings] == [("fast", "ok")]
    assert not fetched.batches[0].complete


def test_nothing_is_sent_without_trust(serve):
    server = serve(lambda _: ONE)
    reading = ask([prometheus(server.url)], [question()], secrets=Secrets(allow=False, environ={})).one
    assert reading.state == "error"
    assert "not trusted" in reading.why
    assert server.asked == []


def test_sources_that_do_not_exist_and_values_that_people_type():
    fetched = ask(
        [SourceSpec("mine", "manual", ManualConfig()), SourceSpec("odd", "no_such_kind")],
        [question(source="mine"), question(source="odd"), question(source="absent")],
    )
    assert {reading.source: reading.state for reading in fetched.readings} == {
        "odd": "error",
        "absent": "error",
    }
    assert fetched.summary.skipped == ("mine",)
    typed = manual_reading(subject="b", source="mine", value=Decimal("1.5"), unit="s", at=AT)
    assert (typed.mark, typed.state, typed.value) == ("manual", "ok", Decimal("1.5"))
    with pytest.raises(ValueError, match="finite"):
        manual_reading(subject="b", source="mine", value=Decimal("NaN"), unit="s", at=AT)


def test_a_failing_consumer_ends_the_fetch(serve):
    def full(batch):
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        ask([prometheus(serve(lambda _: ONE).url)], [question()], on_batch=full)


def test_a_recording_replays_through_the_same_code(serve, tmp_path):
    def answer(asked):
        return vector(({}, "NaN" if asked.form["query"] == "nan" else "0.25"))

    server = serve(buildinfo_or(answer))
    folder = tmp_path / "recorded"
    asked = [question(subject="a"), question("nan", subject="b")]
    live = ask([prometheus(server.url)], asked, record_to=folder)
    files = {file.relative_to(folder): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    later = [msgspec.structs.replace(q, at=AT + timedelta(hours=3)) for q in asked]
    replayed = ask(
        # No trust, no token and no server are needed for a replay.
        [prometheus("http://metrics.invalid", token="${ABSENT}")],
        later,
        replay=folder,
        secrets=Secrets(allow=False, environ={}),
    )
    assert {reading.mark for reading in replayed.readings} == {"replayed"}
    assert [msgspec.structs.replace(r, mark="") for r in replayed.readings] == live.readings
    assert replayed.batches[0].server == "Prometheus 2.42.0"
    ask([prometheus(server.url)], asked, record_to=folder)
    again = {file.relative_to(folder): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    assert again == files
    assert recordings.moments(folder) == (AT,)


def test_large_bodies_are_recorded_beside(serve, tmp_path):
    answer = vector(({}, "4"), infos=["i" * 20_000])
    server = serve(buildinfo_or(lambda _: answer))
    ask([prometheus(server.url)], [question()], record_to=tmp_path)
    (beside,) = tmp_path.rglob("*.body")
    assert beside.read_bytes() == answer[2]
    assert ask([prometheus(server.url)], [question()], replay=tmp_path).one.value == Decimal(4)


def test_a_missing_recording_names_the_file(serve, tmp_path):
    server = serve(buildinfo_or(lambda _: ONE))
    ask([prometheus(server.url)], [question()], record_to=tmp_path)
    reading = ask([prometheus(server.url)], [question("other")], replay=tmp_path).one
    assert reading.state == "error"
    assert "metrics/api-v1-query-" in reading.why and ".json is missing" in reading.why


def test_a_folder_that_is_no_recording(tmp_path):
    for content in (
        None,
        b"{",
        b'{"schema": 2, "moments": ["2026-01-01T00:00:00Z"]}',
        b'{"schema":1,"moments":[]}',
    ):
        if content is not None:
            (tmp_path / "recording.json").write_bytes(content)
        with pytest.raises(SourceError):
            ask([prometheus("http://h")], [question()], replay=tmp_path)


def test_a_replay_asks_as_of_the_latest_recorded_moment():
    known = (AT - timedelta(days=7), AT)
    assert recordings.moment_for(known, AT + timedelta(days=1)) == AT
    assert recordings.moment_for(known, AT - timedelta(seconds=1)) == AT - timedelta(days=7)
    with pytest.raises(SourceError, match="begins at"):
        recordings.moment_for(known, datetime(2020, 1, 1, tzinfo=UTC))


def test_a_recorded_body_file_stays_in_the_folder(serve, tmp_path):
    folder = tmp_path / "recorded"
    (tmp_path / "outside.body").write_bytes(ONE[2])
    ask([prometheus(serve(buildinfo_or(lambda _: ONE)).url)], [question()], record_to=folder)
    (file,) = folder.glob("metrics/api-v1-query-*.json")
    recorded = json.loads(file.read_bytes())
    del recorded["body"]
    file.write_text(json.dumps(recorded | {"body_file": "../../outside.body"}))
    assert "leads out" in ask([prometheus("http://h")], [question()], replay=folder).one.why


def echoes(secret: str) -> list[str]:
    raw = secret.encode()
    return [
        secret,
        quote(secret, safe=""),
        json.dumps(secret)[1:-1],
        raw.hex(),
        *(base64.b64encode(b"x" * lead + raw).decode() for lead in range(3)),
        *(base64.urlsafe_b64encode(b"x" * lead + raw).decode() for lead in range(3)),
    ]


def cores(secret: str) -> list[bytes]:
    """What must be found nowhere: each spelling, and of base64 the part that the secret decides."""
    found = [spelling.encode() for spelling in echoes(secret)[:4]]
    for lead in range(3):
        encoded = base64.b64encode(b"x" * lead + secret.encode())
        core = encoded[-(-lead * 8 // 6) : (lead + len(secret.encode())) * 8 // 6]
        found += [core, core.replace(b"+", b"-").replace(b"/", b"_")]
    return found


@pytest.mark.parametrize("kind", ["answer", "label", "error", "page", "header"])
@pytest.mark.parametrize("way", ["variable", "command"])
def test_a_token_is_found_nowhere(serve, tmp_path, caplog, capfd, kind, way):
    caplog.set_level(logging.DEBUG)
    secret = "s3cr3t/t0ken+with=0dd&chars-0123"

    def answer(asked):
        assert asked.headers["authorization"] == f"Bearer {secret}"
        echo = " | ".join(echoes(secret)) + " Authorization: Bearer " + secret
        if kind == "answer":
            return vector(({}, "1"), warnings=[echo], infos=echoes(secret))
        if kind == "label":
            return vector(*(({"echo": text}, "1") for text in echoes(secret)))
        if kind == "error":
            return body({"status": "error", "errorType": "bad_data", "error": echo}, 400)
        if kind == "page":
            return 500, {"Content-Type": "text/html"}, f"<html>{echo}</html>".encode()
        plain = quote(secret, safe="")
        return 200, {"X-Echo": plain, "Content-Type": f"text/{plain}", "Location": plain}, ONE[2]

    server = serve(answer)
    if way == "variable":
        token, environ = "${TOKEN}", {"TOKEN": secret}
    else:
        import shlex
        import sys

        token, environ = Command(command=shlex.join([sys.executable, "-c", f"print({secret!r})"])), {}
    progress = []
    fetched = ask(
        [prometheus(server.url, token=token)],
        [question(build_query="build", environment="staging")],
        secrets=Secrets(allow=True, environ=environ),
        record_to=tmp_path,
        progress=lambda *step: progress.append(step),
    )
    assert fetched.one.state == {"answer": "ok", "header": "ok"}.get(kind, "error")
    produced = [repr((fetched.batches, fetched.summary, progress)).encode()]
    produced += [blob.data for batch in fetched.batches for blob in batch.blobs]
    produced += [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    produced += [str(file).encode() for file in tmp_path.rglob("*")]
    produced.append(caplog.text.encode())
    produced += [text.encode() for text in capfd.readouterr()]
    assert any(tmp_path.rglob("*.json"))
    for part in produced:
        for core in cores(secret):
            assert core not in part
