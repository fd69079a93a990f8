"""Any server that answers over HTTP: one number of its JSON, and requests as probes send them."""

from __future__ import annotations

import asyncio
import itertools
from datetime import timedelta
from decimal import Decimal

import pytest

from workbench.sources.channel import Channel
from workbench.sources.client import Web
from workbench.sources.fetch import Fetch
from workbench.sources.http import KIND, HttpConfig, HttpMeasure
from workbench.sources.http.ask import filled
from workbench.sources.http.places import look_up, read_place
from workbench.sources.http.site import Site
from workbench.sources.reading import Question, SourceSpec, WrongQuestion
from workbench.sources.secrets import Secrets
from workbench.sources.tuning import Tuning

from .support import AT, Pauses, ask, body


def spec(url, **config):
    return SourceSpec("api", "http", HttpConfig(url=url, **config))


def question(path="/metrics", value="data.p95", **more):
    measure = {key: more.pop(key) for key in ("samples", "method") if key in more}
    return Question(
        subject="b", source="api", at=AT, ask=HttpMeasure(path=path, value=value, **measure), **more
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
    with pytest.raises(WrongQuestion, match=r"nothing is known as \$who"):
        filled("/$who", values)


def test_the_window_is_filled_in(serve):
    server = serve(lambda _: body({"n": 1}))
    ask(
        [spec(server.url)],
        [question("/$environment/$window", "n", environment="staging", window=timedelta(hours=1))],
    )
    assert server.asked[0].path == "/staging/1h"


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("a", ("a",)),
        ("a.b-c[0][-1].d", ("a", "b-c", 0, -1, "d")),
        ('"a.b"."c \\"d"', ("a.b", 'c "d')),
        ("[2].x", None),
        ("a.", None),
        ("", None),
        ("a[x]", None),
        ("a b", None),
        ('"open', None),
    ],
)
def test_places(text, steps):
    if steps is None:
        with pytest.raises(ValueError):
            read_place(text)
    else:
        assert read_place(text) == steps


def test_a_place_is_found_step_by_step():
    assert look_up({"a": [{"b": 5}]}, ("a", -1, "b")) == 5
    with pytest.raises(LookupError):
        look_up({"a": "text"}, ("a", 0))


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
