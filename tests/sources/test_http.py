"""Any server that answers over HTTP: one number of its JSON, and requests as probes send them."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest

from workbench.definitions.text_checks import Wrong, check_header
from workbench.model.kinds import Asked, Place
from workbench.sources.channel import Channel
from workbench.sources.client import Web
from workbench.sources.fetch import Fetch
from workbench.sources.http import KIND, HttpConfig, HttpMeasure
from workbench.sources.http.requesting import filled
from workbench.sources.http.site import Site
from workbench.sources.reading import Question, SourceSpec, WrongQuestion
from workbench.sources.secrets import Secrets
from workbench.sources.tuning import Tuning

from .support import AT, Pauses, ask, body


def spec(url, **config):
    return SourceSpec("api", "http", HttpConfig(url=url, **config))


def question(path="/metrics", value="data.p95", **more):
    measure = {key: more.pop(key) for key in HttpMeasure.__struct_fields__ if key in more}
    return Question(
        subject="b",
        source="api",
        at=AT,
        ask=HttpMeasure(path=path, value=value, **measure),
        commit="a" * 40,
        **more,
    )


def test_a_number_is_read_from_where_it_stands(serve):
    server = serve(lambda _: body({"data": {"p95": 0.1, "count": 512}}))
    found = ask([spec(server.url)], [question(samples="data.count", unit="s")]).one
    assert (found.state, found.value, found.unit, found.samples) == ("ok", Decimal("0.1"), "s", 512)
    assert found.evidence


def test_headers_and_the_token_go_along_and_nowhere_else(serve):
    server = serve(lambda _: body({"n": "7", "echo": "sesame"}))
    found = ask(
        [spec(server.url, token="${T}", headers={"X-Team": "shop"})],
        [question(value="n")],
        secrets=Secrets(allow=True, environ={"T": "sesame"}),
    )
    assert found.one.value == 7
    assert server.asked[0].headers["authorization"] == "Bearer sesame"
    assert server.asked[0].headers["x-team"] == "shop"
    assert all(b"sesame" not in blob.data for batch in found.batches for blob in batch.blobs)


@pytest.mark.parametrize(
    ("value", "answer", "why"),
    [
        ("data.p99", {"data": {"p95": 1}}, "“p99” is not there"),
        ("items[3]", {"items": [1]}, "“[3]” is not there"),
        ("ok", {"ok": True}, "is no number"),
        ("data", {"data": {}}, "is no number"),
        ("n", {"n": "many"}, "“many” is not a number"),
        ("a..b", {}, "cannot be read from its character 3"),
    ],
)
def test_what_is_no_number_is_an_error_that_says_what_stands_there(serve, value, answer, why):
    server = serve(lambda _: body(answer))
    found = ask([spec(server.url)], [question(value=value)]).one
    assert found.state == "error" and why in found.why


def test_null_is_missing_and_never_zero(serve):
    server = serve(lambda _: body({"n": None}))
    assert ask([spec(server.url)], [question(value="n")]).one.state == "missing"


def test_pages_and_refusals_are_no_numbers(serve):
    page = serve(lambda _: (200, {"Content-Type": "text/html"}, b"<html>log in</html>"))
    assert "a web page came instead" in ask([spec(page.url)], [question()]).one.why
    refusal = serve(lambda _: body({"n": 1}, 404))
    found = ask([spec(refusal.url)], [question(value="n")]).one
    assert found.state == "error" and "status 404" in found.why


def test_variables_become_a_part_of_the_path_and_no_more():
    values = {"environment": "staging/../x?y=1", "window": "1h"}
    assert filled("/e/$environment/$window/$$5", values) == "/e/staging%2F..%2Fx%3Fy%3D1/1h/$5"
    with pytest.raises(WrongQuestion, match=r"\$who is filled by nothing"):
        filled("/$who", values)


def test_the_window_is_filled_in(serve):
    server = serve(lambda _: body({"n": 1}))
    ask(
        [spec(server.url)],
        [question("/$environment/$window", "n", environment="staging", window=timedelta(hours=1))],
    )
    assert server.asked[0].path == "/staging/1h"


def test_equal_questions_are_sent_once(serve):
    server = serve(lambda _: body({"p95": 1, "p99": 2}))
    found = ask(
        [spec(server.url)],
        [question(value="p95"), msgspec.structs.replace(question(value="p99"), subject="c")],
    )
    assert [reading.value for reading in found.readings] == [1, 2]
    assert len(server.asked) == 1


def test_the_ends_of_the_window_are_filled_in_as_texts_and_numbers(serve):
    server = serve(lambda _: body({"n": 1}))
    asked = question(
        value="n",
        body='{"from": "$start_ms", "day": "$end_day", "query": "p95{env:$environment} $$x since $start"}',
        environment="staging",
        window=timedelta(hours=1),
    )
    assert ask([spec(server.url)], [asked]).one.state == "ok"
    (sent,) = server.asked
    assert sent.method == "POST"
    assert json.loads(sent.body) == {
        "from": 1795172400000,
        "day": "2026-11-20",
        "query": "p95{env:staging} $x since 2026-11-20T11:00:00Z",
    }


def test_params_and_a_form_are_encoded(serve):
    server = serve(lambda _: body({"n": 1}))
    ask([spec(server.url)], [question(value="n", params={"q": "a b&c=$environment"}, environment="x")])
    ask([spec(server.url)], [question(value="n", form={"q": "a&b"})])
    assert server.asked[0].params == {"q": "a b&c=x"}
    assert (server.asked[1].method, server.asked[1].form) == ("POST", {"q": "a&b"})


@pytest.mark.parametrize("field", ["params", "form", "body"])
def test_a_value_never_ends_a_text_of_a_query(serve, field):
    text = "up{env='$environment'}"
    value = json.dumps({"q": text}) if field == "body" else {"q": text}
    server = serve(lambda _: body({"n": 1}))
    asked = question(value="n", environment="x'} or up{a='", **{field: value})
    found = ask([spec(server.url)], [asked]).one
    assert found.state == "error" and "the value of $environment cannot stand in a question" in found.why
    assert server.asked == []


@pytest.mark.parametrize(
    ("fields", "answer", "state", "why"),
    [
        ({"error_if": "errors[].message"}, {"errors": [{"message": "no access"}]}, "error", "no access"),
        ({"error_if": "errors"}, {"n": 1}, "ok", ""),
        ({"error_if": "length(errors) > `0`"}, {"n": 1}, "error", "length() in “length(errors) > `0`” is given nothing"),
        ({"missing_if": "status == 'NONE'"}, {"n": 0, "status": "NONE"}, "missing", "nothing was measured"),
        ({"measured_at": "at"}, {"n": 1, "at": None}, "error", "when it was measured is not known"),
        ({"measured_at": "at"}, {"n": 1, "at": "yesterday"}, "error", "is no moment"),
        ({"measured_at": "at"}, {"n": 1, "at": "2026-11-20T13:00:00Z"}, "error", "check both clocks"),
        ({"commit": "sha"}, {"n": 1, "sha": "bbbbbbbbbb"}, "missing", "about commit bbbbbbbbbb"),
        ({"commit": "sha"}, {"n": 1, "sha": None}, "missing", "about commit unknown"),
        ({"commit": "sha"}, {"n": 1, "sha": "aaaaaaaa"}, "ok", ""),
        ({"samples": "count"}, {"n": 1, "count": -5}, "error", "is no count"),
    ],
)  # fmt: skip
def test_what_an_answer_says_of_itself(serve, fields, answer, state, why):
    server = serve(lambda _: body(answer))
    found = ask([spec(server.url)], [question(value="n", **fields)]).one
    assert found.state == state and why in found.why


@pytest.mark.parametrize("at", ["2026-11-20T09:00:00Z", 1795165200, "1795165200000", 1795165200000000000])
def test_a_value_is_as_old_as_the_answer_says(serve, at):
    server = serve(lambda _: body({"n": 1, "at": at}))
    found = ask([spec(server.url)], [question(value="n", measured_at="at")]).one
    assert found.measured_at == AT - timedelta(hours=3)


def test_a_partial_answer_says_so(serve):
    server = serve(
        lambda _: body({"n": 1, "timed_out": True}, Link='<https://x.example/?page=2>; rel="next"')
    )
    found = ask([spec(server.url)], [question(value="n", partial_if="timed_out")]).one
    assert found.state == "ok"
    assert found.partial == (
        "the server says that its answer is not the whole one; the answer is the first of several pages"
    )


def test_a_word_is_the_number_that_the_measure_says(serve):
    server = serve(lambda _: body({"gate": "WARN"}))
    words = {"OK": Decimal(1), "WARN": Decimal("0.5")}
    assert ask([spec(server.url)], [question(value="gate", words=words)]).one.value == Decimal("0.5")
    server.answer = lambda _: body({"gate": "NONE"})
    found = ask([spec(server.url)], [question(value="gate", words=words)]).one
    assert found.state == "error" and "none of its words" in found.why


@pytest.mark.parametrize(
    ("status", "state", "why"), [(204, "missing", "there is nothing"), (202, "error", "not worked the answer out"),
                                 (200, "error", "answered with nothing"), (205, "error", "answered with nothing")]
)  # fmt: skip
def test_an_answer_without_content_is_no_number(serve, status, state, why):
    server = serve(lambda _: (status, {}, b""))
    found = ask([spec(server.url)], [question(value="n")]).one
    assert found.state == state and why in found.why


def test_a_part_of_an_answer_is_partial(serve):
    server = serve(lambda _: (206, {}, b'{"n": 1}'))
    found = ask([spec(server.url)], [question(value="n")]).one
    assert found.state == "ok" and "a part (status 206)" in (found.partial or "")


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("${KEY}", True), ("Bearer ${KEY}", True), ("application/json", True), ("*/*", True), ("20240415", True),
        ("2024-04-15", True), ("stable", True), ("a1b2c3d4e5f6", False), ("s3cr3t", False), ("sk-live-9a8b7c6d5e", False),
        ("Bearer abc", False), ("12345678901234567890", False),
    ],
)  # fmt: skip
def test_a_header_in_a_file_is_plainly_no_secret(text, allowed):
    with contextlib.nullcontext() if allowed else pytest.raises(Wrong, match="secret must not stand"):
        check_header(text)


def test_the_environment_stands_in_the_quotes_of_a_place(serve):
    server = serve(lambda _: body({"environments": {"staging": {"n": 4}, "production": {"n": 5}}}))
    asked = question(value='environments."$environment".n', environment="staging")
    assert ask([spec(server.url)], [asked]).one.value == 4
    odd = question(value='environments."$environment".n', environment='x" || production.n || "')
    found = ask([spec(server.url)], [odd]).one
    assert found.state == "error" and "cannot stand in a question" in found.why


@pytest.mark.parametrize(
    ("answer", "commit"),
    [
        ({"git": {"commit": {"id": "a1b2c3d"}}}, "a1b2c3d"),
        ({"git": {}}, None),
        ({"git": {"commit": {"id": 5}}}, None),
        ([], None),
    ],
)
def test_the_build_that_runs_there_is_kept(serve, answer, commit):
    server = serve(lambda asked: body(answer if asked.path == "/staging/info" else {"n": 1}))
    build = {"build_query": "/$environment/info", "build_label": "git.commit.id"}
    found = ask([spec(server.url)], [question(value="n", environment="staging", **build)]).one
    assert (found.state, found.build) == ("ok", commit)


def test_check_says_what_is_no_question_for_a_build():
    place = Place("staging", {})
    assert [doubt.what for doubt in KIND.build_doubts("up", place)] == ["“up” is no path"]
    assert [doubt.what for doubt in KIND.build_doubts("/$x", place)] == ["$x is filled by nothing"]
    assert list(KIND.build_doubts("/$environment/version", place)) == []


@pytest.mark.parametrize("answer", [None, 5, "5", True])
def test_a_single_value_is_no_answer(serve, answer):
    server = serve(lambda _: body(answer))
    found = ask([spec(server.url)], [question(value="n || `0`")]).one
    assert found.state == "error" and "a single value" in found.why


def test_the_baseline_may_stand_at_another_path(serve):
    server = serve(lambda asked: body({"n": 2 if asked.path == "/live" else 1}))
    asked = question(value="n", baseline_path="/live", role="baseline")
    assert ask([spec(server.url)], [asked]).one.value == 2


@pytest.mark.parametrize(
    ("fields", "field", "what"),
    [
        ({"value": "a[?"}, "value", "cannot be read to its end"),
        ({"samples": "count(x)"}, "samples", "there is no function count()"),
        ({"path": "x"}, "path", "has to begin with /"),
        ({"path": "/$enviroment"}, "path", "$enviroment is filled by nothing"),
        ({"body": "{"}, "body", "the body is no JSON"),
        ({"body": "{}", "form": {"a": "b"}}, "form", "not both"),
        ({"body": "{}", "method": "GET"}, "method", "needs POST"),
    ],
)  # fmt: skip
def test_check_says_what_can_never_be_answered(fields, field, what):
    measure = HttpMeasure(**{"path": "/", "value": "n", **fields})
    (doubt,) = KIND.question_doubts(measure, Asked("", (Place("staging", {"environment": "staging"}),)))
    assert doubt.error and doubt.field == field and what in doubt.what


# --- requests as probes send them ---------------------------------------------------------


def send(url, path="/", *, ticks=None, **request):
    """The answer to one request, and how long the client waited in between."""
    pauses = Pauses()
    beats = itertools.count() if ticks is None else iter(ticks)
    tuning = Tuning(pause=pauses, random=lambda: 0.5, now=lambda: AT, tick=lambda: float(next(beats)))
    source = SourceSpec("api", "http", HttpConfig(url=url))
    fetch = Fetch(
        sources=(source,), questions=(), root=None, clock=None, secrets=Secrets(allow=True, environ={}),
        tuning=tuning,
    )  # fmt: skip

    async def run():
        web = Web(tuning)
        try:
            channel = Channel(source, web, fetch, 1)
            channel.declare(KIND.uses(source.config))
            site = Site(channel)
            return await site.send(await site.request(path, **request))
        finally:
            await web.close()

    return asyncio.run(run()), pauses.seconds


def test_a_request_that_is_sent_once_takes_the_first_answer(serve):
    server = serve(lambda _: body({}, 503, **{"Retry-After": "3600"}))
    answer, waited = send(server.url, once=True)
    assert (answer.status, waited, len(server.asked)) == (503, [], 1)


def test_an_answer_says_how_long_it_took_and_how_often_it_was_sent_on(serve):
    server = serve(
        lambda asked: (302, {"Location": "/there"}, b"") if asked.path == "/here" else body({"n": 1})
    )
    answer, _ = send(server.url, "/here", ticks=[10, 12.5])
    assert (answer.status, answer.seconds, answer.hops) == (200, 2.5, 1)


def test_content_is_sent_as_it_is(serve):
    server = serve(lambda _: body({}))
    send(server.url, method="PUT", content=b'{"a": 1}')
    (asked,) = server.asked
    assert (asked.method, asked.body, asked.headers["content-type"]) == (
        "PUT",
        b'{"a": 1}',
        "application/json",
    )


def test_only_the_head_of_a_large_answer(serve):
    server = serve(lambda _: (200, {"Content-Length": "900000000"}, b""))
    answer, _ = send(server.url, method="HEAD")
    assert (answer.status, answer.body) == (200, b"")
